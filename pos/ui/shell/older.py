"""Older entries than those that lie on this counter: what is still to come, and asking for it now.

Nothing here waits: sync's own thread fetches, and `came` of the desk says how it ended.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from pos.db.past import is_incomplete, missing
from pos.sync.wanted import Found, Wanted
from pos.ui.i18n import ngettext, shown_count
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label

PAUSE_MS = 400
"""Who types or walks through a list is not asked for at each step."""

State = Literal["", "fetching"] | Found


class Older(QObject):
    """One thing that is looked for; `changed` is emitted when its state is another."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        """Nothing is looked for yet."""
        super().__init__()
        self._desk = desk
        self._wanted = Wanted()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(lambda: desk.older_asked.emit(self._wanted))
        self.state: State = ""
        desk.older_came.connect(self._came)

    def look_for(self, wanted: Wanted) -> None:
        """Fetch this, where older entries are still to come; not twice while it is on its way."""
        if not any(wanted) or not is_incomplete(self._desk.counter.db):
            self._pause.stop()
            self._wanted, self.state = Wanted(), ""
        elif wanted != self._wanted:
            self._wanted, self.state = wanted, "fetching"
            self._pause.start(PAUSE_MS)

    def again(self) -> None:
        """Ask once more, where the last time it could not be fetched."""
        if self.state in ("no_network", "refused"):
            self.state = "fetching"
            self._desk.older_asked.emit(self._wanted)
            self.changed.emit()

    def _came(self, wanted: Wanted, found: Found) -> None:
        if wanted == self._wanted:
            self.state = found
            self.changed.emit()


class OlderNote(Label):
    """Says how much of the shop's history is still to come; hidden where all of it is here."""

    def __init__(self, name: str) -> None:
        """Hidden until `look`."""
        super().__init__("", "body", wrap=True)
        self.setObjectName(name)
        self.hide()

    def look(self, desk: Desk) -> None:
        """Say how it stands now."""
        found = missing(desk.counter.db)
        self.setVisible(found is not None)
        if found is not None:
            self.say(lambda: still_to_come(found.entries), "warn")


def still_to_come(entries: int) -> str:
    """How many older entries are still fetched, in words."""
    return ngettext(
        "Riwayat lama masih diambil dari server: {count} catatan lagi.",
        "Riwayat lama masih diambil dari server: {count} catatan lagi.",
        entries,
    ).format(count=shown_count(entries))
