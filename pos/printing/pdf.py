"""Rows of a layout as a PDF page as long as the receipt: real text, so it can be searched."""

from __future__ import annotations

import io
from collections.abc import Sequence

from core.receipt_layout import Line, Row
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
            size = cell / 0.6 * (2 if row.big else 1)
            page.setFont("Receipt-Bold" if row.bold else "Receipt", size)
            page.drawString(MARGIN, y + step * 0.28, row.text)
        else:
            picture = bitmap(row, dots)
            from PIL import Image

            image = Image.frombytes(
                "1", (picture.width, len(picture.rows)), b"".join(picture.rows)
            ).point(lambda value: 0 if value else 255)
            tall = len(picture.rows) * POINTS_A_DOT
            page.drawImage(ImageReader(image.convert("L")), MARGIN, y + 2, width, tall)
    page.showPage()
    page.save()
    return out.getvalue()


def _height(row: Row, dots: int) -> float:
    return row_height(row, dots) * POINTS_A_DOT
