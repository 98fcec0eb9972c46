"""The statements that every entry runs, prepared for each size that a list of keys can have.

Sizes are powers of two: a list is filled up by repeating its last key, which changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Table, and_, bindparam, case, func, insert, select, update

from server.db.prepared import Prepared
from server.db.schema import SHOP
from server.db.schema.ledger import ledger_balance, ledger_day, ledger_entry
from server.db.types import Id, Money

T = TypeVar("T")
_day, _entry, _balance = ledger_day, ledger_entry, ledger_balance
_other = ledger_day.alias("other")


def filled(keys: Sequence[T]) -> list[T]:
    """The keys, the last one repeated up to the next power of two."""
    size = 1 << (len(keys) - 1).bit_length()
    return [*keys, *([keys[-1]] * (size - len(keys)))]


def named(prefix: str, values: Sequence[Any]) -> dict[str, Any]:
    """Parameters of a list: `prefix0`, `prefix1`, ..."""
    return {f"{prefix}{n}": value for n, value in enumerate(values)}


def powers(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The rows in parts whose sizes are powers of two, the largest first."""
    start = 0
    while start < len(rows):
        size = 1 << ((len(rows) - start).bit_length() - 1)
        yield rows[start : start + size]
        start += size


def _params(prefix: str, count: int, kind: Any) -> list[BindParameter[Any]]:
    return [bindparam(f"{prefix}{n}", type_=kind) for n in range(count)]


@lru_cache(maxsize=64)
def newest_day(count: int) -> Prepared:
    """The newest day, locked against its sealing, with those of `count` entries that are there."""
    known = and_(_entry.c.shop_id == SHOP, _entry.c.entry_id.in_(_params("entry", count, Id)))
    last = select(func.max(_other.c.day)).where(_other.c.shop_id == SHOP).scalar_subquery()
    return Prepared(
        select(
            _day.c.day.label("newest"),
            _day.c.ends_ms,
            _day.c.sealed,
            _entry.c.entry_id,
            _entry.c.recorded_ms,
            _entry.c.recorded_day,
            _entry.c.hash,
        )
        .select_from(_day.outerjoin(_entry, known))
        .where(_day.c.shop_id == SHOP, _day.c.day == last)
        .with_for_update(read=True, key_share=True, of=_day)
    )


@lru_cache(maxsize=64)
def standings(count: int) -> Prepared:
    """Those of `count` accounts that are watched, locked in the order of their ids."""
    return Prepared(
        select(
            _balance.c.account_id,
            _balance.c.side,
            _balance.c.balance,
            _balance.c.held,
            _balance.c.floor,
            _balance.c.frozen,
        )
        .where(
            _balance.c.shop_id == SHOP,
            _balance.c.account_id.in_(_params("account", count, Id)),
        )
        .order_by(_balance.c.account_id)
        .with_for_update(key_share=True)
    )


@lru_cache(maxsize=64)
def moves(count: int) -> Prepared:
    """Add to the balances of `count` accounts and to what is held of them."""
    accounts = _params("account", count, Id)

    def added(prefix: str) -> Any:
        amounts = _params(prefix, count, Money)
        return case(
            *((_balance.c.account_id == one, by) for one, by in zip(accounts, amounts, strict=True))
        )

    return Prepared(
        update(_balance)
        .where(_balance.c.shop_id == SHOP, _balance.c.account_id.in_(accounts))
        .values(balance=_balance.c.balance + added("balance"), held=_balance.c.held + added("held"))
    )


@lru_cache(maxsize=64)
def insertion(table: Table, count: int) -> Prepared:
    """Insert `count` rows; the parameters are the columns' names with the row's number."""
    columns = [column for column in table.c if column.name != "shop_id"]
    rows = [
        {
            "shop_id": SHOP,
            **{one.name: bindparam(f"{one.name}{n}", type_=one.type) for one in columns},
        }
        for n in range(count)
    ]
    return Prepared(insert(table).values(rows if count > 1 else rows[0]))
