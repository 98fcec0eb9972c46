"""Stock set right: the sign fits the reason, and only those who may."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.staff.people import NeedsManager, add_staff
from pos.stock.moving import BadStockLine, Reason, adjust
from tests.helpers.counter import add_goods, make_shop


@pytest.mark.parametrize(("reason", "qty"), [("broken", 1), ("found", -1), ("count", 0)])
def test_a_sign_that_does_not_fit_is_refused(tmp_path: Path, reason: Reason, qty: int) -> None:
    with make_shop(tmp_path) as shop:
        goods = add_goods(shop)
        with pytest.raises(BadStockLine):
            adjust(shop, goods, qty * 1000, reason)


def test_a_cashier_needs_approval(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        goods = add_goods(shop)
        owner, shop.staff_id = shop.staff_id, add_staff(shop, "Budi", "cashier")
        with pytest.raises(NeedsManager):
            adjust(shop, goods, -1_000, "broken")
        with shop.approved(owner):
            adjust(shop, goods, -1_000, "broken")
