"""Statements that stand in a module and run again and again, sent without SQLAlchemy's own way.

A statement that comes a second time is compiled once and kept beside it; from then on it goes to
the driver as it is, and its rows come as plain named tuples. Alone that saves a tenth; it is what
lets several go together (`ask_together`, docs/performance.md). What cannot go so takes
SQLAlchemy's way: lists that grow, columns whose values the driver gives in another form, an engine
that somebody listens to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Delete, Insert, LargeBinary, Numeric, Select, Update

from server.db.pipelining import pipelined
from server.db.prepared import Compiled, Text, row_type

_ONCE: Final = "seen once"


_kept: dict[str, WeakKeyDictionary[Any, Any]] = {
    "postgresql": WeakKeyDictionary(),
    "sqlite": WeakKeyDictionary(),
}
"""By engine: what is made of a statement, None where it cannot go so."""


def ask_together(
    connection: Connection, asked: Sequence[tuple[Compiled, Mapping[str, Any]]]
) -> list[Sequence[Any]]:
    """Send queries to PostgreSQL in one go; the rows of each."""
    with pipelined(connection):
        cursors = [way.send(connection, params) for way, params in asked]
    return [list(map(way.make, one)) for (way, _), one in zip(asked, cursors, strict=True)]


def quick(connection: Connection, statement: Any, judge: Callable[[Any], None]) -> Compiled | None:
    """The quick way of a statement that comes again; else None. `judge` passes it before it goes
    that way, or raises each time."""
    if is_heard(connection):
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
    return found if isinstance(found, Compiled) else None


def is_heard(connection: Connection) -> bool:
    """Whether somebody listens to what the engine is given: then SQLAlchemy has to give it."""
    return bool(connection._has_events or connection.engine._has_events)


def _made(connection: Connection, statement: Any) -> Compiled | None:
    if not isinstance(statement, Select | Insert | Update | Delete) or _without_values(statement):
        return None
    columns = statement.exported_columns
    if not all(_is_plain(column.type, connection.dialect) for column in columns):
        return None
    made: Any = statement.compile(dialect=connection.dialect)
    if made.post_compile_params or made.literal_execute_params:
        return None
    try:
        make = row_type(str(column.key) for column in columns)
    except ValueError:  # a column without a name, or two of one
        return None
    return Compiled(Text.of(made), make)


def _without_values(statement: Any) -> bool:
    """Whether SQLAlchemy would make the values out of the parameters."""
    return isinstance(statement, Insert | Update) and not statement._values


def _is_plain(kind: Any, dialect: Any) -> bool:
    """Whether a column's values are as the driver gives them."""
    impl = kind.dialect_impl(dialect)
    if isinstance(getattr(impl, "impl", impl), LargeBinary):
        return True
    # Of a decimal SQLAlchemy decides when it sees what the driver gives.
    if isinstance(impl, Numeric):
        return False
    return impl.result_processor(dialect, None) is None
