"""No shop reads or changes another's rows: every table, every way, on both engines.

PostgreSQL by row-level security, as the service's role and with statements that name no shop or
another one; SQLite through the transaction, which is the only door.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Table, delete, func, insert, select, update

from server.db.guard import ForEver, UnnamedShop
from server.db.rls import check_role
from server.db.schema import (
    SHOP,
    directory_tables,
    may_change,
    may_remove,
    metadata,
    shop_tables,
)
from server.db.store import Store
from server.db.types import Id
from server.failures import UnsafeRole
from tests.helpers.postgres import APP, OWNER, Addresses
from tests.helpers.shops import A, B, any_row, any_rows, fill_every_table


@pytest.fixture
def two_shops(store: Store) -> Store:
    fill_every_table(store, A)
    fill_every_table(store, B)
    return store


def _some(table: Table) -> Any:
    """A column that an update may name."""
    return next(column for column in table.c if column.name != "shop_id")


def test_a_transaction_sees_and_changes_its_own_shop_only(two_shops: Store) -> None:
    with two_shops.shop(B) as tx:
        for table in shop_tables():
            own, some = table.c.shop_id == SHOP, _some(table)
            assert {row.shop_id for row in tx.rows(select(table).where(own))} == {B}, table
            change = update(table).where(own).values({some.name: some})
            if may_change(table):
                assert tx.run(change) == 1, table
            else:
                with pytest.raises(ForEver):
                    tx.run(change)
    with two_shops.shop(B) as tx:
        for table in reversed(shop_tables()):
            removal = delete(table).where(table.c.shop_id == SHOP)
            if may_remove(table):
                assert tx.run(removal) == 1, table
            else:
                with pytest.raises(ForEver):
                    tx.run(removal)
    with two_shops.reading_shop(A) as reading:
        for table in shop_tables():
            left = reading.rows(select(table).where(table.c.shop_id == SHOP))
            assert len(left) == len(any_rows(table)), table


def test_a_statement_that_names_another_shop_or_none_does_not_run(two_shops: Store) -> None:
    with two_shops.shop(B) as tx:
        for table in shop_tables():
            for statement in _attempts(table):
                with pytest.raises(UnnamedShop):
                    tx.run(statement)
    with two_shops.directory() as directory:
        for table in shop_tables():
            for statement in [*_attempts(table), select(table).where(table.c.shop_id == SHOP)]:
                with pytest.raises(UnnamedShop):
                    directory.run(statement)
            with pytest.raises(AssertionError, match="open that shop's"):
                directory.insert_columns(table, {name: [1] for name in any_row(table)})


def _attempts(table: Table) -> list[Any]:
    some = _some(table)
    return [
        select(table),
        select(table).where(table.c.shop_id == A),
        update(table).where(table.c.shop_id == A).values({some.name: some}),
        delete(table).where(table.c.shop_id == A),
        delete(table),
        insert(table).values(shop_id=A, **any_row(table)),
    ]


def test_an_insert_goes_into_the_transactions_shop_whatever_it_says(store: Store) -> None:
    with store.shop(B) as tx:
        for table in shop_tables():
            for row in any_rows(table):
                tx.insert(table, **{**row, "shop_id": A})
            count = tx.scalar(select(func.count()).where(table.c.shop_id == SHOP))
            assert count == len(any_rows(table)), table


@pytest.fixture
def raw(postgres: Addresses) -> Iterator[psycopg.Connection]:
    """The service's role without anything of ours in between, with rows of both shops there."""
    store = Store(postgres.app)
    fill_every_table(store, A)
    fill_every_table(store, B)
    store.close()
    with psycopg.connect(postgres.app) as connection:
        yield connection


def _insert(table: Table, shop_id: bytes) -> tuple[str, list[Any]]:
    row = {"shop_id": shop_id, **any_row(table)}
    given = [
        uuid.UUID(bytes=value) if value and isinstance(table.c[name].type, Id) else value
        for name, value in row.items()
    ]
    names = ", ".join(f'"{name}"' for name in row)
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join(['%s'] * len(row))})", given


