"""Content that keeps its measure on a large screen instead of being pulled to its edges."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from pos.ui.foundation.tokens import Size

TWO_COLUMNS = 2 * Size.FORM
"""The width of a page of two columns, in units."""

_ALL = 1_000


def centred(
    content: QWidget | QLayout, width: int = Size.FORM, height: int | None = None,
    *, lower: bool = False,
) -> QWidget:  # fmt: skip
    """`content` in the middle, at most `width` by `height` units; at the top unless `lower`.

    A third of what is left stands above it where it is `lower`.
    """
    if isinstance(content, QLayout):
        inside = QWidget()
        content.setContentsMargins(0, 0, 0, 0)
        inside.setLayout(content)
    else:
        inside = content
    inside.setMaximumWidth(width)
    if height is not None:
        inside.setMaximumHeight(height)
    across = QHBoxLayout()
    across.addStretch(1)
    across.addWidget(inside, _ALL)
    across.addStretch(1)
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    if lower:
        column.addStretch(1)
    column.addLayout(across, 0 if lower else _ALL)
    column.addStretch(2 if lower else 1)
    return holder
