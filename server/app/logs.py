"""Logs as one JSON object a line, to stderr, without secrets."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any, Final

# Nothing else that a caller attaches is written: what may be logged is listed here.
_FIELDS: Final = ("request_id", "method", "route", "status", "ms", "address")


class JsonFormatter(logging.Formatter):
    """One line a record: when, how grave, what, and the listed fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "at": f"{at}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        known = {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            known["error"] = self.formatException(record.exc_info)
        return json.dumps({**line, **known}, ensure_ascii=False, default=str)


def set_up_logs(level: str) -> None:
    """Send the program's logs and the web server's to stderr in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    for name in ("huyula", "uvicorn.error"):
        log = logging.getLogger(name)
        log.handlers = [handler]
        log.propagate = False
    logging.getLogger("huyula").setLevel(level.upper())
    logging.getLogger("uvicorn.error").setLevel("WARNING")
