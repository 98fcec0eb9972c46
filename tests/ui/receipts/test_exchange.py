"""Exchange: from the receipt over what comes back and what goes out to one difference."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.tender import TenderKind
from pos.counter import Counter
from pos.journal.verify import verify
from pos.selling.corrections import tenders_of
from pos.shop.founding import change_settings
from pos.staff.people import add_staff, everybody
from pos.staff.pins import set_pin
from pos.ui.i18n import set_language
from pos.ui.staff.override import Override
from tests.helpers.counter import add_goods, cart_of, sell
from tests.ui.hands import MI, SABUN, Hands

SOAP = 4_800
NOODLES = 2_500


def _sold(hands: Hands) -> str:
    """Two noodles and a soap, in cash."""
    hands.scan(MI, MI, SABUN)
    hands.press("F9", "Enter", "Enter")
    return str(hands.counter.db.scalar("SELECT receipt FROM sale"))


def _at_exchange(hands: Hands, *marks: str) -> str:
    """At the goods that go out, one noodle chosen to come back where nothing is said."""
    receipt = _sold(hands)
    hands.scan(receipt)
    hands.press("F8")
    for mark in marks or ("1",):
        hands.type(mark)
    hands.give_reason("salah beli")
    hands.press("F8")
    assert hands.page == "exchange_page"
    return receipt


def _exchanges(counter: Counter) -> list[tuple[int, int, int]]:
    rows = counter.db.rows("SELECT total, rounding, change FROM sale WHERE type='exchange'")
    return [(row[0], row[1], row[2]) for row in rows]


def _tenders(counter: Counter) -> list[tuple[str, int]]:
    receipt = counter.db.scalar("SELECT receipt FROM sale ORDER BY id DESC")
    return [(part.kind, part.amount) for part in tenders_of(counter.db, receipt)]


def test_by_keys_the_buyer_pays_with_a_note(hands: Hands) -> None:
    """Receipt scanned, one line marked, a replacement scanned, a note: one number, one proof."""
    _at_exchange(hands)
    hands.scan(SABUN)
    assert "Pembeli menambah" in hands.words
    assert "Rp 2.300" in hands.words
    hands.press("F9")
    assert hands.page == "payment"
    assert "Bayar selisih" in hands.words
    hands.type("5000")
    hands.press("Enter")
    assert hands.page == "sale_done"
    assert _exchanges(hands.counter) == [(SOAP - NOODLES, 0, 2_700)]
    assert "Rp 2.700" in hands.words
    assert "Selisih Rp 2.300, diterima Rp 5.000." in hands.words
    hands.press("Enter")
    assert hands.page == "selling"
    assert verify(hands.counter.db).ok


def test_by_search_with_a_quantity(hands: Hands) -> None:
    _at_exchange(hands, "*")
    hands.type("2*sabun")
    hands.press("Enter")
    assert "Rp 9.600" in hands.words
    hands.type("-")
    assert hands.see(QLabel, "difference").text() == "Rp 5.000"
    hands.press("F5")
    hands.wait_for("exchange_qty")
    hands.type("3")
    hands.press("Enter")
    assert hands.see(QLabel, "difference").text() == "Rp 4.600"
    hands.press("Ctrl+Z")
    assert "Kembalikan kepada pembeli" in hands.words
    hands.press("F9")
    assert hands.page == "sale_done"
    assert _exchanges(hands.counter) == [(SOAP - 9_800, 0, 0)]
    assert _tenders(hands.counter) == [("cash", -5_000)]


def test_by_touch_alone(hands: Hands) -> None:
    counter = hands.counter
    soap = counter.db.scalar("SELECT id FROM product WHERE name='Sabun mandi'")
    counter.db.run("UPDATE product SET favourite=1 WHERE id=?", (soap,))
    _sold(hands)
    hands.window.show_receipt()
    hands.tap("refund", "refund_1_more", "refund_1_more", "refund_1_less", "to_waste")
    hands.field("refund_reason").setText("bocor")
    hands.tap("exchange", "exchange_tiles")
    hands.tap(f"tile_{soap.hex()}")
    hands.tap("exchange_tiles", "exchange_more", "exchange_less", "exchange_now")
    assert hands.page == "payment"
    hands.tap("tender_qris", "qris_seen")
    assert hands.page == "sale_done"
    assert _exchanges(counter) == [(SOAP - NOODLES, 0, 0)]
    assert _tenders(counter) == [("qris", SOAP - NOODLES)]
    row = counter.db.one("SELECT back_to FROM sale_line WHERE qty<0")
    assert row is not None and row[0] == "waste"


def test_the_same_for_the_same_needs_no_payment(hands: Hands) -> None:
    _at_exchange(hands)
    hands.scan(MI)
    assert "Tidak ada selisih" in hands.words
    hands.press("F9")
    assert hands.page == "sale_done"
    assert "Tidak ada selisih." in hands.words
    assert _exchanges(hands.counter) == [(0, 0, 0)]


def test_the_difference_is_rounded_for_cash(hands: Hands) -> None:
    change_settings(hands.counter, cash_step=500)
    _at_exchange(hands)
    hands.scan(SABUN)
    assert hands.see(QLabel, "difference").text() == "Rp 2.500"
    assert "Sebelum pembulatan tunai: Rp 2.300" in hands.words
    hands.press("F9", "Enter")
    assert _exchanges(hands.counter) == [(2_300, 200, 0)]


def test_going_back_keeps_what_was_chosen(hands: Hands) -> None:
    _at_exchange(hands)
    hands.scan(SABUN)
    hands.press("F9", "Escape")
    assert hands.page == "exchange_page"
    hands.press("Escape")
    assert hands.page == "refund_page"
    assert hands.field("refund_1").text() == "1"
    hands.type("2")
    hands.press("F8")
    assert hands.see(QLabel, "difference").text() == "Rp 200"
    assert [row[0] for row in hands.counter.db.rows("SELECT type FROM sale")] == ["sale"]


def test_the_cart_at_the_counter_stays(hands: Hands) -> None:
    _sold(hands)
    hands.press("Enter")
    hands.scan(MI, SABUN)
    before = hands.cart
    receipt = str(hands.counter.db.scalar("SELECT receipt FROM sale"))
    hands.scan(receipt)
    hands.press("F8")
    hands.give_reason("tukar")
    hands.press("F8")
    hands.scan(SABUN)
    hands.press("F9", "Enter")
    assert len(_exchanges(hands.counter)) == 1
    assert hands.cart == before


def test_a_qris_that_has_not_come_cannot_wait(hands: Hands) -> None:
    _at_exchange(hands)
    hands.scan(SABUN)
    hands.press("F9")
    hands.tap("tender_qris", "qris_wait")
    assert hands.page == "payment"
    assert "Penukaran tidak dapat diparkir" in hands.window.status.said()
    assert _exchanges(hands.counter) == []


def test_what_cannot_go_out_is_a_sentence(hands: Hands) -> None:
    receipt = _at_exchange(hands)
    hands.press("F9")
    assert hands.page == "exchange_page", "nothing goes out, nothing is exchanged"
    hands.scan("8999999999999")
    assert "8999999999999" in hands.window.status.said()
    hands.scan(receipt)
    assert "Itu struk" in hands.window.status.said()
    hands.scan(MI)
    hands.press("Del")
    assert "Belum ada barang pengganti" in hands.words


def test_without_a_reason_or_with_too_much(hands: Hands) -> None:
    _sold(hands)
    hands.window.show_receipt()
    hands.press("F8", "F8")
    assert hands.page == "refund_page"
    assert "Tulis alasannya." in hands.words
    hands.field("refund_1").setFocus()
    hands.type("9")
    hands.give_reason("tukar")
    hands.press("F8")
    assert hands.page == "refund_page"
    assert "2" in hands.window.status.said()


def test_a_manager_allows_it_there(hands: Hands, qtbot: QtBot) -> None:
    counter = hands.counter
    owner = everybody(counter.db)[0]
    set_pin(counter, owner.id, "1357")
    add_staff(counter, "Nurain", "cashier")
    _at_exchange(hands)
    counter.staff_id = next(one.id for one in everybody(counter.db) if one.id != owner.id)
    hands.scan(SABUN)
    hands.press("F9", "Enter")
    hands.wait_for("override")
    assert _exchanges(counter) == []
    panel = hands.window.findChild(Override)
    assert panel is not None
    panel.entered.emit("1357")
    assert _exchanges(counter) == [(2_300, 0, 0)]
    row = counter.db.one("SELECT staff_id, approved_by FROM sale WHERE type='exchange'")
    assert row is not None and (row[0], row[1]) == (counter.staff_id, owner.id)


def test_goods_paid_by_card_say_how_the_money_goes_back(hands: Hands) -> None:
    counter = hands.counter
    dear = add_goods(counter, "Rice cooker", 250_000)
    done = sell(counter, cart_of(counter, (dear, 1_000)), ("card", 250_000))
    hands.window.show_refund(done.receipt)
    hands.give_reason("tukar")
    hands.press("F8")
    hands.scan(SABUN)
    assert "Kartu Rp 245.200" in hands.words
    assert "hanya dicatat" in hands.words
    hands.press("F9")
    assert _tenders(counter) == [(str(TenderKind.CARD), -245_200)]
    assert hands.page == "sale_done"
    assert "Kartu Rp 245.200" in hands.words, "nobody hands it out of the drawer"


def test_the_keys_of_the_lines(hands: Hands) -> None:
    _sold(hands)
    hands.window.show_receipt()
    hands.press("F8")
    hands.type("+")
    hands.type("+")
    hands.type("+")
    assert hands.field("refund_1").text() == "2", "never more than is left"
    hands.type("-")
    hands.press("Down")
    hands.type("1")
    hands.press("Enter")
    assert hands.field("refund_reason").hasFocus()
    assert "Rp 7.300" in hands.words
    hands.press("F6")
    hands.field("refund_1").setFocus()
    hands.press("F1")
    hands.wait_for("help")


def test_in_english_too(hands: Hands) -> None:
    _at_exchange(hands)
    hands.scan(SABUN)
    set_language("en")
    hands.wedge.settle()
    assert "The buyer adds" in hands.words
    assert "Pembeli" not in hands.words
