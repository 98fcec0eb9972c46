"""Joining a shop by keyboard, scanner and touch; how it stands; news of other counters shown."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from core.sync.codes import show_code
from pos.backup.age import note_backup
from pos.catalog.goods import by_barcode
from pos.catalog.products import change_product, product_record
from pos.counter import Counter
from pos.customers.people import add_customer
from pos.selling.carts import park, parked
from pos.shifts.drawer import start_shift
from pos.staff.people import add_staff
from pos.staff.pins import set_pin
from pos.sync.enrolment import enrol
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.state import note_round, sync_state
from pos.sync.wire import Received, Wire
from pos.ui.catalog.goods import GoodsPage
from pos.ui.catalog.long_list import Listed
from pos.ui.customers.screen import CustomersPage
from pos.ui.selling.parked import ParkedPanel
from pos.ui.sync.form import JoiningPanel
from pos.ui.sync.page import SyncPage
from pos.ui.widgets.tile import Tile
from server.sync.restoring import begin_epochs
from tests.helpers.counter import StillClock, cart_of, make_shop, sell
from tests.helpers.real_server import RealServer, offline
from tests.ui.hands import MI, Hands

URL = "http://huyula.contoh"
PATIENCE_MS = 15_000


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


def test_a_counter_alone_is_told_that_nothing_is_missing(hands: Hands) -> None:
    page = open_page(hands)
    assert "selamanya" in hands.words
    assert page.form.join.isVisible() and not page.now.isVisible()
    assert not page.facts.isVisible()
    assert bar(hands) == ""
    hands.press("Esc")
    assert hands.page == "selling"


def test_it_joins_by_keyboard_alone(linked: Hands, server: RealServer, qtbot: QtBot) -> None:
    linked.only = "keys"
    open_page(linked)
    linked.type(URL)
    linked.press("Enter")
    linked.type(show_code(server.code()).lower())
    linked.press("Enter")
    linked.type("Kasir depan")
    linked.press("Enter")
    qtbot.waitUntil(lambda: in_step(linked), timeout=PATIENCE_MS)
    page = page_of(linked)
    qtbot.waitUntil(lambda: "di server" in page.headline.text(), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: linked.panel == "", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "Toko Uji" in linked.words and URL in linked.words, timeout=PATIENCE_MS)
    assert page.check.isVisible() and not page.form.isVisible()
    assert page.now.hasFocus()
    assert server.proves_itself()


def test_it_joins_by_scanner_and_touch(linked: Hands, server: RealServer, qtbot: QtBot) -> None:
    linked.only = "touch"
    linked.tap("more", "sync_act")
    linked.scan(f"{URL} {show_code(server.code())}")
    page = page_of(linked)
    assert page.form.address.text() == URL
    linked.tap("enrol_join")
    qtbot.waitUntil(lambda: in_step(linked), timeout=PATIENCE_MS)
    assert linked.count == 3


def test_an_article_scanned_here_is_no_code(linked: Hands) -> None:
    page = open_page(linked)
    linked.scan(MI)
    assert page.form.code.text() == "" == page.form.address.text()
    assert "belum dipakai" in linked.said[-1]


def test_a_wrong_code_is_said_at_its_field_and_changes_nothing(
    linked: Hands, server: RealServer, qtbot: QtBot
) -> None:
    page = open_page(linked)
    page.form.address.setText(URL)
    for wrong, word in (("", "8 huruf"), ("ABC", "8 huruf"), ("ABCD-EFGH", "kode baru")):
        page.form.code.setText(wrong)
        linked.press("F9")
        qtbot.waitUntil(lambda word=word: word in page.form.code_row.below(), timeout=PATIENCE_MS)
        qtbot.waitUntil(page.form.code.hasFocus, timeout=PATIENCE_MS)
    assert server_of(linked.counter.db) is None
    assert not linked.window.sync.is_running
    # The counter sells on as before.
    linked.press("Esc")
    linked.scan(MI)
    linked.press("F9", "Enter")
    assert len(linked.sales) == 1


def test_no_server_is_said_at_the_address(linked: Hands, server: RealServer, qtbot: QtBot) -> None:
    server.weather = offline
    page = open_page(linked)
    linked.press("F9")
    assert "alamat" in page.form.address_row.below()
    page.form.address.setText(URL)
    page.form.code.setText("ABCD-EFGH")
    linked.press("F9")
    qtbot.waitUntil(lambda: "terjangkau" in page.form.address_row.below(), timeout=PATIENCE_MS)
    assert linked.panel == ""
    page.form.address.setText("ftp://toko.contoh.id")
    linked.press("F9")
    assert "keliru" in page.form.address_row.below()


def test_a_cashier_may_not_join_a_shop(linked: Hands, server: RealServer) -> None:
    counter = linked.counter
    set_pin(counter, counter.staff_id, "2468")
    counter.staff_id = add_staff(counter, "Nurain", "cashier")
    page = open_page(linked)
    page.form.address.setText(URL)
    page.form.code.setText(server.code())
    linked.press("F9")
    assert linked.panel == "override"
    assert server_of(counter.db) is None


def test_nothing_closes_the_panel_while_the_counter_joins(hands: Hands) -> None:
    panel = JoiningPanel(hands.window)
    panel.open()
    hands.press("Esc")
    panel.close_panel()
    assert panel.isVisible()
    panel.release()
    assert not panel.isVisible()


def test_the_status_bar_says_each_change_and_leads_to_the_page(
    linked: Hands, server: RealServer, qtbot: QtBot
) -> None:
    join(linked, server, qtbot)
    linked.press("Esc")
    server.weather = offline
    linked.scan(MI)
    linked.press("F9", "Enter")
    status = linked.window.status
    qtbot.waitUntil(lambda: bar(linked) == "Tanpa jaringan, 1 menunggu", timeout=PATIENCE_MS)
    part = status._parts["sync"]
    qtbot.mouseClick(status, Qt.MouseButton.LeftButton, pos=part.geometry().center())
    page = page_of(linked)
    assert "Tanpa jaringan" in page.headline.text()
    qtbot.waitUntil(lambda: "1 catatan" in linked.words, timeout=PATIENCE_MS)
    server.weather = lambda wire, go: go()
    linked.press("F9")
    qtbot.waitUntil(lambda: bar(linked) == "Tersinkron", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "1 catatan" not in linked.words, timeout=PATIENCE_MS)


def test_asking_without_a_network_says_so_again(
    linked: Hands, server: RealServer, qtbot: QtBot
) -> None:
    page = join(linked, server, qtbot)
    for _ in range(2):
        door = threading.Event()

        def shut(wire: Wire, go: Callable[[], Received], door: threading.Event = door) -> Received:
            door.wait(PATIENCE_MS / 1000)
            return offline(wire, go)

        server.weather = shut
        linked.press("F9")
        assert "Berbicara" in page.headline.text()
        door.set()
        qtbot.waitUntil(lambda: page.headline.text() == "Tanpa jaringan", timeout=PATIENCE_MS)


@pytest.mark.parametrize(
    ("error", "word"),
    [
        ("revoked", "mencabut"),
        ("unconfirmed", "memastikan"),
        ("protocol", "diperbarui"),
        ("clock", "Jam komputer"),
        ("storage_full", "Sinkron terganggu"),
    ],
)
def test_what_a_person_must_act_on_stands_in_an_errors_tone(
    linked: Hands, server: RealServer, qtbot: QtBot, error: str, word: str
) -> None:
    page = join(linked, server, qtbot)
    linked.window.sync.stop()
    note_round(linked.counter.db, linked.counter.clock.now_ms(), error, "", None)
    page.refresh()
    linked.window.facts.sync()
    assert word in page.headline.text()
    assert page.headline.property("tone") == "bad"
    assert linked.window.status._parts["sync"].label.property("tone") == "bad"


def test_a_counter_that_the_server_forgot_joins_again_from_here(
    linked: Hands, server: RealServer, qtbot: QtBot
) -> None:
    server.close()
    kept = server.file.with_name("kept.db")
    shutil.copy(server.file, kept)
    server.open()
    page = join(linked, server, qtbot)
    linked.window.sync.stop()
    server.close()
    for file in server.file.parent.glob("server.db*"):
        file.unlink()
    shutil.copy(kept, server.file)
    server.open()
    begin_epochs(server.services, "restored")
    linked.press("F9")
    qtbot.waitUntil(
        lambda: "tidak mengenal" in page.headline.text() and page.form.isVisible(),
        timeout=PATIENCE_MS,
    )
    assert "tidak ada yang hilang" in linked.words
    assert page.form.address.text() == URL and not page.now.isVisible()
    page.form.code.setText(server.code())
    linked.press("F9")
    qtbot.waitUntil(lambda: page.now.isVisible(), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: in_step(linked), timeout=PATIENCE_MS)
    assert server.proves_itself()


def test_the_age_of_the_last_backup_is_said(
    linked: Hands, server: RealServer, qtbot: QtBot, clock: StillClock
) -> None:
    page = join(linked, server, qtbot)
    qtbot.waitUntil(lambda: "belum pernah" in linked.words, timeout=PATIENCE_MS)
    note_backup(linked.counter.folder, clock.now_ms() - 3 * 3_600_000)
    page.begin()
    qtbot.waitUntil(lambda: "3 jam lalu" in linked.words, timeout=PATIENCE_MS)
    linked.press("F7")
    assert linked.page == "reports" and linked.see(QAbstractButton, "backup").isEnabled()


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


@pytest.fixture
def other(
    linked: Hands, server: RealServer, qtbot: QtBot, tmp_path: Path, clock: StillClock
) -> Iterator[Other]:
    join(linked, server, qtbot)
    made = Other(tmp_path / "other", server, clock)
    yield made
    made.counter.close()


def test_what_another_counter_writes_shows_by_itself(
    linked: Hands, other: Other, qtbot: QtBot
) -> None:
    """Nobody asks for a round here: the server tells that there is news."""
    counter, ways = other.counter, linked.window.ways
    start_shift(counter, 0)
    mi = by_barcode(counter.db, MI)[0].product_id

    ways.goods()
    goods = linked.window.pages.currentWidget()
    assert isinstance(goods, GoodsPage)

    def row_of_mi() -> Listed:
        rows = (goods.model.row(number) for number in range(goods.model.count()))
        return next(row for row in rows if row.id == mi)

    before = row_of_mi()
    record = product_record(counter.db, mi)
    change_product(counter, msgspec.structs.replace(record, price=2_900))
    other.sync()
    qtbot.waitUntil(lambda: "2.900" in row_of_mi().price, timeout=PATIENCE_MS)
    sell(counter, cart_of(counter, (mi, 2_000)))
    other.sync()
    qtbot.waitUntil(lambda: row_of_mi().stock != before.stock, timeout=PATIENCE_MS)

    ways.customers()
    people = linked.window.pages.currentWidget()
    assert isinstance(people, CustomersPage)
    assert people.model.count() == 0
    add_customer(counter, "Ibu Yusna", credit_limit=50_000)
    other.sync()
    qtbot.waitUntil(lambda: people.model.count() == 1, timeout=PATIENCE_MS)

    linked.press("Esc")
    for count, name in ((1, "meja 3"), (2, "meja 4")):
        park(counter, cart_of(counter, (mi, 1_000)), name)
        other.sync()
        if count == 1:
            qtbot.waitUntil(lambda: bool(parked(linked.counter.db)), timeout=PATIENCE_MS)
            linked.press("F7")
        model = linked.see(ParkedPanel, "parked_panel").model
        qtbot.waitUntil(lambda c=count, m=model: m.count() == c, timeout=PATIENCE_MS)


def test_the_tiles_follow_another_counters_price(linked: Hands, other: Other, qtbot: QtBot) -> None:
    linked.press("Esc")
    linked.tap("show_tiles", "category_mi")
    mi = by_barcode(other.counter.db, MI)[0].product_id
    record = product_record(other.counter.db, mi)
    change_product(other.counter, msgspec.structs.replace(record, price=2_950))
    other.sync()

    def prices() -> list[str]:
        return [one.accessibleName() for one in linked.window.findChildren(Tile) if one.isVisible()]

    qtbot.waitUntil(lambda: any("2.950" in text for text in prices()), timeout=PATIENCE_MS)


def test_sync_begins_nothing_while_the_window_works(
    linked: Hands, server: RealServer, qtbot: QtBot
) -> None:
    join(linked, server, qtbot)
    turns = linked.counter.db.turns
    began, rested, seen = threading.Event(), threading.Event(), list[bool]()

    def sync() -> None:
        began.wait(20)
        turns.wait_for_rest(60)
        rested.set()

    def work() -> None:
        """What the click sets going: sync, asked to wait for its end, does."""
        began.set()
        seen.append(rested.wait(0.1))

    thread = threading.Thread(target=sync)
    thread.start()
    page_of(linked).now.clicked.connect(work)
    qtbot.mouseClick(page_of(linked).now, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(rested.is_set, timeout=PATIENCE_MS)
    thread.join(20)
    assert seen == [False]
    linked.window.sync.stop()
    turns.wait_for_rest(60)


def test_the_thread_ends_with_the_program(linked: Hands, server: RealServer, qtbot: QtBot) -> None:
    join(linked, server, qtbot)
    link = linked.window.sync
    assert link.is_running
    link.stop()
    assert not link.is_running
    assert "sync" not in {one.name for one in threading.enumerate()}
    link.begin()
    qtbot.waitUntil(lambda: link.is_running, timeout=PATIENCE_MS)


def notices(hands: Hands) -> dict[str, str]:
    """What is noticed on the selling screen, by what it is about."""
    found = {}
    for one in hands.window.selling.notices.waiting():
        assert callable(one.text)
        found[one.key] = one.text()
    return found


def test_lines_of_other_counters_are_no_copy_of_this_one(
    linked: Hands, other: Other, qtbot: QtBot
) -> None:
    """A second counter gets a code of its own: that opens a line, but not here."""
    assert other.counter.line.reason == "enrolled"
    start_shift(other.counter, 0)
    other.sync()
    here = linked.counter.db
    qtbot.waitUntil(
        lambda: here.scalar("SELECT 1 FROM line WHERE device=?", (other.counter.line.device,)),
        timeout=PATIENCE_MS,
    )
    qtbot.waitUntil(lambda: in_step(linked), timeout=PATIENCE_MS)
    assert "new_line" not in notices(linked)


def test_who_joins_second_is_told_the_new_code(
    linked: Hands, server: RealServer, qtbot: QtBot, tmp_path: Path, clock: StillClock
) -> None:
    first = Other(tmp_path / "first", server, clock)
    try:
        join(linked, server, qtbot)
        said = notices(linked)["new_line"]
        assert linked.counter.register in said and "dari server toko" in said
        assert "salinan" not in said
    finally:
        first.counter.close()
