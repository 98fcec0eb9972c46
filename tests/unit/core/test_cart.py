"""What a cart accepts, merges and changes; a cart is never changed in place."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from msgspec.structs import replace

from core import cart as carts
from core.cart import EMPTY, Cart, CartLine, Discount, Goods, PricedUnit, Tier
from core.errors import Refused

MIE = Goods(
    b"mie",
    "MIE",
    "Indomie Goreng",
    "pcs",
    3_500,
    units=(PricedUnit("lusin", 12), PricedUnit("dus", 40, 128_000)),
    tiers=(Tier(10_000, 3_300),),
)
GULA = Goods(b"gula", "GULA", "Gula Pasir", "kg", 16_000, fractional=True)

TEN = Discount("percent", 1_000)


def cart_of(*lines: tuple[Goods, str, int]) -> Cart:
    cart = EMPTY
    for goods, unit, qty in lines:
        cart, _ = carts.add(cart, goods, unit, qty)
    return cart


def refusal(call: Callable[[], object]) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code, caught.value.details


def test_two_scans_are_one_line() -> None:
    cart = cart_of((MIE, "pcs", 1_000), (GULA, "kg", 250), (MIE, "pcs", 1_000))
    assert [(line.goods.code, line.qty) for line in cart.lines] == [("MIE", 2_000), ("GULA", 250)]


def test_adding_says_which_line_it_touched() -> None:
    cart = cart_of((MIE, "pcs", 1_000), (GULA, "kg", 250))
    assert carts.add(cart, MIE, "pcs", 1_000)[1] == 0
    assert carts.add(cart, MIE, "dus", 1_000)[1] == 2


def test_another_unit_or_price_is_another_line() -> None:
    cart = cart_of((MIE, "pcs", 1_000), (MIE, "dus", 1_000))
    cart, index = carts.add(cart, MIE, "pcs", 1_000, price=3_000)
    assert index == 2
    cart, index = carts.add(cart, MIE, "pcs", 2_000, price=3_000)
    assert index == 2
    assert [line.qty for line in cart.lines] == [1_000, 1_000, 3_000]


@pytest.mark.parametrize(
    "change",
    [
        lambda cart: carts.set_note(cart, 0, "pedas"),
        lambda cart: carts.set_line_discounts(cart, 0, (Discount("rupiah", 100),)),
        lambda cart: carts.set_price(cart, 0, 3_000),
    ],
)
def test_a_line_made_special_is_not_added_to(change: Callable[[Cart], Cart]) -> None:
    cart = change(cart_of((MIE, "pcs", 1_000)))
    cart, index = carts.add(cart, MIE, "pcs", 1_000)
    assert index == 1
    assert cart.lines[0].qty == 1_000


def test_an_exact_amount_is_always_its_own_line() -> None:
    cart, _ = carts.add(EMPTY, GULA, "kg", 312, amount=5_000)
    cart, second = carts.add(cart, GULA, "kg", 312, amount=5_000)
    cart, third = carts.add(cart, GULA, "kg", 1_000)
    assert (second, third) == (1, 2)
    assert [line.amount for line in cart.lines] == [5_000, 5_000, None]


def test_merging_takes_the_goods_as_read_last() -> None:
    cart = cart_of((MIE, "pcs", 1_000))
    dearer = replace(MIE, price=3_600)
    cart, index = carts.add(cart, dearer, "pcs", 1_000)
    assert cart.lines[index].goods.price == 3_600
    assert len(cart.lines) == 1


def test_who_added_a_line_stays_on_it() -> None:
    cart, _ = carts.add(EMPTY, MIE, "pcs", 1_000, added_by="Ani")
    cart, _ = carts.add(cart, MIE, "pcs", 1_000, added_by="Budi")
    assert [line.added_by for line in cart.lines] == ["Ani"]


def test_the_old_cart_stays_as_it_was() -> None:
    before = cart_of((MIE, "pcs", 1_000))
    carts.add(before, MIE, "pcs", 1_000)
    carts.set_quantity(before, 0, 5_000)
    carts.remove(before, 0)
    assert before == cart_of((MIE, "pcs", 1_000))


@pytest.mark.parametrize("qty", [0, -1_000])
def test_nothing_and_less_is_refused(qty: int) -> None:
    code, details = refusal(lambda: carts.add(EMPTY, MIE, "pcs", qty))
    assert (code, details) == ("quantity_not_positive", {"name": "Indomie Goreng"})


def test_a_unit_the_goods_are_not_sold_in_is_refused() -> None:
    code, details = refusal(lambda: carts.add(EMPTY, MIE, "karung", 1_000))
    assert (code, details) == ("unknown_unit", {"unit": "karung", "name": "Indomie Goreng"})


def test_half_a_piece_is_refused_and_half_a_dozen_is_not() -> None:
    code, _ = refusal(lambda: carts.add(EMPTY, MIE, "pcs", 500))
    assert code == "fraction_not_allowed"
    assert carts.add(EMPTY, MIE, "lusin", 500)[0].lines[0].qty == 500
    assert refusal(lambda: carts.add(EMPTY, MIE, "lusin", 40))[0] == "fraction_not_allowed"


def test_weighed_goods_go_down_to_a_gram() -> None:
    assert cart_of((GULA, "kg", 1)).lines[0].qty == 1


def test_a_barcode_is_never_a_quantity() -> None:
    """The second scan became the quantity in a peer (odoo/odoo PR 37411)."""
    code, _ = refusal(lambda: carts.add(EMPTY, MIE, "pcs", 8_991_234_567_890 * 1_000))
    assert code == "quantity_too_large"


def test_the_limit_of_a_quantity_holds_for_the_merged_line_too() -> None:
    cart = cart_of((MIE, "pcs", carts.MAX_QTY))
    assert cart.lines[0].qty == 999_999_000
    assert refusal(lambda: carts.add(cart, MIE, "pcs", 1_000))[0] == "quantity_too_large"
    assert refusal(lambda: carts.set_quantity(cart, 0, carts.MAX_QTY + 1_000))[0] == (
        "quantity_too_large"
    )


@pytest.mark.parametrize("price", [-1, carts.MAX_PRICE + 1])
def test_a_price_has_bounds(price: int) -> None:
    cart = cart_of((MIE, "pcs", 1_000))
    calls: list[Callable[[], object]] = [
        lambda: carts.add(EMPTY, MIE, "pcs", 1_000, price=price),
        lambda: carts.add(EMPTY, MIE, "pcs", 1_000, amount=price),
        lambda: carts.set_price(cart, 0, price),
    ]
    assert [refusal(call) for call in calls] == [("price_out_of_range", {"price": price})] * 3


def test_goods_may_be_given_for_nothing() -> None:
    cart, _ = carts.add(EMPTY, MIE, "pcs", 1_000, price=0)
    assert cart.lines[0].price == 0


def test_a_cart_holds_as_many_lines_as_a_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carts, "MAX_LINES", 2)
    cart = cart_of((MIE, "pcs", 1_000), (GULA, "kg", 1_000))
    assert refusal(lambda: carts.add(cart, MIE, "dus", 1_000)) == ("cart_full", {"limit": 2})
    assert carts.add(cart, MIE, "pcs", 1_000)[1] == 0


def test_a_new_quantity_ends_the_exact_amount() -> None:
    cart, _ = carts.add(EMPTY, GULA, "kg", 312, amount=5_000)
    line = carts.set_quantity(cart, 0, 500).lines[0]
    assert (line.qty, line.amount) == (500, None)


def test_changing_the_unit_keeps_the_count_and_drops_the_price_of_the_old_unit() -> None:
    cart, _ = carts.add(EMPTY, MIE, "pcs", 2_000, price=3_000)
    line = carts.set_unit(cart, 0, "dus").lines[0]
    assert (line.unit, line.qty, line.price, line.amount) == ("dus", 2_000, None, None)
    assert refusal(lambda: carts.set_unit(cart, 0, "sak"))[0] == "unknown_unit"


def test_changing_the_unit_checks_the_fraction_again() -> None:
    cart = cart_of((MIE, "lusin", 500))
    assert refusal(lambda: carts.set_unit(cart, 0, "pcs"))[0] == "fraction_not_allowed"


def test_units_go_round() -> None:
    line = cart_of((MIE, "pcs", 1_000)).lines[0]
    seen = [line.unit]
    for _ in range(3):
        line = replace(line, unit=carts.next_unit(line))
        seen.append(line.unit)
    assert seen == ["pcs", "lusin", "dus", "pcs"]


def test_a_hand_made_price_has_its_reason_and_both_can_be_taken_back() -> None:
    cart = carts.set_price(cart_of((MIE, "pcs", 1_000)), 0, 3_000, "kemasan rusak")
    assert (cart.lines[0].price, cart.lines[0].price_reason) == (3_000, "kemasan rusak")
    line = carts.set_price(cart, 0, None, "kemasan rusak").lines[0]
    assert (line.price, line.price_reason) == (None, "")


@pytest.mark.parametrize(
    "discount",
    [
        Discount("percent", 10_001),
        Discount("percent", -1),
        Discount("rupiah", -1),
        Discount("rupiah", carts.MAX_PRICE + 1),
    ],
)
def test_a_discount_has_bounds(discount: Discount) -> None:
    cart = cart_of((MIE, "pcs", 1_000))
    expected = ("discount_too_large", {"value": discount.value, "kind": discount.kind})
    assert refusal(lambda: carts.set_line_discounts(cart, 0, (discount,))) == expected
    assert refusal(lambda: carts.set_cart_discounts(cart, (discount,))) == expected


def test_discounts_are_set_and_taken_away() -> None:
    tenth, five_hundred = Discount("percent", 1_000), Discount("rupiah", 500)
    cart = carts.set_line_discounts(cart_of((MIE, "pcs", 1_000)), 0, (tenth, five_hundred))
    cart = carts.set_cart_discounts(cart, (five_hundred,))
    assert cart.lines[0].discounts == (tenth, five_hundred)
    assert cart.discounts == (five_hundred,)
    assert carts.set_line_discounts(cart, 0, ()).lines[0].discounts == ()


def test_removing_takes_out_the_line_meant() -> None:
    cart = cart_of((MIE, "pcs", 1_000), (GULA, "kg", 250), (MIE, "dus", 1_000))
    assert [line.unit for line in carts.remove(cart, 1).lines] == ["pcs", "dus"]


def test_the_last_line_takes_the_cart_discount_with_it() -> None:
    cart = carts.set_cart_discounts(cart_of((MIE, "pcs", 1_000), (GULA, "kg", 250)), (TEN,))
    cart = carts.remove(cart, 0)
    assert cart.discounts == (TEN,)
    assert carts.remove(cart, 0).discounts == ()


def test_a_customer_comes_and_goes_without_touching_the_lines() -> None:
    cart = cart_of((MIE, "pcs", 1_000))
    named = carts.set_customer(cart, b"ani")
    assert (named.customer_id, named.lines) == (b"ani", cart.lines)
    assert carts.set_customer(named, None) == cart


def test_a_saved_cart_comes_back_the_same() -> None:
    cart = carts.set_price(cart_of((MIE, "pcs", 1_000), (GULA, "kg", 250)), 0, 3_000, "rusak")
    cart = carts.set_customer(carts.set_cart_discounts(cart, (TEN,)), b"\x00\xff")
    assert msgspec.json.decode(msgspec.json.encode(cart), type=Cart) == cart
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(cart), type=Cart) == cart


def test_a_cart_saved_with_fewer_or_more_fields_can_be_read() -> None:
    old = b'{"lines":[{"goods":{"product_id":"bWll","code":"MIE","name":"Mie","base_unit":"pcs",'
    old += b'"price":3500},"unit":"pcs","qty":2000,"later":1}]}'
    cart = msgspec.json.decode(old, type=Cart)
    goods = Goods(b"mie", "MIE", "Mie", "pcs", 3_500)
    assert cart.lines == (CartLine(goods, "pcs", 2_000),)
    assert cart.lines[0].goods.tax_class == "kena"
