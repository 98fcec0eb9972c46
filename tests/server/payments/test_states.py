from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.payments.states import CAME_TO_NOTHING, MONEY_CAME, OPEN, State, further, translated

ALL = sorted(OPEN | CAME_TO_NOTHING | MONEY_CAME)


@pytest.mark.parametrize(
    ("status", "fraud", "code", "state"),
    [
        ("pending", "accept", "201", "pending"),
        ("settlement", "accept", "200", "paid"),
        ("settlement", "", "200", "paid"),
        ("capture", "accept", "200", "paid"),
        ("capture", "challenge", "201", "pending"),
        ("capture", "deny", "202", None),
        ("settlement", "accept", "201", None),
        ("deny", "deny", "202", "failed"),
        ("failure", "", "202", "failed"),
        ("cancel", "accept", "200", "cancelled"),
        ("expire", "accept", "407", "expired"),
        ("refund", "accept", "200", "refunded"),
        ("partial_refund", "accept", "200", "part_refunded"),
        ("chargeback", "accept", "200", "charged_back"),
        ("partial_chargeback", "accept", "200", "charged_back"),
        ("authorize", "accept", "200", None),
        ("a word of next year", "accept", "200", None),
        ("", "", "", None),
    ],
)
def test_each_word_in_ours(status: str, fraud: str, code: str, state: State | None) -> None:
    assert translated(status, fraud, code) == state


@given(st.lists(st.sampled_from(sorted(set(ALL) - {"failed", "cancelled"}))), st.randoms())
def test_in_whatever_order_it_is_heard_the_end_is_the_same(
    words: list[State], chance: object
) -> None:
    other = list(words)
    chance.shuffle(other)  # type: ignore[attr-defined]
    ends = []
    for order in (words, other, words + other):
        at: State = "asking"
        for word in order:
            at = further(at, word)
        ends.append(at)
    assert len(set(ends)) == 1


@given(st.sampled_from(ALL), st.sampled_from(ALL))
def test_money_is_never_unsaid_and_nothing_opens_again(at: State, said: State) -> None:
    after = further(at, said)
    assert further(after, said) == after
    if at in MONEY_CAME:
        assert after in MONEY_CAME
    if at in CAME_TO_NOTHING:
        assert after not in OPEN


def test_what_a_provider_takes_back_of_paid_money_is_no_failure() -> None:
    assert further("paid", "failed") == "charged_back"
    assert further("paid", "expired") == "paid"
    assert further("expired", "paid") == "paid"
