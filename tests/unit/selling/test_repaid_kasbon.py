"""A return on kasbon lowers the debt, and what was repaid meanwhile comes back in cash."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import cart as carts
from core.refund import refund_tenders, repaid_part
from pos.counter import Counter
from pos.customers.accounts import customer
from pos.customers.people import add_customer, repay
from pos.journal.verify import verify
from pos.selling.corrections import tenders_of
from pos.selling.refunds import Return, make_refund
from pos.selling.sales import SaleDone
from pos.shifts.closing import close_shift
from pos.shifts.drawer import start_shift
from tests.helpers.counter import add_goods, cart_of, make_shop, sell


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Counter]:
    """An open shift; what was written proves itself in the end."""
    with make_shop(tmp_path) as counter:
        start_shift(counter, 100_000)
        yield counter
        proof = verify(counter.db)
        assert proof.ok, proof.differences[:5]


def _lend(shop: Counter, price: int, pieces: int) -> tuple[bytes, SaleDone]:
    udin = add_customer(shop, "Pak Udin", credit_limit=100_000)
    goods = add_goods(shop, "Beras", price)
    cart = carts.set_customer(cart_of(shop, (goods, pieces * 1_000)), udin)
    return udin, sell(shop, cart, ("credit", price * pieces))


def _paid(shop: Counter, done: SaleDone) -> list[tuple[str, int]]:
    return [(part.kind, part.amount) for part in tenders_of(shop.db, done.receipt)]


def test_what_is_still_owed_is_lowered_and_the_rest_is_cash(shop: Counter) -> None:
    udin, sold = _lend(shop, 10_000, 2)
    repay(shop, udin, 15_000)
    back = make_refund(shop, sold.receipt, [Return(1, 2_000)], "rusak")
    assert _paid(shop, back) == [("credit", -5_000), ("cash", -15_000)]
    assert customer(shop.db, udin).debt == 0
    assert close_shift(shop, 100_000).difference == 0


def test_in_parts_it_comes_to_the_same(shop: Counter) -> None:
    udin, sold = _lend(shop, 10_000, 2)
    repay(shop, udin, 20_000)
    for _ in range(2):
        back = make_refund(shop, sold.receipt, [Return(1, 1_000)], "rusak")
        assert _paid(shop, back) == [("cash", -10_000)]
    assert customer(shop.db, udin).debt == 0
    assert close_shift(shop, 100_000).difference == 0


def test_kasbon_of_another_sale_is_lowered_too(shop: Counter) -> None:
    udin, sold = _lend(shop, 10_000, 1)
    repay(shop, udin, 10_000)
    other = add_goods(shop, "Gula", 7_000)
    sell(shop, carts.set_customer(cart_of(shop, (other, 1_000)), udin), ("credit", 7_000))
    back = make_refund(shop, sold.receipt, [Return(1, 1_000)], "rusak")
    assert _paid(shop, back) == [("credit", -7_000), ("cash", -3_000)]
    assert customer(shop.db, udin).debt == 0


def test_a_debt_below_nought_is_not_lowered_further() -> None:
    paid = [("cash", 4_000), ("credit", 6_000)]
    owed = {"credit": -1_000}
    assert refund_tenders(paid, 10_000, owed=owed) == [("cash", 10_000)]
    assert repaid_part(paid, owed) == 6_000
    assert repaid_part(paid, {"credit": 6_000}) == 0
