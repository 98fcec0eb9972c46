"""The cart: what a buyer is about to pay for. Every change makes a new cart.

Prices are rupiah a unit, quantities thousandths of the line's unit. Nothing here is a sum:
amounts follow from the whole cart each time (`core.pricing`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec
from msgspec.structs import replace

from core.errors import Refused

MAX_QTY = 999_999_000
MAX_PRICE = 9_999_999_999
MAX_LINES = 1_000


class Discount(msgspec.Struct, frozen=True):
    """Rupiah off, or a percentage in basis points."""

    kind: Literal["rupiah", "percent"]
    value: int


class PricedUnit(msgspec.Struct, frozen=True):
    """A larger unit: its exact factor, and its own price or None for price times factor."""

    unit: str
    factor: int
    price: int | None = None


class Tier(msgspec.Struct, frozen=True):
    """From `min_qty` (thousandths of the base unit) one base unit costs `price`."""

    min_qty: int
    price: int


class Goods(msgspec.Struct, frozen=True):
    """What the cart must know of a product, as read when it was added."""

    product_id: bytes
    code: str
    name: str
    base_unit: str
    price: int
    tax_class: str = "kena"
    units: tuple[PricedUnit, ...] = ()
    tiers: tuple[Tier, ...] = ()
    fractional: bool = False

    def factor(self, unit: str) -> int:
        """How many base units one `unit` holds.

        Raises:
            UnknownUnit: the product is not sold in it.
        """
        if unit == self.base_unit:
            return 1
        for candidate in self.units:
            if candidate.unit == unit:
                return candidate.factor
        raise UnknownUnit(unit=unit, name=self.name)

    def unit_names(self) -> tuple[str, ...]:
        """The units it is sold in, smallest first."""
        return (self.base_unit, *(unit.unit for unit in self.units))


class CartLine(msgspec.Struct, frozen=True):
    """One line. `price` is hand-made; `amount` is an exact sum asked for ("5000r", a label)."""

    goods: Goods
    unit: str
    qty: int
    price: int | None = None
    price_reason: str = ""
    discounts: tuple[Discount, ...] = ()
    note: str = ""
    amount: int | None = None
    added_by: str = ""


class Cart(msgspec.Struct, frozen=True):
    """All lines, discounts on the whole, and for whom."""

    lines: tuple[CartLine, ...] = ()
    discounts: tuple[Discount, ...] = ()
    customer_id: bytes | None = None
    note: str = ""


EMPTY = Cart()


class UnknownUnit(Refused):
    """The product is not sold in this unit."""

    code = "unknown_unit"


class FractionNotAllowed(Refused):
    """This product is sold in whole pieces only."""

    code = "fraction_not_allowed"


class QuantityTooLarge(Refused):
    """Nobody buys so much at once: it is a barcode typed into a quantity."""

    code = "quantity_too_large"


class QuantityNotPositive(Refused):
    """A quantity must be above zero."""

    code = "quantity_not_positive"


class PriceOutOfRange(Refused):
    """A price must be rupiah between zero and the program's limit."""

    code = "price_out_of_range"


class DiscountTooLarge(Refused):
    """A discount is more than what it is taken from, or negative."""

    code = "discount_too_large"


class CartFull(Refused):
    """The cart holds as many lines as one receipt can."""

    code = "cart_full"


def check_quantity(goods: Goods, unit: str, qty: int) -> None:
    """Insist on a sensible quantity of a unit that the product is sold in.

    A fraction of a larger unit is allowed where it makes whole base units (half a dozen).

    Raises:
        UnknownUnit, QuantityNotPositive, QuantityTooLarge, FractionNotAllowed.
    """
    factor = goods.factor(unit)
    if qty <= 0:
        raise QuantityNotPositive(name=goods.name)
    if qty > MAX_QTY or qty * factor > MAX_QTY * 1_000:
        raise QuantityTooLarge(name=goods.name, qty=qty)
    if not goods.fractional and qty * factor % 1000:
        raise FractionNotAllowed(name=goods.name, unit=unit)


