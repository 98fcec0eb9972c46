"""A report's payouts and those that a person recorded: which are the same, on each engine."""

from __future__ import annotations

from server.payments.payout_lines import Settled, match_lines, record_line
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
