"""Sync as the window has it: a thread's life, and what it brings, taken on the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from core.errors import Refused
from pos.backup.age import last_backup_ms
from pos.failures import as_refusal
from pos.opening import database_file
from pos.sync.memory import server
from pos.ui.shell.desk import Desk
from pos.ui.sync.at_work import AtWork

if TYPE_CHECKING:
    from core.facts.sync import Carried, SyncDiffered
    from pos.sync.lines import Fork
    from pos.sync.wanted import Wanted
    from pos.sync.wire import Send
    from pos.sync.worker import SyncWorker

AGAIN_MS = 5_000


class SyncLink(QObject):
    """Starts the thread where the counter is enrolled, and hands its news to the counter.

    `turned` is emitted when a round has ended, well or not.
    """

    turned = Signal()
    _heard = Signal(object)
    _forked = Signal(object)
    _to_write = Signal(object)
    _ended = Signal()
    _key_lost = Signal()
    _looked = Signal(object, str)

    def __init__(self, desk: Desk, sender: Callable[[str], Send] | None = None) -> None:
        """Nothing runs before `begin`. `sender` makes what speaks to an address (else HTTP)."""
        super().__init__()
        self.connect_to = sender
        self._desk = desk
        self._worker: SyncWorker | None = None
        self._taking = False
        self._at_work = AtWork(desk.counter.db.turns)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.begin)
        # Always queued: all are emitted on the sync thread.
        self._heard.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._forked.connect(self._resolve, Qt.ConnectionType.QueuedConnection)
        self._to_write.connect(self._write_down, Qt.ConnectionType.QueuedConnection)
        self._key_lost.connect(self._renew, Qt.ConnectionType.QueuedConnection)
        desk.changed.connect(self._written)
        self._ended.connect(self._round_ended, Qt.ConnectionType.QueuedConnection)
        desk.older_asked.connect(self._look_for)
        self._looked.connect(desk.older_came, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        """Whether the thread was started."""
        return self._worker is not None

    @property
    def is_asked(self) -> bool:
        """Whether a round that a person asked for has not ended yet."""
        return self._worker is not None and self._worker.is_asked

    def begin(self) -> None:
        """Start, where this counter is enrolled; a second call does nothing."""
        counter = self._desk.counter
        if self._worker is not None or server(counter.db) is None:
            return
        if not self._line_is_settled():
            self._again.start(AGAIN_MS)
            return
        from pos.sync.transport import HttpSender
        from pos.sync.worker import SyncWorker

        self._worker = SyncWorker(
            database_file(counter.folder),
            clock=counter.clock,
            witness=counter.witness,
            changed=self._heard.emit,
            forked=self._forked.emit,
            to_write=self._to_write.emit,
            turned=self._ended.emit,
            lost=self._key_lost.emit,
            backup_ms=lambda: last_backup_ms(counter.folder),
            sender=self.connect_to or HttpSender,
        )
        self._at_work.begin()
        self._worker.start()

    def _line_is_settled(self) -> bool:
        """A copied or restored folder opens its new line before anything is sent from it.

        Where that cannot be written now it is tried again.
        """
        counter = self._desk.counter
        check = counter.before_first_write
        if check is not None:
            try:
                check()
            except Refused:
                return False
            counter.before_first_write = None
        return True

    def now(self) -> None:
        """A person asks for a round at once."""
        if self._worker is not None:
            self._worker.now()

    def stop(self) -> None:
        """End the thread; what waits is sent after the next start."""
        self._again.stop()
        worker, self._worker = self._worker, None
        if worker is not None:
            self._at_work.stop()
            worker.stop()

    def _look_for(self, wanted: Wanted) -> None:
        """Fetch older entries on a thread of their own; the desk hears how it ended."""
        if self._worker is None:
            self._looked.emit(wanted, "no_network")
        else:
            self._worker.look_for(wanted, lambda found: self._looked.emit(wanted, found))

    def _round_ended(self) -> None:
        # What was still on its way when the program ended finds the shop closed.
        if self._worker is not None:
            self.turned.emit()

    def _written(self, _kinds: frozenset[str]) -> None:
        if self._worker is not None and not self._taking:
            self._worker.wake()

    def _take(self, kinds: frozenset[str]) -> None:
        """Facts of others are in the tables: whoever shows them reads again."""
        if self._worker is None:
            return
        self._taking = True
        try:
            self._desk.counter.heard(kinds)
        finally:
            self._taking = False

    def _renew(self) -> None:
        """The key of this line is gone: a new line with a new key goes on from it."""
        from pos.opening import ensure_line

        self._write(lambda: ensure_line(self._desk.counter))

    def _resolve(self, fork: Fork) -> None:
        """Open the new line that the server asks for; where that must wait it asks again."""
        from pos.sync.lines import resolve

        self._write(lambda: resolve(self._desk.counter, fork))

    def _write_down(self, facts: tuple[SyncDiffered | Carried, ...]) -> None:
        """Keep in the journal that counter and server did not hold the same, and whole bytes of
        what the server has damaged."""
        from pos.sync.whole import write_down

        self._write(lambda: write_down(self._desk.counter, facts))

    def _write(self, command: Callable[[], object]) -> None:
        """What the program writes by itself, while nobody else does."""
        counter = self._desk.counter
        if self._worker is None or counter.db.in_transaction:
            return
        try:
            with counter.any_day():
                command()
        except Exception as error:
            # The next round finds the same and asks again; not at once, which would be for ever.
            self._desk.refuse(as_refusal(error))
        else:
            self.now()
