"""Every table of the server, one module a subject, gathered here.

A table that has a column `shop_id` belongs to a shop: `shop_id` comes first in each of its keys,
row-level security guards it, and every statement on it names the shop. A table without one is of
the *directory*: what must be unique in the world and where to look for it. The directory calls
its shop column `shop`, so that the two kinds cannot be taken for each other. What everybody reads
and each shop writes of itself (`EVERYBODY_READS`) lies there, too.

A new module is imported here and its tables are created in a migration of the same name.
"""

from __future__ import annotations

from sqlalchemy import Table

from server.db.schema import (
    buyers,
    catalog,
    directory,
    journal,
    ledger,
    orders,
    payments,
    people,
    pictures,
    search,
    shops,
    trade,
)
from server.db.schema.base import SHOP, metadata

__all__ = [
    "SHOP",
    "buyers",
    "catalog",
    "directory",
    "directory_tables",
    "journal",
    "ledger",
    "metadata",
    "orders",
    "payments",
    "people",
    "pictures",
    "search",
    "shop_tables",
    "shops",
    "trade",
]


def shop_tables() -> list[Table]:
    """The tables that belong to a shop, parents before children."""
    return [table for table in metadata.sorted_tables if "shop_id" in table.c]


def directory_tables() -> list[Table]:
    """The tables of the directory, parents before children."""
    return [table for table in metadata.sorted_tables if "shop_id" not in table.c]


def may_change(table: Table) -> bool:
    """Whether rows of the table may be changed."""
    return table.info.get("keeps") != "rows"


def may_remove(table: Table) -> bool:
    """Whether rows of the table may be removed."""
    return "keeps" not in table.info
