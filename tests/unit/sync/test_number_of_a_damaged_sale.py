"""The disk damages the newest sale: the tables forget its number, the paper does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.counter import Counter
from pos.device.witness import Witness
from pos.journal.mending import mend
from pos.opening import open_counter
from pos.shifts.drawer import start_shift
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell


def _receipt(counter: Counter, goods: bytes) -> str:
    return sell(counter, cart_of(counter, (goods, 1_000))).receipt


@pytest.mark.parametrize("is_mark_there", [True, False])
def test_it_is_not_given_again(tmp_path: Path, is_mark_there: bool) -> None:
    with make_shop(tmp_path) as shop:
        start_shift(shop, 0)
        goods = add_goods(shop, "Gula", 15_000, 10_000)
        assert [_receipt(shop, goods) for _ in range(2)] == ["K1-000001", "K1-000002"]
        place = int(shop.db.scalar("SELECT max(pos) FROM journal"))
        body = bytes(shop.db.scalar("SELECT body FROM journal WHERE pos=?", (place,)))
        shop.db.run("UPDATE journal SET body=? WHERE pos=?", (body + b"x", place))
        mend(shop.db)
        assert [row[0] for row in shop.db.rows("SELECT receipt FROM sale")] == ["K1-000001"]
        add_goods(shop, "Kopi", 2_000, 10_000)  # what has no number leaves it as it is
        device = shop.line.device
    if not is_mark_there:
        (tmp_path / "state" / f"{device.hex()}.mark").write_bytes(b"torn")
    with open_counter(
        tmp_path / "shop", clock=StillClock(), witness=Witness(tmp_path / "state")
    ) as again:
        again.staff_id = bytes(again.db.scalar("SELECT id FROM staff"))
        assert _receipt(again, goods) == "K1-000003"
        assert again.register == "K1"
