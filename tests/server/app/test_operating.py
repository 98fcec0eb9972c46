from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from server.app import operating
from server.app.application import assemble
from server.app.opening import open_store
from server.config import Config
from server.db.store import Store
from server.failures import DatabaseUnreachable, NewerDatabase, NotMigrated, UnsafeRole
from server.services import Services
from tests.helpers.asgi import ask
from tests.helpers.postgres import Addresses


@pytest.fixture
def app(services: Services) -> Any:
    return assemble(services, Config())


def test_alive_and_ready(app: Any) -> None:
    assert ask(app, "GET", "/healthz").json() == {"status": "ok"}
    assert ask(app, "GET", "/readyz").json() == {"status": "ok", "revision": "0001"}


def test_not_ready_once_the_database_is_another(empty_address: str) -> None:
    from server.db.migrate import migrate

    migrate(empty_address)
    store = Store(empty_address)
    app = assemble(Services(store), Config())
    for revision, error in (("0000", "not_migrated"), ("9999", "newer_database")):
        with store.directory() as tx:
            tx.connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
        done = ask(app, "GET", "/readyz")
        assert (done.status_code, done.json()["error"]) == (503, error)
    assert ask(app, "GET", "/healthz").status_code == 200
    store.close()


def test_not_ready_while_the_database_is_away() -> None:
    app = assemble(Services(Store("postgresql://nobody@127.0.0.1:1/none")), Config())
    done = ask(app, "GET", "/readyz")
    assert (done.status_code, done.json()["error"]) == (503, "database_unreachable")
    assert ask(app, "GET", "/healthz").status_code == 200


def test_the_description_is_made_once_and_when_somebody_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []
    monkeypatch.setattr(operating, "describe", lambda *given: {"made": made.append(1)})
    app = assemble(Services(Store("sqlite://")), Config())
    assert not made
    for _ in range(2):
        assert ask(app, "GET", "/openapi.json").json() == {"made": None}
    assert made == [1]


def test_not_ready_while_stopping(services: Services) -> None:
    stopping = threading.Event()
    app = assemble(services, Config(), stopping=stopping)
    stopping.set()
    assert ask(app, "GET", "/readyz").json()["error"] == "stopping"


def test_sqlite_is_made_ready_by_whoever_opens_it(tmp_path: Any) -> None:
    store = open_store(Config(db=f"sqlite:///{tmp_path}/new/server.db"))
    try:
        assert store.shop_ids() == []
    finally:
        store.close()


def test_postgresql_asks_for_the_migration_first(empty_postgres: Addresses) -> None:
    with pytest.raises(NotMigrated):
        open_store(Config(db=empty_postgres.app))


def test_what_may_not_be_served_from(postgres: Addresses) -> None:
    open_store(Config(db=postgres.app)).close()
    for address in (postgres.owner, postgres.superuser):
        with pytest.raises(UnsafeRole):
            open_store(Config(db=address))
    with psycopg.connect(postgres.superuser) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase):
        open_store(Config(db=postgres.app))
    with pytest.raises(DatabaseUnreachable):
        open_store(Config(db=postgres.app.replace("@/t", "@/no_such_database_")))
