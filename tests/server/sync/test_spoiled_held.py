"""One entry in quarantine that cannot be folded keeps no other waiting when they are let in."""

from __future__ import annotations

from typing import Any

import pytest

from core.contract import KINDS
from core.facts.base import FieldChange
from core.facts.catalog import ProductChanged
from server.db.schema import journal, trade
from server.sync.confirming import confirm
from server.sync.judging import NotWaiting, judge_entry
from tests.helpers.sync_client import Counter, line, sale
from tests.server.sync.conftest import Shop, selling

NO_JSON, TOO_LARGE = "no json", "9" * 30


@pytest.mark.parametrize("value", [NO_JSON, TOO_LARGE])
def test_one_that_cannot_be_folded_does_not_keep_a_confirmed_line_waiting(
    shop: Shop, value: str
) -> None:
    counter, goods = selling(shop)
    shop.push(counter)
    lost_key = counter.child()
    shop.adopt(lost_key, vouched=False)
    lost_key.write(ProductChanged(goods, (FieldChange("price", "15000", value),)))
    lost_key.write(sale(3, goods, [line(goods)]))
    shop.push(lost_key)
    confirm(shop.services, shop.id, lost_key.device)
    assert len(shop.rows(trade.sale, "n")) == 3
    assert sorted(shop.rows(journal.quarantine, "decision")) == [("released",), ("set_aside",)]


def test_one_that_cannot_be_folded_is_not_released(shop: Shop) -> None:
    counter, goods = selling(shop)
    shop.push(counter)
    stranger = counter.child()
    shop.adopt(stranger, vouched=False)
    for value in (NO_JSON, TOO_LARGE):
        stranger.write(ProductChanged(goods, (FieldChange("price", "15000", value),)))
    shop.push(stranger)
    for one in stranger.entries:
        with pytest.raises(NotWaiting):
            judge_entry(shop.services, shop.id, one.hash, "released")
        judge_entry(shop.services, shop.id, one.hash, "set_aside")


@pytest.mark.parametrize("is_inside", [False, True])
def test_what_proves_unreadable_once_its_kind_is_known_keeps_no_counter_waiting(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, is_inside: bool
) -> None:
    counter, goods = selling(shop)
    shop.push(counter)
    lost_key = counter.child()
    shop.adopt(lost_key, vouched=False)
    if is_inside:
        lost_key.carry(Counter("K9", counter.shop).append("invented", 1, b"\x90"))
    else:
        lost_key.append("invented", 1, b"\x90")
    lost_key.write(sale(3, goods, [line(goods)]))
    shop.push(lost_key)
    with monkeypatch.context() as newer:
        newer.setitem(KINDS, ("invented", 1), ProductChanged)
        newer.setattr("core.contract._decoders", {})
        confirm(shop.services, shop.id, lost_key.device)
        shop.greet(lost_key)
        assert len(shop.rows(trade.sale, "n")) == 3
        judged = {one.verdict for one in shop.feed(lost_key) if one.kind == "entry_judged"}
        assert judged == {"", "flagged:unreadable"}


def test_one_that_comes_with_what_is_here_already_is_held_alone(shop: Shop) -> None:
    counter, goods = selling(shop)
    shop.push(counter)
    counter.write(ProductChanged(goods, (FieldChange("price", "15000", TOO_LARGE),)))
    counter.write(sale(3, goods, [line(goods)]))
    taken = shop.push(counter, 2)
    assert (taken.stored, taken.skipped, len(taken.quarantined)) == (2, 2, 1)
    assert len(shop.rows(trade.sale, "n")) == 3


@pytest.mark.parametrize("is_held", [False, True])
def test_one_row_that_is_refused_is_found_by_halves(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, is_held: bool
) -> None:
    """Each try holds the shop's feed: others wait for as many of them as there are."""
    counter, goods = selling(shop)
    shop.push(counter)
    sender = counter.child()
    shop.adopt(sender, vouched=not is_held)
    for number in range(3, 67):
        sender.write(sale(number, goods, [line(goods)]))
    sender.write(ProductChanged(goods, (FieldChange("price", "15000", TOO_LARGE),)))
    if is_held:
        shop.push(sender)
    tries, plain = [0], shop.services.store.shop

    def counted(*args: Any, **more: Any) -> Any:
        tries[0] += 1
        return plain(*args, **more)

    monkeypatch.setattr(shop.services.store, "shop", counted)
    if is_held:
        confirm(shop.services, shop.id, sender.device)
    else:
        shop.push(sender)
    assert len(shop.rows(trade.sale, "n")) == 66
    assert tries[0] <= 30
