"""An owner with an account, for the tests of signing in and of codes."""

from __future__ import annotations

import pytest

from server.accounts.people import add_user
from server.services import Services
from server.shops.adding import add_shop

EMAIL, PASSWORD = "sri@toko.id", "kopi susu gula aren"
MINUTE = 60_000


@pytest.fixture
def sri(services: Services) -> bytes:
    """The account of the owner of a shop."""
    return add_user(services, EMAIL, PASSWORD, add_shop(services, "W").id, "owner").account_id
