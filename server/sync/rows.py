"""Rows on their way into the database: gathered by table, written with one statement each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table

from server.db.bulk import OnConflict
from server.db.transaction import ShopTx


class Rows:
    """New rows of one table; each is a tuple in the order of `columns` (the shop left out)."""

    def __init__(self, table: Table, *columns: str) -> None:
        """Gather rows for `columns`, or for all of the table's but the shop."""
        self.table = table
        self.columns = columns or _columns_of(table)
        self.rows: list[Sequence[Any]] = []
        self.add = self.rows.append

    def write(self, tx: ShopTx, on_conflict: OnConflict = None) -> None:
        """Write them all and begin anew."""
        write_rows(tx, self.table, self.columns, self.rows, on_conflict)
        self.rows.clear()


def write_rows(
    tx: ShopTx,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    on_conflict: OnConflict = None,
    constants: Mapping[str, Any] | None = None,
) -> None:
    """Write rows of one table in one statement; `constants` are the same in all of them."""
    if rows:
        tx.insert_columns(
            table,
            dict(zip(columns, zip(*rows, strict=True), strict=True)),
            constants=constants,
            on_conflict=on_conflict,
        )


def put_rows(tx: ShopTx, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Write whole rows (the shop left out) in place of those with the same key."""
    put = list(rows)
    if put:
        write_rows(tx, table, _columns_of(table), put, _replacing(table))


@cache
def _columns_of(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.name != "shop_id")


@cache
def _replacing(table: Table) -> OnConflict:
    """All but the key is replaced where a row is there."""
    keys = {column.name for column in table.primary_key.columns}
    return {name: "replace" for name in _columns_of(table) if name not in keys} or "nothing"
