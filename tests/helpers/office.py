"""Fixtures for the pages of the office: a shop that stands at noon, and the window on it.

A folder of tests that needs another shop has a `counter` of its own; the window opens on that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos.counter import Counter
from pos.ui.foundation.sounds import Sounds
from pos.ui.shell.desk import Desk
from pos.ui.shell.window import MainWindow
from pos.ui.widgets.overlay import Overlay
from tests.helpers.counter import make_shop


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """An open shop of one owner, who is in."""
    made = make_shop(tmp_path)
    yield made
    made.close()


@pytest.fixture
def window(counter: Counter, qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The active window."""
    made = MainWindow(Desk(counter, Sounds(tmp_path / "sounds", "off")))
    made.resize(1024, 768)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    # Held until here: else the collector takes it away in the middle of its painting.
    made.hide()


def open_panel(window: MainWindow, name: str) -> Overlay:
    """The panel of this name that is open."""
    found = [one for one in window.findChildren(Overlay, name) if one.isVisible()]
    assert len(found) == 1, f"{name} is not open"
    return found[0]
