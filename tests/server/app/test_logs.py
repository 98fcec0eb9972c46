from __future__ import annotations

import json
import logging
import sys

from server.app.logs import JsonFormatter


def _line(**extra: object) -> dict[str, object]:
    record = logging.LogRecord("huyula.request", logging.INFO, "", 0, "re%s", ("quest",), None)
    record.__dict__.update(extra)
    line: dict[str, object] = json.loads(JsonFormatter().format(record))
    return line


def test_a_line_says_when_what_and_for_which_request() -> None:
    line = _line(request_id="abc", status=200, ms=1.5)
    assert (line["event"], line["level"], line["from"]) == ("request", "info", "huyula.request")
    assert (line["request_id"], line["status"], line["ms"]) == ("abc", 200, 1.5)
    assert str(line["at"]).endswith("Z")


def test_what_is_not_listed_is_not_written() -> None:
    assert "hush" not in json.dumps(_line(password="hush", headers={"cookie": "hush"}))


def test_a_fault_is_one_line_with_its_trace() -> None:
    try:
        raise ValueError("bad\nthing")
    except ValueError:
        text = JsonFormatter().format(
            logging.LogRecord("huyula", logging.ERROR, "", 0, "fault", (), sys.exc_info())
        )
    assert "\n" not in text and "ValueError" in json.loads(text)["error"]
