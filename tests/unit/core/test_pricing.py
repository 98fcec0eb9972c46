"""What carts cost: the order of the steps, by examples worked out by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core import cart as carts
from core.cart import EMPTY, Cart, CartLine, Discount, DiscountTooLarge, Goods, PricedUnit, Tier
from core.errors import Refused
from core.pricing import PricedCart, discount_of, price, quantity_bought
from core.quantity import quantity_for
from core.tax import TaxRule

MIE = Goods(
    b"mie",
    "MIE",
    "Indomie Goreng",
    "pcs",
    3_500,
    units=(PricedUnit("lusin", 12), PricedUnit("dus", 40, 128_000)),
    tiers=(Tier(10_000, 3_300), Tier(100_000, 3_100)),
)
GULA = Goods(b"gula", "GULA", "Gula Pasir", "kg", 16_000, "bebas", fractional=True)
SABUN = Goods(b"sabun", "SBN", "Sabun Mandi", "pcs", 3_333)
PPN = TaxRule("PPN", 1100, included=True)
PB1 = TaxRule("PB1", 1000, included=False)


def percent(hundredths: int) -> Discount:
    return Discount("percent", hundredths)


def rupiah(amount: int) -> Discount:
    return Discount("rupiah", amount)


def cart_of(*lines: CartLine, discounts: tuple[Discount, ...] = ()) -> Cart:
    return Cart(lines, discounts)


def one(line: CartLine) -> tuple[int, int, int]:
    """Unit price, list price and gross of a line alone in its cart."""
    found = price(cart_of(line), None).lines[0]
    return found.unit_price, found.list_price, found.gross


def adds_up(priced: PricedCart) -> PricedCart:
    for line in priced.lines:
        assert line.gross - line.line_discount - line.cart_discount == line.net
        assert line.base_qty == line.qty * line.factor
    discounts = sum(line.line_discount + line.cart_discount for line in priced.lines)
    added = 0 if priced.tax_included else priced.tax
    assert priced.gross == sum(line.gross for line in priced.lines)
    assert priced.discount == discounts
    assert priced.tax == sum(line.tax for line in priced.lines)
    assert priced.total == priced.gross - priced.discount + added
    return priced


def test_an_empty_cart_costs_nothing() -> None:
    assert price(EMPTY, PPN) == PricedCart((), 0, 0, 0, True, 0)


def test_a_line_carries_what_the_receipt_and_the_fact_need() -> None:
    cart, _ = carts.add(EMPTY, MIE, "dus", 2_000)
    line = price(carts.set_note(cart, 0, "antar"), None).lines[0]
    assert (line.product_id, line.code, line.name) == (b"mie", "MIE", "Indomie Goreng")
    assert (line.unit, line.factor, line.qty, line.base_qty) == ("dus", 40, 2_000, 80_000)
    assert (line.tax_class, line.note) == ("kena", "antar")


def test_a_box_is_sold_at_the_price_of_a_box() -> None:
    """A box's barcode sold at the price of a piece: frappe/erpnext #32922, POSA #1512, #2371."""
    assert one(CartLine(MIE, "dus", 1_000)) == (128_000, 128_000, 128_000)


def test_a_unit_without_its_own_price_costs_factor_times_the_piece() -> None:
    goods = replace(MIE, tiers=())
    assert one(CartLine(goods, "lusin", 2_000)) == (42_000, 42_000, 84_000)


@pytest.mark.parametrize(
    ("pieces", "unit_price"), [(9, 3_500), (10, 3_300), (99, 3_300), (100, 3_100), (500, 3_100)]
)
def test_a_tier_holds_from_its_quantity_on(pieces: int, unit_price: int) -> None:
    line = price(cart_of(CartLine(MIE, "pcs", pieces * 1_000)), None).lines[0]
    assert (line.unit_price, line.list_price) == (unit_price, 3_500)
    assert line.tier is (unit_price < 3_500)
    assert line.gross == pieces * unit_price


def test_tiers_count_over_all_lines_of_the_product() -> None:
    special = CartLine(MIE, "pcs", 6_000, note="pedas")
    lines = price(cart_of(CartLine(MIE, "pcs", 4_000), special), None).lines
    assert [line.unit_price for line in lines] == [3_300, 3_300]


def test_tiers_do_not_count_other_products() -> None:
    lines = price(cart_of(CartLine(MIE, "pcs", 9_000), CartLine(SABUN, "pcs", 9_000)), None).lines
    assert [line.tier for line in lines] == [False, False]


def test_a_tier_undercuts_the_price_of_a_unit_only_where_it_is_lower() -> None:
    """40 at 3,300 are 132,000 and the box costs 128,000; 120 at 3,100 are 124,000 a box."""
    assert one(CartLine(MIE, "dus", 1_000)) == (128_000, 128_000, 128_000)
    assert one(CartLine(MIE, "dus", 3_000)) == (124_000, 128_000, 372_000)


def test_a_tier_that_is_dearer_than_the_price_is_never_taken() -> None:
    odd = replace(MIE, tiers=(Tier(1_000, 4_000),))
    assert one(CartLine(odd, "pcs", 5_000)) == (3_500, 3_500, 17_500)


