"""Joining a shop by keyboard, scanner and touch; how it stands; news of other counters shown."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from core.sync.codes import show_code
from pos.backup.age import note_backup
from pos.staff.people import add_staff
from pos.staff.pins import set_pin
from pos.sync.differences import Difference
from pos.sync.memory import remember
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.state import note_round
from pos.sync.wire import Received, Wire
from pos.ui.i18n import say, set_language
from pos.ui.sync import differing
from pos.ui.sync.differing import difference_rows
from pos.ui.sync.form import JoiningPanel
from server.sync.restoring import begin_epochs
from server.sync.revoking import revoke
from tests.helpers.counter import StillClock, add_goods
from tests.helpers.real_server import RealServer, offline
from tests.ui.hands import MI, Hands
from tests.ui.sync.linked import PATIENCE_MS, URL, bar, in_step, join, open_page, page_of


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
        qtbot.waitUntil(lambda: "Berbicara" in page.headline.text(), timeout=PATIENCE_MS)
        door.set()
        qtbot.waitUntil(lambda: page.headline.text() == "Tanpa jaringan", timeout=PATIENCE_MS)


def test_the_end_of_a_round_that_ran_already_does_not_answer_who_asks(
    linked: Hands, server: RealServer, qtbot: QtBot
) -> None:
    page = join(linked, server, qtbot)
    doors = [threading.Event(), threading.Event()]
    came = [threading.Event(), threading.Event()]

    def shut(wire: Wire, go: Callable[[], Received]) -> Received:
        if threading.current_thread().name != "sync":  # the ear's own question
            return offline(wire, go)
        turn = min(came[0].is_set(), 1)
        came[turn].set()
        doors[turn].wait(PATIENCE_MS / 1000)
        return offline(wire, go)

    server.weather = shut
    linked.scan(MI)
    linked.press("F9", "Enter")  # a sale begins a round by itself
    qtbot.waitUntil(came[0].is_set, timeout=PATIENCE_MS)
    page = open_page(linked)
    with qtbot.waitSignal(linked.window.sync.turned, timeout=PATIENCE_MS):
        linked.press("F9")
        assert "Berbicara" in page.headline.text()
        doors[0].set()
    assert "Berbicara" in page.headline.text()
    doors[1].set()
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


def test_what_a_revoked_counter_sent_waits_for_the_owner(
    linked: Hands, server: RealServer, qtbot: QtBot
) -> None:
    page = join(linked, server, qtbot)
    linked.window.sync.stop()
    assert "Menunggu dikirim" in linked.words
    counter = linked.counter
    revoke(server.services, server.shop, counter.line.device)
    add_goods(counter)
    joined = server_of(counter.db)
    assert joined is not None
    sync_once(counter, joined, server.send)
    page.refresh()
    qtbot.waitUntil(lambda: "Menunggu dikirim" not in linked.words, timeout=PATIENCE_MS)
    assert "Menunggu putusan pemilik" in linked.words


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


def test_what_differs_stands_by_its_name_with_both_figures(
    linked: Hands, server: RealServer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    goods = add_goods(linked.counter, "Beras Pandan Wangi 5 kg")
    page = join(linked, server, qtbot)
    assert URL in linked.words
    found = (Difference("stock", goods.hex(), (999_000,), (1_250_000_000,)),) * 6
    monkeypatch.setattr(differing, "differences", lambda db: found)
    page.refresh()
    text = "Beras Pandan Wangi 5 kg: 999~di~sini, 1.250.000~di~server".replace("~", "\u00a0")
    qtbot.waitUntil(lambda: linked.words.count(text) == 4, timeout=PATIENCE_MS)
    assert linked.words.count("Stok berbeda") == 4 and "Masih ada lagi" in linked.words
    # There is no room for the address then.
    qtbot.waitUntil(lambda: URL not in linked.words, timeout=PATIENCE_MS)


def test_every_kind_of_difference_has_its_words(hands: Hands) -> None:
    db, nobody = hands.counter.db, bytes(16).hex()
    rows = [
        Difference("debt", nobody, (), (1_250_000_000,)),
        Difference("cash", nobody, (1_250_000_000,), (5_000,)),
        Difference("sales", "2026-11", (1_200, 1_250_000_000), ()),
        Difference("heads", hands.counter.line.device.hex(), (7, "aa"), (8, "bb")),
    ]
    with db.transaction():
        remember(db, "differing", msgspec.json.encode(rows).decode())
    # "~": no line ends there.
    assert [(say(what), both().replace("\u00a0", "~")) for what, both in difference_rows(db)] == [
        ("Kasbon berbeda", "00000000: Rp~0~di~sini, Rp~1.250.000.000~di~server"),
        ("Uang laci berbeda", "00000000: Rp~1.250.000.000~di~sini, Rp~5.000~di~server"),
        (
            "Penjualan berbeda",
            "2026-11: Rp~1.250.000.000 dalam~1.200~struk~di~sini, Rp~0 dalam~0~struk~di~server",
        ),
        ("Catatan berbeda", "K1: 7~di~sini, 8~di~server"),
    ]


def test_one_record_waits_and_the_bar_says_the_time_in_the_language_that_is_chosen(
    hands: Hands,
) -> None:
    db = hands.counter.db
    with db.transaction():
        for name, value in (("shop", bytes(16).hex()), ("url", URL), ("server_key", "00" * 32)):
            remember(db, name, value)
        db.run("INSERT INTO waiting (pos) SELECT max(pos) FROM journal")
    assert "Shift sejak 12.00" in hands.words
    set_language("en")
    open_page(hands)
    assert "1 record\n" in hands.words
    assert "Shift since 12:00" in hands.words
