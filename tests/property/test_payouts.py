"""A payout's fee and what is missing for it, whatever arrives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.payouts import MOST_FEE_PERCENT, split

RUPIAH = st.integers(-(10**9), 10**12)


@given(st.integers(1, 10**12), RUPIAH, st.none() | RUPIAH, st.integers(0, 10**9))
def test_never_more_is_taken_than_is_there_but_what_is_named(
    arrived: int, there: int, of_days: int | None, fee: int
) -> None:
    found = split(arrived, there, of_days, fee)
    assert found.fee >= 0 and found.short >= 0
    taken = arrived + found.fee - found.short
    assert taken <= max(0, there) or taken == 0
    assert bool(found.short) == (found.doubt == "short")
    if of_days is None:
        assert found.fee == fee
    elif not found.doubt:
        assert arrived + found.fee == of_days
        assert found.fee * 100 <= of_days * MOST_FEE_PERCENT


@given(st.integers(1, 10**12), st.integers(0, 10**9))
def test_what_did_not_arrive_of_some_days_is_the_fee(arrived: int, fee: int) -> None:
    whole = arrived + fee
    found = split(arrived, whole, whole)
    assert (found.fee, found.short) == (fee, 0)
    assert found.doubt == ("fee" if fee * 100 > whole * MOST_FEE_PERCENT else "")
    more = split(arrived, whole + 1, arrived - 1)
    assert (more.fee, more.doubt) == (0, "beyond")
