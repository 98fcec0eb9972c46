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


class Compiled(NamedTuple):
    """A statement as one engine takes it, and what makes rows of its answers."""

    text: Text
    make: Callable[[Any], Any]

    def send(self, connection: Connection, params: Mapping[str, Any]) -> Any:
        """Run it; the driver's cursor.

        Raises:
            psycopg.Error, sqlite3.Error: as the driver raises them.
        """
        driver: Any = connection.connection.driver_connection
        return driver.execute(self.text.text, self.text.values(params))

    def ask(self, connection: Connection, params: Mapping[str, Any]) -> list[Any]:
        """All rows of a query, by the names of its columns."""
        return list(map(self.make, self.send(connection, params)))


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
        self._compiled: dict[str, Compiled] = {}
        columns = statement.selected_columns if statement.is_select else ()
        self._make: Callable[[Iterable[Any]], Any] = row_type(column.key for column in columns)

    def ask(self, connection: Connection, params: Mapping[str, Any]) -> list[Any]:
        """Send a query; all its rows, by the names of its columns."""
        return self._here(connection).ask(connection, params)

    def tell(self, connection: Connection, params: Mapping[str, Any]) -> Any:
        """Send it; the driver's cursor.

        Raises:
            psycopg.Error, sqlite3.Error: as the driver raises them.
        """
        return self._here(connection).send(connection, params)

    def _here(self, connection: Connection) -> Compiled:
        engine = connection.dialect.name
        if engine not in self._compiled:
            made = self._statement.compile(dialect=connection.dialect)
            self._compiled[engine] = Compiled(Text.of(made), self._make)
        return self._compiled[engine]


def row_type(names: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
    """What makes of a driver's row one whose values have names."""
    made: Any = namedtuple("Row", list(names))  # type: ignore[misc]
    # As SQLAlchemy's rows are read where their columns are not known.
    whole = {"__slots__": (), "_mapping": property(made._asdict)}
    found: Callable[[Iterable[Any]], Any] = type("Row", (made,), whole)._make  # type: ignore[attr-defined]
    return found
