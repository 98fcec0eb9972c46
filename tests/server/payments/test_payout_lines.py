"""A report's payouts and those that a person recorded: which are the same, on each engine."""

from __future__ import annotations

import pytest

from server.http.problems import NotFound
from server.payments import payout_asides, payout_lines
from server.payments.payout_lines import (
    AsideReasonNeeded,
    Settled,
    bring_back,
    match_lines,
    record_line,
    set_aside,
)
from server.payments.payout_reading import waiting
from tests.helpers.settled import PRICE
from tests.server.payments.test_payouts import OUT, Shop, shop

__all__ = ["shop"]


def test_what_a_person_recorded_while_a_line_waited_is_not_recorded_once_more(shop: Shop) -> None:
    shop.sold.paid()
    line = f"P-1,completed,{2 * PRICE},,{shop.today}"
    assert shop.sold.bring(line, head=OUT).payouts == Settled()
    (waits,) = shop.sold.compared().differing
    shop.record(2 * PRICE, sure=True)
    record_line(shop.services, shop.sold.shop_id, waits.line_id, bytes(16))
    assert len(shop.payouts()) == 1 and shop.sold.why() == []
    assert shop.stands() == (0, 2 * PRICE, 0, PRICE)
    shop.check()


def test_a_line_that_waits_is_matched_with_what_is_recorded_instead_of_what_was_wrong(
    shop: Shop,
) -> None:
    shop.sold.paid()
    wrong = shop.record(PRICE - 500, reference="P-1")
    shop.sold.bring(f"P-1,completed,{PRICE},,{shop.today}", head=OUT)
    shop.take_back(wrong)
    match_lines(shop.services, shop.sold.shop_id, wrong)
    assert shop.sold.why() == ["payout"]
    right = shop.record(PRICE)
    match_lines(shop.services, shop.sold.shop_id, right)
    assert shop.sold.why() == [] and shop.stands() == (0, PRICE, 0, 0)
    shop.check()


def test_one_by_hand_under_the_banks_name_is_not_recorded_by_a_report_unasked(shop: Shop) -> None:
    shop.sold.paid(), shop.sold.paid()
    own = shop.record(PRICE, reference="TRF/0031")
    line = f"P-1,completed,{PRICE},,{shop.today}"
    assert shop.sold.bring(line, head=OUT).payouts == Settled()
    with shop.services.store.reading_shop(shop.sold.shop_id) as tx:
        assert [one.has_twin for one in waiting(tx)] == [True]
    shop.take_back(own)
    assert shop.sold.bring(line, head=OUT).payouts == Settled(1, PRICE)
    # One that a report had is another one.
    other = f"P-2,completed,{PRICE},,{shop.today}"
    assert shop.sold.bring(other, head=OUT).payouts == Settled(1, PRICE)
    assert shop.stands() == (0, 2 * PRICE, 0, 0)
    shop.check()


def test_a_long_name_is_known_again(shop: Shop) -> None:
    shop.sold.paid(), shop.sold.paid()
    name = "P" * 70
    for day in ("2026-11-20", "2026-11-21"):
        shop.sold.bring(f"{name},completed,5000,,{day}", head=OUT)
    assert len(shop.payouts()) == 1


def test_what_is_none_of_the_shops_is_set_aside_and_waits_no_longer(shop: Shop) -> None:
    line = f"P-9,completed,{PRICE},,{shop.today}"
    assert shop.sold.bring(line, head=OUT).payouts == Settled()
    (waits,) = shop.sold.compared().differing
    with pytest.raises(AsideReasonNeeded):
        aside(shop, waits.line_id, " \n")
    assert shop.sold.why() == ["payout"]
    aside(shop, waits.line_id, "Milik  toko sebelah")
    aside(shop, waits.line_id, "Sekali lagi")
    assert listed(shop) == ([], ["Milik toko sebelah"]) and shop.sold.why() == []
    assert shop.sold.compared().sums["aside"].lines == 1
    # Money for it is there now, and yet neither a report nor what is recorded by hand is it.
    shop.sold.paid(), shop.sold.paid()
    assert shop.sold.bring(line, head=OUT).payouts == Settled()
    other = f"P-10,completed,{PRICE},,{shop.today}"
    assert shop.sold.bring(other, head=OUT).payouts == Settled(1, PRICE)
    made = shop.record(PRICE, reference="P-9", day="2026-11-01")
    match_lines(shop.services, shop.sold.shop_id, made)
    assert listed(shop)[1] and len(shop.payouts()) == 2
    # Brought back, it is what was recorded by its name.
    back(shop, waits.line_id)
    back(shop, waits.line_id)
    assert listed(shop) == ([], []) and len(shop.payouts()) == 2
    shop.check()


def test_what_was_set_aside_can_be_brought_back_and_recorded(shop: Shop) -> None:
    shop.sold.bring(f"P-9,completed,{PRICE},,{shop.today}", head=OUT)
    (waits,) = shop.sold.compared().differing
    aside(shop, waits.line_id, "Bukan kami")
    back(shop, waits.line_id)
    assert listed(shop) == (["P-9"], [])
    aside(shop, waits.line_id, "Bukan kami")
    # A page that was open longer still offers to record it: a person says so, and later.
    record_line(shop.services, shop.sold.shop_id, waits.line_id, bytes(16))
    aside(shop, waits.line_id, "Bukan kami")
    assert listed(shop) == ([], []) and len(shop.payouts()) == 1
    shop.take_back(shop.payouts()[0])
    assert listed(shop) == (["P-9"], [])
    with pytest.raises(NotFound):
        aside(shop, bytes(16), "Tidak ada")
    shop.check()


def test_many_that_are_set_aside_do_not_keep_a_report_from_being_read(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = ("2026-11-01", "2026-11-02")
    shop.sold.bring(*(f"X-{day},completed,{PRICE},,{day}" for day in days), head=OUT)
    monkeypatch.setattr(payout_lines, "_NEW", payout_lines._NEW.limit(2))
    shop.sold.paid()
    own = f"P-1,completed,{PRICE - 1},,{shop.today}"
    for one in shop.sold.compared().differing:
        aside(shop, one.line_id, "Bukan kami")
    assert shop.sold.bring(own, head=OUT).payouts == Settled(1, PRICE - 1)
    shop.check()


def aside(shop: Shop, line_id: bytes, reason: str) -> None:
    """The owner sets a line aside."""
    set_aside(shop.services, shop.sold.shop_id, line_id, reason, bytes(16))


def back(shop: Shop, line_id: bytes) -> None:
    """The owner brings it back."""
    bring_back(shop.services, shop.sold.shop_id, line_id, bytes(16))


def listed(shop: Shop) -> tuple[list[str], list[str]]:
    """Names of those that wait, and why others are set aside."""
    with shop.services.store.reading_shop(shop.sold.shop_id) as tx:
        asides = payout_asides.newest(tx)
        assert payout_asides.count(tx) == len(asides)
        return [one.reference for one in waiting(tx)], [one.reason for one in asides]
