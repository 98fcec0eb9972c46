"""A server, hands at a counter that reaches it, and another counter of the shop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.helpers.counter import StillClock
from tests.helpers.real_server import RealServer
from tests.ui.hands import Hands
from tests.ui.sync.linked import Other, join


@pytest.fixture
def server(tmp_path: Path, clock: StillClock) -> Iterator[RealServer]:
    place = tmp_path / "server"
    place.mkdir()
    made = RealServer(place, clock.now_ms)
    yield made
    made.close()


@pytest.fixture
def linked(hands: Hands, server: RealServer) -> Iterator[Hands]:
    """Hands at a counter that reaches this server under any address."""
    hands.window.sync.connect_to = lambda _url: server.send
    yield hands
    hands.window.sync.stop()
    assert not [one for one in threading.enumerate() if one.name == "sync"]


@pytest.fixture
def other(
    linked: Hands, server: RealServer, qtbot: QtBot, tmp_path: Path, clock: StillClock
) -> Iterator[Other]:
    join(linked, server, qtbot)
    made = Other(tmp_path / "other", server, clock)
    yield made
    made.counter.close()
