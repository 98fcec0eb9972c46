"""The rules that let the schema be spread over machines, read from the metadata."""

from __future__ import annotations

import pytest
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import dialect

from server.db.schema import directory_tables, metadata, shop_tables
from server.db.types import Id

_SHOPS = [pytest.param(table, id=table.name) for table in shop_tables()]
_ALL = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]


@pytest.mark.parametrize("table", _SHOPS)
def test_shop_id_comes_first_in_every_key(table: Table) -> None:
    assert isinstance(table.c.shop_id.type, Id)
    assert table.c.shop_id.computed is None
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint | ForeignKeyConstraint):
            assert next(iter(constraint.columns)).name == "shop_id", constraint
    for index in table.indexes:
        assert next(iter(index.columns)).name == "shop_id", index


@pytest.mark.parametrize("table", _SHOPS)
def test_a_foreign_key_stays_in_the_shop(table: Table) -> None:
    for key in table.foreign_key_constraints:
        assert key.elements[0].column.name == "shop_id", key
        assert "shop_id" in key.referred_table.c


@pytest.mark.parametrize("table", _ALL)
def test_nothing_that_a_distributed_engine_refuses(table: Table) -> None:
    assert table.primary_key.columns
    for constraint in table.constraints:
        assert not constraint.deferrable and not constraint.initially, constraint
        if isinstance(constraint, ForeignKeyConstraint):
            assert constraint.ondelete in (None, "CASCADE", "RESTRICT"), constraint
            assert constraint.onupdate is None, constraint
    for column in table.c:
        assert column.identity is None and column.autoincrement in (False, "auto"), column
        assert column.default is None and column.server_default is None, column


@pytest.mark.parametrize("table", _ALL)
def test_names_are_given_and_leave_room_for_a_shards_number(table: Table) -> None:
    prepared = dialect().identifier_preparer
    names = [prepared.format_constraint(one) for one in table.constraints]
    names += [prepared.format_index(one) for one in table.indexes]
    for name in [table.name, *names]:
        assert name and len(name) <= 50, name
    for one in table.constraints:
        assert not isinstance(one, CheckConstraint) or one.name


def test_the_directory_and_the_shops_do_not_refer_to_each_other() -> None:
    directory = set(directory_tables())
    for table in directory:
        assert {key.referred_table for key in table.foreign_key_constraints} <= directory
