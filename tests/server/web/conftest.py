"""The owner's pages on both engines: an empty shop, and one with a week of life."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server.accounts.people import add_user
from server.db.store import Store
from server.services import Services
from server.shops.adding import add_shop
from tests.helpers.phones import Phone
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import CHEAP, NOW_MS, OWNER, PASSWORD, Clock, Sample, sample_shop


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def services(store: Store, clock: Clock) -> Services:
    return Services(store, now_ms=clock, password_cost=CHEAP)


@pytest.fixture
def sample(services: Services) -> Sample:
    return sample_shop(services)


@pytest.fixture
def empty_shop(services: Services) -> bytes:
    shop = add_shop(services, "Toko Kosong")
    add_user(services, OWNER, PASSWORD, shop.id, "owner")
    return shop.id


@pytest.fixture
def browser(services: Services) -> Browser:
    """Nobody is signed in."""
    return Browser(services)


@pytest.fixture
def signed_in(services: Services) -> Callable[..., Browser]:
    """Sign somebody in, in a browser of their own."""

    def sign_in(email: str = OWNER, *, language: str = "id", phone: Phone | None = None) -> Browser:
        made = Browser(services, language=language)
        code = {"kode": phone.code(services.now_ms())} if phone else {}
        assert made.sign_in(email, **code).status_code == 303
        return made

    return sign_in
