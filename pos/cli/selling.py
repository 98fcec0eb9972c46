"""The command `sell`: one sale a line on stdin, one answer a line on stdout."""

from __future__ import annotations

import sys
from typing import Any, Final

import msgspec

from core import cart as carts
from core.cart import Cart, Discount, Goods
from core.errors import Refused
from core.pricing import quantity_bought
from core.quantity import parse_quantity, quantity_for
from core.tender import AT_THE_COUNTER, TenderKind
from core.text import clean_name
from pos.catalog.goods import by_code, one_goods, resolve
from pos.catalog.scan import ScannedProduct, read_scan
from pos.cli.arguments import command
from pos.cli.exits import DONE, REFUSED
from pos.cli.session import Session, UsageError, to_json
from pos.counter import Counter
from pos.customers.accounts import customer_named
from pos.failures import as_refusal
from pos.messages import sentence
from pos.selling.sales import Tendered, complete_sale

UNREADABLE: Final = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What reading JSON meets in a text that is none, is no UTF-8, or nests too deep."""


class LineAsked(msgspec.Struct, frozen=True):
    """A line of a sale as asked for on stdin: a quantity (1 where none is said) or an amount."""

    barcode: str = ""
    code: str = ""
    qty: int | float | str | None = None
    unit: str = ""
    price: int | None = None
    discount: int = 0
    note: str = ""
    amount: int | None = None


class TenderAsked(msgspec.Struct, frozen=True):
    """A tender as asked for on stdin."""

    kind: str
    amount: int
    reference: str = ""
    confirmed: str = ""


class SaleAsked(msgspec.Struct, frozen=True):
    """A sale as asked for on stdin."""

    lines: tuple[LineAsked, ...]
    tenders: tuple[TenderAsked, ...] = ()
    discount: int = 0
    customer: str = ""
    ref: str | None = None
    note: str = ""


class BadSaleLine(Refused):
    """A line on stdin is not a sale; `why` says what the reader met."""

    code = "bad_sale_line"


class UnknownTender(Refused):
    """There is no such tender."""

    code = "unknown_tender"


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    command(commands, "sell", "Penjualan dari stdin, satu baris satu / sales from stdin", run_sell)


def run_sell(session: Session) -> int:
    """Ring up every line of stdin; the stream goes on after a refusal."""
    counter = session.writing()
    refused = 0
    for text in sys.stdin:
        if not text.strip():
            continue
        ref = _ref(text)
        try:
            answer = _sell(counter, text)
        except Exception as error:
            refusal = as_refusal(error)
            refused += 1
            message = sentence(refusal, session.language)
            answer = {"error": refusal.code, "message": message, "ref": ref}
            print(message, file=sys.stderr)
        print(to_json(answer), flush=True)
    return REFUSED if refused else DONE


def _ref(text: str) -> str | None:
    try:
        found = msgspec.json.decode(text)
    except UNREADABLE:
        return None
    ref = found.get("ref") if isinstance(found, dict) else None
    return ref if isinstance(ref, str) else None


def _sell(counter: Counter, text: str) -> dict[str, Any]:
    try:
        asked = msgspec.json.decode(text, type=SaleAsked)
    except UNREADABLE as error:
        raise BadSaleLine(why=str(error)) from error
    cart = build_cart(counter, asked)
    done = complete_sale(counter, cart, tenders_asked(asked), ref=asked.ref or "")
    return {
        "receipt": done.receipt,
        "total": done.total,
        "paid": done.paid,
        "change": done.change,
        "ref": asked.ref,
    }


def tenders_asked(asked: SaleAsked) -> list[Tendered]:
    """The tenders that a sale on stdin names.

    Raises:
        UnknownTender.
    """
    return [
        Tendered(_kind(item.kind), item.amount, clean_name(item.reference), item.confirmed)
        for item in asked.tenders
    ]


def _kind(text: str) -> TenderKind:
    if text not in AT_THE_COUNTER:
        raise UnknownTender(kind=text)
    return TenderKind(text)


def build_cart(counter: Counter, asked: SaleAsked) -> Cart:
    """The cart that a sale on stdin asks for.

    Raises:
        Refused: unknown goods, quantities or discounts that make no sense.
    """
    cart = Cart(note=clean_name(asked.note))
    for line in asked.lines:
        cart = _add_line(counter, cart, line)
    if asked.discount:
        if asked.discount < 0:
            raise carts.DiscountTooLarge(value=asked.discount, kind="rupiah")
        cart = carts.set_cart_discounts(cart, (Discount("rupiah", asked.discount),))
    if asked.customer:
        cart = carts.set_customer(cart, customer_named(counter.db, asked.customer).id)
    return cart


def _add_line(counter: Counter, cart: Cart, line: LineAsked) -> Cart:
    found = _find(counter, line)
    goods = one_goods(counter.db, found.product_id)
    unit = line.unit or found.unit
    qty, amount = _how_much(line, found, goods, unit)
    cart, index = carts.add(cart, goods, unit, qty, price=line.price, amount=amount)
    if line.discount:
        # A line with a discount of its own stays apart from others of the same goods.
        last = cart.lines[index]
        if last.qty != qty:
            cart = carts.set_quantity(cart, index, last.qty - qty)
            fresh = carts.CartLine(goods, unit, qty, line.price)
            cart = msgspec.structs.replace(cart, lines=(*cart.lines, fresh))
            index = len(cart.lines) - 1
        cart = carts.set_line_discounts(cart, index, (Discount("rupiah", line.discount),))
    return carts.set_note(cart, index, clean_name(line.note)) if line.note else cart


def _how_much(
    line: LineAsked, found: ScannedProduct, goods: Goods, unit: str
) -> tuple[int, int | None]:
    """Quantity and exact amount: what a label says stands above what is asked for."""
    if line.amount is not None and line.qty is not None:
        raise BadSaleLine(why="qty, amount")
    if found.qty is not None:
        return found.qty, found.amount
    if line.amount is not None and found.amount is None:
        return quantity_bought(goods, unit, line.amount, line.price), line.amount
    if found.amount is not None and line.qty is None and goods.price > 0:
        return max(1, quantity_for(found.amount, goods.price)), found.amount
    return parse_quantity("1" if line.qty is None else str(line.qty)), found.amount


def _find(counter: Counter, line: LineAsked) -> ScannedProduct:
    if line.barcode:
        found = read_scan(counter, line.barcode)
        if isinstance(found, ScannedProduct):
            return found
        raise BadSaleLine(why=line.barcode)
    if not line.code:
        raise UsageError(why="barcode|code")
    hit = resolve(counter.db, by_code(counter.db, line.code), line.code)
    return ScannedProduct(hit.product_id, hit.unit)
