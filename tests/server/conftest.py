"""Databases for the server's tests: every test that takes `store` runs on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.db.migrate import migrate
from server.db.store import Store
from server.services import PasswordCost, Services
from tests.helpers.compiled import all_shared
from tests.helpers.memory_store import ready_file
from tests.helpers.postgres import Addresses, Cluster, running_cluster
from tests.helpers.statements import watched

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session", autouse=True)
def _compile_once() -> Iterator[None]:
    with all_shared():
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL, one for each worker of the run."""
    with running_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """A migrated database that others are copied from."""
    addresses = cluster.create()
    migrate(addresses.owner)
    return addresses.owner.partition("@/")[2].partition("?")[0]


@pytest.fixture
def empty_postgres(cluster: Cluster) -> Iterator[Addresses]:
    """A database of PostgreSQL without tables."""
    addresses = cluster.create()
    yield addresses
    cluster.drop(addresses)


@pytest.fixture
def postgres(cluster: Cluster, template: str) -> Iterator[Addresses]:
    """A migrated database of PostgreSQL."""
    addresses = cluster.create(template)
    yield addresses
    cluster.drop(addresses)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return str(request.param)


@pytest.fixture
def empty_address(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The owner's address of a database without tables."""
    if engine_name == "sqlite":
        return f"sqlite:///{tmp_path / 'server.db'}"
    addresses: Addresses = request.getfixturevalue("empty_postgres")
    return addresses.owner


@pytest.fixture
def address(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The service's address of a migrated database."""
    if engine_name == "sqlite":
        place = f"sqlite:///{tmp_path / 'server.db'}"
        ready_file(place)
        return place
    addresses: Addresses = request.getfixturevalue("postgres")
    return addresses.app


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """A migrated database, opened as the service does; every statement on it is judged."""
    opened = Store(address)
    with watched(opened.engine):
        yield opened
    opened.close()


class Clock:
    """A clock that stands until it is moved. UTC milliseconds."""

    def __init__(self) -> None:
        self.now_ms = 1_790_000_000_000

    def __call__(self) -> int:
        return self.now_ms

    def pass_ms(self, length_ms: int) -> None:
        """Move it on."""
        self.now_ms += length_ms


@pytest.fixture
def clock() -> Clock:
    """A clock of the test's own."""
    return Clock()


@pytest.fixture
def services(store: Store, clock: Clock) -> Services:
    """What commands work with; passwords are hashed as cheaply as argon2 allows."""
    return Services(store, now_ms=clock, password_cost=PasswordCost(1, 8, 1))
