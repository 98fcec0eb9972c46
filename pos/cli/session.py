"""What every command of the command line works with: the folder, who acts, how it speaks."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from core.errors import Refused
from pos.cli.folder import default_folder
from pos.counter import ClockInDoubt, Counter
from pos.db.database import Database
from pos.messages import sentence
from pos.opening import open_counter, read_only
from pos.shop.settings import load_settings
from pos.staff.people import UnknownStaff, by_name, everybody
from pos.staff.pins import check_pin, pin_elsewhere


class UsageError(Refused):
    """The command was not given as it must be."""

    code = "usage"


class Session:
    """One run of a command: opens what it needs, prints answers, closes at the end."""

    def __init__(self, options: Namespace) -> None:
        """Keep the options; nothing is opened yet."""
        self.options = options
        self.folder: Path = options.data or default_folder()
        self.json: bool = options.json
        self.language = "id"
        self._counter: Counter | None = None
        self._reader: Database | None = None
        self._device = b""

    def writing(self) -> Counter:
        """The counter opened for writing, with the named (or first) person acting.

        Raises:
            Refused: no shop, folder in use, unknown person, wrong PIN.
        """
        if self._counter is None:
            counter = open_counter(self.folder)
            self._counter = counter
            self.language = counter.settings.language
            self._act(counter)
            self._device = counter.line.device
            counter.listeners.append(lambda kinds: self._heard(counter, kinds))
        return self._counter

    def reading(self) -> Database:
        """The shop opened for looking only."""
        if self._counter is not None:
            return self._counter.db
        if self._reader is None:
            self._reader = read_only(self.folder)
            self.language = load_settings(self._reader).language
        return self._reader

    @contextmanager
    def lent(self) -> Iterator[Counter]:
        """The counter for what the program writes by itself; nobody acts.

        Raises:
            Refused: no shop, or the folder is in use.
        """
        if self._counter is not None:
            yield self._counter
            return
        counter = open_counter(self.folder)
        try:
            yield counter
        finally:
            counter.close()

    def adopt(self, counter: Counter) -> None:
        """Use a counter that a command has just founded."""
        self._counter = counter
        self.language = counter.settings.language

    def leave(self) -> None:
        """Close the counter before the command ends, so that the window can open it."""
        if self._counter is not None:
            self._counter.close()
            self._counter = None

    def _act(self, counter: Counter) -> None:
        name = self.options.staff
        if name is not None:
            who = by_name(counter.db, name)
        else:
            staff = everybody(counter.db)
            if not staff:
                raise UnknownStaff(name="")
            # The owner who has a PIN at this counter, or none anywhere; not one of another counter.
            who = next(
                (
                    one
                    for one in staff
                    if one.role == "owner" and not pin_elsewhere(counter.db, one)
                ),
                staff[0],
            )
        check_pin(counter, who.id, os.environ.get("HUYULA_PIN", ""))
        counter.staff_id = who.id
        try:
            counter.today()
        except ClockInDoubt as doubt:
            counter.confirmed_day = str(doubt.details["proposal"])
            self.warn(doubt)

    def _heard(self, counter: Counter, kinds: frozenset[str]) -> None:
        """Say that this counter writes in a new line; those of others are no news."""
        line = counter.line
        if "line_opened" in kinds and line.device != self._device:
            self._device = line.device
            self.warn(NewLine(register=line.register, why=line.reason))

    def warn(self, refusal: Refused) -> None:
        """Say a sentence on stderr and go on."""
        print(sentence(refusal, self.language), file=sys.stderr)

    def say(self, answer: dict[str, Any], text: str) -> None:
        """Print an answer: an object with `--json`, else the text."""
        print(to_json(answer) if self.json else text, flush=True)

    def line(self, answer: dict[str, Any], text: str) -> None:
        """Print one of many answers, one object or text a line."""
        print(to_json(answer) if self.json else text)

    def close(self) -> None:
        """Close whatever was opened."""
        if self._counter is not None:
            self._counter.close()
        if self._reader is not None:
            self._reader.close()


class NewLine(Refused):
    """A new line of history was opened: said, not refused."""

    code = "new_line"


def to_json(answer: Any) -> str:
    """An answer as one line of JSON."""
    return msgspec.json.encode(answer).decode()
