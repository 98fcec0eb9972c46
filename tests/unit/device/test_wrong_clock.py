"""A wrong clock is said, the cashier confirms the business date, and it holds for every sale."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.counter import ClockInDoubt
from pos.device.clock import BUILD_MS
from pos.device.witness import Witness
from pos.journal.confirming import BadDay, confirm_day
from pos.journal.verify import verify
from pos.opening import open_counter
from pos.shifts.drawer import start_shift
from tests.helpers.counter import NOON_MS, StillClock, add_goods, cart_of, make_shop, sell

DAY = 86_400_000
WRONG = {"before_last_entry": NOON_MS - 10 * DAY, "before_build": BUILD_MS - 10 * DAY}


@pytest.mark.parametrize("reason", WRONG)
def test_the_confirmed_date_holds_for_all_that_follows(tmp_path: Path, reason: str) -> None:
    clock = StillClock()
    with make_shop(tmp_path, clock) as shop:
        goods = add_goods(shop)
        start_shift(shop, 0)
        clock.now = WRONG[reason]
        with pytest.raises(ClockInDoubt) as doubt:
            sell(shop, cart_of(shop, (goods, 1_000)))
        assert doubt.value.details == {"reason": reason, "proposal": "2026-11-24"}
        confirm_day(shop, "2026-11-24")
        for _ in range(3):
            sell(shop, cart_of(shop, (goods, 1_000)))
            clock.forward(5)
        days = [row[0] for row in shop.db.rows("SELECT DISTINCT day FROM sale")]
        assert days == ["2026-11-24"]
        assert verify(shop.db).ok


def test_a_restart_asks_again_while_the_clock_is_wrong(tmp_path: Path) -> None:
    clock = StillClock()
    shop = make_shop(tmp_path, clock)
    clock.now = WRONG["before_last_entry"]
    confirm_day(shop, "2026-11-24")
    shop.close()
    with open_counter(shop.folder, clock=clock, witness=Witness(tmp_path / "state")) as again:
        assert again.clock_doubt() == "before_last_entry"


def test_a_small_correction_is_no_wrong_clock(tmp_path: Path) -> None:
    clock = StillClock()
    with make_shop(tmp_path, clock) as shop:
        clock.forward(-120)
        assert shop.clock_doubt() == ""
        clock.forward(-1)
        assert shop.clock_doubt() == "before_last_entry"


def test_what_the_program_writes_by_itself_outlives_a_clock_that_is_set_meanwhile(
    tmp_path: Path,
) -> None:
    clock = StillClock()
    with make_shop(tmp_path, clock) as shop:
        with shop.any_day():
            clock.now = WRONG["before_last_entry"]
            assert shop.header().day == "2026-11-24"
        with pytest.raises(ClockInDoubt):
            shop.header()


def test_a_date_that_is_none_is_refused(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop, pytest.raises(BadDay):
        confirm_day(shop, "2026-02-30")
