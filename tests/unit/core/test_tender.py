"""Suggested notes, odd amounts, and settling a total."""

from __future__ import annotations

import pytest

from core.money import RoundingMode
from core.tender import (
    BadTender,
    NotPaid,
    PaidOutTooMuch,
    Settlement,
    TenderKind,
    TooMuch,
    looks_like_barcode,
    settle_tenders,
    suggest_cash,
    unusual_cash,
)

CASH, QRIS, CARD = TenderKind.CASH, TenderKind.QRIS, TenderKind.CARD
Tenders = list[tuple[TenderKind, int]]


def settle(
    total: int, tenders: Tenders, step: int = 100, mode: RoundingMode = "nearest"
) -> Settlement:
    return settle_tenders(total, tenders, step=step, mode=mode)


def test_kinds_are_codes() -> None:
    assert [str(kind) for kind in TenderKind] == [
        "cash",
        "qris",
        "card",
        "ewallet",
        "transfer",
        "credit",
        "balance",
        "online",
    ]
    assert TenderKind("cash") is CASH


@pytest.mark.parametrize(
    ("due", "suggested"),
    [
        (67_000, [67_000, 70_000, 80_000, 100_000]),
        (120_000, [120_000, 150_000, 200_000]),
        (21_500, [21_500, 22_000, 25_000, 30_000, 50_000, 100_000]),
        (52_000, [52_000, 55_000, 60_000, 70_000, 100_000]),
        (500, [500, 1_000, 2_000, 5_000, 10_000, 20_000]),
        (3_500, [3_500, 4_000, 5_000, 10_000, 20_000, 50_000]),
        (100_000, [100_000, 200_000]),
        (2_000_000, [2_000_000, 2_100_000]),
        (0, []),
        (-5_000, []),
    ],
)
def test_suggests_what_a_buyer_hands_over(due: int, suggested: list[int]) -> None:
    assert suggest_cash(due) == suggested


@pytest.mark.parametrize("amount", [8_991_234_567_890, 899_123_456_789, 89_686_010_015, 12_345_678])
def test_a_scan_in_the_amount_field_is_noticed(amount: int) -> None:
    assert looks_like_barcode(amount)


@pytest.mark.parametrize("amount", [0, 50_000, 37_523, 9_999_999, 12_345_650, 250_000_000])
def test_ordinary_amounts_are_no_barcode(amount: int) -> None:
    assert not looks_like_barcode(amount)


@pytest.mark.parametrize(("due", "given"), [(37_500, 500_000), (37_500, 375_000), (7_500, 75_000)])
def test_ten_times_too_much_is_asked_about(due: int, given: int) -> None:
    assert unusual_cash(due, given)


@pytest.mark.parametrize(
    ("due", "given"),
    [(37_500, 50_000), (37_500, 374_900), (5_000, 100_000), (500, 50_000), (0, 10_000)],
)
def test_one_large_note_is_not_asked_about(due: int, given: int) -> None:
    assert not unusual_cash(due, given)


@pytest.mark.parametrize(
    ("total", "tenders", "settled"),
    [
        (37_500, [(CASH, 50_000)], Settlement(50_000, 12_500, 0)),
        (12_765, [(CASH, 20_000)], Settlement(20_000, 7_200, 35)),
        (12_750, [(CASH, 12_700)], Settlement(12_700, 0, -50)),
        (12_765, [(QRIS, 12_765)], Settlement(12_765, 0, 0)),
        (12_765, [(QRIS, 10_000), (CASH, 5_000)], Settlement(15_000, 2_200, 35)),
        (12_765, [(CASH, 2_000), (CASH, 11_000)], Settlement(13_000, 200, 35)),
        (12_765, [(QRIS, 12_000), (CARD, 765)], Settlement(12_765, 0, 0)),
        (10_040, [(QRIS, 10_000), (CASH, 1_000)], Settlement(11_000, 1_000, -40)),
        (0, [], Settlement(0, 0, 0)),
        (30, [], Settlement(0, 0, -30)),
    ],
)
def test_settles_a_sale(total: int, tenders: Tenders, settled: Settlement) -> None:
    assert settle(total, tenders) == settled


def test_step_and_direction_are_the_shops() -> None:
    assert settle(12_765, [(CASH, 12_765)], step=0) == Settlement(12_765, 0, 0)
    assert settle(12_001, [(CASH, 12_500)], step=500, mode="up") == Settlement(12_500, 0, 499)
    assert settle(12_499, [(CASH, 12_000)], step=500, mode="down") == Settlement(12_000, 0, -499)


@pytest.mark.parametrize(
    ("total", "tenders", "missing"),
    [
        (37_500, [(CASH, 30_000)], 7_500),
        (12_765, [(CASH, 12_700)], 100),
        (12_765, [(QRIS, 12_700)], 65),
        (10_030, [(QRIS, 10_000)], 30),
        (37_500, [], 37_500),
        (-12_765, [(CASH, -12_700)], 100),
        (-12_765, [], 12_765),
    ],
)
def test_says_what_is_missing(total: int, tenders: Tenders, missing: int) -> None:
    with pytest.raises(NotPaid) as refused:
        settle(total, tenders)
    assert refused.value.code == "not_paid"
    assert refused.value.details == {"missing": missing}


@pytest.mark.parametrize(
    ("total", "tenders", "over"),
    [
        (10_000, [(QRIS, 10_001)], 1),
        (10_000, [(QRIS, 6_000), (CARD, 6_000), (CASH, 5_000)], 2_000),
        (-10_000, [(QRIS, -10_500)], 500),
        (0, [(QRIS, 5_000)], 5_000),
    ],
)
def test_only_cash_gives_change(total: int, tenders: Tenders, over: int) -> None:
    with pytest.raises(TooMuch) as refused:
        settle(total, tenders)
    assert refused.value.code == "non_cash_over_due"
    assert refused.value.details == {"over": over}


@pytest.mark.parametrize(
    ("total", "tender"),
    [
        (10_000, (CASH, 0)),
        (10_000, (CASH, -1)),
        (0, (QRIS, -1)),
        (-10_000, (CASH, 10_000)),
        (10_000, (CASH, 10**13)),
    ],
)
def test_refuses_amounts_of_the_wrong_sign_or_beyond_all_reason(
    total: int, tender: tuple[TenderKind, int]
) -> None:
    with pytest.raises(BadTender) as refused:
        settle(total, [tender])
    assert refused.value.code == "bad_tender"
    assert refused.value.details == {"kind": tender[0].value, "amount": tender[1]}


@pytest.mark.parametrize(
    ("total", "tenders", "settled"),
    [
        (-12_765, [(CASH, -12_800)], Settlement(-12_800, 0, -35)),
        (-12_750, [(CASH, -12_700)], Settlement(-12_700, 0, 50)),
        (-12_765, [(QRIS, -12_765)], Settlement(-12_765, 0, 0)),
        (-12_765, [(TenderKind.CREDIT, -10_000), (CASH, -2_800)], Settlement(-12_800, 0, -35)),
        (-30, [(CASH, 0)], Settlement(0, 0, 30)),
    ],
)
def test_pays_a_refund_out(total: int, tenders: Tenders, settled: Settlement) -> None:
    assert settle(total, tenders) == settled


def test_a_refund_never_pays_out_more_cash_than_due() -> None:
    with pytest.raises(PaidOutTooMuch) as refused:
        settle(-12_750, [(CASH, -12_800)])
    assert refused.value.code == "refund_over_due"
    assert refused.value.details == {"over": 100}
