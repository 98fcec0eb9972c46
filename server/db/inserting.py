"""Inserting one row: one statement for a table and the columns that are given, made once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, Literal

from sqlalchemy import Insert, Table, bindparam, insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from server.db.schema.base import SHOP

Engine = Literal["postgresql", "sqlite"]
_TO: Final = "to_"
# A parameter must not be called as its column is.


@lru_cache(maxsize=512)
def insertion(table: Table, names: tuple[str, ...], owner: str) -> Insert:
    """Insert a row of these columns; `owner` is the column that names the transaction's shop."""
    made: Insert = _row(insert(table), table, names, owner)
    return made


@lru_cache(maxsize=512)
def new_insertion(table: Table, names: tuple[str, ...], owner: str, engine: Engine) -> Insert:
    """The same, unless a row with its key is there. How many rows that were is counted."""
    make = postgresql_insert if engine == "postgresql" else sqlite_insert
    made: Insert = _row(make(table).on_conflict_do_nothing(), table, names, owner)
    return made


def given(values: dict[str, Any]) -> dict[str, Any]:
    """The parameters of such a statement."""
    return {_TO + name: value for name, value in values.items()}


def _row(statement: Any, table: Table, names: tuple[str, ...], owner: str) -> Any:
    row: dict[str, Any] = {name: bindparam(_TO + name, type_=table.c[name].type) for name in names}
    if owner:
        row[owner] = SHOP
    # Nothing is asked back: keys are the program's own.
    return statement.values(row).inline().execution_options(preserve_rowcount=True)
