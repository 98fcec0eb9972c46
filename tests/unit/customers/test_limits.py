"""Limits of kasbon and member balance: inclusive, by month, and passed by permission only."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import cart as carts
from pos.customers.accounts import BalanceLimitExceeded, CreditLimitExceeded, customer
from pos.customers.people import NothingOwed, add_customer, repay
from pos.shifts.drawer import start_shift
from pos.staff.people import add_staff
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell


def test_kasbon_up_to_the_limit_and_not_a_rupiah_more(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        whole, one = add_goods(shop, price=50_000), add_goods(shop, "Permen", 1)
        start_shift(shop, 0)
        udin = add_customer(shop, "Pak Udin", credit_limit=50_000)
        owner, shop.staff_id = shop.staff_id, add_staff(shop, "Budi", "cashier")
        sell(shop, carts.set_customer(cart_of(shop, (whole, 1_000)), udin), ("credit", 50_000))
        more = carts.set_customer(cart_of(shop, (one, 1_000)), udin)
        with pytest.raises(CreditLimitExceeded):
            sell(shop, more, ("credit", 1))
        with shop.approved(owner):
            sell(shop, more, ("credit", 1))
        assert customer(shop.db, udin).debt == 50_001
        with pytest.raises(NothingOwed):
            repay(shop, udin, 50_002)
        assert repay(shop, udin, 50_001).left == 0


def test_member_balance_is_a_limit_of_the_month(tmp_path: Path) -> None:
    clock = StillClock()
    with make_shop(tmp_path, clock) as shop:
        goods = add_goods(shop, price=90_000)
        start_shift(shop, 0)
        udin = add_customer(shop, "Pak Udin", balance_limit=90_000)
        cart = carts.set_customer(cart_of(shop, (goods, 1_000)), udin)
        sell(shop, cart, ("balance", 90_000))
        with pytest.raises(BalanceLimitExceeded):
            sell(shop, cart, ("balance", 90_000))
        clock.forward(7 * 86_400)  # 1 December
        sell(shop, cart, ("balance", 90_000))
