"""Entries by their ids, and an account's statement over a period, by key and in pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from core.ledger import DEBIT, Entry, Posting, UnknownAccount
from server.db.schema import SHOP
from server.db.schema.ledger import ledger_account, ledger_entry, ledger_posting
from server.db.transaction import AnyRow, ShopTx
from server.db.types import Id, Millis, Small

_entry, _posting, _account = ledger_entry, ledger_posting, ledger_account
_ENTRIES = select(_entry).where(
    _entry.c.shop_id == SHOP, _entry.c.entry_id.in_(bindparam("entries", expanding=True))
)
_POSTINGS = (
    select(_posting)
    .where(
        _posting.c.shop_id == SHOP, _posting.c.entry_id.in_(bindparam("entries", expanding=True))
    )
    .order_by(_posting.c.entry_id, _posting.c.i)
)
_BY_REFERENCE = (
    select(_entry.c.entry_id)
    .where(_entry.c.shop_id == SHOP, _entry.c.reference == bindparam("document"))
    .order_by(_entry.c.recorded_ms, _entry.c.entry_id)
)
_SIDE = select(_account.c.side).where(
    _account.c.shop_id == SHOP, _account.c.account_id == bindparam("account")
)


_ORDER: Final = ("day", "recorded_ms", "entry_id", "i")


class Recorded(NamedTuple):
    """An entry as the books have it; `lines` and `hash` as they were written with it."""

    entry: Entry
    recorded_ms: int
    recorded_day: str
    lines: int
    hash: bytes


class Place(NamedTuple):
    """Where a line of a statement stands."""

    day: str
    recorded_ms: int
    entry: bytes
    i: int


class Line(NamedTuple):
    """A line of a statement; `amount` raises or lowers the balance on the account's own side."""

    place: Place
    kind: str
    reference: str
    other: bytes
    amount: int
    balance: int


class Statement(NamedTuple):
    """A page of an account's movements: what it stood at before the first line, then the lines.

    `more`: ask again after the last line's place, with its balance.
    """

    opening: int
    lines: tuple[Line, ...]
    more: bool


def read_entries(tx: ShopTx, entries: Collection[bytes]) -> dict[bytes, Recorded]:
    """Entries with their postings; those that there are."""
    rows = tx.rows(_ENTRIES, entries=list(entries))
    postings: dict[bytes, list[Posting]] = defaultdict(list)
    for row in tx.rows(_POSTINGS, entries=list(entries)):
        postings[row.entry_id].append(Posting(row.debit, row.credit, row.amount))
    return {row.entry_id: recorded(row, postings[row.entry_id]) for row in rows}


def entries_about(tx: ShopTx, reference: str) -> list[Recorded]:
    """Every entry about a business document, in the order of recording."""
    ids = [row.entry_id for row in tx.rows(_BY_REFERENCE, document=reference)]
    found = read_entries(tx, ids)
    return [found[one] for one in ids]


def recorded(row: AnyRow, postings: Collection[Posting]) -> Recorded:
    """A row of `ledger_entry` with its postings."""
    entry = Entry(
        row.entry_id,
        row.kind,
        row.reference,
        row.day,
        tuple(postings),
        row.reversal_of,
        row.hold_id,
    )
    return Recorded(entry, row.recorded_ms, row.recorded_day, row.postings, row.hash)


def _side(column: ColumnElement[bytes], other: ColumnElement[bytes], sign: int) -> Select[Any]:
    return select(
        _posting.c.day,
        _posting.c.recorded_ms,
        _posting.c.entry_id,
        _posting.c.i,
        other.label("other"),
        (_posting.c.amount * literal(sign, BigInteger)).label("net"),
    ).where(
        _posting.c.shop_id == SHOP,
        column == bindparam("account"),
        _posting.c.day >= bindparam("from_day"),
        _posting.c.day <= bindparam("to_day"),
        tuple_(*(_posting.c[name] for name in _ORDER))
        > tuple_(
            bindparam("after_day", type_=Text),
            bindparam("after_ms", type_=Millis),
            bindparam("after_entry", type_=Id),
            bindparam("after_i", type_=Small),
        ),
    )


def _page() -> Select[Any]:
    halves = [
        half.order_by(*(_posting.c[name] for name in _ORDER)).limit(bindparam("most")).subquery()
        for half in (
            _side(_posting.c.debit, _posting.c.credit, 1),
            _side(_posting.c.credit, _posting.c.debit, -1),
        )
    ]
    both = union_all(*(select(half) for half in halves)).subquery("both")
    return (
        select(both, _entry.c.kind, _entry.c.reference)
        .join(_entry, and_(_entry.c.shop_id == SHOP, _entry.c.entry_id == both.c.entry_id))
        .order_by(*(both.c[name] for name in _ORDER))
        .limit(bindparam("most"))
    )


_PAGE = _page()
_BEFORE = [
    select(func.sum(_posting.c.amount)).where(
        _posting.c.shop_id == SHOP,
        column == bindparam("account"),
        _posting.c.day < bindparam("from_day"),
    )
    for column in (_posting.c.debit, _posting.c.credit)
]


def statement(
    tx: ShopTx,
    account: bytes,
    from_day: str,
    to_day: str,
    *,
    after: Line | None = None,
    most: int = 200,
) -> Statement:
    """An account's movements that took effect in a period (both days within), oldest first.

    `after` is the last line of the page before.

    Raises:
        UnknownAccount: there is none.
    """
    side = tx.scalar(_SIDE, account=account)
    if side is None:
        raise UnknownAccount(account=account)
    sign = 1 if side == DEBIT else -1
    opening = balance = after.balance if after else sign * _before(tx, account, from_day)
    place = after.place if after else Place("", 0, bytes(16), -1)
    rows = tx.rows(
        _PAGE,
        account=account,
        from_day=from_day,
        to_day=to_day,
        after_day=place.day,
        after_ms=place.recorded_ms,
        after_entry=place.entry,
        after_i=place.i,
        most=most + 1,
    )
    lines = []
    for row in rows[:most]:
        balance += sign * row.net
        place = Place(row.day, row.recorded_ms, row.entry_id, row.i)
        lines.append(Line(place, row.kind, row.reference, row.other, sign * row.net, balance))
    return Statement(opening, tuple(lines), len(rows) > most)


def _before(tx: ShopTx, account: bytes, from_day: str) -> int:
    debited, credited = (
        int(tx.scalar(one, account=account, from_day=from_day) or 0) for one in _BEFORE
    )
    return debited - credited
