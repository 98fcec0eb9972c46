"""Reading what a step touches: each table once, by the keys that the step names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, Table, select

from server.db.keyed import ByKeys, keyed
from server.db.schema import SHOP
from server.db.transaction import ShopTx


def by_keys(table: Table, key: str, *columns: str) -> ByKeys:
    """A query of rows whose `key` is among those given (to be run by `rows_by_keys`)."""
    column = table.c[key]
    chosen = [table.c[name] for name in columns] if columns else [table]
    query = select(*chosen).where(table.c.shop_id == SHOP)
    return keyed(query, column)


def whole(table: Table, *columns: str) -> Executable:
    """A query of all the shop's rows of a small table."""
    chosen = [table.c[name] for name in columns] if columns else [table]
    return select(*chosen).where(table.c.shop_id == SHOP)


def all_rows(tx: ShopTx, query: Executable, **params: Any) -> Sequence[Any]:
    """All rows of a query, to be taken apart by their columns."""
    return tx.rows(query, **params)
