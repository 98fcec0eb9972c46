"""Statements that run thousands of times a second: judged and compiled once, then sent as they are.

SQLAlchemy looks every statement up anew, which costs more than PostgreSQL takes to run a small one
(docs/performance.md). What is compiled here is Core all the same, checked as every statement is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult

from server.db.guard import check_names_shop

_Processors = Mapping[str, Callable[[Any], Any]]


class Prepared:
    """One statement with named parameters and no lists that grow (IN takes single ones)."""

    def __init__(self, statement: Any) -> None:
        """Judge a statement.

        Raises:
            UnnamedShop, ForEver: it may not run at all.
        """
        check_names_shop(statement)
        self._statement = statement
        self._texts: dict[str, tuple[str, dict[str, Any], _Processors, list[str] | None]] = {}

    def run(self, connection: Connection, params: Mapping[str, Any]) -> CursorResult[Any]:
        """Send it with these parameters."""
        name = connection.dialect.name
        if name not in self._texts:
            made = self._statement.compile(dialect=connection.dialect)
            self._texts[name] = (
                made.string,
                dict(made.params),
                made._bind_processors,
                made.positiontup,
            )
        text, defaults, processors, order = self._texts[name]
        values = {**defaults, **params}
        for key, convert in processors.items():
            values[key] = convert(values[key])
        if order is None:
            return connection.exec_driver_sql(text, values)
        return connection.exec_driver_sql(text, tuple(values[key] for key in order))
