"""Rows of a layout as plain text, for the terminal, the screen and tests."""

from __future__ import annotations

from collections.abc import Sequence

from core.receipt_layout import Line, Row

_WEAVE = "<>"


def to_text(rows: Sequence[Row], columns: int) -> str:
    """The receipt as text; big lines are spaced out, pictures named."""
    lines: list[str] = []
    for row in rows:
        if isinstance(row, Line):
            lines.append((_stretched(row, columns) if row.big else row.text).rstrip())
        elif row.kind == "weave":
            lines.append((_WEAVE * columns)[:columns])
        else:
            lines.append(f"[{'QR: ' + row.data.decode() if row.kind == 'qr' else row.kind}]")
    return "\n".join(lines) + "\n"


def _stretched(row: Line, columns: int) -> str:
    """A big line has half the columns: keep its parts at the paper's edges or middle."""
    text = row.text.strip()
    if row.align == "centre":
        return " " * ((columns - len(text)) // 2) + text
    left, gap, right = text.partition("  ")
    return left + right.strip().rjust(columns - len(left)) if gap else text
