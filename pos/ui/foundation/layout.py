"""Where things lie on the selling screen: one function from a window's size to a record."""

from __future__ import annotations

from dataclasses import dataclass

from pos.ui.foundation.tokens import SCALES, Height, ScaleName, Size, Space

_WIDE = 1600
_MIDDLE = 1366
_LOW = 700
_TALL = 900
_ACTION_ROWS = 3
_STATUS_AND_ONE_LINE = 40


@dataclass(frozen=True, slots=True)
class SellingLayout:
    """Measures of the selling screen in units; see the fields' names.

    `left` and `right` are the columns' widths, `lines` the height left for the cart's table,
    `visible_rows` how many lines fit below its header. `notice_in_line`: on a low window the
    notice is one line above the status bar and `notice` is its height.
    """

    wide: bool
    bar: int
    gutter: int
    left: int
    right: int
    scan: int
    lines: int
    row: int
    header: int
    visible_rows: int
    name: int
    quantity: int
    price: int
    amount: int
    total_card: int
    total_size: int
    pay: int
    action_width: int
    action: int
    notice: int
    notice_in_line: bool
    spare: int
    status: int
    tile_columns: int
    extra_columns: bool


def selling_layout(
    width: int, height: int, scale: ScaleName = "normal", *, touch: bool = False
) -> SellingLayout:
    """The selling screen's measures for a window of width x height units.

    Text grows with the size setting, so what holds text grows with it; columns do not.
    """
    factor = SCALES[scale]
    wide, low = width >= _WIDE and height >= _TALL, height < _LOW
    gutter = Space.MEDIUM if wide else Space.GUTTER
    right = 560 if wide else 400 if width >= _MIDDLE else 360
    left = width - right - 3 * gutter
    bar = round((Height.BAR_LARGE if wide else Height.BAR) * factor)
    status = round(Height.STATUS * factor)
    scan = round(Height.SCAN * factor)
    row = _row(wide, low, touch, factor)
    header = round(Height.HEADER * factor)
    in_line = _STATUS_AND_ONE_LINE if low else 0
    lines = height - bar - status - scan - 3 * gutter - (in_line + gutter if low else 0)
    card = 190 if wide else 112 if low else 148
    pay = round((Height.PAY_LARGE if wide else Height.PAY) * (1 if low else factor))
    action = _action(wide, low, touch, factor)
    notice = in_line or Height.NOTICE
    used = card + pay + _ACTION_ROWS * action + (1 + _ACTION_ROWS) * gutter
    room = height - bar - status - 2 * gutter - used
    columns = (round(90 * factor), round(110 * factor), round(118 * factor) + Space.GUTTER)
    return SellingLayout(
        wide=wide, bar=bar, gutter=gutter, left=left, right=right, scan=scan, lines=lines,
        row=row, header=header, visible_rows=max((lines - header) // row, 1),
        name=left - sum(columns), quantity=columns[0], price=columns[1], amount=columns[2],
        total_card=card, total_size=80 if wide else 44 if low else 56, pay=pay,
        action_width=(right - gutter) // 2, action=action, notice=notice, notice_in_line=low,
        spare=max(room - (0 if low else gutter + notice), 0), status=status,
        tile_columns=max((left + gutter) // (Size.TILE_WIDTH + gutter), 1),
        extra_columns=wide,
    )  # fmt: skip


def _row(wide: bool, low: bool, touch: bool, factor: float) -> int:
    if low:
        return Height.ROW if touch else Height.ROW_COMPACT
    if touch or wide:
        return round(Height.ROW_LARGE * max(factor, 1))
    return round(Height.ROW * factor)


def _action(wide: bool, low: bool, touch: bool, factor: float) -> int:
    if low:
        return Height.BUTTON
    return round((72 if touch and wide else Height.ACTION) * max(factor, 1))
