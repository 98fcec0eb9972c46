"""Statements that stand in a module and run again and again, sent without SQLAlchemy's own way.

A statement that comes a second time is compiled once and kept beside it; from then on it goes to
the driver as it is, and its rows come as plain named tuples. That halves what a small statement
costs here (docs/performance.md). What cannot go so takes SQLAlchemy's way: lists that grow,
columns whose values the driver gives in another form, an engine that somebody listens to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import Connection, Delete, LargeBinary, Numeric, Select, Update

from server.db.prepared import Text, row_type

_ONCE: Final = "seen once"


class Quick(NamedTuple):
    """A compiled statement and what makes rows of its answers."""

    text: Text
    make: Callable[[Any], Any]

    def send(self, connection: Connection, params: Mapping[str, Any]) -> Any:
        """Run it; the driver's cursor.

        Raises:
            psycopg.Error, sqlite3.Error: as the driver raises them.
        """
        driver: Any = connection.connection.driver_connection
        return driver.execute(self.text.text, self.text.values(params))

    def ask(self, connection: Connection, params: Mapping[str, Any]) -> Sequence[Any]:
        """All rows of a query."""
        return list(map(self.make, self.send(connection, params)))


_kept: dict[str, WeakKeyDictionary[Any, Any]] = {
    "postgresql": WeakKeyDictionary(),
    "sqlite": WeakKeyDictionary(),
}
"""By engine: what is made of a statement, None where it cannot go so."""


def ask_together(
    connection: Connection, asked: Sequence[tuple[Quick, Mapping[str, Any]]]
) -> list[Sequence[Any]]:
    """Send queries to PostgreSQL in one go; the rows of each."""
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            cursors = [way.send(connection, params) for way, params in asked]
    except psycopg.Error:
        # Statements that were skipped after the failure count as prepared here and are not.
        connection.invalidate()
        raise
    return [list(map(way.make, one)) for (way, _), one in zip(asked, cursors, strict=True)]


def quick(connection: Connection, statement: Any, judge: Callable[[Any], None]) -> Quick | None:
    """The quick way of a statement that comes again; else None. `judge` passes it before it goes
    that way, or raises each time."""
    if connection._has_events or connection.engine._has_events:
        return None
    kept = _kept[connection.dialect.name]
    found = kept.get(statement)
    if found is None:
        if statement not in kept:
            kept[statement] = _ONCE
        return None
    if found is _ONCE:
        judge(statement)
        # None of it refers to the statement, which goes when its module's last user does.
        found = kept[statement] = _made(connection, statement)
    return found if isinstance(found, Quick) else None


def _made(connection: Connection, statement: Any) -> Quick | None:
    if not isinstance(statement, Select | Update | Delete) or _without_values(statement):
        return None
    if getattr(statement, "_returning", ()):
        return None
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    if not all(_is_plain(column.type, connection.dialect) for column in columns):
        return None
    made: Any = statement.compile(dialect=connection.dialect)
    if made.post_compile_params or made.literal_execute_params:
        return None
    try:
        make = row_type(str(column.key) for column in columns)
    except ValueError:  # a column without a name, or two of one
        return None
    return Quick(Text.of(made), make)


def _without_values(statement: Any) -> bool:
    """Whether SQLAlchemy would make the values out of the parameters."""
    return isinstance(statement, Update) and not statement._values


def _is_plain(kind: Any, dialect: Any) -> bool:
    """Whether a column's values are as the driver gives them."""
    impl = kind.dialect_impl(dialect)
    if isinstance(getattr(impl, "impl", impl), LargeBinary):
        return True
    # Of a decimal SQLAlchemy decides when it sees what the driver gives.
    if isinstance(impl, Numeric):
        return False
    return impl.result_processor(dialect, None) is None
