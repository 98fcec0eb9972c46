"""The sync page for `make screens`: alone, in step, without a network, revoked.

The last three come at the end: from the first of them on, the sample shop has a server.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pos.backup.age import note_backup
from pos.shifts.drawer import start_shift
from pos.shifts.open_shift import open_shift
from pos.sync.memory import remember
from pos.sync.state import note_round

if TYPE_CHECKING:
    from screens import Stage

Show = Callable[["Stage"], object]
MINUTE_MS = 60_000


def _standing(stage: Stage, error: str, *, minutes_ago: int) -> None:
    """A counter that spoke to its server so long ago, and what happened at the last try."""
    counter = stage.counter
    db, now_ms = counter.db, counter.clock.now_ms()
    with db.transaction():
        for name, value in (
            ("shop", bytes(16).hex()),
            ("url", "https://toko.huyula.example"),
            ("server_key", bytes(32).hex()),
            ("name", "Koperasi Nou Limboto Sejahtera"),
            ("check", "482913"),
        ):
            remember(db, name, value)
    note_round(db, now_ms - minutes_ago * MINUTE_MS, "", "trusted", True)
    if error:
        if open_shift(db) is None:
            start_shift(counter, 300_000)
        for _ in range(4):
            stage.sale()
        note_round(db, now_ms, error, "", None)
    note_backup(counter.folder, now_ms - 26 * 60 * MINUTE_MS)
    stage.fresh().ways.sync()


SYNC_ALONE: Sequence[tuple[str, Show]] = (("sync-alone", lambda stage: stage.fresh().ways.sync()),)
SYNC: Sequence[tuple[str, Show]] = (
    ("sync", lambda stage: _standing(stage, "", minutes_ago=0)),
    ("sync-offline", lambda stage: _standing(stage, "no_network", minutes_ago=190)),
    ("sync-revoked", lambda stage: _standing(stage, "revoked", minutes_ago=190)),
)
