"""The drawer returns to its start after refunds; a tender is swapped while its shift is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.tender import TenderKind
from pos.selling.corrections import SameTender, SwapTooLate, swap_tender
from pos.selling.refunds import Return, make_refund
from pos.shifts.closing import close_shift
from pos.shifts.drawer import start_shift
from tests.helpers.counter import add_goods, cart_of, make_shop, sell


@pytest.mark.parametrize("price", [1_010, 1_049, 1_050, 1_051, 1_099])
def test_refunds_in_parts_bring_the_drawer_back(tmp_path: Path, price: int) -> None:
    with make_shop(tmp_path, cash_step=100) as shop:
        goods = add_goods(shop, price=price)
        start_shift(shop, 100_000)
        done = sell(shop, cart_of(shop, (goods, 3_000)))
        for _ in range(3):
            make_refund(shop, done.receipt, [Return(1, 1_000)], "rusak")
        assert close_shift(shop, 100_000).difference == 0


def test_a_swap_moves_money_out_of_the_drawer(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        goods = add_goods(shop)
        start_shift(shop, 0)
        done = sell(shop, cart_of(shop, (goods, 1_000)), ("cash", 2_500))
        number = shop.db.scalar("SELECT n FROM payment")
        swap_tender(shop, done.receipt, number, TenderKind("qris"), "salah tekan")
        with pytest.raises(SameTender):
            swap_tender(shop, done.receipt, number, TenderKind("qris"), "lagi")
        assert close_shift(shop, 0).expected == 0
        start_shift(shop, 0)
        with pytest.raises(SwapTooLate):
            swap_tender(shop, done.receipt, number, TenderKind("cash"), "terlambat")