def add(
    cart: Cart,
    goods: Goods,
    unit: str,
    qty: int,
    *,
    price: int | None = None,
    amount: int | None = None,
    added_by: str = "",
) -> tuple[Cart, int]:
    """Add goods: to the line that is alike in all, else as a new line; returns its index.

    Raises:
        UnknownUnit, QuantityNotPositive, QuantityTooLarge, FractionNotAllowed,
        PriceOutOfRange, CartFull.
    """
    _check_price(price)
    _check_price(amount)
    check_quantity(goods, unit, qty)
    for index in range(len(cart.lines) - 1, -1, -1):
        line = cart.lines[index]
        if _alike(line, goods, unit, price, amount):
            check_quantity(goods, unit, line.qty + qty)
            merged = replace(line, qty=line.qty + qty, goods=goods)
            return _with_line(cart, index, merged), index
    if len(cart.lines) >= MAX_LINES:
        raise CartFull(limit=MAX_LINES)
    fresh = CartLine(goods, unit, qty, price, amount=amount, added_by=added_by)
    return replace(cart, lines=(*cart.lines, fresh)), len(cart.lines)


def _alike(line: CartLine, goods: Goods, unit: str, price: int | None, amount: int | None) -> bool:
    return (
        line.goods.product_id == goods.product_id
        and line.unit == unit
        and line.price == price
        and line.amount is None
        and amount is None
        and not line.discounts
        and not line.note
    )


def _check_price(price: int | None) -> None:
    if price is not None and not 0 <= price <= MAX_PRICE:
        raise PriceOutOfRange(price=price)


def _with_line(cart: Cart, index: int, line: CartLine) -> Cart:
    return replace(cart, lines=(*cart.lines[:index], line, *cart.lines[index + 1 :]))


def _changed(cart: Cart, index: int, change: Callable[[CartLine], CartLine]) -> Cart:
    return _with_line(cart, index, change(cart.lines[index]))


def set_quantity(cart: Cart, index: int, qty: int) -> Cart:
    """Set a line's quantity; an exact amount asked for before no longer holds.

    Raises:
        As `check_quantity`.
    """
    line = cart.lines[index]
    check_quantity(line.goods, line.unit, qty)
    return _with_line(cart, index, replace(line, qty=qty, amount=None))


def set_unit(cart: Cart, index: int, unit: str) -> Cart:
    """Sell the same count in another unit; a hand-made price was for the old one and goes.

    Raises:
        As `check_quantity`.
    """
    line = cart.lines[index]
    check_quantity(line.goods, unit, line.qty)
    return _with_line(cart, index, replace(line, unit=unit, price=None, amount=None))


def next_unit(line: CartLine) -> str:
    """The unit after the line's own, round in a ring."""
    names = line.goods.unit_names()
    return names[(names.index(line.unit) + 1) % len(names)]


def set_price(cart: Cart, index: int, price: int | None, reason: str = "") -> Cart:
    """Set a hand-made price for one unit, or take it away.

    Raises:
        PriceOutOfRange.
    """
    _check_price(price)
    line = cart.lines[index]
    return _with_line(
        cart,
        index,
        replace(line, price=price, price_reason=reason if price is not None else "", amount=None),
    )


def set_line_discounts(cart: Cart, index: int, discounts: tuple[Discount, ...]) -> Cart:
    """Set a line's discounts.

    Raises:
        DiscountTooLarge.
    """
    _check_discounts(discounts)
    return _changed(cart, index, lambda line: replace(line, discounts=discounts))


def set_cart_discounts(cart: Cart, discounts: tuple[Discount, ...]) -> Cart:
    """Set the discounts on the whole cart.

    Raises:
        DiscountTooLarge.
    """
    _check_discounts(discounts)
    return replace(cart, discounts=discounts)


def _check_discounts(discounts: tuple[Discount, ...]) -> None:
    for discount in discounts:
        most = 10_000 if discount.kind == "percent" else MAX_PRICE
        if not 0 <= discount.value <= most:
            raise DiscountTooLarge(value=discount.value, kind=discount.kind)


def set_note(cart: Cart, index: int, note: str) -> Cart:
    """Set a line's note."""
    return _changed(cart, index, lambda line: replace(line, note=note))


def remove(cart: Cart, index: int) -> Cart:
    """Take a line out. With the last one go the cart's discounts: nothing is left to discount."""
    lines = (*cart.lines[:index], *cart.lines[index + 1 :])
    return replace(cart, lines=lines, discounts=cart.discounts if lines else ())


def set_customer(cart: Cart, customer_id: bytes | None) -> Cart:
    """Say who buys."""
    return replace(cart, customer_id=customer_id)
