"""What does not fit between payments and books is named."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from server.db.schema import SHOP
from server.db.schema.payments import order_payment, order_payment_refund
from server.payments.proving import prove_payments
from tests.helpers.paid_orders import PaidShop


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"state": "pending"}, "ledger_entry.payment_*"),
        ({"amount": 28_001}, "ledger_entry.payment_received"),
        ({"transaction_id": "another"}, "ledger_entry.payment_received"),
        ({"refunded": 7_000}, "order_payment.refunded"),
        ({"state": "charged_back"}, "ledger_entry.payment_charged_back"),
    ],
)
def test_a_payment_that_was_changed_is_named(
    paid: PaidShop, values: dict[str, Any], place: str
) -> None:
    _refunded(paid)
    change = update(order_payment).where(order_payment.c.shop_id == SHOP)
    with paid.services.store.shop(paid.shop) as tx:
        tx.run(change.values(**values))
    proof = prove_payments(paid.services, paid.shop)
    assert not proof.ok and proof.payments == 1
    assert any(one.table.startswith(place) for one in proof.differences), proof.differences


def test_a_refund_that_was_changed_is_named(paid: PaidShop) -> None:
    _refunded(paid)
    change = update(order_payment_refund).where(order_payment_refund.c.shop_id == SHOP)
    with paid.services.store.shop(paid.shop) as tx:
        tx.run(change.values(state="asking", ended_ms=None))
    tables = [one.table for one in prove_payments(paid.services, paid.shop).differences]
    assert "ledger_hold.payment_refund" in tables and "ledger_entry.payment_*" in tables


def _refunded(paid: PaidShop) -> None:
    """A payment of which Rp 8.000 went back."""
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    paid.door.standings[order] = paid.door.standings[order]._replace(order="cancelled")
    paid.sandbox.act(made.provider_key, "pay")
    paid.poll()
    assert paid.refund(paid.payment(made.id), 8_000).state == "done"
    paid.check_books()
