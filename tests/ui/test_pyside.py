"""The acceptance test for every PySide6 upgrade: calls must not eat references.

In Python 3.11 None, True and False are counted objects. PySide6 6.12.0 takes one reference off
None at every call that returns nothing and ends the program after some 5,300 calls
(docs/decisions/0002-pyside6-6.9.3.md).
"""

from __future__ import annotations

import importlib.metadata
import sys

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel

CALLS = 2_000
ALLOWED = 100


def _counts() -> tuple[int, int, int]:
    return sys.getrefcount(None), sys.getrefcount(True), sys.getrefcount(False)


def _moved(before: tuple[int, int, int]) -> int:
    return max(abs(now - then) for now, then in zip(_counts(), before, strict=True))


class _Bell(QObject):
    rang = Signal(bool)


class _Rows(QAbstractListModel):
    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 1

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> None:
        return None

    def renew(self) -> None:
        self.beginResetModel()
        self.endResetModel()


def test_pyside_is_the_version_that_was_measured() -> None:
    assert importlib.metadata.version("PySide6-Essentials") == "6.9.3"
    assert importlib.metadata.version("shiboken6") == "6.9.3"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None, True and False are immortal here")
class TestReferencesStay:
    def test_when_calls_return_nothing(self, qapp: QApplication) -> None:
        label = QLabel()
        before = _counts()
        for number in range(CALLS):
            label.setText(str(number))
        assert _moved(before) < ALLOWED

    def test_when_signals_are_emitted(self, qapp: QApplication) -> None:
        bell = _Bell()
        heard: list[int] = []
        bell.rang.connect(lambda _loud: heard.append(1))
        before = _counts()
        for number in range(CALLS):
            bell.rang.emit(number % 2 == 0)
        assert _moved(before) < ALLOWED
        assert len(heard) == CALLS

    def test_when_a_model_is_reset_and_answers_nothing(self, qapp: QApplication) -> None:
        rows = _Rows()
        before = _counts()
        for _ in range(CALLS):
            rows.renew()
            rows.index(0).data()
        assert _moved(before) < ALLOWED
