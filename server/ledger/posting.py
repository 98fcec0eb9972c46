"""The one door for entries: checked, locked, written; asked again, the same answer.

Many entries may be written at once. They stand or fall with the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table, bindparam, select

from core.ledger import (
    BadEntry,
    Entry,
    NotReversible,
    OtherContent,
    Posting,
    accounts_of,
    changes,
    check_entry,
    check_reversal,
    check_room,
    check_use,
    entry_hash,
    mirrored,
)
from server.db.pipelining import together
from server.db.schema import SHOP
from server.db.schema.ledger import ledger_entry, ledger_posting
from server.db.transaction import ShopTx
from server.ledger import swift
from server.ledger.hot import insertion, powers
from server.ledger.keys import as_refusals
from server.ledger.locking import Stored, begin, end_hold, lock_accounts, lock_holds, move
from server.ledger.reading import read_entries

_REVERSED = select(ledger_entry.c.reversal_of).where(
    ledger_entry.c.shop_id == SHOP,
    ledger_entry.c.reversal_of.in_(bindparam("entries", expanding=True)),
)


class Posted(NamedTuple):
    """An entry as it stands in the books; `is_new`: by this call, not by an earlier one."""

    id: bytes
    recorded_ms: int
    recorded_day: str
    hash: bytes
    is_new: bool


def post(tx: ShopTx, entry: Entry, now_ms: int) -> Posted:
    """Write one entry, as `post_all` does."""
    return post_all(tx, (entry,), now_ms)[0]


def post_all(tx: ShopTx, entries: Sequence[Entry], now_ms: int) -> list[Posted]:
    """Write entries, all or none; those that were written before are answered from the books.

    Whoever writes several in one transaction gives them here together, so that accounts are
    locked in one order.

    Raises:
        BadEntry: an entry is not well formed, or not what was held.
        OtherContent: an id was used for something else.
        BelowFloor, Frozen, UnknownAccount: an account cannot take it.
        NotReversible, NotOpen: what it takes back or uses up is not there to be.
        CameTogether: the same entry was being written by another; `Store.in_shop` tries again.
    """
    _check(entries)
    if len(entries) == 1 and swift.is_swift(tx, entries[0]):
        written = swift.write(tx, entries[0], now_ms)
        if written is not None:
            return [Posted(entries[0].id, now_ms, *written, True)]
    return _post_all(tx, entries, now_ms)


def _post_all(tx: ShopTx, entries: Sequence[Entry], now_ms: int) -> list[Posted]:
    day, known = begin(tx, [one.id for one in entries], now_ms)
    for entry in entries:
        if entry.id in known:
            _check_same(tx.shop_id, entry, known[entry.id])
    fresh = [one for one in entries if one.id not in known]
    at = {one.id: Stored(now_ms, day, entry_hash(tx.shop_id, one, now_ms, day)) for one in fresh}
    if fresh:
        _write(tx, fresh, at, now_ms)
        swift.note_day(tx.shop_id, day)
    return [Posted(one.id, *(known.get(one.id) or at[one.id]), one.id in at) for one in entries]


def reverse(
    tx: ShopTx, original: bytes, entry: bytes, day: str, now_ms: int, kind: str = "reversal"
) -> Posted:
    """Take an entry back by another with the id `entry`: every posting the other way round.

    Raises:
        NotReversible: there is none, it was taken back before, or it is itself such an entry.
        BelowFloor, Frozen: an account cannot take it.
    """
    found = read_entries(tx, [original]).get(original)
    if found is None:
        raise NotReversible(why="unknown")
    back = mirrored(found.entry.postings)
    return post(tx, Entry(entry, kind, found.entry.reference, day, back, original), now_ms)


def _check(entries: Sequence[Entry]) -> None:
    for entry in entries:
        check_entry(entry)
    for keys in (
        [one.id for one in entries],
        [one.reversal_of for one in entries if one.reversal_of is not None],
        [one.hold for one in entries if one.hold is not None],
    ):
        if len(set(keys)) < len(keys):
            raise BadEntry(why="twice")


def _check_same(shop_id: bytes, entry: Entry, stored: Stored) -> None:
    if entry_hash(shop_id, entry, stored.recorded_ms, stored.recorded_day) != stored.hash:
        raise OtherContent(entry=entry.id)


def _write(tx: ShopTx, fresh: list[Entry], at: Mapping[bytes, Stored], now_ms: int) -> None:
    used = lock_holds(tx, [one.hold for one in fresh if one.hold is not None])
    postings = [posting for entry in fresh for posting in entry.postings]
    standings = lock_accounts(tx, accounts_of(postings))
    # From here on nobody else uses up these holds or takes these entries back.
    released: list[Posting] = []
    for entry in fresh:
        if entry.hold is not None:
            held = used.get(entry.hold)
            check_use(entry, held and held.hold, held.state if held else "", now_ms)
            assert held is not None
            released.append(held.hold.posting)
    _check_reversals(tx, fresh)
    wanted = changes(standings, postings, released=released)
    check_room(standings, wanted)
    with as_refusals(), together(tx):
        _insert(tx, ledger_entry, [_entry_row(one, at[one.id]) for one in fresh])
        _insert(tx, ledger_posting, [row for one in fresh for row in _posting_rows(one, now_ms)])
        for entry in fresh:
            if entry.hold is not None:
                end_hold(tx, entry.hold, "posted", entry.postings[0].amount, now_ms)
        move(tx, wanted)


def _check_reversals(tx: ShopTx, fresh: list[Entry]) -> None:
    wanted = [one.reversal_of for one in fresh if one.reversal_of is not None]
    if not wanted:
        return
    if tx.one(_REVERSED, entries=wanted) is not None:
        raise NotReversible(why="reversed")
    originals = read_entries(tx, wanted)
    for entry in fresh:
        if entry.reversal_of is not None:
            found = originals.get(entry.reversal_of)
            check_reversal(entry, found.entry if found else None)


def _entry_row(entry: Entry, at: Stored) -> dict[str, Any]:
    return {
        "entry_id": entry.id,
        "kind": entry.kind,
        "reference": entry.reference,
        "day": entry.day,
        "reversal_of": entry.reversal_of,
        "hold_id": entry.hold,
        "postings": len(entry.postings),
        **at._asdict(),
    }


def _posting_rows(entry: Entry, now_ms: int) -> Iterator[dict[str, Any]]:
    common = {"entry_id": entry.id, "day": entry.day, "recorded_ms": now_ms}
    for i, one in enumerate(entry.postings):
        yield {"i": i, **common, **one._asdict()}


def _insert(tx: ShopTx, table: Table, rows: list[dict[str, Any]]) -> None:
    for part in powers(rows):
        values = {f"{name}{n}": value for n, row in enumerate(part) for name, value in row.items()}
        tx.tell(insertion(table, len(part)), **values)
