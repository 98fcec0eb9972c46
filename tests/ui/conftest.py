"""What holds for every test with a window."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos.counter import Counter
from pos.shifts.drawer import start_shift
from tests.helpers.counter import StillClock, add_goods, make_shop
from tests.helpers.daylight import clear_windows, daylight
from tests.ui.hands import FLOAT, MI, MI_DUS, SABUN, Hands

_OPENS_QT = """
from PySide6.QtWidgets import QApplication
QApplication([])
"""


@pytest.fixture(scope="session", autouse=True)
def _qt_starts() -> None:
    """Stop with Qt's own words where it cannot start here.

    A platform plugin that misses a library ends the process (SIGABRT, exit 134) and pytest then
    shows no reason (pytest-qt issue 299), so it is tried in another process first.
    """
    tried = subprocess.run([sys.executable, "-c", _OPENS_QT], capture_output=True, text=True)
    if tried.returncode:
        pytest.exit(f"Qt cannot start here: {tried.stderr.strip()}", returncode=3)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Name the program as the counter does and draw alike on every desktop."""
    return ["huyula-pos", "-style", "fusion"]


@pytest.fixture(autouse=True)
def _start(qapp: QApplication) -> Iterator[None]:
    """Begin in daylight and in Bahasa Indonesia."""
    daylight(qapp)
    yield
    # First: a look is put on every widget that is left, and that takes long.
    clear_windows(qapp)
    daylight(qapp)


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[QtBot]:
    """Hold what is added: else the collector takes a window away in the middle of its painting."""
    held: list[QWidget] = []
    add = qtbot.addWidget

    def hold(widget: QWidget) -> None:
        held.append(widget)
        add(widget)

    monkeypatch.setattr(qtbot, "addWidget", hold)
    yield qtbot
    held.clear()


@pytest.fixture
def clock() -> StillClock:
    """Noon, until it is told to go on."""
    return StillClock()


@pytest.fixture
def shop(tmp_path: Path, clock: StillClock) -> Iterator[Counter]:
    """A warung with a few goods and an open shift; its owner is in."""
    counter = make_shop(tmp_path, clock)
    add_goods(counter, "Mi goreng", 2_500, barcode=MI, units=(("dus", 40, 96_000),))
    add_goods(counter, "Sabun mandi", 4_800, barcode=SABUN)
    add_goods(counter, "Mi kuah dus besar", 110_000, barcode=MI_DUS)
    add_goods(counter, "Gula pasir", 17_500, unit="kg", fractional=True)
    start_shift(counter, FLOAT)
    yield counter
    counter.close()


@pytest.fixture
def hands(qtbot: QtBot, shop: Counter, tmp_path: Path) -> Iterator[Hands]:
    """A cashier's hands at the selling screen."""
    made = Hands(qtbot, shop, tmp_path)
    made.window.sell()
    yield made
    made.let_go()
