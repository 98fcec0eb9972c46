"""What must hold for any payment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import RoundingMode, round_cash
from core.tender import (
    DENOMINATIONS,
    MOST_SUGGESTIONS,
    NotPaid,
    TenderKind,
    settle_tenders,
    suggest_cash,
    unusual_cash,
)

STEPS = st.sampled_from([0, 50, 100, 500])
MODES = st.sampled_from(["down", "nearest", "up"])
CASHLESS = st.sampled_from([kind for kind in TenderKind if kind != TenderKind.CASH])
TOTALS = st.integers(1_000, 10_000_000)


def test_suggestions_for_every_bill_up_to_two_million() -> None:
    for due in range(100, 2_000_001, 100):
        suggested = suggest_cash(due)
        assert suggested[0] == due
        assert 2 <= len(suggested) <= MOST_SUGGESTIONS
        assert suggested == sorted(set(suggested))
        assert all(amount % min(DENOMINATIONS) == 0 for amount in suggested)


@given(st.integers(1, 5_000_000))
def test_suggestions_beyond_exact_are_notes_and_near(due: int) -> None:
    for amount in suggest_cash(due)[1:]:
        assert amount % 1_000 == 0
        assert amount - due <= 100_000


@given(st.integers(10_000, 5_000_000))
def test_the_large_notes_are_always_among_the_suggestions(due: int) -> None:
    suggested = suggest_cash(due)
    for note in (50_000, 100_000):
        assert -(-due // note) * note in suggested


@given(TOTALS, st.integers(0, 100), CASHLESS, st.integers(1, 100_000), STEPS, MODES)
def test_a_settled_sale_balances(
    total: int, cashless_percent: int, kind: TenderKind, extra: int, step: int, mode: RoundingMode
) -> None:
    cashless = total * cashless_percent // 100
    cash = round_cash(total - cashless, step, mode) + extra
    tenders = [(kind, cashless)] if cashless else []
    settled = settle_tenders(total, [*tenders, (TenderKind.CASH, cash)], step=step, mode=mode)
    assert settled.paid - settled.change == total + settled.rounding
    assert settled.change == extra
    assert abs(settled.rounding) < max(step, 1)


@given(TOTALS, STEPS, MODES)
def test_one_rupiah_short_is_not_paid(total: int, step: int, mode: RoundingMode) -> None:
    given_cash = round_cash(total, step, mode) - 1
    with pytest.raises(NotPaid) as refused:
        settle_tenders(total, [(TenderKind.CASH, given_cash)], step=step, mode=mode)
    assert refused.value.details == {"missing": 1}


@given(TOTALS, STEPS, MODES)
def test_sale_and_refund_leave_the_drawer_as_it_was(
    total: int, step: int, mode: RoundingMode
) -> None:
    cash = round_cash(total, step, mode)
    sold = settle_tenders(total, [(TenderKind.CASH, cash)], step=step, mode=mode)
    back = settle_tenders(-total, [(TenderKind.CASH, -cash)], step=step, mode=mode)
    assert sold.paid + back.paid == 0
    assert sold.rounding + back.rounding == 0


@given(st.integers(100, 2_000_000))
def test_no_suggestion_is_asked_about(due: int) -> None:
    assert not any(unusual_cash(due, amount) for amount in suggest_cash(due))
