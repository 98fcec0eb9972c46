"""Everybody reads the index, and a shop writes its own rows alone, on both engines."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from sqlalchemy import Table, delete, insert, select, update

from server.db.guard import UnnamedShop
from server.db.schema import SHOP
from server.db.schema.search import search_gerai, search_product
from server.db.store import Store
from tests.helpers.postgres import Addresses
from tests.helpers.shops import A, B, any_row

TABLES = (search_gerai, search_product)


def row_of(table: Table) -> dict[str, Any]:
    return {name: value for name, value in any_row(table).items() if name != "owner"}


@pytest.fixture
def both(store: Store) -> Store:
    for shop_id in (A, B):
        with store.shop(shop_id) as tx:
            for table in TABLES:
                tx.insert(table, **row_of(table))
    return store


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_everybody_reads_and_only_the_owner_writes(both: Store, table: Table) -> None:
    some = update(table).values(title="x" if "title" in table.c else None)
    if "title" not in table.c:
        some = update(table).values(price=7)
    with both.shop(B) as tx:
        assert {one.owner for one in tx.rows(select(table))} == {A, B}
        for statement in (
            some,
            some.where(table.c.owner == A),
            delete(table),
            delete(table).where(table.c.owner == A),
            insert(table).values(owner=A, **row_of(table)),
            update(table).where(table.c.owner == SHOP).values(owner=A),
        ):
            with pytest.raises(UnnamedShop):
                tx.run(statement)
        assert tx.run(some.where(table.c.owner == SHOP)) == 1
        assert tx.run(delete(table).where(table.c.owner == SHOP)) == 1
    with both.directory() as directory:
        assert {one.owner for one in directory.rows(select(table))} == {A}
        for statement in (delete(table), insert(table).values(owner=A, **row_of(table))):
            with pytest.raises(UnnamedShop):
                directory.run(statement)


@pytest.mark.parametrize("tenant", [B, None], ids=["as another shop", "as no shop"])
def test_row_level_security_keeps_others_rows(postgres: Addresses, tenant: bytes | None) -> None:
    store = Store(postgres.app)
    with store.shop(A) as tx:
        for table in TABLES:
            tx.insert(table, **row_of(table))
    store.close()
    with psycopg.connect(postgres.app) as raw:
        if tenant is not None:
            raw.execute(f"SET LOCAL app.shop = '{uuid.UUID(bytes=tenant)}'")
        for table in TABLES:
            name = table.name
            assert raw.execute(f"SELECT count(*) FROM {name}").fetchone() == (1,)
            assert raw.execute(f"UPDATE {name} SET district = 'x'").rowcount == 0
            assert raw.execute(f"DELETE FROM {name}").rowcount == 0
            with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():
                raw.execute(
                    f"INSERT INTO {name} SELECT (jsonb_populate_record(NULL::{name},"
                    f" to_jsonb(t) || jsonb_build_object('owner', %s::text))).* FROM {name} t",
                    [str(uuid.uuid4())],
                )
