"""Every table can be spread over machines: rules read off the metadata, and proved able to fail
by small wrong tables.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Computed,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from server.db import schema
from server.db.schema import base
from server.db.sharding import (
    REFERENCE,
    NotShardable,
    faults,
    plan,
    tables_of,
)
from server.db.types import Id
from tests.helpers.postgres import APP, Addresses


def test_no_table_of_ours_breaks_a_rule() -> None:
    assert faults(schema.metadata) == []
    assert {table.name for table in tables_of(schema.metadata, "distributed")} == {
        table.name for table in schema.shop_tables()
    }


def _metadata() -> MetaData:
    """A shop, a table of the directory and a reference table, all as they should be."""
    made = MetaData(naming_convention=base.metadata.naming_convention)
    Table("shop", made, Column("shop_id", Id, primary_key=True))
    Table("known", made, Column("place", Id, primary_key=True))
    Table("unit", made, Column("unit_id", Id, primary_key=True), info=REFERENCE)
    return made


def _goods(*items: object, **options: object) -> Callable[[MetaData], Table]:
    def add(made: MetaData) -> Table:
        own = (Column("shop_id", Id, primary_key=True), Column("id", Id, primary_key=True))
        return Table("goods", made, *own, *items, **options)  # type: ignore[arg-type]

    return add


def _key(*columns: str, to: str, **options: object) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(list(columns), to.split(), **options)  # type: ignore[arg-type]


def _with_trigger(made: MetaData) -> None:
    table = _goods()(made)
    event.listen(table, "after_create", DDL("CREATE TRIGGER t AFTER INSERT ON goods ..."))


def _known_that_names_a_shop(made: MetaData) -> None:
    Table(
        "known_too",
        made,
        Column("place", Id, primary_key=True),
        ForeignKeyConstraint(["place"], ["shop.shop_id"]),
    )


def _unit_that_names_a_shop(made: MetaData) -> None:
    Table(
        "unit_too",
        made,
        Column("place", Id, primary_key=True),
        ForeignKeyConstraint(["place"], ["shop.shop_id"]),
        info=REFERENCE,
    )


def _other() -> Column[bytes]:
    return Column("other", Id)


WRONG: dict[str, tuple[Callable[[MetaData], object], str]] = {
    "primary key without the shop": (
        lambda made: Table(
            "goods", made, Column("shop_id", Id), Column("id", Id, primary_key=True)
        ),
        "pk_goods does not begin with shop_id",
    ),
    "primary key with the shop last": (
        lambda made: Table(
            "goods",
            made,
            Column("id", Id, primary_key=True),
            Column("shop_id", Id, primary_key=True),
        ),
        "pk_goods does not begin with shop_id",
    ),
    "no primary key": (
        lambda made: Table("goods", made, Column("shop_id", Id)),
        "no primary key",
    ),
    "the shop as another type": (
        lambda made: Table("goods", made, Column("shop_id", Text, primary_key=True)),
        "shop_id is not an id",
    ),
    "the shop computed": (
        lambda made: Table(
            "goods", made, Column("shop_id", Id, Computed("id"), primary_key=True), Column("id", Id)
        ),
        "shop_id is computed",
    ),
    "unique without the shop": (
        _goods(Column("code", Text), UniqueConstraint("code")),
        "uq_goods_code does not begin with shop_id",
    ),
    "unique index without the shop": (
        _goods(Column("code", Text), Index(None, "code", unique=True)),
        "ix_goods_code does not begin with shop_id",
    ),
    "foreign key without the shop": (
        _goods(_other(), _key("other", to="shop.shop_id")),
        "fk_goods_shop does not begin with shop_id",
    ),
    "foreign key of another type": (
        _goods(Column("n", Integer), _key("n", to="unit.unit_id")),
        "n has another type than unit.unit_id",
    ),
    "foreign key into the directory": (
        _goods(_key("shop_id", to="known.place")),
        "fk_goods_known leads from a distributed table to a local one",
    ),
    "foreign key out of the directory": (
        _known_that_names_a_shop,
        "fk_known_too_shop leads from a local table to a distributed one",
    ),
    "foreign key from a reference table to a shop": (
        _unit_that_names_a_shop,
        "fk_unit_too_shop leads from a reference table to a distributed one",
    ),
    "set null": (
        _goods(_key("shop_id", to="shop.shop_id", ondelete="SET NULL")),
        "fk_goods_shop has ON DELETE SET NULL",
    ),
    "set null of a column": (
        _goods(_key("shop_id", to="shop.shop_id", ondelete="SET NULL (id)")),
        "fk_goods_shop has ON DELETE SET NULL (id)",
    ),
    "update cascade": (
        _goods(_key("shop_id", to="shop.shop_id", onupdate="CASCADE")),
        "fk_goods_shop has ON UPDATE CASCADE",
    ),
    "deferrable": (
        _goods(_key("shop_id", to="shop.shop_id", deferrable=True)),
        "fk_goods_shop is deferrable",
    ),
    "deferred unique": (
        _goods(Column("n", Integer), UniqueConstraint("shop_id", "n", initially="DEFERRED")),
        "uq_goods_shop_id_n is deferrable",
    ),
    "exclusion": (
        _goods(ExcludeConstraint(("shop_id", "="), ("id", "="), name="ex_goods")),
        "ex_goods is an exclusion constraint",
    ),
    "serial": (
        lambda made: Table("list", made, Column("id", BigInteger, primary_key=True)),
        "id is numbered by the database",
    ),
    "identity": (_goods(Column("n", BigInteger, Identity())), "n is numbered by the database"),
    "sequence": (
        _goods(Column("n", BigInteger, Sequence("numbers"))),
        "n is numbered by the database",
    ),
    "next value as text": (
        _goods(Column("n", BigInteger, server_default=text("nextval('numbers')"))),
        "n is numbered by the database",
    ),
    "trigger": (_with_trigger, "a trigger"),
    "long name": (
        _goods(Column("n", Integer), Index("ix_" + "goods" * 10, "shop_id", "n")),
        "leaves no room",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_table_is_named(name: str) -> None:
    add, expected = WRONG[name]
    made = _metadata()
    assert faults(made) == []
    add(made)
    found = faults(made)
    assert any(expected in one for one in found), found
    with pytest.raises(NotShardable):
        plan(made, role=APP)


def test_a_constraint_without_a_name_is_found() -> None:
    made = MetaData()
    columns = (Column("shop_id", Id, primary_key=True), Column("code", Text))
    Table("goods", made, *columns, UniqueConstraint("shop_id", "code"))
    assert "goods: a constraint without a name" in faults(made)


RIGHT: dict[str, Callable[[MetaData], object]] = {
    "to itself with the shop": _goods(
        _other(), _key("shop_id", "other", to="goods.shop_id goods.id", ondelete="CASCADE")
    ),
    "to a reference table": _goods(_other(), _key("other", to="unit.unit_id")),
    "unique in the shop": _goods(Column("code", Text), UniqueConstraint("shop_id", "code")),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_citus_takes_is_let_through(name: str) -> None:
    made = _metadata()
    RIGHT[name](made)
    assert faults(made) == []


def test_a_reference_table_comes_before_the_shops() -> None:
    made = _metadata()
    _goods(_other(), _key("other", to="unit.unit_id"))(made)
    named = [step.table for step in plan(made, role=APP) if "SELECT create_" in step.statement]
    assert named == ["unit", "shop", "goods"]


def test_the_role_is_quoted_and_the_shards_are_counted() -> None:
    said = [step.statement for step in plan(_metadata(), role='a"b', shards=7)]
    assert 'ALTER ROLE "a""b" SET citus.propagate_set_commands = \'local\'' in said
    assert "SET LOCAL citus.shard_count = 7" in said


def test_what_a_migrated_database_holds_beyond_the_metadata(postgres: Addresses) -> None:
    """Migrations could make by hand what the metadata does not show."""
    with psycopg.connect(postgres.superuser) as connection:
        for query in (
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 2200",
            "SELECT conname FROM pg_constraint WHERE contype = 'x' OR condeferrable"
            " OR confupdtype = 'c' OR confdeltype IN ('n', 'd')",
            "SELECT inhrelid::regclass::text FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
            " WHERE relkind = 'r' AND relnamespace = 2200",
        ):
            assert connection.execute(query).fetchall() == [], query
