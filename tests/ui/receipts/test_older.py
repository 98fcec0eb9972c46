"""Receipts and accounts that are older than what lies on this counter: the window says how it
stands, fetches them without waiting, and works with them as with any."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from pos.counter import Counter
from pos.receipts.listing import receipt_view
from pos.sync.wire import Received, Wire
from pos.ui.customers.screen import CustomersPage
from pos.ui.i18n import set_language
from pos.ui.receipts.screen import ReceiptsPage
from pos.ui.reports.screen import ReportsPage
from tests.helpers.counter import StillClock
from tests.helpers.late_counter import LateCounter
from tests.helpers.real_server import offline
from tests.ui.hands import Hands

PATIENCE_MS = 15_000


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LateCounter]:
    made = LateCounter(tmp_path, StillClock(), monkeypatch)
    yield made
    made.close()


@pytest.fixture
def counter(shop: LateCounter) -> Counter:
    return shop.late


@pytest.fixture
def hands(qtbot: QtBot, shop: LateCounter, tmp_path: Path) -> Iterator[Hands]:
    made = Hands(qtbot, shop.late, tmp_path)
    made.window.sync.connect_to = lambda _url: shop.server.send
    made.window.sync.begin()
    made.window.sell()
    yield made
    made.window.sync.stop()
    for one in threading.enumerate():
        if one.name == "sync-older":
            one.join()
    made.let_go()


def receipts(hands: Hands) -> ReceiptsPage:
    page = hands.window.pages.currentWidget()
    assert isinstance(page, ReceiptsPage)
    return page


def paper(hands: Hands) -> str:
    return receipts(hands).paper.shown


def listed(hands: Hands) -> int:
    return int(hands.see(QTableView, "receipt_list").model().rowCount())


class Held:
    """A server that answers what is asked about the past only when it is let."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def __call__(self, wire: Wire, go: object) -> Received:
        assert callable(go)
        if wire.path.endswith("/sync/past"):
            assert self.go.wait(PATIENCE_MS / 1_000)
        found = go()
        assert isinstance(found, Received)
        return found


def test_a_scanned_older_receipt_is_fetched_and_given_back(
    hands: Hands, shop: LateCounter, qtbot: QtBot
) -> None:
    held = Held()
    shop.server.weather = held
    hands.scan(shop.receipts[0])
    assert listed(hands) == 0
    assert "lebih lama" in paper(hands) and "Sedang diambil" in paper(hands)
    hands.press("Enter")  # nothing is there to be given back yet
    assert hands.page == "receipts"
    held.go.set()
    qtbot.waitUntil(lambda: listed(hands) == 1, timeout=PATIENCE_MS)
    assert shop.receipts[0] in paper(hands)
    assert receipt_view(shop.late.db, shop.receipts[0]).sale.refunded == 15_000
    hands.press("Enter")
    assert hands.page == "refund_page"


def test_without_a_network_it_says_so_and_enter_tries_again(
    hands: Hands, shop: LateCounter, qtbot: QtBot
) -> None:
    shop.server.weather = offline
    hands.scan(shop.receipts[1])
    qtbot.waitUntil(lambda: "Tidak ada jaringan" in paper(hands), timeout=PATIENCE_MS)
    set_language("en")
    assert "No network: this receipt is older than what lies on this counter." in paper(hands)
    shop.server.weather = lambda wire, go: go()
    hands.press("Enter")
    qtbot.waitUntil(lambda: listed(hands) == 1, timeout=PATIENCE_MS)


def test_a_receipt_that_nobody_wrote(hands: Hands, qtbot: QtBot) -> None:
    hands.scan("K1-777777")
    qtbot.waitUntil(lambda: "tidak ada di server toko" in paper(hands), timeout=PATIENCE_MS)


def test_the_list_says_what_is_still_to_come(hands: Hands, shop: LateCounter, qtbot: QtBot) -> None:
    hands.window.show_receipt()
    note = receipts(hands).note
    assert note.isVisible() and "Riwayat lama masih diambil" in note.text()
    shop.fill(1_000)
    hands.window.sync.now()
    qtbot.waitUntil(lambda: not receipts(hands).note.isVisible(), timeout=PATIENCE_MS)
    hands.window.show_receipt()
    assert listed(hands) == 6


def test_a_customers_older_account_comes_when_it_is_looked_at(
    hands: Hands, shop: LateCounter, qtbot: QtBot
) -> None:
    hands.window.ways.customers()
    page = hands.window.pages.currentWidget()
    assert isinstance(page, CustomersPage)
    assert page.note.isVisible() and "sedang diambil" in page.note.text()
    qtbot.waitUntil(lambda: not page.note.isVisible(), timeout=PATIENCE_MS)
    sources = [page.moves.row(at).source for at in range(page.moves.count())]
    assert sources == ["repayment", "sale"]


def test_a_report_says_what_it_is_without(hands: Hands, shop: LateCounter, qtbot: QtBot) -> None:
    hands.window.ways.reports()
    page = hands.window.pages.currentWidget()
    assert isinstance(page, ReportsPage)
    page.show_view(page.sales_view)
    assert "Belum lengkap: " in page.sales_view.note.text()
    shop.fill(1_000)
    hands.window.sync.now()
    qtbot.waitUntil(lambda: not shop.late.db.rows("SELECT 1 FROM past_day"), timeout=PATIENCE_MS)
    page.sales_view.read()
    assert "Belum lengkap" not in page.sales_view.note.text()
