"""What we ask of the schema beyond the rules of spreading it (test_shards.py)."""

from __future__ import annotations

import pytest
from sqlalchemy import CheckConstraint, Table

from server.db.schema import metadata, shop_tables

_SHOPS = [pytest.param(table, id=table.name) for table in shop_tables()]
_ALL = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]


@pytest.mark.parametrize("table", _SHOPS)
def test_every_index_and_foreign_key_begins_with_the_shop_and_stays_in_it(table: Table) -> None:
    for index in table.indexes:
        assert next(iter(index.columns)).name == "shop_id", index
    for key in table.foreign_key_constraints:
        assert key.elements[0].column.name == "shop_id", key
        assert "shop_id" in key.referred_table.c


@pytest.mark.parametrize("table", _ALL)
def test_a_value_comes_from_the_program_and_a_check_has_a_name(table: Table) -> None:
    for column in table.c:
        assert column.default is None and column.server_default is None, column
    for one in table.constraints:
        assert not isinstance(one, CheckConstraint) or one.name
