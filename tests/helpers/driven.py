"""The program's real window in a process of its own, told by lines what its user does.

`scan CODE` and `key NAME` act through key events; `show` only looks. Each line is answered with
one line of JSON that says what can be seen then. `python -m tests.helpers.driven FOLDER [KIND]`
dies of SIGKILL the moment after a fact of that kind is committed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path

from PySide6.QtCore import QSocketNotifier, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos.app import Program, run
from pos.ui.selling.done import DonePage
from pos.ui.shell.window import MainWindow
from tests.ui.keys.wedge import Wedge


class Driver:
    """Does and tells, as long as the window lives."""

    def __init__(self, program: Program, dies_at: str) -> None:
        """The program's window is ready."""
        assert isinstance(program.window, MainWindow) and program._scans is not None
        self.window = program.window
        self.wedge = Wedge(program._scans)
        if dies_at:
            self.window.desk.counter.listeners.insert(0, lambda kinds: self._die(dies_at in kinds))
        self._rest = b""
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self.window)
        self._notifier.activated.connect(self._read)
        if self.window.isActiveWindow():
            self._tell()
        else:
            # Only then do its keys act; every desktop takes a moment to say so.
            once = Qt.ConnectionType.SingleShotConnection
            self.window.windowHandle().activeChanged.connect(self._tell, once)

    def _die(self, now: bool) -> None:
        if now:
            os.kill(os.getpid(), signal.SIGKILL)

    def _read(self) -> None:
        got = os.read(0, 65_536)
        if not got:
            # Whoever told it what to do is gone.
            self._notifier.setEnabled(False)
            QApplication.quit()
        *lines, self._rest = (self._rest + got).split(b"\n")
        for line in lines:
            try:
                self._do(*line.decode().split())
            except Exception:
                # In a slot it would only be printed, and whoever asked would wait for ever.
                traceback.print_exc()
                os._exit(1)
            self._tell()

    def _do(self, act: str, what: str = "") -> None:
        if act == "scan":
            self.wedge.now += 500
            self.wedge.scan(what)
        elif act == "key":
            combination = QKeySequence(what)[0]
            target = QApplication.focusWidget() or self.window
            QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self.wedge.settle()

    def _tell(self) -> None:
        page = self.window.pages.currentWidget()
        seen = {
            "page": page.objectName(),
            "done": page.receipt.text() if isinstance(page, DonePage) else "",
            "cart": self._rows(),
            "total": self.window.selling.card.total.text(),
            "said": self.window.status.said(),
        }
        print(json.dumps(seen), flush=True)

    def _rows(self) -> list[list[str]]:
        model = self.window.selling.cart_model
        return [
            [str(model.data(model.index(row, column))) for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]


def main(folder: str, dies_at: str = "") -> int:
    """Run the window until it is closed or killed."""
    drivers: list[Driver] = []

    def told(what: str, program: Program) -> None:
        if what == "ready":
            drivers.append(Driver(program, dies_at))

    return run(Path(folder), "light", told)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
