"""A register's window on a display of its own, as somebody sees it who sits before it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from pos.opening import database_file
from tests.helpers.display import PROGRAM, Display, until
from tests.helpers.process import ROOT, Machine


class Screen:
    """A register's window on a display of its own."""

    def __init__(self, display: Display, machine: Machine) -> None:
        self.display, self.machine = display, machine
        self._page = machine.data.parent / "page.txt"
        surroundings = {
            **machine.environment(), "DISPLAY": display.name, "QT_QPA_PLATFORM": "xcb",
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(machine.data), str(self._page)],
            env=surroundings, cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip

    def opens(self) -> None:
        """Wait until it can be used."""
        assert self.process.stdout is not None
        for word in (b"painted", b"ready"):
            assert self.process.stdout.readline().strip() == word
        until(lambda: self.display.ask("getactivewindow"), "no window has the keyboard")
        until(self._page.exists, "no page came")

    def shows(self, page: str) -> bool:
        """Whether it shows a page."""
        return self._page.read_text() == page

    def is_me(self) -> None:
        """Say who works here, where two people may: the first, who has no PIN yet."""
        until(lambda: self.shows("lock"), "nobody asks who works")
        self.display.press("Return")
        until(lambda: self.shows("selling"), "Enter was lost")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What its database says."""
        file = database_file(self.machine.data)
        db = sqlite3.connect(f"file:{file.as_posix()}?mode=ro", uri=True)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def number(self, sql: str) -> int:
        """A number that its database holds."""
        return int(self.rows(sql)[0][0])

    def keep(self, file: Path) -> None:
        """Write what the display shows into a picture."""
        subprocess.run(
            ["import", "-display", self.display.name, "-window", "root", str(file)], check=True
        )
