"""Widgets stay alive until the test is over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


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
