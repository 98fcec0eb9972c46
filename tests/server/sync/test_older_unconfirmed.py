"""What a counter sent in an older line, before a newer one was confirmed, counts with it."""

from __future__ import annotations

import pytest

from server.db.schema import trade
from server.sync.confirming import confirm
from tests.helpers.sync_client import line, sale
from tests.server.sync.conftest import Shop, selling


@pytest.mark.parametrize("is_by_code", [False, True])
def test_what_an_older_line_sent_before_its_counter_was_confirmed_counts_with_it(
    shop: Shop, is_by_code: bool
) -> None:
    counter, goods = selling(shop)
    shop.push(counter)
    before = len(shop.rows(trade.sale, "n"))
    lost_key = counter.child()
    shop.adopt(lost_key, vouched=False)
    lost_key.write(sale(3, goods, [line(goods)]))
    shop.push(lost_key)
    now = lost_key.child("K1c")
    shop.adopt(now)
    assert len(shop.rows(trade.sale, "n")) == before
    if is_by_code:
        shop.join(now)
    else:
        confirm(shop.services, shop.id, now.device)
    assert len(shop.rows(trade.sale, "n")) == before + 1


def test_what_a_copy_went_on_with_is_left(shop: Shop) -> None:
    """It is behind where the confirmed line left the older one."""
    counter, goods = selling(shop)
    shop.push(counter)
    before = len(shop.rows(trade.sale, "n"))
    lost_key = counter.child()
    shop.adopt(lost_key, vouched=False)
    lost_key.write(sale(3, goods, [line(goods)]))
    shop.push(lost_key)
    now = lost_key.child("K1c")
    shop.adopt(now)
    lost_key.write(sale(4, goods, [line(goods)]))
    shop.push(lost_key)
    confirm(shop.services, shop.id, now.device)
    assert len(shop.rows(trade.sale, "n")) == before + 1
