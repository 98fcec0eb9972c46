"""Queries of rows by many keys: as one packed array on PostgreSQL, as a list on SQLite."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, ColumnElement, Executable, Select, any_, bindparam
from sqlalchemy.types import NullType

from server.db.bulk import array_of
from server.db.transaction import Ask, ShopTx

_PART: Final = 1000


class ByKeys(NamedTuple):
    """Such a query in both forms."""

    column: Column[Any]
    by_array: Executable
    by_list: Executable


def keyed(query: Select[Any], column: Column[Any]) -> ByKeys:
    """Of a query those rows whose column is among the keys (to be run by `rows_by_keys`)."""
    in_array: ColumnElement[bool] = column == any_(bindparam("keys", type_=NullType()))
    in_list: ColumnElement[bool] = column.in_(bindparam("keys", expanding=True))
    return ByKeys(column, query.where(in_array), query.where(in_list))


def rows_by_keys(tx: ShopTx, query: ByKeys, keys: Collection[Any], **params: Any) -> Iterator[Any]:
    """Run a query of `keyed`; on SQLite in parts where there are many."""
    ordered: Sequence[Any] = sorted(keys)
    if not ordered:
        return
    if tx.is_postgresql:
        yield from tx.rows(query.by_array, keys=array_of(query.column)(ordered), **params)
        return
    for start in range(0, len(ordered), _PART):
        yield from tx.rows(query.by_list, keys=ordered[start : start + _PART], **params)


def ask_by_keys(query: ByKeys, keys: Collection[Any], **params: Any) -> Ask:
    """The same, to be asked ahead (PostgreSQL)."""
    return Ask(query.by_array, {"keys": array_of(query.column)(sorted(keys)), **params})
