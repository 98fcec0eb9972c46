"""The counter's own proof: fold the journal into an empty database and compare everything.

It checks the chain of every line, each table that follows from the journal, the seals of local
rows, the day's seals on Z reports, and SQLite's own idea of the file. What it cannot check it
names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Table

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.base import Header
from core.facts.shop import LineOpened
from core.journal import NO_HASH, Entry, chain_fault
from pos.db.database import Database, open_database
from pos.db.fold import fold
from pos.db.fold.folding import Folding
from pos.db.schema import FOLDED, SEALED, metadata
from pos.db.sealed import broken_seals
from pos.staff.pins import pin_digest

MOST_DIFFERENCES = 1000


class Difference(msgspec.Struct, frozen=True):
    """One thing that is not as the journal says: where, what, and both values as text."""

    table: str
    key: str
    column: str
    found: str
    expected: str


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
    fresh = open_database(None)
    try:
        metadata.create_all(fresh.connection)
        with fresh.transaction():
            facts = _refold(db, fresh, differences, unchecked)
        for table in FOLDED:
            differences.extend(_compare(db, fresh, table))
        differences.extend(_local(db))
        if extra is not None:
            differences.extend(extra(db))
    finally:
        fresh.close()
    sales = int(db.scalar("SELECT count(*) FROM sale") or 0)
    shown = tuple(differences[:MOST_DIFFERENCES])
    return Proof(not differences, facts, sales, shown, tuple(unchecked))


def _file_faults(db: Database) -> Iterator[Difference]:
    for row in db.rows("PRAGMA quick_check(20)"):
        if row[0] != "ok":
            yield Difference("file", "", "quick_check", str(row[0]), "ok")


def _refold(
    db: Database, fresh: Database, differences: list[Difference], unchecked: list[str]
) -> int:
    heads: dict[bytes, tuple[int, bytes]] = {}
    count = 0
    shop: bytes | None = None
    cursor = db.connection.exec_driver_sql(
        "SELECT pos, shop, device, seq, kind, version, body, prev_hash, hash FROM journal"
        " ORDER BY pos"
    )
    for row in cursor:
        count += 1
        entry = Entry(*row[1:])
        shop = entry.shop if shop is None else shop
        seq, prev = heads.get(entry.device, (0, NO_HASH))
        fault = "pos" if row[0] != count else chain_fault(entry, seq + 1, prev)
        fault = "shop" if fault is None and entry.shop != shop else fault
        if fault is not None:
            key = f"{entry.device.hex()}:{entry.seq}"
            differences.append(Difference("journal", key, fault, str(row[0]), str(count)))
        heads[entry.device] = (entry.seq, entry.hash)
        fresh.run("INSERT INTO journal VALUES (?,?,?,?,?,?,?,?,?)", tuple(row))
        _fold_entry(fresh, row[0], entry, differences, unchecked)
    return count


def _fold_entry(
    fresh: Database,
    pos: int,
    entry: Entry,
    differences: list[Difference],
    unchecked: list[str],
) -> None:
    key = f"{entry.device.hex()}:{entry.seq}"
    try:
        header, fact = decode_body(entry.kind, entry.version, entry.body)
    except UnknownFact:
        unchecked.append(f"{key} {entry.kind} v{entry.version}")
        return
    except UnreadableFact as error:
        differences.append(
            Difference("journal", key, "body", str(error.details["why"]), entry.kind)
        )
        return
    try:
        fold(Folding(fresh, pos, entry.device, entry.seq, header), fact)
    except Exception as error:
        # A damaged fact may break a constraint; the proof goes on and names it.
        differences.append(Difference("journal", key, "fold", type(error).__name__, entry.kind))
    if isinstance(fact, LineOpened):
        _check_parent(fresh, key, fact, header, differences)


def _check_parent(
    fresh: Database, key: str, fact: LineOpened, header: Header, differences: list[Difference]
) -> None:
    if not fact.parent_seq:
        return
    known = fresh.scalar(
        "SELECT hash FROM journal WHERE device=? AND seq=?",
        (fact.parent_device, fact.parent_seq),
    )
    if known is None or bytes(known) != fact.parent_hash:
        differences.append(
            Difference("journal", key, "parent", _show(known), fact.parent_hash.hex())
        )


def _compare(db: Database, fresh: Database, table: Table) -> Iterator[Difference]:
    keys = [column.name for column in table.primary_key.columns]
    names = [column.name for column in table.columns]
    order = ", ".join(keys)
    sql = f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {order}"
    places = [names.index(key) for key in keys]
    ours = iter(db.connection.exec_driver_sql(sql))
    theirs = iter(fresh.connection.exec_driver_sql(sql))
    left, right = next(ours, None), next(theirs, None)
    while left is not None or right is not None:
        left_key = tuple(left[place] for place in places) if left is not None else None
        right_key = tuple(right[place] for place in places) if right is not None else None
        if left is not None and right is not None and left_key == right_key:
            if tuple(left) != tuple(right) or _types(left) != _types(right):
                yield from _cells(table.name, left_key, names, left, right)
            left, right = next(ours, None), next(theirs, None)
        elif right_key is None or (left_key is not None and _before(left_key, right_key)):
            yield Difference(table.name, _show(left_key), "row", "present", "absent")
            left = next(ours, None)
        else:
            yield Difference(table.name, _show(right_key), "row", "absent", "present")
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
            yield Difference(table, _show(key), name, _show(found), _show(expected))


def _show(value: Any) -> str:
    if isinstance(value, tuple):
        return ":".join(_show(part) for part in value)
    if isinstance(value, bytes):
        return value.hex()[:80]
    return str(value)[:200]


def _local(db: Database) -> Iterator[Difference]:
    for table in SEALED:
        for rowid in broken_seals(db, table.name):
            yield Difference(table.name, str(rowid), "seal", "broken", "whole")
    digests = {row[0]: row[1] for row in db.rows("SELECT id, pin_digest FROM staff")}
    secrets = {row[0]: row[1] for row in db.rows("SELECT staff_id, pin_hash FROM staff_secret")}
    for staff_id, digest in digests.items():
        stored = secrets.get(staff_id)
        found = pin_digest(stored) if stored is not None else b""
        if digest and found != digest:
            yield Difference("staff_secret", _show(staff_id), "pin_hash", found.hex(), digest.hex())
