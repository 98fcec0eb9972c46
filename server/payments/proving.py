"""Proof that payments and books say the same: every rupiah that came or went through a provider is
posted once, and nothing is posted that no payment knows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select

from core.ledger import account_id
from server.db.schema import SHOP
from server.db.schema.ledger import ledger_entry, ledger_hold
from server.db.schema.payments import order_payment
from server.db.transaction import ShopTx
from server.db.types import show_id
from server.ledger.chart import code_of
from server.ledger.proving import MOST_DIFFERENCES, Difference
from server.ledger.reading import read_entries
from server.payments import rows
from server.payments.naming import clearing_name, entry_id
from server.payments.payout_proving import prove_payouts
from server.payments.rows import Payment, Refund
from server.payments.states import MONEY_CAME
from server.services import Services

_AT_ONCE: Final = 500
_KINDS: Final = ("payment_received", "payment_refunded", "payment_charged_back")
_NEXT = (
    select(order_payment.c.payment_id)
    .where(order_payment.c.shop_id == SHOP, order_payment.c.payment_id > bindparam("after"))
    .order_by(order_payment.c.payment_id)
    .limit(_AT_ONCE)
)
_POSTED = select(func.count()).where(
    ledger_entry.c.shop_id == SHOP, ledger_entry.c.kind.in_(_KINDS)
)
_OPEN_HOLDS = select(func.count()).where(
    ledger_hold.c.shop_id == SHOP,
    ledger_hold.c.kind == "payment_refund",
    ledger_hold.c.state == "open",
)


class PaymentsProof(NamedTuple):
    """What a shop's payments prove. `ok`: nothing differs."""

    ok: bool
    payments: int
    differences: tuple[Difference, ...]


class _Counted:
    """How much there should be in all."""

    def __init__(self) -> None:
        self.payments = self.entries = self.holds = 0


def prove_payments(services: Services, shop_id: bytes) -> PaymentsProof:
    """Prove a shop's payments against its books; some differences are named, not all."""
    counted = _Counted()
    with services.store.reading_shop(shop_id, snapshot=True) as tx:
        found = tuple(islice(_all(tx, counted), MOST_DIFFERENCES))
    return PaymentsProof(not found, counted.payments, found)


def _all(tx: ShopTx, counted: _Counted) -> Iterator[Difference]:
    after = bytes(16)
    while ids := [row.payment_id for row in tx.rows(_NEXT, after=after)]:
        for payment_id in ids:
            at = rows.find_payment(tx, payment_id)
            assert at is not None
            yield from _prove(tx, at, rows.refunds_of(tx, payment_id), counted)
        after = ids[-1]
    posted, held = int(tx.scalar(_POSTED)), int(tx.scalar(_OPEN_HOLDS))
    if posted != counted.entries:
        yield Difference("ledger_entry.payment_*", str(posted), str(counted.entries))
    if held != counted.holds:
        yield Difference("ledger_hold.payment_refund", str(held), str(counted.holds))
    yield from prove_payouts(tx)


def _prove(
    tx: ShopTx, at: Payment, refunds: list[Refund], counted: _Counted
) -> Iterator[Difference]:
    counted.payments += 1
    counted.holds += sum(one.state == "asking" for one in refunds)
    done = [one for one in refunds if one.state == "done"]
    given = sum(one.amount for one in done)
    if given != at.refunded:
        yield Difference(f"order_payment.refunded {show_id(at.id)}", str(at.refunded), str(given))
    wanted = _wanted(at, done)
    counted.entries += len(wanted)
    there = read_entries(tx, wanted)
    clearing = account_id(
        tx.shop_id, code_of("provider_clearing", clearing_name(at.provider, at.environment))
    )
    for key, (what, amount) in wanted.items():
        postings = there[key].entry.postings if key in there else ()
        moved = sum(
            one.amount if one.debit == clearing else -one.amount
            for one in postings
            if clearing in (one.debit, one.credit)
        )
        if moved != amount:
            yield Difference(f"ledger_entry.{what} {show_id(at.id)}", str(moved), str(amount))


def _wanted(at: Payment, done: list[Refund]) -> dict[bytes, tuple[str, int]]:
    """The entries of a payment, by their ids, with what each brings to the clearing account."""
    if at.state not in MONEY_CAME:
        return {}
    wanted = {entry_id(at, "received"): ("payment_received", at.amount)}
    for one in done:
        wanted[entry_id(at, "refunded", one.key)] = ("payment_refunded", -one.amount)
    if at.state == "charged_back" and at.refunded < at.amount:
        left = at.amount - at.refunded
        wanted[entry_id(at, "charged_back")] = ("payment_charged_back", -left)
    return wanted
