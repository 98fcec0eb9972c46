"""The bell: the status bar says how many orders and messages want an answer; until somebody opens
the list a notice stands beside the cart and a sound repeats, also for what else of an order the
shop must hear of. The sound is muted at this counter alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from pos.db.sealed import put_sealed
from pos.orders.reading import order, to_answer, unread
from pos.orders.ringing import newest_event, ringing
from pos.ui.i18n import _, ngettext
from pos.ui.orders.words import step_name
from pos.ui.shell.desk import Desk
from pos.ui.shell.news import ORDERS
from pos.ui.widgets.bars import StatusBar
from pos.ui.widgets.notice import Notice, NoticePlace

AGAIN_MS: Final = 20_000
MUTED: Final = "orders_muted"
_NOTICE: Final = "orders"
_IS_MUTED: Final = "SELECT value='1' FROM local_setting WHERE name=?"


class OrderBell(QObject):
    """Listens for orders; `answered` ends the sound until a new one comes."""

    def __init__(
        self, desk: Desk, status: StatusBar, notices: NoticePlace, show: Callable[[], None]
    ) -> None:
        """What waits already is shown, and heard once the counter is in use. `show`: the list."""
        super().__init__()
        self._desk = desk
        self._status = status
        self._notices = notices
        self._list = show
        self._known = (0, 0)
        self._since = newest_event(desk.counter.db)
        self._rang: tuple[bytes, ...] = ()
        self._shown = self._told = False
        found = desk.counter.db.scalar(_IS_MUTED, (MUTED,))
        self.is_muted = bool(found)
        self._again = QTimer(self)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._ring)
        desk.changed.connect(self._changed)
        self._look()

    @property
    def is_ringing(self) -> bool:
        """Whether the sound repeats."""
        return self._again.isActive()

    def mute(self, is_muted: bool) -> None:
        """Keep still from now on, or ring again."""
        db = self._desk.counter.db
        with db.transaction():
            put_sealed(db, "local_setting", {"name": MUTED, "value": "1" if is_muted else "0"})
        self.is_muted = is_muted
        if is_muted:
            self._again.stop()

    def answered(self) -> None:
        """Somebody looks at the list."""
        self._again.stop()
        self._told = False
        self._since, self._rang = newest_event(self._desk.counter.db), ()
        self._notices.solved(_NOTICE)

    def _changed(self, kinds: frozenset[str]) -> None:
        if not ORDERS.isdisjoint(kinds):
            self._look()

    def _look(self) -> None:
        if self._desk.counter.db.in_transaction:
            return
        db = self._desk.counter.db
        asked, said = to_answer(db), unread(db)
        rang = ringing(db, self._since)
        more = asked > self._known[0] or said > self._known[1] or not set(rang) <= set(self._rang)
        self._known, self._rang = (asked, said), rang
        if asked + said or self._shown:
            self._shown = True
            self._show(asked, said)
        if not (asked or said or rang):
            self.answered()
            return
        if more or self._told:
            self._tell()
        if more and not self.is_muted:
            self._ring()
            self._again.start()

    def _ring(self) -> None:
        self._desk.sound("order")

    def _tell(self) -> None:
        self._told = True
        self._notices.tell(
            Notice(
                _NOTICE,
                self._news,
                "info",
                action=lambda: _("Lihat"),
                act=self._list,
                shortcut="Ctrl+O",
            )
        )

    def _news(self) -> str:
        """What wants an answer, and where the last order stands that rang for something else."""
        db, words = self._desk.counter.db, _waiting(*self._known)
        views = [order(db, one) for one in self._rang]
        other = [one for one in views if not one.needs_answer]
        if not other:
            return words
        last = _("Pesanan {number}: {state}").format(
            number=other[-1].number, state=step_name(other[-1])
        )
        return f"{words}. {last}" if words else last

    def _show(self, asked: int, said: int) -> None:
        if asked or said:
            self._status.set_fact("orders", lambda: _waiting(asked, said), "store", "warn")
        else:
            self._status.set_fact("orders", "", "")


def _waiting(asked: int, said: int) -> str:
    orders = ngettext("{count} pesanan perlu dijawab", "{count} pesanan perlu dijawab", asked)
    words = ngettext("{count} pesan pembeli", "{count} pesan pembeli", said)
    parts = ((orders, asked), (words, said))
    return ", ".join(text.format(count=count) for text, count in parts if count)
