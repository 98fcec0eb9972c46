"""Inserting many rows of one table in one statement.

PostgreSQL: `INSERT ... SELECT FROM unnest(...)`, the arrays packed by `packed`. COPY is refused to
a role under row-level security. SQLite: `executemany`. Either way the rows are given column by
column, and what is the same in every row (the shop, the device) is given once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
)

from server.db import packed
from server.db.quick import is_heard
from server.db.types import Hash, Id

OnConflict = Literal["nothing"] | Mapping[str, Literal["add", "replace"]] | None
"""A row whose key is there: an error (None), left alone, or named columns added to or replaced.

On a distributed engine None asks for each row back: it refuses a plain INSERT ... SELECT.
"""

_KINDS: tuple[tuple[type[Any], type[packed.Packed]], ...] = (
    (Id, packed.UuidArray),
    (Hash, packed.BytesArray),
    (LargeBinary, packed.BytesArray),
    (BigInteger, packed.Int8Array),
    (SmallInteger, packed.Int2Array),
    (Integer, packed.Int4Array),
    (Boolean, packed.BoolArray),
    (Text, packed.TextArray),
)


def insert_columns(
    connection: Connection,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    *,
    constants: Mapping[str, Any],
    on_conflict: OnConflict = None,
) -> int:
    """Insert rows given as columns of equal length; returns how many rows were written.

    With "add" or "replace" no two given rows may have the same key.

    Raises:
        ValueError: the columns differ in length.
        psycopg.IntegrityError, sqlite3.IntegrityError: a constraint says no (inside SQLAlchemy's
            where somebody listens); nothing of these rows was written.
    """
    if not columns or len(set(map(len, columns.values()))) > 1:
        raise ValueError(f"{table.name}: columns of one length are needed")
    if not len(next(iter(columns.values()))):
        return 0
    conflict = (
        on_conflict
        if on_conflict is None or on_conflict == "nothing"
        else tuple(sorted(on_conflict.items()))
    )
    if connection.dialect.name == "postgresql":
        return _into_postgresql(connection, table, columns, constants, conflict)
    return _into_sqlite(connection, table, columns, constants, conflict)


def _into_postgresql(
    connection: Connection, table: Table, columns: Any, constants: Any, conflict: Any
) -> int:
    sql = _postgresql_sql(table, tuple(constants), tuple(columns), conflict)
    fixed = [_bound(connection, table.c[name], value) for name, value in constants.items()]
    arrays = [array_of(table.c[name])(values) for name, values in columns.items()]
    if conflict is None and connection.get_execution_options().get("distributed"):
        sql += " RETURNING 1"
    values = (*fixed, *arrays)
    if not is_heard(connection):
        driver: Any = connection.connection.driver_connection
        return int(driver.execute(sql, values).rowcount)
    result = connection.exec_driver_sql(sql, values)
    written = int(result.rowcount)
    result.close()
    return written


def _into_sqlite(
    connection: Connection, table: Table, columns: Any, constants: Any, conflict: Any
) -> int:
    sql = _sqlite_sql(table, tuple(constants), tuple(columns), conflict)
    fixed = tuple(constants.values())
    rows = [(*fixed, *row) for row in zip(*columns.values(), strict=True)]
    if not is_heard(connection):
        driver: Any = connection.connection.driver_connection
        return int(driver.executemany(sql, rows).rowcount)
    return int(connection.exec_driver_sql(sql, rows).rowcount)


def _bound(connection: Connection, column: Column[Any], value: Any) -> Any:
    convert = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return convert(value) if convert is not None else value


@lru_cache(maxsize=512)
def array_of(column: Column[Any]) -> type[packed.Packed]:
    """The packed array for values of a column."""
    for kind, array in _KINDS:
        if isinstance(column.type, kind):
            return array
    raise TypeError(f"{column}: no array for {column.type!r}")


@lru_cache(maxsize=512)
def _postgresql_sql(
    table: Table, constants: tuple[str, ...], columns: tuple[str, ...], conflict: Any
) -> str:
    fixed = ", ".join(f"%s::{_cast_of(table.c[name])}" for name in constants)
    chosen = ", ".join(filter(None, [fixed, *(f"u.{name}" for name in map(_quoted, columns))]))
    arrays = ", ".join("%s" for _ in columns)
    names = ", ".join(map(_quoted, columns))
    return (
        f"INSERT INTO {table.name} ({', '.join(map(_quoted, constants + columns))}) "
        f"SELECT {chosen} FROM unnest({arrays}) AS u({names}){_conflict(table, conflict)}"
    )


@lru_cache(maxsize=512)
def _sqlite_sql(
    table: Table, constants: tuple[str, ...], columns: tuple[str, ...], conflict: Any
) -> str:
    names = constants + columns
    return (
        f"INSERT INTO {table.name} ({', '.join(map(_quoted, names))}) "
        f"VALUES ({', '.join('?' * len(names))}){_conflict(table, conflict)}"
    )


def _conflict(table: Table, conflict: Any) -> str:
    if conflict is None:
        return ""
    if conflict == "nothing":
        return " ON CONFLICT DO NOTHING"
    key = ", ".join(_quoted(column.name) for column in table.primary_key.columns)
    changes = ", ".join(_change(table, _quoted(name), how) for name, how in conflict)
    return f" ON CONFLICT ({key}) DO UPDATE SET {changes}"


def _change(table: Table, name: str, how: str) -> str:
    return f"{name} = {table.name + '.' + name + ' + ' if how == 'add' else ''}excluded.{name}"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _cast_of(column: Column[Any]) -> str:
    names = {
        packed.UuidArray: "uuid",
        packed.BytesArray: "bytea",
        packed.Int8Array: "bigint",
        packed.Int2Array: "smallint",
        packed.Int4Array: "integer",
        packed.BoolArray: "boolean",
        packed.TextArray: "text",
    }
    return names[array_of(column)]
