"""Sugar for Rp 5.000 at the counter: `5000r`, then the goods."""

from __future__ import annotations

import pytest

from core.facts.catalog import BarcodeRecord, ProductRecord
from pos.catalog.products import add_product
from pos.ui.i18n import set_language
from tests.ui.hands import MI, Hands

KOPI = "8993000000012"


def test_money_then_a_name(hands: Hands) -> None:
    hands.type("5000r")
    assert hands.field("scan").text() == ""
    assert "Rp 5.000" in hands.words
    assert hands.said[-1] == "Rp 5.000 untuk barang timbangan berikutnya. Esc membatalkannya."
    hands.type("gula")
    hands.press("Enter")
    assert hands.cart == [("Gula pasir", 285, "kg")]
    assert hands.desk.till.priced.total == 5_000
    assert "Gula pasir · seharga 5.000" in hands.words
    hands.press("F9", "Enter")
    assert hands.sales == [(5_000, 0)]


def test_money_then_a_scan(hands: Hands) -> None:
    code = BarcodeRecord(KOPI, "kg")
    kopi = ProductRecord(
        b"", "", "Kopi bubuk", "", "", "kg", 80_000, 60_000, barcodes=(code,), fractional=True
    )
    add_product(hands.counter, kopi, 5_000)
    hands.type("20.000r")
    hands.scan(KOPI, KOPI)
    assert hands.cart == [("Kopi bubuk", 250, "kg"), ("Kopi bubuk", 1000, "kg")]
    assert hands.desk.till.priced.total == 100_000


def test_goods_in_pieces_say_why_not(hands: Hands) -> None:
    hands.type("5000r")
    hands.scan(MI)
    assert hands.cart == []
    assert hands.said[-1] == (
        "Mi goreng dijual utuh per pcs, jadi tidak dapat dibagi seharga Rp 5.000. Yang dapat "
        "hanya barang timbangan."
    )
    set_language("en")
    hands.scan(MI)
    assert hands.said[-1].startswith("Mi goreng is sold in whole pcs and cannot be divided")


@pytest.mark.parametrize("ahead", ["5000r", "3*"])
def test_escape_drops_what_was_typed_ahead(hands: Hands, ahead: str) -> None:
    hands.type(ahead)
    hands.press("Esc")
    assert hands.desk.till.asked is None
    hands.type("gula")
    hands.press("Enter")
    assert hands.cart == [("Gula pasir", 1000, "kg")]


def test_after_a_while_it_is_forgotten_by_itself(hands: Hands) -> None:
    hands.type("5000r")
    hands.window.selling.ringing._drop.timeout.emit()
    assert hands.desk.till.asked is None
    assert "Rp 5.000" not in hands.words


def test_names_that_end_like_money_are_still_found(hands: Hands) -> None:
    add_product(hands.counter, ProductRecord(b"", "", "Kertas foto 4R", "", "", "pcs", 1_000, 500))
    hands.type("4r")
    assert hands.desk.till.asked is None
    hands.press("Enter")
    assert hands.cart == [("Kertas foto 4R", 1000, "pcs")]


@pytest.mark.parametrize("code", ["500R12", "5000R", "10000r7"])
def test_a_scan_that_looks_like_money_is_none(hands: Hands, code: str) -> None:
    hands.scan(code)
    assert hands.desk.till.asked is None
    assert code in hands.desk.till.unknown


def test_plus_ends_the_amount(hands: Hands) -> None:
    hands.type("5000r")
    hands.type("gula")
    hands.press("Enter")
    hands.type("+")
    assert hands.cart == [("Gula pasir", 1285, "kg")]
    assert hands.desk.till.priced.total == 22_488