def test_a_hand_made_price_stands_above_tier_and_list() -> None:
    line = price(cart_of(CartLine(MIE, "pcs", 20_000, price=3_400)), None).lines[0]
    assert (line.unit_price, line.list_price, line.gross) == (3_400, 3_500, 68_000)
    assert (line.hand_made, line.tier) == (True, False)


def test_a_hand_made_price_of_nothing_is_nothing() -> None:
    line = price(cart_of(CartLine(MIE, "pcs", 2_000, price=0)), PPN).lines[0]
    assert (line.net, line.tax, line.hand_made) == (0, 0, True)


def test_sugar_for_five_thousand_costs_five_thousand() -> None:
    qty = quantity_for(5_000, GULA.price)
    cart, _ = carts.add(EMPTY, GULA, "kg", qty, amount=5_000)
    line = price(cart, None).lines[0]
    assert (line.qty, line.unit_price, line.gross, line.net) == (312, 16_000, 5_000, 5_000)


def test_changing_the_unit_changes_price_and_total_in_one_step() -> None:
    """A peer needed four fixes for this (POSA PR 1317, 1323, 1327, 1331)."""
    cart, _ = carts.add(EMPTY, MIE, "pcs", 2_000)
    assert price(cart, None).total == 7_000
    assert price(carts.set_unit(cart, 0, "dus"), None).total == 256_000
    assert price(carts.set_unit(carts.set_unit(cart, 0, "dus"), 0, "pcs"), None).total == 7_000


def test_weighed_goods_are_rounded_once_half_away_from_zero() -> None:
    assert one(CartLine(replace(GULA, price=15_001), "kg", 500)) == (15_001, 15_001, 7_501)


def test_percent_comes_before_rupiah_in_whatever_order_they_were_given() -> None:
    for discounts in ((percent(1_000), rupiah(500)), (rupiah(500), percent(1_000))):
        line = price(cart_of(CartLine(GULA, "kg", 1_000, discounts=discounts)), None).lines[0]
        assert (line.line_discount, line.net) == (2_100, 13_900)


def test_percentages_compound_in_any_order() -> None:
    """Of 15 rupiah, 10 % and 20 % in the order given leave 10 or 11: one order is fixed."""
    both = (percent(1_000), percent(2_000))
    assert discount_of(15, both) == discount_of(15, both[::-1]) == 4


def test_the_whole_can_be_given_away_and_no_more() -> None:
    assert discount_of(10_000, (percent(10_000),)) == 10_000
    assert discount_of(10_000, (percent(5_000), rupiah(5_000))) == 10_000
    with pytest.raises(DiscountTooLarge) as caught:
        discount_of(10_000, (percent(5_000), rupiah(5_001)))
    assert caught.value.details == {"value": 5_001, "kind": "rupiah"}


@pytest.mark.parametrize(
    "cart",
    [
        cart_of(CartLine(SABUN, "pcs", 1_000, discounts=(rupiah(3_334),))),
        cart_of(CartLine(SABUN, "pcs", 1_000), discounts=(rupiah(3_334),)),
        cart_of(
            CartLine(SABUN, "pcs", 1_000, discounts=(percent(5_000),)), discounts=(rupiah(3_000),)
        ),
    ],
)
def test_a_discount_above_what_it_is_taken_from_is_refused(cart: Cart) -> None:
    with pytest.raises(DiscountTooLarge):
        price(cart, None)


def test_a_cart_discount_counts_from_what_line_discounts_left() -> None:
    line = CartLine(GULA, "kg", 1_000, discounts=(percent(5_000),))
    found = adds_up(price(cart_of(line, discounts=(percent(1_000), rupiah(200))), None))
    assert (found.lines[0].line_discount, found.lines[0].cart_discount) == (8_000, 1_000)
    assert (found.gross, found.discount, found.total) == (16_000, 9_000, 7_000)


def test_a_cart_discount_is_shared_out_to_the_last_rupiah() -> None:
    """1,000 over three equal lines: the odd rupiah goes to the first."""
    lines = [CartLine(replace(SABUN, product_id=bytes([n])), "pcs", 1_000) for n in range(3)]
    found = adds_up(price(cart_of(*lines, discounts=(rupiah(1_000),)), None))
    assert [line.cart_discount for line in found.lines] == [334, 333, 333]
    assert found.total == 8_999


def test_a_line_that_costs_nothing_bears_no_discount() -> None:
    free = CartLine(SABUN, "pcs", 1_000, price=0)
    found = price(cart_of(free, CartLine(GULA, "kg", 1_000), discounts=(rupiah(500),)), None)
    assert [line.cart_discount for line in found.lines] == [0, 500]


def test_prices_that_hold_the_tax_do_not_grow() -> None:
    """Rp 15.000 hold 1,486 of PPN: 15,000 x 11/111, rounded down."""
    found = adds_up(price(cart_of(CartLine(SABUN, "pcs", 1_000, price=15_000)), PPN))
    assert (found.tax, found.total, found.tax_included) == (1_486, 15_000, True)


