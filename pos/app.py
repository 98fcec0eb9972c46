"""Putting the program together: window first, then the shop, then the printers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget

from core.cart import Cart
from pos.counter import Counter
from pos.device.lock import FolderInUse
from pos.opening import database_file, open_counter
from pos.printing.printers import printers
from pos.printing.worker import PrintWorker
from pos.receipts.printing import render_job
from pos.ui.foundation import theme
from pos.ui.foundation.sounds import Sounds
from pos.ui.i18n import set_language
from pos.ui.keys.scan_filter import ScanFilter
from pos.ui.shell.desk import Desk
from pos.ui.shell.window import MainWindow
from pos.ui.wizard.screen import WizardPage

Theme = Literal["light", "dark", "system"]
RAISE_MS = 1_000


def application(theme_name: Theme = "system") -> QApplication:
    """The Qt application with our look."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Huyula")
    app.setDesktopFileName("huyula-pos")
    theme.apply(app, theme_name)
    return app


class Program:
    """One running counter: its window, its scans, its print threads."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        """Nothing is open yet; scans are kept from now on."""
        self.app = app
        self.folder = folder
        self.scans = ScanFilter(app)
        self.window: QWidget | None = None
        self.counter: Counter | None = None
        self.workers: list[PrintWorker] = []
        self._server: QLocalServer | None = None

    def start(self) -> None:
        """Open the shop, or the wizard where there is none."""
        if database_file(self.folder).exists():
            self.open_shop(open_counter(self.folder))
        else:
            self._ask_founding()
        self._listen()

    def _ask_founding(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        page = WizardPage(self.folder)
        page.setWindowTitle("Huyula")
        page.founded.connect(
            lambda counter: self.open_shop(counter, import_first=page.goods.isChecked())
        )
        self._show(page)
        page.begin()

    def open_shop(self, counter: Counter, *, import_first: bool = False) -> None:
        """Show the counter of an open shop; a new one may begin with its goods list."""
        self.counter = counter
        set_language(counter.settings.language)
        cache = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
        desk = Desk(counter, Sounds(Path(cache) / "sounds"))
        window = MainWindow(desk)
        window.import_first = import_first
        self._show(window)
        window.listen(self.scans)
        window.watch_idle(self.app)
        window.begin()
        self._start_printing(window, desk)
        QTimer.singleShot(0, desk.sounds.prepare)

    def _show(self, window: QWidget) -> None:
        before, self.window = self.window, window
        window.resize(1024, 768)
        screen = window.screen().availableGeometry()
        if screen.width() <= 1366:
            window.showMaximized()
        else:
            window.show()
        if before is not None:
            before.close()
            before.deleteLater()

    def _start_printing(self, window: MainWindow, desk: Desk) -> None:
        from pos.printing.jobs import recover_after_crash

        counter = desk.counter
        recover_after_crash(counter.db, counter.clock.now_ms())
        watcher = QTimer(window)
        watcher.timeout.connect(window.show_queue)
        for device in printers(counter.db):
            worker = PrintWorker(database_file(self.folder), device.id, render_job)
            worker.start()
            self.workers.append(worker)
        if self.workers:
            watcher.start(RAISE_MS)
            desk.changed.connect(self._wake)

    def _wake(self, _kinds: object) -> None:
        for worker in self.workers:
            worker.wake()

    def _listen(self) -> None:
        """A second start of the program brings this window to the front."""
        name = server_name(self.folder)
        QLocalServer.removeServer(name)
        self._server = QLocalServer(self.app)
        self._server.newConnection.connect(self._raise)
        self._server.listen(name)

    def _raise(self) -> None:
        server = self._server
        connection = server.nextPendingConnection() if server else None
        if connection is not None:
            connection.close()
        if self.window is not None:
            self.window.showNormal() if self.window.isMinimized() else self.window.show()
            self.window.raise_()
            self.window.activateWindow()

    def close(self) -> None:
        """End the print threads and close the shop."""
        for worker in self.workers:
            worker.stop()
        if self._server is not None:
            self._server.close()
        if self.counter is not None:
            self.counter.close()


def server_name(folder: Path) -> str:
    """Where the running window of a data folder listens."""
    import hashlib

    return "huyula-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def raise_running(folder: Path) -> bool:
    """Ask the running window of this folder to come to the front."""
    socket = QLocalSocket()
    socket.connectToServer(server_name(folder))
    return bool(socket.waitForConnected(RAISE_MS))


def run(folder: Path, theme_name: Theme = "system") -> int:
    """Open the window on a data folder; returns when it is closed."""
    app = application(theme_name)
    program = Program(app, folder)
    try:
        program.start()
    except FolderInUse:
        if raise_running(folder):
            return 0
        raise
    try:
        return int(app.exec())
    finally:
        program.close()


def picture_of_selling(app: QApplication, counter: Counter, cart: Cart, file: Path) -> None:
    """Write a picture of the selling screen with this cart in it; the till's own stays."""
    desk = Desk(counter, Sounds(file.parent, "off"))
    window = MainWindow(desk)
    window.resize(1024, 768)
    desk.till.cart = cart
    window.sell()
    window.show()
    app.processEvents()
    window.grab().save(str(file))
    window.close()
