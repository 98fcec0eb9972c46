"""Digests of the accepted state: order-free, kept up row by row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.sync.digest import NOTHING, change_row, fold_rows

ROWS = st.dictionaries(st.binary(min_size=1, max_size=4), st.integers(-5, 5), max_size=12)


def _whole(rows: dict[bytes, int]) -> list[tuple[bytes, tuple[int]]]:
    return [(key, (value,)) for key, value in rows.items()]


@given(ROWS, ROWS)
def test_changing_row_by_row_equals_counting_anew(
    before: dict[bytes, int], after: dict[bytes, int]
) -> None:
    digest = fold_rows("stock", _whole(before))
    for key in before.keys() | after.keys():
        digest = change_row("stock", digest, key, (before.get(key, 0),), (after.get(key, 0),))
    assert digest == fold_rows("stock", _whole(after))


@given(ROWS)
def test_order_does_not_matter(rows: dict[bytes, int]) -> None:
    there = _whole(rows)
    assert fold_rows("debt", there) == fold_rows("debt", there[::-1])


def test_a_row_of_nought_is_as_good_as_none() -> None:
    assert fold_rows("cash", [(b"a", (0,))]) == NOTHING


def test_equal_sums_of_other_rows_are_told_apart() -> None:
    assert fold_rows("stock", [(b"a", (1,)), (b"b", (2,))]) != fold_rows(
        "stock", [(b"a", (2,)), (b"b", (1,))]
    )
    assert fold_rows("stock", [(b"a", (1,))]) != fold_rows("debt", [(b"a", (1,))])
    assert fold_rows("sales", [("2026-11", (3, 500))]) != fold_rows(
        "sales", [("2026-11", (3, 501))]
    )
