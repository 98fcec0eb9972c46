"""Spreading the shops over machines with Citus: the rules a table keeps, and the statements.

What Citus takes and refuses was tried with 13.2 on PostgreSQL 15 (docs/scale.md). The rules hold
for every table at all times, so that one machine can become several without changing a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, NamedTuple, cast

from sqlalchemy import (
    Column,
    Connection,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint, dialect
from sqlalchemy.schema import ColumnCollectionConstraint

from core.errors import Refused
from server.db.rls import is_distributed
from server.db.types import Id

ROOT: Final = "shop"
"""The table that is distributed first; the others lie beside it, shop by shop."""

SHARDS: Final = 64
"""Parts that the shops are spread over: the smallest thing that moves to another machine."""

REFERENCE: Final = {"place": "reference"}
"""`Table(..., info=REFERENCE)`: few rows, changed by migrations only, a copy on each machine."""

MOST_LETTERS: Final = 50
"""Of a name: PostgreSQL cuts at 63 bytes, and Citus appends the number of a shard."""

_NAMES: Final[Any] = cast(Any, dialect)().identifier_preparer

Place = Literal["distributed", "reference", "local"]


class NotShardable(Refused):
    """A table breaks a rule that Citus sets."""

    code = "not_shardable"


class NotDistributed(Refused):
    """Citus is there, but a shop's table is not spread, or the service's role not set up."""

    code = "not_distributed"


class Step(NamedTuple):
    """One statement of the plan; `table` is empty where it is about none."""

    statement: str
    table: str = ""
    place: Place | Literal[""] = ""


def place_of(table: Table) -> Place:
    """Where a table lies: spread by shop, copied to each machine, or on the coordinator alone."""
    if "shop_id" in table.c:
        return "distributed"
    return "reference" if table.info.get("place") == "reference" else "local"


def plan(metadata: MetaData, *, role: str, shards: int = SHARDS) -> list[Step]:
    """What distributes the tables, in order and in one transaction; run again it changes nothing.

    Raises:
        NotShardable: a table breaks a rule; Citus would stop in the middle.
    """
    for fault in faults(metadata):
        raise NotShardable(fault=fault)
    quoted = _NAMES.quote_identifier(role)
    return [
        Step("BEGIN"),
        # Otherwise a reference table draws every table tied to it in, and `shop` is refused.
        Step("SET LOCAL citus.enable_local_reference_table_foreign_keys = off"),
        Step(f"SET LOCAL citus.shard_count = {shards}"),
        *_statements(metadata),
        # Without it `SET LOCAL app.shop` does not reach the other machines: no rows at all.
        Step(f"ALTER ROLE {quoted} SET citus.propagate_set_commands = 'local'"),
        Step("COMMIT"),
    ]


def tables_of(metadata: MetaData, place: Place) -> list[Table]:
    """The tables of a place, parents before children, `shop` before all."""
    found = [table for table in metadata.sorted_tables if place_of(table) == place]
    return sorted(found, key=lambda table: table.name != ROOT)


def _statements(metadata: MetaData) -> Iterator[Step]:
    shops = tables_of(metadata, "distributed")
    # Under FORCE a shard never ends moving online; whom it binds, the owner, does not serve.
    for table in shops:
        force = f"ALTER TABLE {table.name} NO FORCE ROW LEVEL SECURITY"
        yield Step(force, str(table.name), "distributed")
    for table in tables_of(metadata, "reference"):
        made = _unless_done(f"create_reference_table('{table.name}')", table, "reference")
        yield Step(made, str(table.name), "reference")
    for table in shops:
        beside = "" if table.name == ROOT else f", colocate_with => '{ROOT}'"
        call = f"create_distributed_table('{table.name}', 'shop_id'{beside})"
        yield Step(_unless_done(call, table, "distributed"), str(table.name), "distributed")


# Not the view citus_tables: it asks each machine how big every part is, which takes long and never
# ends while one does not answer. This is the coordinator's own.
_DONE: Final = {
    "distributed": "partmethod = 'h'",
    "reference": "partmethod = 'n' AND repmodel = 't'",
}


def _unless_done(call: str, table: Table, kind: str) -> str:
    return (
        f"SELECT {call} WHERE NOT EXISTS (SELECT FROM pg_dist_partition"
        f" WHERE logicalrelid = '{table.name}'::regclass AND {_DONE[kind]})"
    )


def check_distribution(connection: Connection, metadata: MetaData) -> bool:
    """Whether Citus spreads the shops of this database, and all that belongs to it is done.

    Raises:
        NotDistributed: a table is not spread yet, or settings do not travel with the role.
    """
    if connection.dialect.name != "postgresql" or not is_distributed(connection):
        return False
    spread = {str(row.name) for row in connection.execute(_SPREAD)}
    missing = [table.name for table in tables_of(metadata, "distributed")]
    missing = [name for name in missing if name not in spread]
    if missing:
        raise NotDistributed(what=missing[0])
    if connection.execute(text("SHOW citus.propagate_set_commands")).scalar() != "local":
        raise NotDistributed(what="citus.propagate_set_commands")
    return True


_SPREAD = text(
    f"SELECT logicalrelid::text AS name FROM pg_dist_partition WHERE {_DONE['distributed']}"
)


def faults(metadata: MetaData) -> list[str]:
    """What keeps tables from being spread, one sentence each; empty where nothing does."""
    return [
        f"{table.name}: {fault}" for table in metadata.sorted_tables for fault in _faults_of(table)
    ]


def _faults_of(table: Table) -> Iterator[str]:
    place = place_of(table)
    if not table.primary_key.columns:
        yield "no primary key"
    yield from _faults_of_numbers(table)
    yield from _faults_of_names(table)
    yield from _faults_of_constraints(table)
    if _has_trigger(table):
        yield "a trigger"
    for key in table.foreign_key_constraints:
        yield from _faults_of_reference(key, place)
    if place == "distributed":
        yield from _faults_of_keys(table)


def _faults_of_numbers(table: Table) -> Iterator[str]:
    """Sequences: their numbers have no order across machines."""
    for column in table.c:
        made = (column.default, column.server_default)
        if (
            column.identity is not None
            or column is table.autoincrement_column
            or any(isinstance(one, Sequence) for one in made)
            or "nextval" in str(getattr(column.server_default, "arg", ""))
        ):
            yield f"{column.name} is numbered by the database"


def _faults_of_names(table: Table) -> Iterator[str]:
    names = [str(table.name), *map(_NAMES.format_index, table.indexes)]
    for one in table.constraints:
        if one.name is None:
            yield "a constraint without a name"
        else:
            names.append(_NAMES.format_constraint(one))
    for name in names:
        if len(name) > MOST_LETTERS:
            yield f"the name {name} leaves no room for a shard's number"


def _faults_of_constraints(table: Table) -> Iterator[str]:
    for one in table.constraints:
        if getattr(one, "deferrable", None) or getattr(one, "initially", None):
            yield f"{_name(one)} is deferrable"
        if isinstance(one, ExcludeConstraint):
            yield f"{_name(one)} is an exclusion constraint"


def _has_trigger(table: Table) -> bool:
    """Whether creating the table runs DDL that makes a trigger."""
    events = (*table.dispatch.before_create, *table.dispatch.after_create)
    return any("TRIGGER" in str(getattr(one, "statement", "")).upper() for one in events)


def _faults_of_reference(key: ForeignKeyConstraint, place: Place) -> Iterator[str]:
    name, there = _name(key), place_of(key.referred_table)
    if (key.ondelete or "").upper().startswith("SET "):
        yield f"{name} has ON DELETE {key.ondelete}"
    if (key.onupdate or "NO ACTION").upper() not in ("NO ACTION", "RESTRICT"):
        yield f"{name} has ON UPDATE {key.onupdate}"
    # A shop's table may name a reference table; a reference or directory table only its own kind.
    if there != place and (place, there) != ("distributed", "reference"):
        yield f"{name} leads from a {place} table to a {there} one"
    for element in key.elements:
        if type(element.parent.type) is not type(element.column.type):
            yield f"{name}: {element.parent.name} has another type than {element.column}"
    if place == there == "distributed":
        first = key.elements[0]
        if (first.parent.name, first.column.name) != ("shop_id", "shop_id"):
            yield f"{name} does not begin with shop_id"


def _faults_of_keys(table: Table) -> Iterator[str]:
    shop_id = table.c.shop_id
    if not isinstance(shop_id.type, Id):
        yield "shop_id is not an id"
    if shop_id.computed is not None:
        yield "shop_id is computed"
    keys: list[ColumnCollectionConstraint | Index] = [
        one for one in table.constraints if isinstance(one, PrimaryKeyConstraint | UniqueConstraint)
    ]
    for key in [*keys, *table.indexes]:
        if _first(key.columns) is not shop_id:
            yield f"{_name(key)} does not begin with shop_id"


def _first(columns: Iterable[Column[Any]]) -> Column[Any] | None:
    return next(iter(columns), None)


def _name(one: Any) -> str:
    return str(one.name or type(one).__name__)
