"""What goes back for sold lines and by which tender: peers' bugs as examples."""

from __future__ import annotations

import pytest

from core.cart import Cart, CartLine, Discount, Goods, QuantityNotPositive
from core.pricing import PricedLine, price
from core.refund import RefundShare, RefundTooMuch, SoldLine, refund_line, refund_tenders
from core.tax import TaxRule


def goods(price: int, *, fractional: bool = False) -> Goods:
    return Goods(b"x", "X", "Beras", "kg", price, fractional=fractional)


def sold(line: PricedLine) -> SoldLine:
    """A priced line as it stands in the books afterwards."""
    return SoldLine(
        line_no=1,
        product_id=line.product_id,
        name=line.name,
        unit=line.unit,
        factor=line.factor,
        qty=line.qty,
        unit_price=line.unit_price,
        gross=line.gross,
        line_discount=line.line_discount,
        cart_discount=line.cart_discount,
        net=line.net,
        tax=line.tax,
    )


def given_back(line: SoldLine, share: RefundShare) -> SoldLine:
    """The line after a refund."""
    return line._replace(
        refunded_qty=line.refunded_qty + share.qty,
        refunded_line_discount=line.refunded_line_discount + share.line_discount,
        refunded_cart_discount=line.refunded_cart_discount + share.cart_discount,
        refunded_net=line.refunded_net + share.net,
        refunded_tax=line.refunded_tax + share.tax,
    )


def in_parts(line: SoldLine, *parts: int) -> list[RefundShare]:
    shares = []
    for qty in parts:
        share = refund_line(line, qty)
        shares.append(share)
        line = given_back(line, share)
    return shares


def sell(cart: Cart, tax: TaxRule | None = None) -> list[SoldLine]:
    return [sold(line) for line in price(cart, tax).lines]


def test_a_fixed_discount_is_mirrored_and_not_added() -> None:
    """15 off 80 came back as 95 instead of 65 (odoo/odoo PR 281958)."""
    (line,) = sell(Cart((CartLine(goods(80), "kg", 1_000),), (Discount("rupiah", 15),)))
    assert refund_line(line, 1_000) == RefundShare(1_000, 80, 0, 15, 65, 0)


def test_a_line_of_three_gives_back_its_total_once() -> None:
    """145 became 435 (POSA #2246)."""
    (line,) = sell(Cart((CartLine(goods(50), "kg", 3_000, discounts=(Discount("rupiah", 5),)),)))
    assert refund_line(line, 3_000).net == 145
    assert [share.net for share in in_parts(line, 1_000, 1_000, 1_000)] == [48, 48, 49]