def test_tax_on_top_is_added_to_the_total() -> None:
    found = adds_up(price(cart_of(CartLine(SABUN, "pcs", 1_000, price=15_000)), PB1))
    assert (found.tax, found.total, found.tax_included) == (1_500, 16_500, False)


def test_tax_is_taken_of_what_discounts_left() -> None:
    line = CartLine(SABUN, "pcs", 1_000, price=15_000, discounts=(rupiah(2_000),))
    found = adds_up(price(cart_of(line, discounts=(rupiah(3_000),)), PB1))
    assert (found.lines[0].net, found.tax, found.total) == (10_000, 1_000, 11_000)


def test_goods_free_of_tax_bear_none_beside_goods_that_do() -> None:
    found = adds_up(price(cart_of(CartLine(GULA, "kg", 1_000), CartLine(SABUN, "pcs", 3_000)), PB1))
    assert [line.tax for line in found.lines] == [0, 999]
    assert found.total == 16_000 + 9_999 + 999


def test_a_shop_that_collects_no_tax_prints_none() -> None:
    found = price(cart_of(CartLine(SABUN, "pcs", 1_000)), None)
    assert (found.tax, found.tax_included, found.total) == (0, True, 3_333)


def test_a_whole_basket() -> None:
    """All steps at once, worked out by hand.

    Mie: 2 dus and 20 pcs are 100 base units: tier 3,100; the box at 124,000. GULA: 5,000 exactly,
    less 10 %. Soap: 3 at 3,000 by hand, less 5 % and 50. Cart: 2 % of 323,000 and 550 off, shared
    as 5,382.29 + 1,345.57 + 97.66 + 184.47: the two odd rupiah go to GULA and the pcs.
    """
    cart = cart_of(
        CartLine(MIE, "dus", 2_000),
        CartLine(MIE, "pcs", 20_000),
        CartLine(GULA, "kg", 312, amount=5_000, discounts=(percent(1_000),)),
        CartLine(SABUN, "pcs", 3_000, price=3_000, discounts=(rupiah(50), percent(500))),
        discounts=(rupiah(550), percent(200)),
    )
    found = adds_up(price(cart, PPN))
    assert [line.gross for line in found.lines] == [248_000, 62_000, 5_000, 9_000]
    assert [line.line_discount for line in found.lines] == [0, 0, 500, 500]
    assert found.discount == 1_000 + 6_460 + 550
    assert [line.cart_discount for line in found.lines] == [5_382, 1_346, 98, 184]
    assert found.total == 324_000 - 8_010
    assert found.tax == (found.total - found.lines[2].net) * 11 // 111


BERAS = Goods(
    b"beras",
    "BRS",
    "Beras Ponelo",
    "kg",
    16_000,
    units=(PricedUnit("karung", 25, 375_000),),
    tiers=(Tier(3_000, 15_000), Tier(50_000, 14_500)),
    fractional=True,
)


@pytest.mark.parametrize(
    ("amount", "qty"),
    [(5_000, 312), (16_000, 1_000), (100, 6), (16, 1), (44_999, 2_812), (45_000, 3_000)],
)
def test_money_buys_a_quantity_rounded_down(amount: int, qty: int) -> None:
    """45,000 reach three kilos at the price of three kilos; a rupiah less does not."""
    assert quantity_bought(BERAS, "kg", amount) == qty


def test_money_buys_part_of_a_larger_unit_at_its_own_price() -> None:
    assert quantity_bought(BERAS, "karung", 75_000) == 200


def test_money_buys_at_a_hand_made_price_where_there_is_one() -> None:
    assert quantity_bought(BERAS, "kg", 60_000, price=20_000) == 3_000


@pytest.mark.parametrize(
    ("goods", "amount", "code"),
    [
        (MIE, 5_000, "amount_needs_weighing"),
        (BERAS, 15, "amount_too_small"),
        (BERAS, 0, "amount_too_small"),
        (BERAS, -5_000, "amount_too_small"),
        (replace(BERAS, price=0, tiers=()), 5_000, "no_price"),
    ],
)
def test_money_that_buys_nothing_is_refused_by_name(goods: Goods, amount: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        quantity_bought(goods, goods.base_unit, amount)
    assert refused.value.code == code


def test_the_price_of_an_amount_is_that_of_its_own_quantity() -> None:
    asked = CartLine(BERAS, "kg", 312, amount=5_000)
    alone, beside = (
        price(cart_of(asked, *more), None).lines[0]
        for more in ((), (CartLine(BERAS, "kg", 10_000),))
    )
    assert alone == beside
    assert (alone.unit_price, alone.gross, alone.by_amount) == (16_000, 5_000, True)


def test_what_an_amount_bought_counts_for_the_tier_of_other_lines() -> None:
    lines = price(
        cart_of(CartLine(BERAS, "kg", 2_000), CartLine(BERAS, "kg", 1_000, amount=16_000)), None
    ).lines
    assert [line.unit_price for line in lines] == [15_000, 16_000]
    assert [line.by_amount for line in lines] == [False, True]
