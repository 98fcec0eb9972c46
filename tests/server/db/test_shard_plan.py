"""The plan that spreads the shops runs in an order that Citus takes, and a second time.

It runs on PostgreSQL against functions that refuse what Citus refused when it was tried: a child
before its parent, a table twice, row-level security forced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from server.app.opening import open_store
from server.cli.main import main
from server.config import Config
from server.db import schema
from server.db.schema import catalog
from server.db.sharding import NotDistributed, check_distribution, plan, tables_of
from server.db.store import Store
from tests.helpers.postgres import APP, Addresses
from tests.helpers.shops import A

# What Citus does when it is asked, as far as order and repetition go. Its view citus_tables is not
# here: it asks each machine, and what starts while one does not answer must not wait for it.
_LIKE_CITUS = """
CREATE TABLE told (place serial, name regclass, beside text);
CREATE VIEW pg_dist_partition AS SELECT name AS logicalrelid,
    CASE beside WHEN 'everywhere' THEN 'n' ELSE 'h' END AS partmethod,
    CASE beside WHEN 'everywhere' THEN 't' ELSE 's' END AS repmodel
    FROM told;
CREATE FUNCTION put(t regclass, beside text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE parent regclass;
BEGIN
    IF EXISTS (SELECT FROM told WHERE name = t) THEN
        RAISE 'table % is already distributed', t;
    END IF;
    SELECT confrelid INTO parent FROM pg_constraint c WHERE conrelid = t AND contype = 'f'
        AND confrelid <> t AND NOT EXISTS (SELECT FROM told WHERE name = confrelid);
    IF parent IS NOT NULL THEN
        RAISE 'referenced table % must be a distributed table or a reference table', parent;
    END IF;
    IF EXISTS (SELECT FROM pg_class WHERE oid = t AND relforcerowsecurity) THEN
        RAISE 'row-level security is forced on %', t;
    END IF;
    INSERT INTO told (name, beside) VALUES (t, beside);
END $$;
CREATE FUNCTION create_reference_table(t regclass) RETURNS void LANGUAGE sql
    AS $$ SELECT put(t, 'everywhere') $$;
CREATE FUNCTION create_distributed_table(t regclass, c text, colocate_with text DEFAULT 'alone')
    RETURNS void LANGUAGE sql AS $$ SELECT put(t, colocate_with) $$;
"""


@pytest.fixture
def like_citus(postgres: Addresses) -> Iterator[psycopg.Connection]:
    """A migrated database, as superuser, in which Citus seems to be."""
    with psycopg.connect(postgres.superuser, autocommit=True) as connection:
        connection.execute(_LIKE_CITUS)
        connection.execute(f"GRANT SELECT ON pg_dist_partition TO {APP}")
        yield connection
        connection.execute(f"ALTER ROLE {APP} RESET ALL")


def _printed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main([*words]) == code
    return capsys.readouterr().out


def test_what_is_printed_runs_in_an_order_that_citus_takes_and_twice(
    like_citus: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    script = _printed(capsys, "shard-plan")
    for _ in range(2):
        like_citus.execute(script)
        told = like_citus.execute("SELECT name::text, beside FROM told ORDER BY place").fetchall()
        assert [name for name, _ in told] == [
            table.name for table in tables_of(schema.metadata, "distributed")
        ]
        assert [beside for _, beside in told] == ["alone"] + ["shop"] * (len(told) - 1)
    settings = like_citus.execute("SELECT rolconfig FROM pg_roles WHERE rolname = %s", [APP])
    assert settings.fetchone() == (["citus.propagate_set_commands=local"],)
    forced = like_citus.execute("SELECT count(*) FROM pg_class WHERE relforcerowsecurity")
    assert forced.fetchone() == (0,)


def test_a_child_before_its_parent_would_be_noticed(like_citus: psycopg.Connection) -> None:
    steps = plan(schema.metadata, role=APP)
    first = next(one for one in steps if one.statement.startswith("SELECT create_"))
    with pytest.raises(psycopg.errors.RaiseException, match="must be a distributed table"):
        for step in steps:
            if step is not first:
                like_citus.execute(step.statement)
    like_citus.execute("ROLLBACK")


def test_one_statement_an_object_says_where_each_table_lies(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = [json.loads(line) for line in _printed(capsys, "--json", "shard-plan").splitlines()]
    places = {one["table"]: one["place"] for one in said if one["table"]}
    assert places == {
        **{table.name: "local" for table in schema.directory_tables()},
        **{table.name: "distributed" for table in schema.shop_tables()},
    }
    statements = [one["statement"] for one in said if one["statement"]]
    assert statements == [one.statement for one in plan(schema.metadata, role=APP)]


def test_the_page_about_it_counts_the_tables_right() -> None:
    page = Path(__file__).parents[3] / "docs" / "scale.md"
    counted = re.findall(r"^\| with `shop_id`, all (\d+) \|", page.read_text("utf-8"), re.MULTILINE)
    assert counted == [str(len(schema.shop_tables()))]


def test_words_are_in_the_language_and_the_role_in_the_settings(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "tetap di koordinator" in _printed(capsys, "shard-plan").lower()
    monkeypatch.setenv("HUYULA_LANG", "en")
    monkeypatch.setenv("HUYULA_DB_ROLE", "till")
    said = _printed(capsys, "shard-plan", "--shards", "128")
    assert "Stay on the coordinator alone: account" in said
    assert 'ALTER ROLE "till" SET' in said and "citus.shard_count = 128;" in said
    assert all(line.startswith("-- ") or line.endswith(";") for line in said.splitlines())


@pytest.mark.parametrize("number", ["0", "1025", "many"])
def test_a_number_of_shards_that_cannot_be(capsys: pytest.CaptureFixture[str], number: str) -> None:
    said = _printed(capsys, "--json", "shard-plan", "--shards", number, code=2)
    assert json.loads(said)["error"] == "usage"


def test_without_citus_nothing_is_asked_of_it(store: Store) -> None:
    with store.reading_directory() as tx:
        assert check_distribution(tx.connection, schema.metadata) is False


def test_on_citus_serving_waits_for_the_plan(
    postgres: Addresses,
    like_citus: psycopg.Connection,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.db.sharding.is_distributed", lambda _connection: True)
    assert _missing(postgres) == "shop"
    like_citus.execute(_printed(capsys, "shard-plan"))
    assert _missing(postgres) == ""
    like_citus.execute("DELETE FROM told WHERE name = 'sale'::regclass")
    assert _missing(postgres) == "sale"
    like_citus.execute("INSERT INTO told (name, beside) VALUES ('sale', 'shop')")
    like_citus.execute(f"ALTER ROLE {APP} SET citus.propagate_set_commands = 'none'")
    assert _missing(postgres) == "citus.propagate_set_commands"


def _missing(addresses: Addresses) -> str:
    try:
        open_store(Config(db=addresses.app)).close()
    except NotDistributed as refused:
        return str(refused.details["what"])
    return ""


@pytest.mark.parametrize("distributed", [False, True])
def test_rows_from_arrays_are_asked_back_where_citus_refuses_it_otherwise(
    postgres: Addresses, distributed: bool
) -> None:
    store = Store(postgres.app)
    store.engine.update_execution_options(distributed=distributed)
    said: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    imports: dict[str, Any] = {"import_id": [b"a", b"b"], "n": [1, 2]}
    try:
        with store.shop(A) as tx:
            assert tx.insert_columns(catalog.catalog_import, imports) == 2
            assert tx.insert_columns(catalog.catalog_import, imports, on_conflict="nothing") == 0
        assert [sql.endswith(" RETURNING 1") for sql in said] == [distributed, False]
        with pytest.raises(IntegrityError), store.shop(A) as tx:
            tx.insert_columns(catalog.catalog_import, imports)
    finally:
        store.close()
