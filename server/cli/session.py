"""What every command of the command line works with: settings, database, how it speaks."""

from __future__ import annotations

import os
from argparse import Namespace
from typing import Any

import msgspec

from server.app.opening import open_services
from server.config import load_config
from server.db.url import BadAddress
from server.services import Services


class Session:
    """One run of a command: opens what it needs, prints answers, closes at the end."""

    def __init__(self, options: Namespace) -> None:
        """Read the settings; nothing is opened yet.

        Raises:
            BadConfigFile, BadSetting: they cannot be used.
            BadAddress: an empty text as the database, which a shell makes of a variable that is
                not set: another database would be used than is meant.
        """
        if options.db is not None and not options.db.strip():
            raise BadAddress()
        self.options = options
        self.json: bool = options.json
        self.config = load_config(
            os.environ,
            db=options.db,
            host=getattr(options, "host", None),
            port=getattr(options, "port", None),
            workers=getattr(options, "workers", None),
        )
        self._services: Services | None = None

    @property
    def services(self) -> Services:
        """The database opened for use.

        Raises:
            Refused: it cannot be, see `open_services`.
        """
        if self._services is None:
            self._services = open_services(self.config)
        return self._services

    def say(self, answer: dict[str, Any], text: str) -> None:
        """Print an answer, one object or text a line."""
        print(to_json(answer) if self.json else text, flush=True)

    def close(self) -> None:
        """Close whatever was opened."""
        if self._services is not None:
            self._services.store.close()


def to_json(answer: Any) -> str:
    """An answer as one line of JSON."""
    return msgspec.json.encode(answer).decode()
