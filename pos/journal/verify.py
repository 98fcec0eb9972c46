"""The counter's own proof: fold the journal into an empty database and compare everything.

It checks the chain of every line, each table that follows from the journal, the seals of local
rows, the day's seals on Z reports, pictures by their names, and SQLite's own idea of the file.
What it cannot check it names: a picture that is not here, too, for pictures travel apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Table

from pos.catalog.pictures import changed_pictures, missing_pictures
from pos.db.database import Database
from pos.db.schema import SEALED
from pos.db.sealed import broken_seals
from pos.db.sync_tables import SEALED_BY_SYNC
from pos.journal.chains import chain_differences
from pos.journal.difference import Difference, show
from pos.journal.order import Placed
from pos.journal.refold import TABLES, folded_anew
from pos.staff.pins import pin_digest

__all__ = ["Difference", "Proof", "verify"]

MOST_DIFFERENCES = 1000


class Proof(msgspec.Struct, frozen=True):
    """The result: `ok` when nothing differs. `unchecked` names what could not be proved."""

    ok: bool
    facts: int
    sales: int
    differences: tuple[Difference, ...]
    unchecked: tuple[str, ...]


def verify(db: Database, extra: Callable[[Database], list[Difference]] | None = None) -> Proof:
    """Prove a database against its own journal; reads only.

    `extra` adds checks of tables that other areas own (the print queue's seals).
    """
    differences: list[Difference] = list(_file_faults(db))
    unchecked: list[str] = []
    differences.extend(chain_differences(db))
    fresh = _refold(db, differences, unchecked)
    try:
        for table in TABLES:
            differences.extend(_compare(db, fresh, table))
        differences.extend(_local(db))
        differences.extend(
            Difference("picture", show(name), "data", show(found), show(name))
            for name, found in changed_pictures(db)
        )
        unchecked.extend(f"picture {name.hex()[:16]} ({of})" for name, of in missing_pictures(db))
        if extra is not None:
            differences.extend(extra(db))
    finally:
        fresh.close()
    sales = int(db.scalar("SELECT count(*) FROM sale") or 0)
    facts = int(db.scalar("SELECT count(*) FROM journal") or 0)
    shown = tuple(differences[:MOST_DIFFERENCES])
    return Proof(not differences, facts, sales, shown, tuple(unchecked))


def _file_faults(db: Database) -> Iterator[Difference]:
    for row in db.rows("PRAGMA quick_check(20)"):
        if row[0] != "ok":
            yield Difference("file", "", "quick_check", str(row[0]), "ok")


def _refold(db: Database, differences: list[Difference], unchecked: list[str]) -> Database:
    def fault(placed: Placed, what: str, why: str) -> None:
        entry = placed.entry
        key = f"{entry.device.hex()}:{entry.seq}"
        if what == "unknown":
            unchecked.append(f"{key} {why.replace(':', ' v')}")
        elif placed.standing == "accepted":
            # Another counter's: kept, and it has changed nothing here.
            unchecked.append(f"{key} {entry.kind} {why}")
        else:
            differences.append(Difference("journal", key, what, why, entry.kind))

    return folded_anew(db, fault, is_proof=True)


def _compare(db: Database, fresh: Database, table: Table) -> Iterator[Difference]:
    # Names of a schema are a kind of text of their own, which no answer can hold.
    name, names = str(table.name), [str(column.name) for column in table.columns]
    keys = [str(column.name) for column in table.primary_key.columns]
    sql = f"SELECT {', '.join(names)} FROM {name} ORDER BY {', '.join(keys)}"
    places = [names.index(key) for key in keys]
    ours = iter(db.connection.exec_driver_sql(sql))
    theirs = iter(fresh.connection.exec_driver_sql(sql))
    left, right = next(ours, None), next(theirs, None)
    while left is not None or right is not None:
        left_key = tuple(left[place] for place in places) if left is not None else None
        right_key = tuple(right[place] for place in places) if right is not None else None
        if left is not None and right is not None and left_key == right_key:
            if tuple(left) != tuple(right) or _types(left) != _types(right):
                yield from _cells(name, left_key, names, left, right)
            left, right = next(ours, None), next(theirs, None)
        elif right_key is None or (left_key is not None and _before(left_key, right_key)):
            yield Difference(name, show(left_key), "row", "present", "absent")
            left = next(ours, None)
        else:
            yield Difference(name, show(right_key), "row", "absent", "present")
            right = next(theirs, None)


def _types(row: Any) -> list[type]:
    return [type(value) for value in row]


def _before(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    try:
        return bool(left < right)
    except TypeError:
        return [str(type(value)) for value in left] < [str(type(value)) for value in right]


def _cells(
    table: str, key: tuple[Any, ...] | None, names: list[str], left: Any, right: Any
) -> Iterator[Difference]:
    for name, found, expected in zip(names, left, right, strict=True):
        if found != expected or type(found) is not type(expected):
            yield Difference(table, show(key), name, show(found), show(expected))


def _local(db: Database) -> Iterator[Difference]:
    for table in (*SEALED, *SEALED_BY_SYNC):
        for rowid in broken_seals(db, table.name):
            yield Difference(str(table.name), str(rowid), "seal", "broken", "whole")
    digests = {
        row[0]: row[1]
        for row in db.rows(
            "SELECT p.staff_id, p.digest FROM staff_pin p JOIN own_line o ON o.device=p.device"
            " ORDER BY o.place"
        )
    }
    secrets = {row[0]: row[1] for row in db.rows("SELECT staff_id, pin_hash FROM staff_secret")}
    for staff_id, digest in digests.items():
        stored = secrets.get(staff_id)
        found = pin_digest(stored) if stored is not None else b""
        if digest and found != digest:
            yield Difference("staff_secret", show(staff_id), "pin_hash", found.hex(), digest.hex())
