"""What a cart costs: one order of steps, the whole computed anew from the lines each time.

Unit price (own price of the unit, tier, hand-made price), line discounts (percent, then
rupiah), cart discounts (percent, then rupiah, allocated to lines by largest remainder), tax from
the shares. So parts always sum to the whole, and a refund can mirror the stored shares.

A line sold for an exact amount ("Rp 5.000 of sugar") keeps that amount as its gross, whatever its
quantity times the unit price would round to; so the line, the fact and the receipt hold both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.cart import Cart, CartLine, Discount, DiscountTooLarge, Goods
from core.errors import Refused
from core.money import allocate, percent
from core.quantity import extend, quantity_for
from core.tax import TaxRule, line_taxes


class AmountNeedsWeighing(Refused):
    """Only goods that can be divided are sold for an amount of money."""

    code = "amount_needs_weighing"


class AmountTooSmall(Refused):
    """The amount does not buy a thousandth of the unit."""

    code = "amount_too_small"


class PricedLine(NamedTuple):
    """A line with its amounts in rupiah. `net` is what is left after all discounts.

    `by_amount` says that `gross` is what was asked for, not the price times the quantity.
    """

    product_id: bytes
    name: str
    code: str
    unit: str
    factor: int
    qty: int
    base_qty: int
    unit_price: int
    list_price: int
    gross: int
    line_discount: int
    cart_discount: int
    net: int
    tax: int
    tax_class: str
    note: str
    price_reason: str
    hand_made: bool
    tier: bool
    by_amount: bool = False


class PricedCart(NamedTuple):
    """The whole: `total` is what the buyer pays before cash rounding."""

    lines: tuple[PricedLine, ...]
    gross: int
    discount: int
    tax: int
    tax_included: bool
    total: int


class _UnitPrice(NamedTuple):
    price: int
    listed: int
    hand_made: bool
    tier: bool


def price(cart: Cart, tax: TaxRule | None) -> PricedCart:
    """Price a cart.

    Raises:
        DiscountTooLarge: a rupiah discount is more than what it is taken from.
    """
    amounts = _base_amounts(cart)
    prices = [unit_price(line, _counted(line, amounts)) for line in cart.lines]
    grosses = [_gross(line, found) for line, found in zip(cart.lines, prices, strict=True)]
    line_discounts = [
        discount_of(gross, line.discounts) for line, gross in zip(cart.lines, grosses, strict=True)
    ]
    subtotals = [gross - off for gross, off in zip(grosses, line_discounts, strict=True)]
    cart_discount = discount_of(sum(subtotals), cart.discounts)
    shares = allocate(cart_discount, subtotals)
    nets = [subtotal - share for subtotal, share in zip(subtotals, shares, strict=True)]
    taxes = line_taxes(nets, [line.goods.tax_class for line in cart.lines], tax)
    lines = tuple(
        _priced(*parts)
        for parts in zip(
            cart.lines, prices, grosses, line_discounts, shares, nets, taxes, strict=True
        )
    )
    included = tax is None or tax.included
    total = sum(nets) + (0 if included else sum(taxes))
    discount = sum(line_discounts) + cart_discount
    return PricedCart(lines, sum(grosses), discount, sum(taxes), included, total)


def _base_amounts(cart: Cart) -> dict[bytes, int]:
    amounts: dict[bytes, int] = {}
    for line in cart.lines:
        base = line.qty * line.goods.factor(line.unit)
        amounts[line.goods.product_id] = amounts.get(line.goods.product_id, 0) + base
    return amounts


def _counted(line: CartLine, amounts: dict[bytes, int]) -> int:
    """What a tier counts: all of the product, but for an exact amount only what that bought.

    Its quantity was measured at one price; goods added later must not change that price.
    """
    if line.amount is not None:
        return line.qty * line.goods.factor(line.unit)
    return amounts[line.goods.product_id]


def unit_price(line: CartLine, base_amount: int) -> _UnitPrice:
    """What one unit of a line costs when so many base units of the product are bought in all.

    A hand-made price stands above all. Otherwise the unit's own price (or base price times
    factor), or the tier's price times factor where that is lower.
    """
    goods = line.goods
    factor = goods.factor(line.unit)
    own = next((unit.price for unit in goods.units if unit.unit == line.unit), None)
    listed = goods.price * factor if own is None else own
    if line.price is not None:
        return _UnitPrice(line.price, listed, True, False)
    reached = [tier.price * factor for tier in goods.tiers if base_amount >= tier.min_qty]
    best = min(reached, default=listed)
    return (
        _UnitPrice(best, listed, False, True)
        if best < listed
        else _UnitPrice(listed, listed, False, False)
    )


def quantity_bought(goods: Goods, unit: str, amount: int, price: int | None = None) -> int:
    """Thousandths of `unit` that exactly `amount` rupiah buy, rounded down.

    At the hand-made `price` where one is given, else at the lowest price whose tier that very
    quantity reaches. The line keeps the amount as its total.

    Raises:
        UnknownUnit: the product is not sold in it.
        AmountNeedsWeighing: these goods are sold in whole pieces.
        NoPrice: they have no price.
        AmountTooSmall: the amount buys less than a thousandth.
    """
    factor = goods.factor(unit)
    if not goods.fractional:
        raise AmountNeedsWeighing(name=goods.name, unit=unit, amount=amount)
    listed = unit_price(CartLine(goods, unit, 0, price), 0).price
    bought = quantity_for(amount, listed)
    if price is None:
        for tier in goods.tiers:
            if 0 < tier.price * factor < listed:
                more = quantity_for(amount, tier.price * factor)
                bought = max(bought, more) if more * factor >= tier.min_qty else bought
    if bought <= 0:
        raise AmountTooSmall(name=goods.name, unit=unit, amount=amount)
    return bought


def _gross(line: CartLine, found: _UnitPrice) -> int:
    return extend(found.price, line.qty) if line.amount is None else line.amount


def discount_of(amount: int, discounts: Sequence[Discount]) -> int:
    """What discounts take off an amount: percentages first, each on what is left, then rupiah.

    The largest percentage goes first, so that rounding does not depend on the order in which
    they were given.

    Raises:
        DiscountTooLarge: more rupiah than are left.
    """
    left = amount
    for off in sorted((item.value for item in discounts if item.kind == "percent"), reverse=True):
        left -= percent(left, off)
    for discount in discounts:
        if discount.kind == "rupiah":
            if discount.value > left:
                raise DiscountTooLarge(value=discount.value, kind="rupiah")
            left -= discount.value
    return amount - left


def _priced(
    line: CartLine,
    found: _UnitPrice,
    gross: int,
    line_discount: int,
    cart_discount: int,
    net: int,
    tax: int,
) -> PricedLine:
    goods = line.goods
    factor = goods.factor(line.unit)
    return PricedLine(
        goods.product_id,
        goods.name,
        goods.code,
        line.unit,
        factor,
        line.qty,
        line.qty * factor,
        found.price,
        found.listed,
        gross,
        line_discount,
        cart_discount,
        net,
        tax,
        goods.tax_class,
        line.note,
        line.price_reason,
        found.hand_made,
        found.tier,
        line.amount is not None,
    )