def test_two_discounts_come_back_to_the_rupiah() -> None:
    """Totals differed after two discounts (POSA #2277)."""
    line = CartLine(goods(3_333), "kg", 3_000, discounts=(Discount("percent", 333),))
    other = CartLine(goods(7_777), "kg", 1_000, price=7_000)
    priced = price(Cart((line, other), (Discount("percent", 777), Discount("rupiah", 1))), None)
    back = sum(
        share.net
        for at in priced.lines
        for share in in_parts(sold(at), *[1_000] * (at.qty // 1000))
    )
    assert back == priced.total


@pytest.mark.parametrize("included", [True, False])
def test_tax_comes_back_to_the_rupiah(included: bool) -> None:
    """Tax off by one kept a peer's day from closing (odoo/odoo PR 288573)."""
    rule = TaxRule("PPN", 1100, included)
    cart = Cart((CartLine(goods(999), "kg", 7_000), CartLine(goods(3_334), "kg", 3_000)))
    priced = price(cart, rule)
    shares = [in_parts(sold(at), *[1_000] * (at.qty // 1_000)) for at in priced.lines]
    tax = sum(share.tax for line in shares for share in line)
    net = sum(share.net for line in shares for share in line)
    assert (tax, net + (0 if included else tax)) == (priced.tax, priced.total)


def test_part_of_one_weighed_unit_comes_back_as_that_part() -> None:
    """0.5 of 1 became 1 (odoo/odoo #112291)."""
    (line,) = sell(Cart((CartLine(goods(15_001, fractional=True), "kg", 1_000),)))
    halves = in_parts(line, 500, 500)
    assert [(share.qty, share.net) for share in halves] == [(500, 7_500), (500, 7_501)]


def test_an_exact_amount_comes_back_exactly() -> None:
    (line,) = sell(Cart((CartLine(goods(16_000, fractional=True), "kg", 312, amount=5_000),)))
    assert refund_line(line, 312).net == 5_000
    assert sum(share.net for share in in_parts(line, 100, 100, 112)) == 5_000


def test_a_part_shows_price_times_quantity_and_the_discount_beside_it() -> None:
    (line,) = sell(
        Cart((CartLine(goods(1_000), "kg", 3_000, discounts=(Discount("rupiah", 100),)),))
    )
    assert [(at.gross, at.line_discount, at.net) for at in in_parts(line, 1_000, 2_000)] == [
        (1_000, 34, 966),
        (2_000, 66, 1_934),
    ]


def test_goods_given_for_nothing_give_back_nothing_and_cost_nothing() -> None:
    """Shares rounded one by one would pay 1 rupiah out for the first half, and ask for it back."""
    line = SoldLine(1, b"x", "Permen", "pcs", 1, 2_000, 1, 2, 1, 1, 0, 0)
    assert [share.net for share in in_parts(line, 1_000, 1_000)] == [0, 0]


def test_never_more_than_is_left() -> None:
    (line,) = sell(Cart((CartLine(goods(1_000), "kg", 3_000),)))
    line = given_back(line, refund_line(line, 2_000))
    with pytest.raises(RefundTooMuch) as caught:
        refund_line(line, 1_001)
    assert caught.value.code == "refund_too_much"
    assert caught.value.details == {"name": "Beras", "asked": 1_001, "left": 1_000}
    assert refund_line(line, 1_000).net == 1_000


def test_nothing_is_left_of_a_line_given_back_whole() -> None:
    (line,) = sell(Cart((CartLine(goods(1_000), "kg", 3_000),)))
    line = given_back(line, refund_line(line, 3_000))
    with pytest.raises(RefundTooMuch):
        refund_line(line, 1)


@pytest.mark.parametrize("qty", [0, -1_000])
def test_a_refund_of_nothing_is_refused(qty: int) -> None:
    (line,) = sell(Cart((CartLine(goods(1_000), "kg", 3_000),)))
    with pytest.raises(QuantityNotPositive):
        refund_line(line, qty)


def test_a_debt_is_lowered_before_cash_is_paid_out() -> None:
    """A peer paid cash for a sale that nobody had paid (POSA CHANGELOG 15.31.0)."""
    assert refund_tenders([("cash", 20_000), ("credit", 30_000)], 35_000) == [
        ("credit", 30_000),
        ("cash", 5_000),
    ]
    assert refund_tenders([("credit", 30_000)], 10_000) == [("credit", 10_000)]


def test_kasbon_is_lowered_before_the_member_balance() -> None:
    paid = [("balance", 5_000), ("cash", 1_000), ("credit", 5_000)]
    assert refund_tenders(paid, 7_000) == [("credit", 5_000), ("balance", 2_000)]


def test_the_rest_goes_back_in_the_order_it_was_paid() -> None:
    paid = [("qris", 10_000), ("cash", 5_000), ("card", 5_000)]
    assert refund_tenders(paid, 12_000) == [("qris", 10_000), ("cash", 2_000)]


def test_a_shop_without_cash_can_give_back() -> None:
    """Refunds were impossible without a cash method (odoo/odoo #33752)."""
    assert refund_tenders([("qris", 10_000)], 10_000) == [("qris", 10_000)]


def test_cash_instead_of_card_but_never_of_a_debt() -> None:
    paid = [("qris", 10_000), ("credit", 4_000), ("cash", 1_000)]
    assert refund_tenders(paid, 15_000, cash_instead=True) == [("credit", 4_000), ("cash", 11_000)]


def test_what_cash_rounding_left_out_is_cash_and_never_sent_by_qris() -> None:
    assert refund_tenders([("cash", 5_000), ("qris", 5_000)], 10_049) == [
        ("cash", 5_049),
        ("qris", 5_000),
    ]
    assert refund_tenders([("credit", 5_000)], 5_049) == [("credit", 5_000), ("cash", 49)]


def test_two_payments_by_one_tender_count_together() -> None:
    paid = [("qris", 5_000), ("card", 1_000), ("qris", 3_000)]
    assert refund_tenders(paid, 9_000) == [("qris", 8_000), ("card", 1_000)]


def test_tenders_with_nothing_left_are_passed_over() -> None:
    assert refund_tenders([("qris", 0), ("cash", 5_000)], 2_000) == [("cash", 2_000)]
    assert refund_tenders([("cash", 5_000)], 0) == []
