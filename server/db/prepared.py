"""Statements that run thousands of times a second: judged and compiled once, then sent as they are.

SQLAlchemy looks every statement up anew and wraps every row, which costs more than PostgreSQL takes
to run a small one (docs/performance.md). What is compiled here is Core all the same, checked as
every statement is.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from server.db.guard import check_names_shop


class Text(NamedTuple):
    """A statement as one engine takes it: what makes of a value what the driver takes, and the
    order of the parameters where they have no names."""

    text: str
    defaults: dict[str, Any]
    processors: Mapping[str, Callable[[Any], Any]]
    order: Sequence[str] | None

    @classmethod
    def of(cls, made: Any) -> Text:
        """What SQLAlchemy compiled, in its parts."""
        return cls(made.string, dict(made.params), made._bind_processors, made.positiontup)

    def values(self, params: Mapping[str, Any]) -> Any:
        """The parameters as the driver takes them."""
        values = {**self.defaults, **params}
        for key, convert in self.processors.items():
            values[key] = convert(values[key])
        return values if self.order is None else tuple(values[key] for key in self.order)


class Prepared:
    """One statement with named parameters and no lists that grow (IN takes single ones).

    Its rows come as the driver gives them, which for our columns is as they are stored: ids and
    hashes as bytes, numbers, texts.
    """

    def __init__(self, statement: Any) -> None:
        """Judge a statement.

        Raises:
            UnnamedShop, ForEver: it may not run at all.
        """
        check_names_shop(statement)
        self._statement = statement
        self._texts: dict[str, Text] = {}
        columns = statement.selected_columns if statement.is_select else ()
        self._make: Callable[[Iterable[Any]], Any] = row_type(column.key for column in columns)

    def ask(self, connection: Connection, params: Mapping[str, Any]) -> list[Any]:
        """Send a query; all its rows, by the names of its columns."""
        return [self._make(row) for row in self.tell(connection, params).fetchall()]

    def tell(self, connection: Connection, params: Mapping[str, Any]) -> Any:
        """Send it; the driver's cursor.

        Raises:
            psycopg.Error, sqlite3.Error: as the driver raises them.
        """
        one = self._texts.get(connection.dialect.name) or self._compile(connection)
        driver: Any = connection.connection.driver_connection
        return driver.execute(one.text, one.values(params))

    def _compile(self, connection: Connection) -> Text:
        made = self._statement.compile(dialect=connection.dialect)
        one = Text.of(made)
        self._texts[connection.dialect.name] = one
        return one


def row_type(names: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
    """What makes of a driver's row one whose values have names."""
    made: Any = namedtuple("Row", list(names))  # type: ignore[misc]
    # As SQLAlchemy's rows are read where their columns are not known.
    whole = {"__slots__": (), "_mapping": property(made._asdict)}
    found: Callable[[Iterable[Any]], Any] = type("Row", (made,), whole)._make  # type: ignore[attr-defined]
    return found
