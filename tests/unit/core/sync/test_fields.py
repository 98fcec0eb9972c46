"""Which of two changes of one field stands: the same answer in whichever order they arrive."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.sync.fields import FIRST, Stamp, judge


def test_a_change_of_what_stands_applies() -> None:
    assert judge("1000", FIRST, "1000", "1200", Stamp(5, b"a")) == "applied"


def test_the_same_value_twice_is_no_conflict() -> None:
    assert judge("1200", Stamp(4, b"a"), "1000", "1200", Stamp(5, b"b")) == "same"


def test_the_later_change_wins_and_a_tie_goes_to_the_greater_hash() -> None:
    assert judge("1200", Stamp(4, b"a"), "1000", "1500", Stamp(5, b"b")) == "won"
    assert judge("1200", Stamp(6, b"a"), "1000", "1500", Stamp(5, b"b")) == "lost"
    assert judge("1200", Stamp(5, b"a"), "1000", "1500", Stamp(5, b"b")) == "won"
    assert judge("1200", Stamp(5, b"b"), "1000", "1500", Stamp(5, b"a")) == "lost"


CHANGES = st.tuples(
    st.tuples(st.integers(0, 3), st.integers(1, 3)), st.tuples(st.integers(0, 3), st.integers(1, 3))
)


@given(CHANGES)
def test_two_changes_of_one_value_end_the_same_in_either_order(
    changes: tuple[tuple[int, int], tuple[int, int]],
) -> None:
    (time_a, value_a), (time_b, value_b) = changes
    first, second = (str(value_a), Stamp(time_a, b"a")), (str(value_b), Stamp(time_b, b"b"))

    def after(order: tuple[tuple[str, Stamp], ...]) -> str:
        value, stamp = "0", FIRST
        for new, change in order:
            if judge(value, stamp, "0", new, change) in ("applied", "won"):
                value, stamp = new, change
        return value

    assert after((first, second)) == after((second, first))
