"""Rows of a layout as plain text, for the terminal, the screen and tests."""

from __future__ import annotations

from collections.abc import Sequence

from core.receipt_layout import Line, Row

_WEAVE = "<><"


def to_text(rows: Sequence[Row], columns: int) -> str:
    """The receipt as text; big lines are spaced out, pictures named."""
    lines: list[str] = []
    for row in rows:
        if isinstance(row, Line):
            text = row.text
            lines.append((_stretched(text, columns) if row.big else text).rstrip())
        elif row.kind == "weave":
            lines.append((_WEAVE * columns)[:columns])
        else:
            lines.append(f"[{'QR: ' + row.data.decode() if row.kind == 'qr' else row.kind}]")
    return "\n".join(lines) + "\n"


def _stretched(text: str, columns: int) -> str:
    """A big line has half the columns: keep its outer parts at the paper's edges."""
    stripped = text.strip()
    if "  " in stripped and not text.startswith(" "):
        left, _, right = stripped.partition("  ")
        return left + right.strip().rjust(columns - len(left))
    if text.startswith(" "):
        return stripped.center(columns)
    return stripped
