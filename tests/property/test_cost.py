"""What must hold for any history of a shelf."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from core.cost import Pool, put, take

QTY = st.integers(1, 2_000_000)
VALUE = st.integers(0, 500_000_000)
HINT = st.integers(0, 1_000_000)


class In(NamedTuple):
    qty: int
    value: int


class Out(NamedTuple):
    qty: int
    hint: int


HISTORY = st.lists(st.builds(In, QTY, VALUE) | st.builds(Out, QTY, HINT), max_size=40)


@given(HISTORY)
def test_cost_of_goods_sold_and_what_is_left_is_what_came_in(history: list[In | Out]) -> None:
    pool, came, left = Pool(0, 0), 0, 0
    for step in history:
        if isinstance(step, In):
            pool = put(pool, step.qty, step.value)
            came += step.value
        else:
            pool, taken = take(pool, step.qty, step.hint)
            left += taken
        assert left + pool.value == came
    assert pool.qty == sum(s.qty if isinstance(s, In) else -s.qty for s in history)


@given(HISTORY)
def test_never_below_zero_means_never_worth_less_and_empty_is_worth_nothing(
    history: list[In | Out],
) -> None:
    pool = Pool(0, 0)
    for step in history:
        if isinstance(step, In):
            pool = put(pool, step.qty, step.value)
        elif pool.qty:
            pool, taken = take(pool, min(step.qty, pool.qty), step.hint)
            assert taken >= 0
        assert pool.value >= 0
        assert pool.qty or pool.value == 0


@given(QTY, VALUE, st.data())
def test_any_way_of_emptying_a_shelf_takes_all_of_its_value(
    qty: int, value: int, data: st.DataObject
) -> None:
    pool, total = Pool(qty, value), 0
    while pool.qty:
        out = data.draw(st.integers(max(1, pool.qty // 5), pool.qty))
        before = pool
        pool, taken = take(pool, out, cost_hint=7_777)
        total += taken
        # Within a rupiah of the exact share, compared without dividing.
        assert abs(taken * before.qty - before.value * out) < before.qty
    assert (pool, total) == (Pool(0, 0), value)


@given(st.integers(0, 1_000), VALUE, QTY, HINT)
def test_what_is_owed_below_zero_is_worth_the_last_known_cost(
    shelf: int, value: int, beyond: int, hint: int
) -> None:
    pool, _ = take(Pool(shelf, value if shelf else 0), shelf + beyond, hint)
    assert pool.qty == -beyond
    assert abs(-pool.value * 1000 - hint * beyond) <= 500
