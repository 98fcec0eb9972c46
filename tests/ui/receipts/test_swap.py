"""A wrong tender is put right from the list of receipts while the shift is open."""

from __future__ import annotations

from pos.customers.people import add_customer
from pos.receipts.listing import receipt_view
from pos.selling.sales import SaleDone
from tests.helpers.counter import cart_of, sell
from tests.ui.hands import Hands


def sold(hands: Hands) -> SaleDone:
    """One sale in cash."""
    counter = hands.window.desk.counter
    product = counter.db.scalar("SELECT id FROM product ORDER BY id LIMIT 1")
    return sell(counter, cart_of(counter, (product, 1_000)))


def tender(hands: Hands, receipt: str) -> str:
    """How a receipt is paid now."""
    return str(receipt_view(hands.window.desk.counter.db, receipt).payments[0].kind)


def test_cash_becomes_a_card_with_a_reason(hands: Hands) -> None:
    done = sold(hands)
    hands.window.show_receipt(done.receipt)
    hands.tap("swap")
    hands.tap("swap_card")
    assert tender(hands, done.receipt) == "cash", "without a reason nothing changes"
    hands.field("swap_reason").setText("salah tekan")
    hands.tap("swap_card")
    assert tender(hands, done.receipt) == "card"


def test_kasbon_without_a_customer_is_a_sentence(hands: Hands) -> None:
    done = sold(hands)
    add_customer(hands.window.desk.counter, "Pak Udin", credit_limit=50_000)
    hands.window.show_receipt(done.receipt)
    hands.tap("swap")
    hands.field("swap_reason").setText("belum bayar")
    hands.tap("swap_credit")
    assert tender(hands, done.receipt) == "cash"
    assert "pelanggan" in hands.window.status.said()
