"""What must hold for any cart."""

from __future__ import annotations

from collections import Counter

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from core import cart as carts
from core.cart import Cart, CartLine, Discount, DiscountTooLarge, Goods, PricedUnit, Tier
from core.pricing import PricedCart, price
from core.tax import TAX_CLASSES, TaxRule

PRICES = st.integers(0, 2_000_000)
PERCENT = st.builds(Discount, st.just("percent"), st.integers(0, 10_000))
RUPIAH = st.builds(Discount, st.just("rupiah"), st.integers(0, 3_000))
DISCOUNTS = st.lists(PERCENT | RUPIAH, max_size=2)
RULES = st.none() | st.builds(
    TaxRule,
    st.just("PPN"),
    st.integers(0, 2_000),
    st.booleans(),
    st.sampled_from(["down", "nearest"]),
)


@st.composite
def shelves(draw: st.DrawFn) -> list[Goods]:
    """A few products, each with a box and tiers that are lower the more one takes."""
    shelf = []
    for number in range(draw(st.integers(1, 4))):
        base = draw(PRICES)
        box = PricedUnit("dus", draw(st.integers(2, 144)), draw(st.none() | PRICES))
        tiers = (Tier(5_000, base * 9 // 10), Tier(50_000, base * 8 // 10))
        shelf.append(
            Goods(
                bytes([number]),
                f"G{number}",
                f"Goods {number}",
                "kg",
                base,
                draw(st.sampled_from(TAX_CLASSES)),
                units=(box,),
                tiers=draw(st.sampled_from([(), tiers])),
                fractional=True,
            )
        )
    return shelf


@st.composite
def lines_of(draw: st.DrawFn, shelf: list[Goods]) -> CartLine:
    return CartLine(
        draw(st.sampled_from(shelf)),
        draw(st.sampled_from(["kg", "dus"])),
        draw(st.integers(1, 60_000)),
        price=draw(st.none() | PRICES),
        amount=draw(st.none() | PRICES),
        discounts=tuple(draw(DISCOUNTS)),
    )


@st.composite
def baskets(draw: st.DrawFn) -> Cart:
    shelf = draw(shelves())
    lines = draw(st.lists(lines_of(shelf), max_size=8))
    return Cart(tuple(lines), tuple(draw(DISCOUNTS)))


def priced_or_skipped(cart: Cart, rule: TaxRule | None) -> PricedCart:
    """The price of a cart whose discounts fit; others are refused and prove nothing here."""
    try:
        return price(cart, rule)
    except DiscountTooLarge:
        assume(False)
        raise


@given(baskets(), RULES)
def test_parts_sum_to_wholes_and_nothing_is_negative(cart: Cart, rule: TaxRule | None) -> None:
    found = priced_or_skipped(cart, rule)
    nets = sum(line.net for line in found.lines)
    off = sum(line.line_discount + line.cart_discount for line in found.lines)
    taxes = sum(line.tax for line in found.lines)
    assert found.gross == sum(line.gross for line in found.lines) == nets + off
    assert (found.discount, found.tax) == (off, taxes)
    assert found.total == nets + (0 if found.tax_included else taxes)
    for line in found.lines:
        assert line.gross - line.line_discount - line.cart_discount == line.net
        amounts = (line.gross, line.line_discount, line.cart_discount, line.net, line.tax)
        assert min(amounts) >= 0
        assert not found.tax_included or line.tax <= line.net


@given(baskets(), RULES)
def test_no_line_costs_more_than_its_list_price_unless_by_hand(
    cart: Cart, rule: TaxRule | None
) -> None:
    for line in priced_or_skipped(cart, rule).lines:
        assert line.hand_made or line.unit_price <= line.list_price
        assert line.tier == (not line.hand_made and line.unit_price < line.list_price)


@st.composite
def additions(draw: st.DrawFn) -> list[tuple[Goods, str, int]]:
    shelf = draw(shelves())
    one = st.tuples(st.sampled_from(shelf), st.sampled_from(["kg", "dus"]), st.integers(1, 9_000))
    return draw(st.lists(one, min_size=1, max_size=10))


def rung_up(added: list[tuple[Goods, str, int]], discounts: tuple[Discount, ...] = ()) -> Cart:
    cart = Cart()
    for goods, unit, qty in added:
        cart, _ = carts.add(cart, goods, unit, qty)
    return carts.set_cart_discounts(cart, discounts)


def prices_of(cart: Cart) -> Counter[tuple[bytes, str, int, int]]:
    lines = price(cart, None).lines
    return Counter((line.product_id, line.unit, line.qty, line.gross) for line in lines)


@given(additions(), st.lists(PERCENT, max_size=3), st.data())
def test_the_order_of_adding_and_discounting_changes_no_total(
    added: list[tuple[Goods, str, int]], discounts: list[Discount], data: st.DataObject
) -> None:
    cart = rung_up(added, tuple(discounts))
    other = rung_up(data.draw(st.permutations(added)), tuple(data.draw(st.permutations(discounts))))
    assert price(cart, None).total == price(other, None).total
    assert prices_of(cart) == prices_of(other)


@given(additions(), st.lists(PERCENT, max_size=2), RULES)
def test_adding_then_removing_restores_the_total(
    added: list[tuple[Goods, str, int]], discounts: list[Discount], rule: TaxRule | None
) -> None:
    cart = rung_up(added, tuple(discounts))
    goods = added[0][0]
    more, index = carts.add(cart, goods, "kg", 1_000, price=12_345)
    assert carts.remove(more, index) == cart
    assert price(carts.remove(more, index), rule) == price(cart, rule)


@given(additions())
def test_adding_to_a_line_and_taking_it_back_restores_the_total(
    added: list[tuple[Goods, str, int]],
) -> None:
    cart = rung_up(added)
    goods, unit, _ = added[-1]
    more, index = carts.add(cart, goods, unit, 50_000)
    assert price(carts.set_quantity(more, index, cart.lines[index].qty), None) == price(cart, None)


@given(additions(), additions())
def test_adding_an_article_never_makes_the_others_dearer(
    added: list[tuple[Goods, str, int]], more: list[tuple[Goods, str, int]]
) -> None:
    cart = rung_up(added)
    goods = added[0][0]
    for _, unit, qty in more:
        larger, index = carts.add(cart, goods, unit, qty)
        before, after = price(cart, None).lines, price(larger, None).lines
        for at in range(len(before)):
            assert after[at].unit_price <= before[at].unit_price
            assert at == index or after[at].gross <= before[at].gross
        cart = larger


@given(additions())
def test_merged_lines_hold_every_quantity_that_was_added(
    added: list[tuple[Goods, str, int]],
) -> None:
    cart = rung_up(added)
    asked: Counter[tuple[bytes, str]] = Counter()
    for goods, unit, qty in added:
        asked[goods.product_id, unit] += qty
    assert {(line.goods.product_id, line.unit): line.qty for line in cart.lines} == asked


@given(baskets())
def test_a_saved_cart_costs_the_same_when_it_comes_back(cart: Cart) -> None:
    back = msgspec.json.decode(msgspec.json.encode(cart), type=Cart)
    assert back == cart
    assert priced_or_skipped(back, None) == price(cart, None)
