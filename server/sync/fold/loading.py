"""Reading what a step touches: each table once, by the keys that the step names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Executable, Table, any_, bindparam, select
from sqlalchemy.types import NullType

from server.db.bulk import array_of
from server.db.schema import SHOP
from server.db.transaction import ShopTx

_PART = 1000


class ByKeys(NamedTuple):
    """A query of rows by many keys: as one packed array on PostgreSQL, as a list on SQLite."""

    column: Column[Any]
    by_array: Executable
    by_list: Executable


def by_keys(table: Table, key: str, *columns: str) -> ByKeys:
    """A query of rows whose `key` is among those given (to be run by `rows_by_keys`)."""
    column = table.c[key]
    chosen = [table.c[name] for name in columns] if columns else [table]
    query = select(*chosen).where(table.c.shop_id == SHOP)
    in_array: ColumnElement[bool] = column == any_(bindparam("keys", type_=NullType()))
    in_list: ColumnElement[bool] = column.in_(bindparam("keys", expanding=True))
    return ByKeys(column, query.where(in_array), query.where(in_list))


def whole(table: Table, *columns: str) -> Executable:
    """A query of all the shop's rows of a small table."""
    chosen = [table.c[name] for name in columns] if columns else [table]
    return select(*chosen).where(table.c.shop_id == SHOP)


def rows_by_keys(tx: ShopTx, query: ByKeys, keys: Collection[Any]) -> Iterator[Any]:
    """Run a query of `by_keys`; on SQLite in parts where there are many."""
    ordered: Sequence[Any] = sorted(keys)
    if not ordered:
        return
    if tx.is_postgresql:
        yield from tx.rows(query.by_array, keys=array_of(query.column)(ordered))
        return
    for start in range(0, len(ordered), _PART):
        yield from tx.rows(query.by_list, keys=ordered[start : start + _PART])


def all_rows(tx: ShopTx, query: Executable, **params: Any) -> Sequence[Any]:
    """All rows of a query, to be taken apart by their columns."""
    return tx.rows(query, **params)
