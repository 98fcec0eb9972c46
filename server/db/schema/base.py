"""What all tables share: names of constraints, and the parameter that names the shop."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, ForeignKeyConstraint, MetaData, bindparam

from server.db.types import Id

# Kept short: a distributed engine appends a shard's number (PostgreSQL cuts names at 63 bytes).
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

APPEND_ONLY: Final = {"keeps": "rows"}
"""`Table(..., info=APPEND_ONLY)`: no row is ever changed or removed."""

NEVER_REMOVED: Final = {"keeps": "keys"}
"""`Table(..., info=NEVER_REMOVED)`: rows are changed, none is removed."""

EVERYBODY_READS: Final = {"reads": "everybody"}
"""`Table(..., info=EVERYBODY_READS)`: any transaction reads all rows; a row's column `owner`
says which shop's it is, and only that shop's transaction writes it."""

SHOP = bindparam("shop", type_=Id)
"""The transaction's shop: a statement says `table.c.shop_id == SHOP`, the transaction fills it."""


def owner_column(table: Any) -> str:
    """The column that says whose a row is, which only its shop writes; "" where none does."""
    if "shop_id" in table.c:
        return "shop_id"
    return "owner" if getattr(table, "info", {}).get("reads") == "everybody" else ""


def shop_id() -> Column[bytes]:
    """The first column of a shop's table and of its key."""
    return Column("shop_id", Id, primary_key=True)


def of_shop(**options: Any) -> ForeignKeyConstraint:
    """The foreign key of a shop's table to its shop."""
    return ForeignKeyConstraint(["shop_id"], ["shop.shop_id"], **options)
