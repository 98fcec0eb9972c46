"""Orders on both engines."""

from __future__ import annotations

import pytest

from server.services import Services
from tests.helpers.orders import open_shop
from tests.server.web.conftest import browser, clock, sample, services, signed_in

__all__ = ["browser", "clock", "sample", "services", "shop_id", "signed_in"]


@pytest.fixture
def shop_id(services: Services) -> bytes:
    """A gerai that is open."""
    return open_shop(services)
