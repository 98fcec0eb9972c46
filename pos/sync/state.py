"""How it stands with the server, in figures and codes, for whoever shows it."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from core.contract import UnknownFact, UnreadableFact, decode_body
from pos.db.database import Database
from pos.sync.memory import recall, remember, server, waiting_count


class SyncState(NamedTuple):
    """`waiting` entries are unknown to the server, the oldest since `waiting_since_ms` (UTC ms).

    `contact_ms` is when the server answered last, 0 for never; `error` is the code of the last
    round's failure, empty after one that ended well. `state` is trusted, unconfirmed or revoked.
    """

    enrolled: bool
    url: str
    waiting: int
    waiting_since_ms: int
    contact_ms: int
    error: str
    state: str
    digest_equal: bool | None

    @property
    def is_forgotten(self) -> bool:
        """Whether the server no longer knows this counter, so that it joins once more."""
        return self.enrolled and self.error == "unknown_device"


def sync_state(db: Database) -> SyncState:
    """As it is stored now."""
    found = server(db)
    equal = recall(db, "equal")
    return SyncState(
        found is not None,
        found.url if found else "",
        waiting_count(db),
        _since(db),
        int(recall(db, "contact") or 0),
        recall(db, "error"),
        recall(db, "state") or "trusted",
        None if not equal else equal == "1",
    )


def _since(db: Database) -> int:
    row = db.tuple_of(
        "SELECT j.kind, j.version, j.body FROM waiting w JOIN journal j ON j.pos=w.pos"
        " ORDER BY w.pos LIMIT 1"
    )
    if row is None:
        return 0
    try:
        return decode_body(row[0], row[1], row[2])[0].at_ms
    except (UnknownFact, UnreadableFact, msgspec.MsgspecError):
        return 0


def note_round(db: Database, now_ms: int, error: str, state: str, equal: bool | None) -> None:
    """Keep how a round ended. `error` is empty where it ended well."""
    values = {"error": error}
    if not error:
        values |= {"contact": str(now_ms), "state": state}
        if equal is not None:
            values["equal"] = "1" if equal else "0"
    changed = {name: value for name, value in values.items() if recall(db, name) != value}
    if changed:
        with db.transaction():
            for name, value in changed.items():
                remember(db, name, value)
