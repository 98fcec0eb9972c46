"""What a transaction can do: statements of SQLAlchemy Core, rows in bulk, and nothing as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, Executable, Row, Table

from server.db import bulk
from server.db.guard import check_directory_only, check_names_shop
from server.db.inserting import Engine, given, insertion, new_insertion
from server.db.prepared import Prepared
from server.db.quick import ask_together, quick
from server.db.schema.base import SHOP, owner_column

AnyRow = Row[*tuple[Any, ...]]
"""A row of columns that only the query knows."""


class Ask(NamedTuple):
    """A query with its parameters, to be asked ahead."""

    statement: Executable
    params: Mapping[str, Any] = MappingProxyType({})


class Tx:
    """One transaction over the directory. Ends with its `with` block (`Store`)."""

    _judge = staticmethod(check_directory_only)

    def __init__(self, connection: Connection) -> None:
        """Use a connection on which the transaction has begun."""
        self.connection = connection
        self.is_postgresql = connection.dialect.name == "postgresql"
        self.is_spread = bool(connection.get_execution_options().get("distributed"))
        """Whether shops lie on several machines, which take fewer statements than one does."""
        self._after: list[Callable[[], None]] = []
        self._ahead: dict[Any, Sequence[Any]] = {}
        self.until_commit = ExitStack()
        """What ends once COMMIT is said, or when there is none (the store's)."""

    def ahead(self, asked: Iterable[Ask]) -> None:
        """Ask PostgreSQL queries in one go; each answer waits for the one who asks the same.

        What the transaction writes makes all of them void, and an answer is given once. On SQLite,
        which has no way to go, nothing is asked. The first one may be for a lock under which the
        others must be asked: where it cannot go yet (`quick`), none goes.
        """
        if not self.is_postgresql:
            return
        ways = [(one, quick(self.connection, one.statement, self._judge)) for one in asked]
        if not ways or ways[0][1] is None:
            return
        known = [(one, way, self._named(one.params)) for one, way in ways if way is not None]
        if len(known) < 2:
            return
        answers = ask_together(self.connection, [(way, params) for _, way, params in known])
        for (one, _, _), rows in zip(known, answers, strict=True):
            self._ahead[_asked(one.statement, one.params)] = rows

    def rows(self, statement: Executable, **params: Any) -> Sequence[AnyRow]:
        """All rows of a query."""
        found = self._quickly(statement, params)
        if found is None:
            found = self._execute(statement, params).all()
        return found

    def one(self, statement: Executable, **params: Any) -> AnyRow | None:
        """The first row of a query, or None."""
        found = self._quickly(statement, params)
        if found is not None:
            return found[0] if found else None
        row: AnyRow | None = self._execute(statement, params).first()
        return row

    def scalar(self, statement: Executable, **params: Any) -> Any:
        """The first column of the first row, or None."""
        found = self._quickly(statement, params)
        if found is not None:
            return found[0][0] if found else None
        return self._execute(statement, params).scalar()

    def run(self, statement: Executable, **params: Any) -> int:
        """Change rows; returns how many were changed."""
        self._ahead.clear()
        way = quick(self.connection, statement, self._judge)
        if way is not None:
            return int(way.send(self.connection, self._named(params)).rowcount)
        return int(self._execute(statement, params).rowcount)

    def insert(self, table: Table, **values: Any) -> None:
        """Insert one row."""
        statement = insertion(table, tuple(values), self._named_by(table))
        self.run(statement, **given(values))

    def insert_new(self, table: Table, **values: Any) -> bool:
        """Insert one row unless one with its key is there; says whether it was inserted."""
        engine: Engine = "postgresql" if self.is_postgresql else "sqlite"
        statement = new_insertion(table, tuple(values), self._named_by(table), engine)
        return self.run(statement, **given(values)) > 0

    def insert_columns(
        self,
        table: Table,
        columns: Mapping[str, Sequence[Any]],
        *,
        constants: Mapping[str, Any] | None = None,
        on_conflict: bulk.OnConflict = None,
    ) -> int:
        """Insert many rows, given column by column; see `bulk.insert_columns`."""
        self._ahead.clear()
        fixed = dict(constants or {})
        owner = owner_column(table)
        if owner:
            fixed[owner] = self._shop_of(table)
        return bulk.insert_columns(
            self.connection, table, columns, constants=fixed, on_conflict=on_conflict
        )

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something once what was written is durable and visible (waking who waits for it)."""
        self._after.append(action)

    def committed(self) -> None:
        """Called by the store after COMMIT."""
        for action in self._after:
            action()

    def _execute(self, statement: Any, params: Mapping[str, Any]) -> Any:
        check_directory_only(statement)
        return self.connection.execute(statement, params)

    def _quickly(self, statement: Any, params: Mapping[str, Any]) -> Sequence[Any] | None:
        """The rows that were asked ahead, or go the quick way; None where neither is so."""
        # Answers come only once the pipeline of a transaction's last words has ended.
        self.until_commit.close()
        if statement.is_dml:
            self._ahead.clear()
        elif self._ahead:
            found = self._ahead.pop(_asked(statement, params), None)
            if found is not None:
                return found
        way = quick(self.connection, statement, self._judge)
        return None if way is None else way.ask(self.connection, self._named(params))

    def _named(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The parameters with those that the transaction gives."""
        return params

    def _named_by(self, table: Table) -> str:
        """The column by which a new row of a table says that it is of the transaction's shop."""
        return ""

    def _shop_of(self, table: Table) -> bytes:
        raise AssertionError(f"{table} belongs to a shop: open that shop's transaction")


class ShopTx(Tx):
    """One transaction of one shop: statements name it by `SHOP`, which is filled in here."""

    _judge = staticmethod(check_names_shop)

    def __init__(self, connection: Connection, shop_id: bytes) -> None:
        """Use a connection on which the shop's transaction has begun."""
        super().__init__(connection)
        self.shop_id = shop_id

    def ask(self, prepared: Prepared, **params: Any) -> Sequence[Any]:
        """All rows of a query that was prepared."""
        self.until_commit.close()
        params[SHOP.key] = self.shop_id
        return prepared.ask(self.connection, params)

    def tell(self, prepared: Prepared, **params: Any) -> None:
        """Run a change that was prepared."""
        self._ahead.clear()
        params[SHOP.key] = self.shop_id
        prepared.tell(self.connection, params)

    def _execute(self, statement: Any, params: Mapping[str, Any]) -> Any:
        check_names_shop(statement)
        return self.connection.execute(statement, self._named(params))

    def _named(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**params, SHOP.key: self.shop_id}

    def _named_by(self, table: Table) -> str:
        return owner_column(table)

    def _shop_of(self, table: Table) -> bytes:
        return self.shop_id


def _asked(statement: Any, params: Mapping[str, Any]) -> Any:
    """A query and its parameters as a key; a packed column is what it packs."""
    values = []
    for name, value in sorted(params.items()):
        value = getattr(value, "data", value)
        values.append((name, tuple(value) if isinstance(value, list) else value))
    return id(statement), tuple(values)
