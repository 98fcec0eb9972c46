"""The proof of a shop's books: every balance, hold, floor, reversal, hash and seal, from the
postings up. It reads only, and sees one moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, func, not_, or_, select

from core.errors import Refused
from core.ledger import (
    DEBIT,
    NO_SEAL,
    Entry,
    account_id,
    check_entry,
    check_reversal,
    entry_hash,
    hold_hash,
    reserved,
)
from server.db.schema import SHOP
from server.db.schema.ledger import (
    ledger_account,
    ledger_balance,
    ledger_day,
    ledger_entry,
    ledger_hold,
    ledger_posting,
    ledger_seal,
)
from server.db.transaction import ShopTx
from server.db.types import show_id
from server.ledger.locking import held_of
from server.ledger.reading import Recorded, read_entries
from server.ledger.sealing import reckon, seal_of
from server.services import Services

MOST_DIFFERENCES: Final = 200
_PAGE: Final = 500
_account, _balance, _posting = ledger_account, ledger_balance, ledger_posting
_entry, _hold, _day, _seal = ledger_entry, ledger_hold, ledger_day, ledger_seal
_IDS = (
    select(_entry.c.entry_id)
    .where(_entry.c.shop_id == SHOP, _entry.c.entry_id > bindparam("after"))
    .order_by(_entry.c.entry_id)
    .limit(_PAGE)
)
_LOOSE = (
    select(_posting.c.entry_id, _posting.c.i)
    .select_from(
        _posting.outerjoin(
            _entry, and_(_entry.c.shop_id == SHOP, _entry.c.entry_id == _posting.c.entry_id)
        )
    )
    .where(
        _posting.c.shop_id == SHOP,
        or_(
            _entry.c.entry_id.is_(None),
            _posting.c.day != _entry.c.day,
            _posting.c.recorded_ms != _entry.c.recorded_ms,
            not_(and_(_posting.c.i >= 0, _posting.c.i < _entry.c.postings)),
        ),
    )
    .limit(MOST_DIFFERENCES)
)
_SUMS = [
    select(column.label("account"), func.sum(_posting.c.amount).label("total"))
    .where(_posting.c.shop_id == SHOP)
    .group_by(column)
    for column in (_posting.c.debit, _posting.c.credit)
]
_ACCOUNTS = select(_account).where(_account.c.shop_id == SHOP)
_BALANCES = select(_balance).where(_balance.c.shop_id == SHOP)
_HOLDS = select(_hold).where(_hold.c.shop_id == SHOP)
_USES = select(_entry.c.entry_id, _entry.c.hold_id).where(
    _entry.c.shop_id == SHOP, _entry.c.hold_id.is_not(None)
)
_DAYS = select(_day).where(_day.c.shop_id == SHOP).order_by(_day.c.day)
_SEALS = select(_seal).where(_seal.c.shop_id == SHOP).order_by(_seal.c.day)
_RECORDED_DAYS = select(_entry.c.recorded_day).where(_entry.c.shop_id == SHOP).distinct()


class Difference(NamedTuple):
    """One thing that is not as the books say: the table (and column), what was found, what should
    be."""

    table: str
    found: str
    expected: str


class BooksProof(NamedTuple):
    """What a shop's books prove. `ok`: nothing differs."""

    ok: bool
    entries: int
    differences: tuple[Difference, ...]


def prove_books(services: Services, shop_id: bytes) -> BooksProof:
    """Prove a shop's books; at most `MOST_DIFFERENCES` are named."""
    with services.store.reading_shop(shop_id, snapshot=True) as tx:
        counted = Counter[str]()
        found = tuple(islice(_all(tx, counted), MOST_DIFFERENCES))
    return BooksProof(not found, counted["entries"], found)


def _all(tx: ShopTx, counted: Counter[str]) -> Iterator[Difference]:
    for page in _pages(tx):
        counted["entries"] += len(page)
        yield from _prove_entries(tx, page)
    for row in tx.rows(_LOOSE):
        place = f"{show_id(row.entry_id)} {row.i}"
        yield Difference("ledger_posting", place, "a posting of its entry")
    sides = {row.account_id: str(row.side) for row in tx.rows(_ACCOUNTS)}
    yield from _prove_balances(tx, sides)
    yield from _prove_holds(tx)
    yield from _prove_seals(tx)


def _pages(tx: ShopTx) -> Iterator[dict[bytes, Recorded]]:
    after = bytes(16)
    while ids := [row.entry_id for row in tx.rows(_IDS, after=after)]:
        yield read_entries(tx, ids)
        after = ids[-1]


