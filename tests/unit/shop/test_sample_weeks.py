"""Weeks of the sample shop are lived by real commands: the books prove themselves."""

from __future__ import annotations

from pathlib import Path
from random import Random

from pos.device.clock import BUILD_MS, Clock
from pos.device.witness import Witness
from pos.journal.verify import verify
from pos.shifts.open_shift import open_shift
from pos.shop.founding import found_shop
from pos.shop.sample import add_sample_goods
from pos.shop.sample_weeks import SampleClock, live_through


def test_a_week_is_lived_through_until_now(tmp_path: Path) -> None:
    clock = SampleClock(1)
    began = clock.now_ms()
    with found_shop(
        tmp_path / "shop", "Warung", "Ibu Sri", clock=clock, witness=Witness(tmp_path / "state")
    ) as shop:
        add_sample_goods(shop)
        sales = live_through(shop, clock, Random(7))
        rows = shop.db.rows("SELECT day, count(*) FROM sale GROUP BY day ORDER BY day")
        assert 6 <= len(rows) <= 8 and sales >= 70
        times = [row[0] for row in shop.db.rows("SELECT at_ms FROM sale ORDER BY id")]
        assert times == sorted(times) and began < times[0] and times[-1] <= Clock().now_ms()
        closed = int(shop.db.scalar("SELECT count(*) FROM z_report") or 0)
        assert closed >= 6
        assert closed + (open_shift(shop.db) is not None) == len(rows)
        assert abs(shop.clock.now_ms() - Clock().now_ms()) < 60_000
        assert verify(shop.db).ok


def test_no_past_before_the_program_was_made() -> None:
    assert SampleClock(500).now_ms() > BUILD_MS
