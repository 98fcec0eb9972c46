"""Rows of a layout as a PDF page as long as the receipt: real text, so it can be searched."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from core.receipt_layout import Line, Picture, Row
from pos.printing.bitmap import bitmap
from pos.printing.picture import font_file, row_height
from pos.printing.profile import DOTS

# Points: 58 mm and 80 mm papers print 48 and 72 mm, that is eight dots a millimetre.
POINTS_A_DOT = 72 / 25.4 / 8
MARGIN = 14.0


def to_pdf(rows: Sequence[Row], columns: int, title: str = "") -> bytes:
    """The receipt as PDF bytes."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for name, bold in (("Receipt", False), ("Receipt-Bold", True)):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, font_file(bold)))
    dots = DOTS[columns]
    width = dots * POINTS_A_DOT
    cell = width / columns
    height = sum(_height(row, dots) for row in rows)
    out = io.BytesIO()
    page = Canvas(out, pagesize=(width + 2 * MARGIN, height + 2 * MARGIN), invariant=1)
    page.setTitle(title)
    page.setCreator("Huyula")
    y = height + MARGIN
    for row in rows:
        step = _height(row, dots)
        y -= step
        if isinstance(row, Line):
            _line(page, row, y + step * 0.28, cell)
        else:
            image, tall = _picture(row, dots)
            page.drawImage(ImageReader(image), MARGIN, y + 2, width, tall)
    page.showPage()
    page.save()
    return out.getvalue()


def _line(page: Any, row: Line, y: float, cell: float) -> None:
    """Real letters, 0.6 em wide; tall ones are double letters at half their width."""
    size = cell / 0.6 * (2 if row.big or row.tall else 1)
    text = page.beginText(MARGIN, y)
    text.setFont("Receipt-Bold" if row.bold else "Receipt", size)
    text.setHorizScale(50 if row.tall else 100)
    text.textOut(row.text)
    page.drawText(text)


def _picture(row: Picture, dots: int) -> tuple[Any, float]:
    """A picture and its height in points."""
    from PIL import Image

    made = bitmap(row, dots)
    image = Image.frombytes("1", (made.width, len(made.rows)), b"".join(made.rows))
    black = image.point(lambda value: 0 if value else 255).convert("L")
    return black, len(made.rows) * POINTS_A_DOT


def _height(row: Row, dots: int) -> float:
    return row_height(row, dots) * POINTS_A_DOT
