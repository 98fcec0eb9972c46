"""What must hold for any instant."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.dates import business_date, local_time

INSTANTS = st.integers(0, 4_000_000_000_000)
ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
DAY_MS = 86_400_000


@given(INSTANTS, ZONES, st.integers(0, 720))
def test_a_business_day_is_the_local_day_or_the_one_before(
    at_ms: int, zone: str, close: int
) -> None:
    local = local_time(at_ms, zone)
    day = date.fromisoformat(business_date(at_ms, zone, close))
    still_open = local.hour * 60 + local.minute < close
    assert (local.date() - day).days == int(still_open)


@given(INSTANTS, ZONES, st.integers(0, 720))
def test_a_day_later_is_the_next_business_day(at_ms: int, zone: str, close: int) -> None:
    today = date.fromisoformat(business_date(at_ms, zone, close))
    tomorrow = date.fromisoformat(business_date(at_ms + DAY_MS, zone, close))
    assert (tomorrow - today).days == 1
