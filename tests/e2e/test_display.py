"""The real window on a real display: a wedge scanner's keys become a sale in the database.

Every key is pressed once. A key that is lost fails the test: a cashier's Enter is money.
"""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos.opening import database_file
from pos.shifts.drawer import start_shift
from pos.shop.founding import found_shop
from tests.helpers.counter import add_goods
from tests.helpers.display import PROGRAM, Display, display, end, until

__all__ = ["display"]

pytestmark = pytest.mark.display
# Digits that repeat: X11 marks the second of two equal ones as a repeated key.
MI = "2900000000087"
SABUN = "8991102220004"
ROOT = Path(__file__).resolve().parents[2]


class Window:
    """A running counter on a display; looks at what it did from outside."""

    def __init__(self, display: Display, folder: Path) -> None:
        """Start it; it is not ready yet."""
        self.display = display
        self.folder = folder
        self._page = folder / "page.txt"
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder), str(self._page)],
            env=display.environment, cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip

    def hears(self, word: str) -> None:
        """Wait for a word of the program."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline().decode().strip() == word

    def has_keyboard(self) -> None:
        """Wait until the first window has the keyboard."""
        search = ("search", "--onlyvisible", "--name", "^Huyula$")
        until(lambda: self.display.ask(*search), "no window came")
        until(lambda: self.display.ask("getactivewindow"), "no window has the keyboard")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What its database says."""
        db = sqlite3.connect(f"file:{database_file(self.folder).as_posix()}?mode=ro", uri=True)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def shows(self, page: str) -> bool:
        """Whether it shows a page."""
        return self._page.exists() and self._page.read_text() == page

    def pay(self) -> None:
        """F9, then Enter once the cashier can see what is due."""
        self.display.press("F9")
        until(lambda: self.shows("payment"), "F9 was lost")
        self.display.press("Return")
        until(lambda: self.rows("SELECT 1 FROM sale"), "Enter was lost")

    def sold(self) -> list[tuple[object, ...]]:
        """The lines of what was sold."""
        return self.rows("SELECT name, qty FROM sale_line ORDER BY sale_id, line_no")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop with sample goods and an open shift; its owner has no PIN."""
    counter = found_shop(tmp_path / "shop", "Warung Uji", "Ibu Sri")
    add_goods(counter, "Mi goreng", 3_500, barcode=MI)
    add_goods(counter, "Sabun mandi", 4_800, barcode=SABUN)
    start_shift(counter, 100_000)
    counter.close()
    return tmp_path / "shop"


@pytest.fixture
def window(display: Display, folder: Path) -> Iterator[Window]:
    """The counter, started."""
    made = Window(display, folder)
    yield made
    end(made.process)


BOTH = [("Mi goreng", 1000), ("Sabun mandi", 1000)]


def test_two_scans_f9_and_enter_are_a_sale(window: Window) -> None:
    window.has_keyboard()
    window.hears("painted")
    window.hears("ready")
    window.display.scan(MI)
    window.display.scan(SABUN)
    until(
        lambda: window.rows("SELECT 1 FROM open_cart WHERE instr(CAST(cart AS TEXT), 'Sabun') > 0"),
        "the scans did not reach the cart",
    )
    window.pay()
    assert window.rows("SELECT total, change FROM sale") == [(3_500 + 4_800, 0)]
    assert window.sold() == BOTH


def test_f9_right_behind_the_scans_pays_for_all_of_them(window: Window) -> None:
    """The keys are there before the window has dealt with the first one."""
    window.has_keyboard()
    window.hears("painted")
    window.hears("ready")
    with _busy(window.process):
        window.display.scan(MI)
        window.display.scan(SABUN)
        window.display.press("F9")
    until(lambda: window.shows("payment"), "F9 was lost")
    window.display.press("Return")
    until(lambda: window.rows("SELECT 1 FROM sale"), "Enter was lost")
    assert window.sold() == BOTH


def test_no_key_is_lost_while_the_desktop_is_slow_to_give_the_keyboard(window: Window) -> None:
    """Between the first window and the counter's own the desktop decides who gets the keys."""
    window.has_keyboard()
    with window.display.slow_manager():
        window.hears("painted")
        window.hears("ready")
        window.display.scan(MI)
        window.display.scan(SABUN)
        window.pay()
    assert window.sold() == BOTH


@contextmanager
def _busy(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """The process does nothing meanwhile."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)
