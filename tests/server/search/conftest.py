"""Gerai on both engines, with an index that follows when a test says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server.search.asking import Asked
from server.search.finding import Finder, FoundPage
from server.search.following import follow_all
from server.services import Services
from tests.server.web.conftest import browser, clock, empty_shop, sample, services, signed_in

__all__ = ["browser", "clock", "empty_shop", "sample", "services", "signed_in"]
Search = Callable[..., FoundPage]


@pytest.fixture
def search(services: Services) -> Search:
    """Let the index follow, then look."""
    finder = Finder(services)

    def look(text: str = "", after: object = None, **asked: object) -> FoundPage:
        follow_all(services)
        return finder.find(Asked(text, **asked), after)  # type: ignore[arg-type]

    return look
