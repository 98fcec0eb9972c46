from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from server.db import migrate as migrating
from server.db.migrate import HEAD_REVISION, check_revision, migrate
from server.db.schema import metadata
from server.db.url import parse_address
from server.failures import (
    DatabaseUnreachable,
    ForeignDatabase,
    NewerDatabase,
    NoRole,
    NotMigrated,
    NotUnicode,
)
from tests.helpers.postgres import Addresses, Cluster


def _ask(address: str, sql: str) -> list[tuple[object, ...]]:
    engine = create_engine(parse_address(address))
    with engine.begin() as connection:
        found = connection.execute(text(sql))
        rows = [tuple(row) for row in found] if found.returns_rows else []
    engine.dispose()
    return rows


def test_an_empty_database_gets_every_table_and_a_second_time_nothing(empty_address: str) -> None:
    assert migrate(empty_address) == ""
    assert migrate(empty_address) == HEAD_REVISION
    for table in metadata.tables:
        assert _ask(empty_address, f"SELECT * FROM {table}") == []


def test_what_the_migrations_make_is_what_the_program_believes(empty_address: str) -> None:
    migrate(empty_address)
    engine = create_engine(parse_address(empty_address))
    with engine.connect() as connection:
        name = connection.dialect.name

        def is_of_engine(one: Any, *_: object) -> bool:
            return str(one.info.get("engine", name)) == name

        opts = {"compare_type": True, "include_object": is_of_engine}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_constraints_have_the_names_that_the_program_gives_them(postgres: Addresses) -> None:
    found = _ask(
        postgres.owner,
        "SELECT conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace"
        " WHERE nspname = 'public' AND contype IN ('p', 'f', 'u', 'c')"
        " AND conname NOT LIKE 'alembic%'",
    )
    engine = create_engine("postgresql+psycopg://")
    prepared = engine.dialect.identifier_preparer
    expected = {
        prepared.format_constraint(constraint)
        for table in metadata.tables.values()
        for constraint in table.constraints
    }
    assert {str(name) for (name,) in found} == expected


def test_the_head_that_the_program_names_is_alembics() -> None:
    scripts = ScriptDirectory(str(migrating._MIGRATIONS))
    assert scripts.get_current_head() == HEAD_REVISION


def test_a_newer_database_is_refused_and_left_alone(empty_address: str) -> None:
    migrate(empty_address)
    _ask(empty_address, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase):
        migrate(empty_address)
    assert _ask(empty_address, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_tables_of_somebody_else_are_left_alone(empty_address: str) -> None:
    _ask(empty_address, "CREATE TABLE theirs (x INTEGER)")
    with pytest.raises(ForeignDatabase):
        migrate(empty_address)


def test_serving_asks_for_the_migration(empty_address: str) -> None:
    engine = create_engine(parse_address(empty_address))
    with engine.connect() as connection, pytest.raises(NotMigrated):
        check_revision(connection)
    engine.dispose()


def test_a_migration_that_fails_leaves_nothing_behind(
    empty_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_connection: object, _tables: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("server.db.rls.secure", broken)
    with pytest.raises(RuntimeError):
        migrate(empty_address)
    monkeypatch.undo()
    assert migrate(empty_address) == ""


def test_a_role_that_is_missing_is_named(empty_postgres: Addresses) -> None:
    with pytest.raises(NoRole) as refused:
        migrate(empty_postgres.owner, role="nobody_made_me")
    assert refused.value.details["role"] == "nobody_made_me"


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_of_another_encoding_is_refused_in_words(
    cluster: Cluster, encoding: str
) -> None:
    # What `initdb` makes on a machine that has no locale.
    addresses = cluster.create("template0", form=f"ENCODING '{encoding}' LOCALE 'C'")
    try:
        with pytest.raises(NotUnicode) as refused:
            migrate(addresses.owner)
        assert refused.value.details["encoding"] == encoding
    finally:
        cluster.drop(addresses)


def test_a_file_in_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b" / "server.db"
    migrate(f"sqlite:///{place}")
    assert place.stat().st_mode & 0o077 == 0


def test_a_place_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "file" / "server.db", Path("/proc/nowhere/server.db")):
        with pytest.raises(DatabaseUnreachable):
            migrate(f"sqlite:///{place}")
