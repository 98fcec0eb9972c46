"""What a counter sent in an older line, before a newer one was confirmed, counts with it."""

from __future__ import annotations

import pytest

from server.db.schema import trade
from server.sync import confirming, enrolling, speakers
from server.sync.confirming import confirm
from tests.helpers.sync_client import Counter, line, sale
from tests.server.sync.conftest import Shop, selling


def _sells(shop: Shop, counter: Counter, goods: bytes, number: int) -> None:
    counter.write(sale(number, goods, [line(goods)]))
    shop.push(counter)


def _without_voucher(shop: Shop) -> tuple[Counter, bytes]:
    """A line that nobody vouched for and that has sold the third sale; and the goods."""
    counter, goods = selling(shop)
    shop.push(counter)
    older = counter.child()
    shop.adopt(older, vouched=False)
    _sells(shop, older, goods, 3)
    assert _counted(shop) == 2
    return older, goods


def _counted(shop: Shop) -> int:
    return len(shop.rows(trade.sale, "n"))


@pytest.mark.parametrize("is_by_code", [False, True])
def test_what_an_older_line_sent_before_its_counter_was_confirmed_counts_with_it(
    shop: Shop, is_by_code: bool
) -> None:
    older, _ = _without_voucher(shop)
    now = older.child("K1c")
    shop.adopt(now)
    assert _counted(shop) == 2
    if is_by_code:
        shop.join(now)
    else:
        confirm(shop.services, shop.id, now.device)
    assert _counted(shop) == 3


def test_what_a_copy_went_on_with_is_left(shop: Shop) -> None:
    """It is behind where the confirmed line left the older one."""
    older, goods = _without_voucher(shop)
    now = older.child("K1c")
    shop.adopt(now)
    _sells(shop, older, goods, 4)
    confirm(shop.services, shop.id, now.device)
    assert _counted(shop) == 3


@pytest.mark.parametrize("is_by_code", [False, True])
def test_who_dies_after_confirming_leaves_the_rest_to_the_next_hello(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, is_by_code: bool
) -> None:
    older, goods = _without_voucher(shop)
    now = older.child("K1c")
    shop.adopt(now, vouched=False)
    _sells(shop, now, goods, 4)
    with monkeypatch.context() as dying:
        for where in (confirming, enrolling):
            dying.setattr(where, "release_waiting", _die)
        with pytest.raises(SystemExit):
            if is_by_code:
                shop.join(now)
            else:
                confirm(shop.services, shop.id, now.device)
    assert _counted(shop) == 2
    assert shop.greet(now).state == "trusted"
    assert _counted(shop) == 4
    with shop.services.store.reading_shop(shop.id) as tx:
        assert not speakers.find(tx, now.device).release_due


def _die(*_: object) -> None:
    raise SystemExit
