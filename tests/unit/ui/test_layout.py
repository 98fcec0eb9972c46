"""The selling screen's places at every size, without a window."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.ui.foundation.layout import selling_layout
from pos.ui.foundation.tokens import ScaleName

sizes = st.tuples(st.integers(1024, 3840), st.integers(600, 2160))
scales = st.sampled_from(("small", "normal", "large"))


def test_1024_by_768() -> None:
    at = selling_layout(1024, 768)
    assert (at.left, at.right, at.gutter, at.bar, at.scan) == (628, 360, 12, 48, 52)
    assert (at.total_card, at.total_size, at.pay) == (148, 56, 64)
    assert (at.action_width, at.action) == (174, 56)
    assert at.visible_rows == 11
    assert at.name >= 290
    assert at.spare >= 100
    assert at.tile_columns == 4
    assert not at.notice_in_line


def test_1920_by_1080() -> None:
    at = selling_layout(1920, 1080)
    assert (at.left, at.right, at.gutter, at.bar) == (1312, 560, 16, 56)
    assert (at.total_card, at.total_size, at.pay) == (190, 80, 80)
    assert (at.action_width, at.row) == (272, 56)
    assert at.visible_rows == 15
    assert at.extra_columns


def test_1366_by_768_has_a_wider_right_column() -> None:
    at = selling_layout(1366, 768)
    assert (at.right, at.left) == (400, 930)
    assert not at.wide


def test_1024_by_600_still_shows_nine_lines() -> None:
    at = selling_layout(1024, 600)
    assert at.notice_in_line
    assert (at.row, at.action) == (40, 48)
    assert at.visible_rows >= 8
    assert at.spare >= 0


def test_touch_makes_rows_large() -> None:
    assert selling_layout(1024, 768, touch=True).row == 56
    assert selling_layout(1920, 1080, touch=True).action == 72


@given(sizes, scales, st.booleans())
def test_everything_fits_and_can_be_touched(
    size: tuple[int, int], scale: ScaleName, touch: bool
) -> None:
    width, height = size
    at = selling_layout(width, height, scale, touch=touch)
    assert at.left + at.right + 3 * at.gutter == width
    assert at.name + at.quantity + at.price + at.amount == at.left
    assert at.name > 200
    assert 2 * at.action_width + at.gutter in (at.right, at.right - 1)
    assert at.action >= 48 and at.pay >= 48
    assert at.visible_rows >= 6
    column = at.total_card + at.pay + 3 * at.action + 4 * at.gutter
    column += 0 if at.notice_in_line else at.notice
    assert column + at.bar + at.status + at.gutter <= height
    assert all(value >= 0 for value in astuple(at))


def test_a_wide_but_low_window_keeps_the_small_measures() -> None:
    assert not selling_layout(1920, 800).wide


@pytest.mark.parametrize("width", [1024, 1366, 1920])
def test_the_total_starts_at_a_size_of_its_card(width: int) -> None:
    at = selling_layout(width, 768)
    assert at.total_size < at.total_card
