"""A gateway to pay through, and shops that are paid."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.db.store import Store
from server.sealed import Vault
from server.services import PasswordCost, Services
from tests.helpers.paid_orders import PaidShop
from tests.helpers.sandbox import Sandbox, now_ms, sandbox_running
from tests.server.conftest import Clock


@pytest.fixture(scope="session")
def one_sandbox() -> Iterator[Sandbox]:
    """A gateway for all tests of a run: each takes order keys of its own."""
    with sandbox_running() as running:
        yield running


@pytest.fixture
def sandbox(one_sandbox: Sandbox) -> Sandbox:
    """The gateway without faults."""
    one_sandbox.wish()
    return one_sandbox


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at the gateway's time until it is moved."""
    made = Clock()
    made.now_ms = now_ms()
    return made


@pytest.fixture
def services(store: Store, clock: Clock) -> Services:
    """What commands work with, with a key to seal with."""
    vault = Vault([bytes(range(32))])
    return Services(store, now_ms=clock, password_cost=PasswordCost(1, 8, 1), vault=vault)


@pytest.fixture
def paid(services: Services, sandbox: Sandbox) -> PaidShop:
    """A shop whose orders are paid."""
    return PaidShop(services, sandbox)
