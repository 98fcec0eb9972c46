"""Completing a sale: the rules are checked, one fact is written, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.cart import Cart
from core.errors import Refused
from core.facts.selling import SaleCompleted, SaleLine, TenderPart
from core.ids import receipt_number
from core.pricing import PricedCart, PricedLine, price
from core.tender import Settlement, TenderKind, settle_tenders
from pos.counter import Counter, Transaction
from pos.customers.accounts import check_accounts
from pos.printing.enqueue import queue_receipt
from pos.selling.carts import forget_open_cart
from pos.shifts.open_shift import open_shift_id
from pos.staff.people import require


class Tendered(NamedTuple):
    """What the buyer gives: a tender, its rupiah (cash: as handed over), and its evidence."""

    kind: TenderKind
    amount: int
    reference: str = ""
    confirmed: str = ""


class SaleDone(NamedTuple):
    """A durable sale, as the cashier and the receipt need it. Amounts in rupiah."""

    sale_id: int
    receipt: str
    total: int
    paid: int
    change: int
    rounding: int


class EmptyCart(Refused):
    """There is nothing in the cart."""

    code = "empty_cart"


class CustomerNeeded(Refused):
    """Kasbon and member balance need a customer."""

    code = "customer_needed"


def complete_sale(
    counter: Counter,
    cart: Cart,
    tenders: Sequence[Tendered],
    *,
    ref: str = "",
    printed: bool = True,
) -> SaleDone:
    """Make a cart a sale: durable when this returns, or nothing happened.

    Raises:
        EmptyCart, NoShift, CustomerNeeded, NeedsManager: the rule that says no.
        NotPaid, TooMuch: the tenders do not fit the total.
        CreditLimitExceeded, BalanceLimitExceeded: an account would pass its limit.
    """
    if not cart.lines:
        raise EmptyCart()
    require(counter, "sell")
    priced = price(cart, counter.settings.tax)
    check_permissions(counter, cart, priced)
    settled = settle(counter, priced.total, tenders)
    parts = tender_parts(tenders, settled)
    check_tenders(counter, parts, cart.customer_id or b"")
    fact = SaleCompleted(
        0,
        open_shift_id(counter.db),
        "sale",
        tuple(sale_line(line, cart) for line in priced.lines),
        parts,
        priced.total,
        settled.rounding,
        settled.change,
        priced.tax_included,
        cart.customer_id or b"",
        ref,
        cart.note,
    )
    return write_sale(counter, fact, settled, printed=printed)


def write_sale(
    counter: Counter,
    fact: SaleCompleted,
    settled: Settlement,
    *,
    printed: bool,
    from_cart: bool = True,
) -> SaleDone:
    """Give the sale its number and make it durable with its print job.

    `from_cart` says that the open cart became this sale and is forgotten with it.
    """
    from msgspec.structs import replace

    with counter.transaction() as tx:
        number = tx.next_number()
        sale_id = tx.append(replace(fact, number=number))
        receipt = receipt_number(_register(tx), number)
        if printed:
            cash = any(part.kind == "cash" for part in fact.tenders)
            queue_receipt(tx.db.raw, receipt, kick_drawer=cash, now_ms=counter.clock.now_ms())
        if from_cart:
            forget_open_cart(tx)
    return SaleDone(sale_id, receipt, fact.total, settled.paid, settled.change, settled.rounding)


def _register(tx: Transaction) -> str:
    return str(tx.db.scalar("SELECT register FROM line WHERE device=?", (tx.head.device,)))


def settle(counter: Counter, total: int, tenders: Sequence[Tendered]) -> Settlement:
    """How the tenders meet the total, with the shop's cash rounding."""
    settings = counter.settings
    return settle_tenders(
        total,
        [(tender.kind, tender.amount) for tender in tenders],
        step=settings.cash_step,
        mode=settings.cash_mode,
    )


def tender_parts(tenders: Sequence[Tendered], settled: Settlement) -> tuple[TenderPart, ...]:
    """The tenders as the fact keeps them: cash less the change, taken from the last cash."""
    parts: list[TenderPart] = []
    change = settled.change
    for tender in reversed(tenders):
        amount = tender.amount
        given = 0
        if tender.kind == "cash":
            given = tender.amount
            back = min(change, amount) if amount > 0 else 0
            amount, change = amount - back, change - back
        if amount or given:
            parts.append(
                TenderPart(
                    str(tender.kind), amount, given, tender.reference.strip(), tender.confirmed
                )
            )
    return tuple(reversed(parts))


def check_tenders(counter: Counter, parts: Sequence[TenderPart], customer_id: bytes) -> None:
    """Kasbon and member balance need a customer with room for the amount."""
    owed = {
        account: sum(part.amount for part in parts if part.kind == account)
        for account in ("credit", "balance")
    }
    if not any(part.kind in owed for part in parts):
        return
    if not customer_id:
        raise CustomerNeeded()
    if owed["credit"] > 0:
        require(counter, "credit", owed["credit"])
    check_accounts(counter, customer_id, owed["credit"], owed["balance"])


def check_permissions(counter: Counter, cart: Cart, priced: PricedCart) -> None:
    """Hand-made prices and discounts need their permissions."""
    if any(line.hand_made for line in priced.lines):
        require(counter, "price_change")
    for line in priced.lines:
        given = line.line_discount + line.cart_discount
        if given > 0 and line.gross > 0:
            # Rounded up to whole basis points, so that a limit is never passed by rounding.
            require(counter, "discount", -(-given * 10_000 // line.gross))


def sale_line(line: PricedLine, cart: Cart) -> SaleLine:
    """A priced line as the fact keeps it."""
    return SaleLine(
        line.product_id,
        line.name,
        line.unit,
        line.factor,
        line.qty,
        line.unit_price,
        line.list_price,
        line.gross,
        line.line_discount,
        line.cart_discount,
        line.net,
        line.tax,
        line.tax_class,
        line.note,
    )