def _prove_entries(tx: ShopTx, page: Mapping[bytes, Recorded]) -> Iterator[Difference]:
    undone = {one.entry.reversal_of for one in page.values() if one.entry.reversal_of is not None}
    originals = read_entries(tx, undone) if undone else {}
    for key, one in page.items():
        name = show_id(key)
        entry = one.entry
        if len(entry.postings) != one.lines:
            yield Difference(
                "ledger_entry.postings", f"{name} {len(entry.postings)}", str(one.lines)
            )
        digest = entry_hash(tx.shop_id, entry, one.recorded_ms, one.recorded_day)
        if digest != one.hash:
            yield Difference("ledger_entry.hash", f"{name} {digest.hex()}", one.hash.hex())
        yield from _prove_form(name, entry, originals)


def _prove_form(
    name: str, entry: Entry, originals: Mapping[bytes, Recorded]
) -> Iterator[Difference]:
    try:
        check_entry(entry)
        if entry.reversal_of is not None:
            original = originals.get(entry.reversal_of)
            check_reversal(entry, original and original.entry)
    except Refused as refused:
        yield Difference("ledger_entry", name, str(refused))


def _prove_balances(tx: ShopTx, sides: Mapping[bytes, str]) -> Iterator[Difference]:
    for row in tx.rows(_ACCOUNTS):
        if row.account_id != account_id(tx.shop_id, row.code):
            yield Difference("ledger_account", f"{show_id(row.account_id)} {row.code}", row.code)
    debits, credits = ({row.account: int(row.total) for row in tx.rows(one)} for one in _SUMS)
    for account in sorted((debits.keys() | credits.keys()) - sides.keys()):
        yield Difference("ledger_posting", show_id(account), "an account that was opened")
    held = _open_holds(tx, sides)
    for row in tx.rows(_BALANCES):
        key, name = row.account_id, show_id(row.account_id)
        net = debits.get(key, 0) - credits.get(key, 0)
        expected = net if sides.get(key) == DEBIT else -net
        if row.side != sides.get(key):
            yield Difference("ledger_balance.side", f"{name} {row.side}", str(sides.get(key)))
        if row.balance != expected:
            yield Difference("ledger_balance.balance", f"{name} {row.balance}", str(expected))
        if row.held != held.pop(key, 0):
            yield Difference("ledger_balance.held", f"{name} {row.held}", "its open holds")
        if row.floor is not None and row.balance - row.held < row.floor:
            found = f"{name} {row.balance} - {row.held}"
            yield Difference("ledger_balance.floor", found, f">= {row.floor}")


def _open_holds(tx: ShopTx, sides: Mapping[bytes, str]) -> Counter[bytes]:
    watched = {row.account_id: sides.get(row.account_id, "") for row in tx.rows(_BALANCES)}
    held = Counter[bytes]()
    for one in map(held_of, tx.rows(_HOLDS)):
        if one.state == "open":
            held.update(reserved(one.hold.posting, watched))
    return held


def _prove_holds(tx: ShopTx) -> Iterator[Difference]:
    used = {row.hold_id: row.entry_id for row in tx.rows(_USES)}
    for row in tx.rows(_HOLDS):
        one, name = held_of(row), show_id(row.hold_id)
        if hold_hash(tx.shop_id, one.hold) != one.hash:
            yield Difference("ledger_hold.hash", name, one.hash.hex())
        by = used.pop(row.hold_id, None)
        entry = read_entries(tx, [by])[by].entry if by is not None else None
        expected = (entry.postings[0].amount if entry.postings else 0) if entry else 0
        if expected != one.posted or (entry is not None) != (one.state == "posted"):
            found = f"{name} {one.state} {one.posted}"
            yield Difference("ledger_hold.posted", found, str(expected))
        if entry is not None and entry.postings and entry.postings[0][:2] != one.hold.posting[:2]:
            yield Difference("ledger_hold", name, f"the accounts of {show_id(entry.id)}")
    for hold in used:
        yield Difference("ledger_entry.hold_id", show_id(hold), "a hold")


def _prove_seals(tx: ShopTx) -> Iterator[Difference]:
    days: dict[str, Any] = {row.day: row for row in tx.rows(_DAYS)}
    seals = [seal_of(row) for row in tx.rows(_SEALS)]
    previous = NO_SEAL
    for one in seals:
        if one.previous != previous:
            yield Difference(
                "ledger_seal.previous", f"{one.day} {one.previous.hex()}", previous.hex()
            )
        again = reckon(tx, one.day, one.previous)
        if again != one:
            found = f"{one.day} {again.entries} {again.hash.hex()}"
            yield Difference("ledger_seal.hash", found, f"{one.entries} {one.hash.hex()}")
        previous = one.hash
    sealed = {one.day for one in seals}
    last = max(sealed, default="")
    for day, row in days.items():
        if row.sealed != (day in sealed) or (day < last and not row.sealed):
            yield Difference("ledger_day.sealed", f"{day} {row.sealed}", str(day in sealed))
    for row in tx.rows(_RECORDED_DAYS):
        if row.recorded_day not in days:
            yield Difference("ledger_entry.recorded_day", row.recorded_day, "a day of the books")
    for day in sorted(sealed - days.keys()):
        yield Difference("ledger_seal.day", day, "a day of the books")
