"""Who may do what: PIN pauses that outlive a restart, permissions, a manager's approval."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import cart as carts
from core.cart import Discount
from pos.device.witness import Witness
from pos.opening import open_counter
from pos.shifts.drawer import start_shift
from pos.staff.people import NeedsManager, StaffRule, add_staff, change_staff, may
from pos.staff.pins import BadPin, PinLocked, WrongPin, check_pin, set_pin
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell


def test_a_pause_survives_a_restart_and_then_ends(tmp_path: Path) -> None:
    clock = StillClock()
    shop = make_shop(tmp_path, clock)
    owner = shop.staff_id
    set_pin(shop, owner, "1234")
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongPin) as wrong:
            check_pin(shop, owner, "9999")
        assert wrong.value.details["left"] == left
    shop.close()
    with open_counter(shop.folder, clock=clock, witness=Witness(tmp_path / "state")) as again:
        with pytest.raises(PinLocked) as locked:
            check_pin(again, owner, "1234")
        assert locked.value.details["seconds"] == 60
        clock.forward(60)
        check_pin(again, owner, "1234")
        with pytest.raises(WrongPin) as wrong:
            check_pin(again, owner, "9999")
        assert wrong.value.details["left"] == 4


@pytest.mark.parametrize("pin", ["", "123", "1234567", "12a4", "١٢٣٤"])
def test_a_pin_has_four_to_six_plain_digits(tmp_path: Path, pin: str) -> None:
    with make_shop(tmp_path) as shop, pytest.raises(BadPin):
        set_pin(shop, shop.staff_id, pin)


def test_a_cashiers_discount_needs_a_manager_and_his_name_is_kept(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        goods = add_goods(shop)
        start_shift(shop, 0)
        owner = shop.staff_id
        manager = add_staff(shop, "Rina", "manager")
        shop.staff_id = cashier = add_staff(shop, "Budi", "cashier")
        half = carts.set_cart_discounts(cart_of(shop, (goods, 1_000)), (Discount("percent", 5000),))
        with pytest.raises(NeedsManager):
            sell(shop, half)
        with shop.approved(cashier), pytest.raises(NeedsManager):
            sell(shop, half)
        assert shop.db.scalar("SELECT count(*) FROM sale") == 0
        approver = manager if may(shop, "discount", 5000, staff_id=manager) else owner
        with shop.approved(approver):
            assert sell(shop, half).total == 1_250
        assert shop.staff_id == cashier
        assert shop.approver_id == b""


def test_a_cashier_does_not_see_the_expected_cash(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        cashier = add_staff(shop, "Budi", "cashier")
        assert may(shop, "see_expected_cash")
        assert not may(shop, "see_expected_cash", staff_id=cashier)


def test_the_last_owner_stays(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        with pytest.raises(StaffRule):
            change_staff(shop, shop.staff_id, role="cashier")
        with pytest.raises(StaffRule):
            change_staff(shop, shop.staff_id, active=False)


def test_where_nobody_is_known_the_first_is_an_owner(tmp_path: Path) -> None:
    """As after a disk that has damaged what said who works here: nobody could add an owner."""
    with make_shop(tmp_path) as shop:
        with shop.db.transaction():
            shop.db.run("DELETE FROM staff")
        with pytest.raises(StaffRule):
            add_staff(shop, "Budi", "cashier")
        add_staff(shop, "Ibu Sri", "owner")
