"""A shop with one counter whose sales a test writes."""

from __future__ import annotations

import pytest

from server.db.store import Store
from server.devices.pairing import make_code
from server.services import Services
from server.shops.adding import add_shop
from server.sync.enrolling import enrol
from server.sync.keys import ServerKey
from tests.helpers.sync_client import Counter
from tests.helpers.web_shop import CHEAP, NOW_MS, Till


@pytest.fixture
def services(store: Store) -> Services:
    return Services(store, now_ms=lambda: NOW_MS, password_cost=CHEAP)


@pytest.fixture
def shop_id(services: Services) -> bytes:
    return add_shop(services, "Toko").id


@pytest.fixture
def till(services: Services, shop_id: bytes) -> Till:
    return joined(services, shop_id, "K1")


@pytest.fixture
def second_till(services: Services, shop_id: bytes) -> Till:
    return joined(services, shop_id, "K2")


def joined(services: Services, shop_id: bytes, register: str) -> Till:
    """A counter of the shop that prints this code."""
    counter = Counter(register)
    request = counter.enrol(make_code(services, shop_id).code)
    enrol(services, ServerKey(services).public, request, address="here")
    return Till(counter, b"")
