"""Folding the whole journal again: for the proof, and to set tables right."""

from __future__ import annotations

from collections.abc import Callable

from core.contract import UnknownFact, UnreadableFact
from core.facts.base import Fact
from core.journal import Entry
from pos.db.database import Database, open_database
from pos.db.fold import fold
from pos.db.fold.folding import Folding
from pos.db.schema import FOLDED, metadata
from pos.db.sync_tables import FOLDED_BY_SYNC
from pos.journal.order import Placed, canonical, effect, note_carried

Fault = Callable[[Placed, str, str], None]
Folded = Callable[[Folding, Fact], None]
COPIED = ("own_line", "feed", "waiting")
TABLES = (*FOLDED, *FOLDED_BY_SYNC)


def folded_anew(db: Database, fault: Fault, folded: Folded = lambda at, fact: None) -> Database:
    """A database in memory that holds what journal and feed say; the caller closes it.

    `fault` hears of entries that cannot be folded: "unknown", "body" or "fold", and why.
    """
    # Before the transaction: it is SQLAlchemy's first look at the connection.
    fresh = open_database(None)
    metadata.create_all(fresh.connection)
    with fresh.transaction():
        _copy(db, fresh)
        for placed in canonical(db):
            fold_one(fresh, placed, fault, folded)
    return fresh


def _copy(db: Database, fresh: Database) -> None:
    for row in db.raw.execute(
        "SELECT pos, shop, device, seq, kind, version, body, prev_hash, hash FROM journal"
        " ORDER BY pos"
    ):
        fresh.run("INSERT INTO journal VALUES (?,?,?,?,?,?,?,?,?)", row)
        note_carried(fresh, row[0], Entry(*row[1:]))
    for name in COPIED:
        rows = db.raw.execute(f"SELECT * FROM {name}").fetchall()
        if rows:
            fresh.many(f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})", rows)


def fold_one(db: Database, placed: Placed, fault: Fault, folded: Folded) -> bool:
    """Fold one entry, whole or not at all; whether it could be folded."""
    try:
        at, fact = effect(db, placed)
    except UnknownFact as error:
        fault(placed, "unknown", str(error))
        return False
    except UnreadableFact as error:
        fault(placed, "body", str(error.details["why"]))
        return False
    db.run("SAVEPOINT entry")
    try:
        fold(at, fact)
    except Exception as error:
        # A damaged or hostile fact may break a constraint; it must not stand in others' way.
        db.run("ROLLBACK TO entry")
        db.run("RELEASE entry")
        fault(placed, "fold", type(error).__name__)
        return False
    db.run("RELEASE entry")
    folded(at, fact)
    return True


def refold(db: Database) -> None:
    """Set every table that follows from journal and feed to what it must be.

    Inside the caller's transaction. It takes as long as the history is: for after a server went
    back in time, after a difference, and after an upgrade that knows more kinds of fact.
    """
    fresh = folded_anew(db, lambda placed, what, why: None)
    try:
        for table in TABLES:
            names = ", ".join(column.name for column in table.columns)
            marks = ",".join("?" * len(table.columns))
            db.run(f"DELETE FROM {table.name}")
            db.raw.executemany(
                f"INSERT INTO {table.name} ({names}) VALUES ({marks})",
                fresh.raw.execute(f"SELECT {names} FROM {table.name}"),
            )
    finally:
        fresh.close()
