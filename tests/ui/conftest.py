"""What holds for every test with a window."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
