"""Putting the program together: window first, then the shop, then the printers.

What this module imports at its head is all that stands between the exec and the first paint;
the database, the areas and the screens are imported while the first window can be seen. Keys
that come meanwhile wait there and in the window's queue, so no scan is lost.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from pos.ui.foundation.tokens import ThemeName
from pos.ui.shell.frame import StartFrame

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

    from core.cart import Cart
    from pos.counter import Counter
    from pos.printing.worker import PrintWorker
    from pos.ui.keys.scan_filter import ScanFilter
    from pos.ui.shell.desk import Desk
    from pos.ui.shell.window import MainWindow
    from pos.ui.sync.link import SyncLink

RAISE_MS = 1_000
RETIRE_TRIES = 15
SMALL_SCREEN = 1_366
Told = Callable[[str, "Program"], object]


def bare_application() -> QApplication:
    """The Qt application without a look yet."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Huyula")
    app.setDesktopFileName("huyula-pos")
    return app


def application(theme_name: ThemeName = "system") -> QApplication:
    """The Qt application with our look."""
    from pos.ui.foundation import theme

    app = bare_application()
    theme.apply(app, theme_name)
    return app


class Program:
    """One running counter: its window, its scans, its print threads."""

    def __init__(
        self, app: QApplication, folder: Path, theme: ThemeName = "system", told: Told | None = None
    ) -> None:
        """Nothing is open yet. `told` hears "painted", then "ready" when scans are taken."""
        self.app = app
        self.folder = folder
        self.theme = theme
        self.window: QWidget | None = None
        self.counter: Counter | None = None
        self.workers: list[PrintWorker] = []
        self._served: set[int] = set()
        self.failure: Exception | None = None
        self._scans: ScanFilter | None = None
        self._sync: SyncLink | None = None
        self._early: list[str] = []
        self._server: QLocalServer | None = None
        self._told: Told = told or (lambda what, program: None)

    def start(self) -> None:
        """Show the first window; the shop is opened as soon as it is painted."""
        frame = StartFrame(self.theme)
        frame.painted.connect(self._painted)
        self._show(frame)

    def _painted(self) -> None:
        self._told("painted", self)
        # Not inside the paint event: what was painted must reach the screen first.
        QTimer.singleShot(0, self._open)

    def _open(self) -> None:
        try:
            self.open()
        except Exception as error:
            self.failure = error
            self.app.exit(1)

    def open(self) -> None:
        """Open the shop, or the wizard where there is none.

        Raises:
            FolderInUse: another program writes in the folder.
        """
        from pos.ui.keys.scan_filter import ScanFilter

        self._scans = ScanFilter(self.app)
        self._scans.scanned.connect(self._keep)
        if self.window is not None:
            self._scans.watch(self.window)
        if isinstance(self.window, StartFrame):
            self.window.hand_over_keys()
        application(self.theme)

        from pos.opening import database_file, open_counter

        if database_file(self.folder).exists():
            self.open_shop(open_counter(self.folder))
        else:
            self._ask_founding()
        QTimer.singleShot(0, self._listen)

    def _keep(self, scan: str) -> None:
        self._early.append(scan)

    def _ask_founding(self) -> None:
        from pos.ui.wizard.screen import WizardPage

        self.folder.mkdir(parents=True, exist_ok=True)
        page = WizardPage(self.folder)
        page.setWindowTitle("Huyula")
        page.founded.connect(
            lambda counter: self.open_shop(counter, import_first=page.goods.isChecked())
        )
        self._show(page)
        page.begin()

    def open_shop(self, counter: Counter, *, import_first: bool = False) -> None:
        """Show the counter of an open shop; scans made before are taken first.

        With `import_first` whoever enters is led to the import of goods, once.
        """
        from PySide6.QtCore import QStandardPaths

        from pos.ui.foundation.sounds import Sounds
        from pos.ui.i18n import set_language
        from pos.ui.shell.desk import Desk
        from pos.ui.shell.window import MainWindow

        self.counter = counter
        set_language(counter.settings.language)
        self._put_look(counter)
        cache = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
        desk = Desk(counter, Sounds(Path(cache) / "sounds"))
        window = MainWindow(desk)
        window.import_first = import_first
        window.begin()
        self._take_scans(window)
        self._show(window)
        window.watch_idle(self.app)
        self._told("ready", self)
        QTimer.singleShot(0, lambda: self._start_printing(window, desk))
        QTimer.singleShot(0, lambda: self._start_sync(window))
        QTimer.singleShot(0, desk.sounds.prepare)

    def _put_look(self, counter: Counter) -> None:
        """This counter's own theme and size, where the command names no theme."""
        from pos.shop.preferences import Preferences, load_preferences
        from pos.ui.foundation import theme

        chosen = load_preferences(counter.db)
        if self.theme == "system" and chosen != Preferences():
            theme.apply(self.app, chosen.theme, chosen.scale)

    def _take_scans(self, window: MainWindow) -> None:
        """Let keys that waited become scans while the first window still has them."""
        scans = self._scans
        if scans is None:
            return
        self.app.processEvents()
        scans.scanned.disconnect(self._keep)
        window.listen(scans)
        window.pages.currentChanged.connect(
            lambda _page: QTimer.singleShot(0, lambda: self._replay(window))
        )
        self._replay(window)

    def _replay(self, window: MainWindow) -> None:
        """Scans of the start become lines once somebody is at the selling screen."""
        if window.pages.currentWidget() is not window.selling:
            return
        early, self._early = self._early, []
        for scan in early:
            window.on_scan(scan)

    def _show(self, window: QWidget) -> None:
        before, self.window = self.window, window
        window.resize(1024, 768)
        screen = window.screen().availableGeometry()
        if screen.width() <= SMALL_SCREEN:
            window.showMaximized()
        else:
            window.show()
        if before is not None:
            self._retire(before, window)

    def _retire(self, before: QWidget, window: QWidget) -> None:
        """Close a window once the next one has the keyboard: until then keys come to it."""
        tries = RETIRE_TRIES

        def close() -> None:
            if shiboken6.isValid(before):
                before.close()
                before.deleteLater()

        def given_up() -> None:
            """A desktop may never give the next window the keyboard; then both must not stay."""
            nonlocal tries
            tries -= 1
            if tries and shiboken6.isValid(handle) and not handle.isExposed():
                # Without the old window there would be none: keys would come to nobody.
                QTimer.singleShot(RAISE_MS, given_up)
            else:
                close()

        if window.isActiveWindow():
            close()
            return
        from pos.ui.keys.onward import KeysOnward

        KeysOnward(before, window)
        handle = window.windowHandle()
        # Later, not inside the signal: keys that were on their way come to it still.
        handle.activeChanged.connect(lambda: QTimer.singleShot(0, close))
        QTimer.singleShot(RAISE_MS, given_up)

    def _start_printing(self, window: MainWindow, desk: Desk) -> None:
        from pos.printing.jobs import recover_after_crash

        if self.counter is None:
            # Closed again before it came to this.
            return
        recover_after_crash(desk.counter.db, desk.counter.clock.now_ms())
        watcher = QTimer(window)
        watcher.timeout.connect(window.facts.queue)

        def written(kinds: frozenset[str]) -> None:
            if "printers_changed" in kinds:
                self._serve_printers(desk, watcher)
            self._wake()

        desk.changed.connect(written)
        self._serve_printers(desk, watcher)

    def _serve_printers(self, desk: Desk, watcher: QTimer) -> None:
        """Start a thread for each printer that has none; one put out of use rests by itself."""
        from pos.opening import database_file
        from pos.printing.printers import printers

        new = [one for one in printers(desk.counter.db) if one.id not in self._served]
        if not new:
            return
        from pos.printing.worker import PrintWorker
        from pos.receipts.printing import render_job

        for device in new:
            worker = PrintWorker(database_file(self.folder), device.id, render_job)
            worker.start()
            self.workers.append(worker)
            self._served.add(device.id)
        watcher.start(RAISE_MS)

    def _start_sync(self, window: MainWindow) -> None:
        if self.counter is not None:
            self._sync = window.sync
            self._sync.begin()
            watcher = QTimer(window)
            watcher.timeout.connect(window.facts.sync)
            watcher.start(RAISE_MS)

    def _wake(self) -> None:
        for worker in self.workers:
            worker.wake()

    def _listen(self) -> None:
        """A second start of the program brings this window to the front."""
        from PySide6.QtNetwork import QLocalServer

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
        """End the threads and close the shop."""
        if self._sync is not None:
            self._sync.stop()
        for worker in self.workers:
            worker.stop()
        if self._server is not None:
            self._server.close()
        if self.counter is not None:
            self.counter.close()
            self.counter = None


