"""A wrong tender is put right from the list of receipts while the shift is open."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton

from pos.customers.accounts import customer
from pos.customers.people import add_customer
from pos.receipts.listing import receipt_view
from pos.selling.sales import SaleDone
from tests.helpers.counter import cart_of, sell
from tests.ui.hands import Hands


def sold(hands: Hands, *tenders: tuple[str, int]) -> SaleDone:
    """One sale, in cash unless said otherwise."""
    counter = hands.window.desk.counter
    product = counter.db.scalar("SELECT id FROM product WHERE name='Mi goreng'")
    return sell(counter, cart_of(counter, (product, 1_000)), *tenders)


def tender(hands: Hands, receipt: str, number: int = 1) -> str:
    """How a receipt is paid now."""
    return str(receipt_view(hands.window.desk.counter.db, receipt).payments[number - 1].kind)


def test_cash_becomes_a_card_with_a_reason(hands: Hands) -> None:
    done = sold(hands)
    hands.window.show_receipt(done.receipt)
    hands.tap("swap")
    hands.tap("swap_card")
    assert tender(hands, done.receipt) == "cash", "without a reason nothing changes"
    hands.field("swap_reason").setText("salah tekan")
    hands.tap("swap_card")
    assert tender(hands, done.receipt) == "card"


def test_by_keys_the_second_tender_with_its_reference(hands: Hands) -> None:
    done = sold(hands, ("qris", 1_000), ("cash", 1_500))
    hands.window.show_receipt(done.receipt)
    hands.press("F7")
    hands.wait_for("swap_panel")
    hands.type("salah tekan")
    hands.press("Tab")
    hands.type("99")
    hands.press("Alt+2")
    assert not hands.see(QAbstractButton, "swap_cash").isEnabled()
    assert hands.see(QAbstractButton, "swap_qris").isEnabled()
    hands.press("Alt+T")
    assert (tender(hands, done.receipt), tender(hands, done.receipt, 2)) == ("qris", "transfer")
    assert receipt_view(hands.counter.db, done.receipt).payments[1].reference == "99"
    assert hands.panel == ""


def test_kasbon_asks_who_it_was(hands: Hands) -> None:
    done = sold(hands)
    udin = add_customer(hands.window.desk.counter, "Pak Udin", credit_limit=50_000)
    hands.window.show_receipt(done.receipt)
    hands.tap("swap")
    hands.field("swap_reason").setText("belum bayar")
    hands.tap("swap_credit")
    hands.wait_for("customer_panel")
    assert tender(hands, done.receipt) == "cash"
    hands.type("udin")
    hands.press("Enter")
    assert tender(hands, done.receipt) == "credit"
    assert customer(hands.counter.db, udin).debt == 2_500


def test_kasbon_for_nobody_is_a_sentence(hands: Hands) -> None:
    done = sold(hands)
    hands.window.show_receipt(done.receipt)
    hands.tap("swap")
    hands.field("swap_reason").setText("belum bayar")
    hands.tap("swap_credit", "customer_none")
    assert tender(hands, done.receipt) == "cash"
    assert "pelanggan" in hands.window.status.said()


def test_a_receipt_without_money_has_nothing_to_swap(hands: Hands) -> None:
    counter = hands.counter
    product = counter.db.scalar("SELECT id FROM product WHERE name='Mi goreng'")
    counter.db.run("UPDATE product SET price=0 WHERE id=?", (product,))
    done = sold(hands, ("cash", 1))
    counter.db.run("DELETE FROM payment")
    hands.window.show_receipt(done.receipt)
    hands.tap("swap")
    assert hands.panel == ""
    assert "tidak memindahkan uang" in hands.window.status.said()
