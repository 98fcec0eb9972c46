"""Going through pairs by keys and by touch: ticked, searched, merged, kept apart."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.facts.catalog import BarcodeRecord, CatalogImported, OpeningStock, ProductRecord
from core.gtin import check_digit
from pos.catalog.goods import stock_of
from pos.counter import Counter
from pos.customers.people import add_customer
from pos.staff.people import add_staff
from pos.staff.pins import set_pin
from pos.sync.enrolment import enrol
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.ui.i18n import set_language
from pos.ui.sync.merging import MergePage
from pos.ui.sync.pairs import Side, sides
from tests.helpers.counter import StillClock, add_goods, make_shop
from tests.helpers.many_counters import World
from tests.helpers.real_server import RealServer
from tests.ui.hands import Hands

PATIENCE_MS = 20_000
MI, KOPI = "8998866200226", "8998866200301"


class Couple(World):
    """A founding counter and one that came to it; both know everything of each other."""

    def __init__(self, place: Path) -> None:
        self._number = 0
        super().__init__(place, random.Random(3), 2)

    def _found(self, place: Path) -> Counter:
        counter = super()._found(place)
        mi, kopi, rice = (
            ("Indomie Goreng 85g", "Kopi Kapal Api 165 g", "Beras"),
            ("INDOMIE GORENG 85 GR", "KAPAL API KOPI 165G", "BERAS"),
        )[self._number]
        add_goods(counter, mi, 3_000 + self._number * 200, 20_000, barcode=MI)
        add_goods(counter, kopi, 15_000, 7_000, barcode="" if self._number else KOPI)
        add_goods(counter, rice, 14_000, 9_000, unit=("kg", "sak")[self._number])
        add_customer(counter, ("Ibu Yusna", "Yusna")[self._number], phone="0812-3456-789")
        self._number += 1
        return counter


@pytest.fixture
def couple(tmp_path: Path) -> Iterator[Couple]:
    made = Couple(tmp_path / "shop")
    made.settle()
    yield made
    made.close()


@pytest.fixture
def office(qtbot: QtBot, couple: Couple, tmp_path: Path) -> Iterator[Hands]:
    """Hands at the second counter."""
    made = Hands(qtbot, couple.counters[1], tmp_path)
    made.window.sell()
    yield made
    made.let_go()


def page_of(hands: Hands) -> MergePage:
    page = hands.window.pages.currentWidget()
    assert isinstance(page, MergePage)
    return page


def opened(hands: Hands, qtbot: QtBot) -> MergePage:
    hands.window.ways.merge()
    page = page_of(hands)
    qtbot.waitUntil(lambda: not page._looking.is_looking, timeout=PATIENCE_MS)
    return page


def names(page: MergePage) -> list[str]:
    return [page.model.row(at).goes for at in range(page.model.count())]


def ticks(page: MergePage) -> dict[str, bool]:
    return {
        page.model.row(at).goes: bool(page.model.row(at).tick) for at in range(page.model.count())
    }


def confirm(hands: Hands) -> None:
    """From the safe answer, which has the focus, on to the other."""
    hands.press("Tab")
    hands.type(" ")


def test_what_is_sure_is_ticked_and_comes_first(office: Hands, qtbot: QtBot) -> None:
    page = opened(office, qtbot)
    assert ticks(page) == {
        "INDOMIE GORENG 85 GR": True, "Yusna": True, "KAPAL API KOPI 165G": False, "BERAS": False,
    }  # fmt: skip
    assert names(page)[0] == "INDOMIE GORENG 85 GR" and page.table.hasFocus()
    assert page.go.text() == "Satukan 2"
    assert page.counted.text() == "4 pasangan"
    assert "Kode batangnya sama" in page.compare.reason.text()


def test_what_differs_stands_beside_each_other_and_what_there_will_be(
    office: Hands, qtbot: QtBot
) -> None:
    page = opened(office, qtbot)
    lines = {side.label: side for side in sides(page.pairs.proposal(0), with_cost=True)}
    assert lines["Stok"] == Side("Stok", "20 pcs", "20 pcs")
    assert lines["Harga jual"] == Side("Harga jual", "3.000", "3.200")
    assert lines["Harga jual"].differs and not lines["Kode batang"].differs
    assert "Harga beli" not in {
        side.label for side in sides(page.pairs.proposal(0), with_cost=False)
    }
    seen = [one.text() for one in page.compare.findChildren(QLabel) if one.isVisible()]
    assert "20 pcs" in seen and "3.200" in seen
    assert page.compare.becomes.text() == "Jadinya: 40 pcs, harga Rp 3.000, 1 kode batang."


def test_merging_by_keys_alone(office: Hands, qtbot: QtBot) -> None:
    office.only = "keys"
    page = opened(office, qtbot)
    target = page.pairs.proposal(0).pair.target
    office.press("Down", "Down")
    office.type(" ")  # the coffee, too: the packs were looked at
    assert page.go.text() == "Satukan 3"
    office.press("F9")
    assert office.panel == "merge_question"
    assert "tidak dapat dibatalkan" in office.words
    confirm(office)
    qtbot.waitUntil(lambda: office.panel == "" and page.model.count() == 1, timeout=PATIENCE_MS)
    assert stock_of(office.counter.db, target) == 40_000
    assert "3 disatukan" in office.said[-1]
    assert names(page) == ["BERAS"] and not page.go.isEnabled()


def test_merging_by_touch_alone(office: Hands, qtbot: QtBot) -> None:
    office.only = "touch"
    page = opened(office, qtbot)
    office.tap("merge_customers")
    assert names(page) == ["Yusna"]
    office.tap("merge_tick", "merge_tick", "merge_go", "merge_yes")
    qtbot.waitUntil(lambda: page.model.count() == 0 and office.panel == "", timeout=PATIENCE_MS)
    assert "2 disatukan" in office.said[-1]
    office.tap("merge_all")
    assert names(page) == ["KAPAL API KOPI 165G", "BERAS"]


def test_no_is_the_safe_answer(office: Hands, qtbot: QtBot) -> None:
    opened(office, qtbot)
    before = office.counter.db.scalar("SELECT max(pos) FROM journal")
    office.press("F9")
    office.type(" ")
    assert office.panel == ""
    office.press("F9", "Esc")
    assert office.panel == ""
    assert office.counter.db.scalar("SELECT max(pos) FROM journal") == before


def test_base_units_that_differ_are_never_ticked(office: Hands, qtbot: QtBot) -> None:
    page = opened(office, qtbot)
    office.press("End")
    assert names(page)[page.table.current_row()] == "BERAS"
    assert "tidak dapat dijumlahkan" in page.compare.reason.text()
    office.type(" ")
    office.press("F8", "Enter")
    assert not ticks(page)["BERAS"] and page.go.text() == "Satukan 2"


def test_all_that_is_sure_is_taken_or_left_at_once(office: Hands, qtbot: QtBot) -> None:
    page = opened(office, qtbot)
    office.press("Ctrl+A")
    assert not any(ticks(page).values()) and not page.go.isEnabled()
    office.press("Ctrl+A")
    assert [name for name, on in ticks(page).items() if on] == ["INDOMIE GORENG 85 GR", "Yusna"]


def test_what_is_not_the_same_is_never_asked_again(
    office: Hands, qtbot: QtBot, couple: Couple
) -> None:
    page = opened(office, qtbot)
    office.press("Down", "Down", "Del")
    assert "tidak diusulkan lagi" in office.said[-1]
    assert "KAPAL API KOPI 165G" not in names(page)
    assert page.table.current_row() == 2
    page = opened(office, qtbot)
    assert "KAPAL API KOPI 165G" not in names(page)
    couple.settle()
    couple.equal()


def test_searching_and_filtering(office: Hands, qtbot: QtBot) -> None:
    page = opened(office, qtbot)
    office.press("F2")
    office.type("kapal")
    qtbot.waitUntil(lambda: names(page) == ["KAPAL API KOPI 165G"], timeout=PATIENCE_MS)
    page.search.setText("tidak ada begini")
    qtbot.waitUntil(lambda: page.nothing.isVisible(), timeout=PATIENCE_MS)
    assert "cocok" in page.nothing.sentence.text()
    page.search.clear()
    qtbot.waitUntil(lambda: page.model.count() == 4, timeout=PATIENCE_MS)
    office.press("Alt+3")
    assert names(page) == ["KAPAL API KOPI 165G", "BERAS"]
    office.press("Alt+2")
    assert names(page) == ["INDOMIE GORENG 85 GR", "Yusna"]


def test_nothing_to_merge_is_said_calmly(office: Hands, qtbot: QtBot) -> None:
    page = opened(office, qtbot)
    page.pairs.tick(2)
    office.press("F9")
    confirm(office)
    qtbot.waitUntil(lambda: page.model.count() == 1 and office.panel == "", timeout=PATIENCE_MS)
    office.press("Del")
    assert page.nothing.isVisible()
    assert "hanya tercatat sekali" in page.nothing.sentence.text()
    office.press("Esc")
    assert office.page == "sync"


def test_a_cashier_may_not_merge(office: Hands, qtbot: QtBot) -> None:
    counter = office.counter
    set_pin(counter, counter.staff_id, "2468")
    counter.staff_id = add_staff(counter, "Nurain", "cashier")
    page = opened(office, qtbot)
    office.press("F9")
    assert office.panel == "override"
    office.type("2468")
    office.press("Enter")
    qtbot.waitUntil(lambda: office.panel == "merge_question", timeout=PATIENCE_MS)
    confirm(office)
    qtbot.waitUntil(lambda: page.model.count() == 2 and office.panel == "", timeout=PATIENCE_MS)
    row = counter.db.one(
        "SELECT body FROM journal WHERE kind='documents_merged' ORDER BY pos DESC LIMIT 1"
    )
    assert row is not None


def test_everything_is_said_in_english_too(office: Hands, qtbot: QtBot) -> None:
    page = opened(office, qtbot)
    set_language("en")
    assert page.title.text() == "Merge duplicates"
    assert page.go.text() == "Merge 2" and page.counted.text() == "4 pairs"
    assert "barcode is the same" in page.compare.reason.text()
    office.press("F1")
    assert "cannot be undone" in office.words.lower()


@pytest.mark.slow
def test_stopping_keeps_what_was_merged_and_thousands_do_not_freeze(
    office: Hands, qtbot: QtBot, couple: Couple
) -> None:
    many(couple, 3_000)
    page = opened(office, qtbot)
    assert page.pairs.count() == 3_004
    page.go.click()
    office.tap("merge_yes")
    qtbot.waitUntil(lambda: office.panel == "merging_panel", timeout=PATIENCE_MS)

    def merged() -> int:
        return int(office.counter.db.scalar("SELECT count(*) FROM merged"))

    qtbot.waitUntil(lambda: merged() > 10, timeout=PATIENCE_MS)
    office.press("Esc")
    assert office.panel == ""
    assert 10 < merged() < 3_002
    assert page.pairs.count() == 3_004 - merged()
    assert f"{merged()} disatukan" in office.said[-1].replace(".", "", 1)


def many(couple: Couple, count: int) -> None:
    for number, counter in enumerate(couple.counters):
        ids = [counter.new_id() for _ in range(count)]
        with counter.transaction() as tx:
            records = tuple(
                ProductRecord(
                    key, "", f"{('Barang', 'BARANG')[number]} {at}", "", "", "pcs", 1_000, 800,
                    barcodes=(_code(at),),
                )
                for at, key in enumerate(ids)
            )  # fmt: skip
            opening = tuple(OpeningStock(key, 5_000, 4_000) for key in ids)
            tx.append(CatalogImported(bytes([number]) * 16, 0, "uji.xlsx", records, opening, ()))
    couple.settle()


def _code(at: int) -> BarcodeRecord:
    digits = f"899{at:09d}"
    return BarcodeRecord(f"0{digits}{check_digit(digits)}", "pcs")


def test_a_later_counter_is_told_what_stands_twice(
    hands: Hands, tmp_path: Path, clock: StillClock, qtbot: QtBot
) -> None:
    """After joining, unasked, once the shop's records are here."""
    place = tmp_path / "server"
    place.mkdir()
    server = RealServer(place, clock.now_ms)
    first = make_shop(tmp_path / "first", clock)
    try:
        add_goods(first, "Kopi bubuk", 9_000, barcode=KOPI)
        enrol(first, "http://huyula.contoh", server.code(), server.send)
        known = server_of(first.db)
        assert known is not None
        sync_once(first, known, server.send)
        add_goods(hands.counter, "KOPI BUBUK", 9_500, barcode=KOPI)
        hands.window.sync.connect_to = lambda _url: server.send
        hands.press("F10", "Alt+S")
        page = hands.window.pages.currentWidget()
        page.form.address.setText("http://huyula.contoh")
        page.form.code.setText(server.code())
        page.form.join.click()
        qtbot.waitUntil(lambda: page.twins.isVisible(), timeout=PATIENCE_MS)
        assert "F6" in page.twins.text() and page.twins.text().startswith("1 ")
        hands.press("F6")
        merge = page_of(hands)
        qtbot.waitUntil(lambda: merge.model.count() == 1, timeout=PATIENCE_MS)
        assert names(merge) == ["KOPI BUBUK"]
    finally:
        hands.window.sync.stop()
        first.close()
        server.close()