def server_name(folder: Path) -> str:
    """Where the running window of a data folder listens."""
    import hashlib

    return "huyula-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def raise_running(folder: Path) -> bool:
    """Ask the running window of this folder to come to the front."""
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(server_name(folder))
    return bool(socket.waitForConnected(RAISE_MS))


def run(folder: Path, theme_name: ThemeName = "system", told: Told | None = None) -> int:
    """Open the window on a data folder; returns when it is closed.

    Raises:
        FolderInUse: another program, that is no window, writes in the folder.
    """

    def heard(what: str, running: Program) -> None:
        if what == "ready":
            # What was imported lives as long as the program: never look through it again.
            gc.freeze()
            gc.enable()
        if told is not None:
            told(what, running)

    # Starting makes a hundred thousand objects and drops none worth collecting.
    gc.disable()
    program = Program(bare_application(), folder, theme_name, heard)
    program.start()
    try:
        code = int(program.app.exec())
    finally:
        gc.enable()
        program.close()
    if program.failure is None:
        return code
    from pos.device.lock import FolderInUse

    if isinstance(program.failure, FolderInUse) and raise_running(folder):
        return 0
    raise program.failure


def picture_of_selling(app: QApplication, counter: Counter, cart: Cart, file: Path) -> None:
    """Write a picture of the selling screen with this cart in it; the till's own stays."""
    from pos.ui.foundation.sounds import Sounds
    from pos.ui.shell.desk import Desk
    from pos.ui.shell.window import MainWindow

    desk = Desk(counter, Sounds(file.parent, "off"))
    window = MainWindow(desk)
    window.resize(1024, 768)
    desk.till.cart = cart
    window.sell()
    window.show()
    app.processEvents()
    window.grab().save(str(file))
    window.close()
