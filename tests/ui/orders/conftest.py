"""A buyer, and what the counter lets hear."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pos.counter import Counter
from pos.ui.foundation.sounds import Sound
from tests.ui.hands import Hands
from tests.ui.orders.buyer import Buyer


@pytest.fixture
def buyer(shop: Counter) -> Buyer:
    """Whoever orders from this shop."""
    return Buyer(shop)


@pytest.fixture
def heard(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Sound]]:
    """The sounds that the counter makes."""
    found: list[Sound] = []
    monkeypatch.setattr(hands.desk.sounds, "play", lambda sound: bool(found.append(sound)))
    yield found
