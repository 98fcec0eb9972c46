"""Folding the whole journal again into an empty database: for the proof, and to mend tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress

from core.contract import UnknownFact, UnreadableFact
from core.facts.base import Fact
from core.journal import Entry
from pos.db.base import BadChunk, base_of, rows_from
from pos.db.database import Database, open_database
from pos.db.fold import fold
from pos.db.fold.folding import Folding
from pos.db.order_tables import FOLDED_OF_ORDERS
from pos.db.past import past_pages
from pos.db.schema import FOLDED, metadata
from pos.db.sync_tables import FOLDED_BY_SYNC
from pos.failures import is_of_the_data
from pos.journal.laying import Layer
from pos.journal.laying_entries import BadRow
from pos.journal.order import Placed, canonical, effect, note_carried, wait_in_place
from pos.journal.places import settle_all

Fault = Callable[[Placed, str, str], None]
Folded = Callable[[Folding, Fact], None]
Edit = Callable[[Database], None]
COPIED = ("own_line", "feed", "waiting", "base", "local_setting")
_DAMAGE = (BadChunk, BadRow, sqlite3.Error)
_FIRST = -(2**62)
TABLES = (*FOLDED, *FOLDED_BY_SYNC, *FOLDED_OF_ORDERS)


def nothing(db: Database) -> None:
    """No edit."""


def folded_anew(
    db: Database, fault: Fault, edit: Edit = nothing, *, is_proof: bool = False
) -> Database:
    """A database in memory that holds what journal and feed say; the caller closes it.

    `fault` hears of entries that cannot be folded: "unknown" and which kind and version, "body" or
    "fold" and why. `edit` changes feed and waiting entries in the new database first: what would be
    if it were done.
    `is_proof`: goes on without what of a snapshot is damaged.

    Raises:
        BadChunk: the snapshot that the counter began with is damaged.
    """
    # Before the transaction: it is SQLAlchemy's first look at the connection.
    fresh = open_database(None)
    metadata.create_all(fresh.connection)
    with fresh.transaction():
        _copy(db, fresh)
        edit(fresh)
        with suppress(*(_DAMAGE if is_proof else ())):
            _lay(db, fresh)
        wait_in_place(fresh)
        for placed in canonical(fresh):
            fold_one(fresh, placed, fault)
    return fresh


def _copy(db: Database, fresh: Database) -> None:
    for _placed in copy_journal(db, fresh, _FIRST):
        pass
    for name in COPIED:
        rows = db.raw.execute(f"SELECT * FROM {name}").fetchall()
        if rows:
            fresh.many(f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})", rows)


def _lay(db: Database, fresh: Database) -> None:
    """What a snapshot holds, as far as it is laid down in `db`."""
    base = base_of(fresh)
    if base is None or not base.laid:
        return  # nothing yet, and its chunks may not all be here
    settle_all(fresh, base)
    layer, left = Layer(fresh, base, new=False), base.laid
    for group, rows in rows_from(db):
        if left <= 0:
            break
        layer.lay(group, rows[:left])
        left -= len(rows)
    for page in past_pages(db):
        layer.entries.lay_past(page.content.rows[: page.laid])


def copy_journal(db: Database, fresh: Database, after: int) -> Iterator[tuple[int, Entry]]:
    """Copy the entries after a place, as they are asked for."""
    for row in db.raw.execute(
        "SELECT pos, shop, device, seq, kind, version, body, prev_hash, hash FROM journal"
        " WHERE pos>? ORDER BY pos",
        (after,),
    ):
        fresh.run("INSERT INTO journal VALUES (?,?,?,?,?,?,?,?,?)", row)
        entry = Entry(*row[1:])
        note_carried(fresh, row[0], entry)
        yield row[0], entry


def fold_one(
    db: Database, placed: Placed, fault: Fault, folded: Folded = lambda at, fact: None
) -> bool:
    """Fold one entry, whole or not at all; whether it could be folded.

    Raises:
        sqlite3.Error: the file cannot be read or written now, whatever the entry says; what the
            caller has begun is to be rolled back.
    """
    try:
        at, fact = effect(db, placed)
    except UnknownFact as error:
        # Of a carried entry what is inside may be what is not known.
        fault(placed, "unknown", f"{error.details['kind']}:{error.details['version']}")
        return False
    except UnreadableFact as error:
        fault(placed, "body", str(error.details["why"]))
        return False
    db.run("SAVEPOINT entry")
    try:
        fold(at, fact)
    except Exception as error:
        if not is_of_the_data(error):
            raise
        # A damaged or hostile fact may break a constraint; it must not stand in others' way.
        db.run("ROLLBACK TO entry")
        db.run("RELEASE entry")
        fault(placed, "fold", type(error).__name__)
        return False
    db.run("RELEASE entry")
    folded(at, fact)
    return True