@pytest.mark.parametrize("tenant", [B, None], ids=["as another shop", "as no shop"])
def test_row_level_security_hides_a_shop(raw: psycopg.Connection, tenant: bytes | None) -> None:
    if tenant is not None:
        raw.execute(f"SET LOCAL app.shop = '{uuid.UUID(bytes=tenant)}'")
    a = uuid.UUID(bytes=A)
    for table in shop_tables():
        name, some = table.name, f'"{_some(table).name}"'
        own = 0 if tenant is None else len(any_rows(table))
        assert raw.execute(f"SELECT count(*) FROM {name}").fetchone() == (own,), name
        theirs = raw.execute(f"SELECT count(*) FROM {name} WHERE shop_id = %s", [a])
        assert theirs.fetchone() == (0,), name
        if may_change(table):
            assert raw.execute(f"UPDATE {name} SET {some} = {some}").rowcount == own, name
        if may_remove(table):
            assert raw.execute(f"DELETE FROM {name} WHERE shop_id = %s", [a]).rowcount == 0, name
        with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():
            raw.execute(*_insert(table, A))


def test_an_empty_setting_left_by_an_earlier_transaction_hides_all(
    raw: psycopg.Connection,
) -> None:
    raw.execute(f"SET LOCAL app.shop = '{uuid.UUID(bytes=A)}'")
    raw.commit()
    for table in shop_tables():
        assert raw.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (0,)


def test_the_catalogue_guards_every_table_with_a_shop_id(postgres: Addresses) -> None:
    with psycopg.connect(postgres.superuser) as connection:
        rows = connection.execute(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,"
            " pg_get_userbyid(c.relowner), count(p.polname)"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'"
            " LEFT JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE n.nspname = 'public' AND c.relkind = 'r' GROUP BY 1, 2, 3, 4"
        ).fetchall()
    assert {row[0] for row in rows} == {table.name for table in shop_tables()}
    assert {row[1:] for row in rows} == {(True, True, OWNER, 1)}
    assert len(shop_tables()) + len(directory_tables()) == len(metadata.tables)


def _judge(address: str) -> None:
    store = Store(address)
    try:
        with store.reading_directory() as tx:
            check_role(tx.connection)
    finally:
        store.close()


def test_the_services_role_may_serve(postgres: Addresses) -> None:
    _judge(postgres.app)


def test_a_superuser_and_an_owner_may_not_serve(postgres: Addresses) -> None:
    for address, why in ((postgres.superuser, "superuser"), (postgres.owner, "owner of")):
        with pytest.raises(UnsafeRole) as refused:
            _judge(address)
        assert why in refused.value.details["why"]


@pytest.mark.parametrize(
    ("change", "back", "why"),
    [
        (f"ALTER ROLE {APP} BYPASSRLS", f"ALTER ROLE {APP} NOBYPASSRLS", "BYPASSRLS"),
        (f"GRANT {OWNER} TO {APP}", f"REVOKE {OWNER} FROM {APP}", "owner of"),
        ("ALTER TABLE device DISABLE ROW LEVEL SECURITY", "SELECT 1", "device"),
    ],
)
def test_a_role_that_was_given_too_much_may_not_serve(
    postgres: Addresses, change: str, back: str, why: str
) -> None:
    with psycopg.connect(postgres.superuser, autocommit=True) as connection:
        connection.execute(change)
        try:
            with pytest.raises(UnsafeRole) as refused:
                _judge(postgres.app)
        finally:
            connection.execute(back)
    assert why in refused.value.details["why"]


def test_the_services_role_changes_no_table_and_no_revision(postgres: Addresses) -> None:
    with psycopg.connect(postgres.app, autocommit=True) as connection:
        for statement in (
            "CREATE TABLE mine (x int)",
            "DROP TABLE device",
            "ALTER TABLE device DISABLE ROW LEVEL SECURITY",
            "UPDATE alembic_version SET version_num = '9'",
            "TRUNCATE device",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
