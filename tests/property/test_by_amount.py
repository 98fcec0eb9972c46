"""What must hold for goods sold for an exact amount of money."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from core import cart as carts
from core.cart import EMPTY, CartLine, Discount, Goods, PricedUnit, Tier
from core.pricing import AmountTooSmall, price, quantity_bought
from core.quantity import extend
from core.refund import SoldLine, refund_line
from core.tax import TaxRule
from tests.property.test_refund import parts_of

AMOUNTS = st.integers(1, 5_000_000)
PPN = TaxRule("PPN", 1100, included=True)


@st.composite
def weighed(draw: st.DrawFn) -> Goods:
    """Goods by the kilo, with a sack and prices that fall with the quantity."""
    base = draw(st.integers(10, 500_000))
    tiers = (Tier(3_000, base * 9 // 10), Tier(50_000, base * 8 // 10))
    return Goods(
        b"g", "G", "Gula", "kg", base,
        units=(PricedUnit("karung", draw(st.integers(2, 50)), draw(st.none() | AMOUNTS)),),
        tiers=draw(st.sampled_from([(), tiers])),
        fractional=True,
    )  # fmt: skip


def bought(goods: Goods, unit: str, amount: int) -> CartLine:
    """A line for an amount; amounts that buy nothing prove nothing here."""
    try:
        qty = quantity_bought(goods, unit, amount)
    except AmountTooSmall:
        assume(False)
        raise
    assume(qty <= carts.MAX_QTY and qty * goods.factor(unit) <= carts.MAX_QTY)
    return carts.add(EMPTY, goods, unit, qty, amount=amount)[0].lines[0]


@given(weighed(), st.sampled_from(["kg", "karung"]), AMOUNTS)
def test_the_line_costs_the_amount_and_holds_no_thousandth_more_or_less(
    goods: Goods, unit: str, amount: int
) -> None:
    line = bought(goods, unit, amount)
    priced = price(carts.Cart((line,)), PPN).lines[0]
    assert priced.gross == priced.net == amount
    assert priced.unit_price * line.qty <= amount * 1000 < priced.unit_price * (line.qty + 1)
    assert extend(priced.unit_price, line.qty) <= amount + 1


@given(weighed(), AMOUNTS, AMOUNTS)
def test_more_money_never_buys_less(goods: Goods, one: int, other: int) -> None:
    lines = [bought(goods, "kg", amount) for amount in sorted((one, other))]
    assert lines[0].qty <= lines[1].qty


@given(weighed(), AMOUNTS, st.lists(st.integers(1, 60_000), max_size=3), st.integers(0, 10_000))
def test_other_lines_and_discounts_leave_the_amount_and_all_adds_up(
    goods: Goods, amount: int, others: list[int], off: int
) -> None:
    line = bought(goods, "kg", amount)
    more = tuple(CartLine(goods, "kg", qty) for qty in others)
    priced = price(carts.Cart((line, *more), (Discount("percent", off),)), PPN)
    assert priced.lines[0].gross == amount
    assert priced.lines[0].unit_price == price(carts.Cart((line,)), PPN).lines[0].unit_price
    assert priced.total == sum(one.net for one in priced.lines)
    assert priced.gross - priced.discount == priced.total


@given(weighed(), AMOUNTS, st.integers(0, 10_000), st.data())
def test_given_back_in_any_parts_it_is_the_amount_again(
    goods: Goods, amount: int, off: int, data: st.DataObject
) -> None:
    line = bought(goods, "kg", amount)
    priced = price(carts.Cart((line,), (Discount("percent", off),)), PPN).lines[0]
    sold = SoldLine(
        1, b"g", "Gula", "kg", 1, priced.qty, priced.unit_price, priced.gross,
        priced.line_discount, priced.cart_discount, priced.net, priced.tax,
    )  # fmt: skip
    back = []
    for qty in data.draw(parts_of(sold.qty)):
        share = refund_line(sold, qty)
        back.append(share)
        so_far = {
            name: getattr(sold, name) + getattr(share, name.removeprefix("refunded_"))
            for name in SoldLine._fields
            if name.startswith("refunded_")
        }
        sold = sold._replace(**so_far)
    assert sum(share.gross for share in back) == amount
    assert sum(share.net for share in back) == priced.net
    assert sum(share.tax for share in back) == priced.tax
