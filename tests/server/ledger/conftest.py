"""Books to write in."""

from __future__ import annotations

import pytest

from server.services import Services
from tests.helpers.books import Books


@pytest.fixture
def books(services: Services) -> Books:
    """A shop with open accounts, on each engine."""
    return Books(services)
