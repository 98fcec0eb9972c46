"""A counter under hands that belongs to a shop at a server, and another one of the same shop."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from pos.counter import Counter
from pos.sync.enrolment import enrol
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.state import sync_state
from pos.ui.sync.page import SyncPage
from tests.helpers.counter import StillClock, make_shop
from tests.helpers.real_server import RealServer
from tests.ui.hands import Hands

URL = "http://huyula.contoh"
PATIENCE_MS = 15_000


def page_of(hands: Hands) -> SyncPage:
    page = hands.window.pages.currentWidget()
    assert isinstance(page, SyncPage)
    return page


def open_page(hands: Hands) -> SyncPage:
    hands.press("F10", "Alt+S")
    return page_of(hands)


def bar(hands: Hands) -> str:
    """What the status bar says of sync, "" for nothing."""
    part = hands.window.status._parts.get("sync")
    return part.label.text() if part is not None else ""


def in_step(hands: Hands) -> bool:
    state = sync_state(hands.counter.db)
    return bool(state.contact_ms) and not state.waiting and not state.error


def join(hands: Hands, server: RealServer, qtbot: QtBot) -> SyncPage:
    page = open_page(hands)
    page.form.address.setText(URL)
    page.form.code.setText(server.code())
    page.form.join.click()
    qtbot.waitUntil(lambda: in_step(hands), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: bar(hands) == "Tersinkron", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "di server" in page.headline.text(), timeout=PATIENCE_MS)
    return page


class Other:
    """Another counter of the shop, whose changes arrive by the feed."""

    def __init__(self, place: Path, server: RealServer, clock: StillClock) -> None:
        self.server = server
        self.counter: Counter = make_shop(place, clock)
        enrol(self.counter, URL, server.code(), server.send)
        self.sync()

    def sync(self) -> None:
        found = server_of(self.counter.db)
        assert found is not None
        sync_once(self.counter, found, self.server.send)
