"""Conditions that tie tables to the transaction's shop."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_

from server.db.schema.base import SHOP


def tied(*tables: FromClause) -> ColumnElement[bool]:
    """Each table's rows are those of the transaction's shop."""
    return and_(*(table.c.shop_id == SHOP for table in tables))


def meets(table: FromClause, *conditions: Any) -> ColumnElement[bool]:
    """An ON clause: `table`'s rows of the shop for which the conditions hold."""
    return and_(table.c.shop_id == SHOP, *conditions)
