"""A document in any of its forms, all from the one layout."""

from __future__ import annotations

from typing import Literal

from core.receipt import Document
from core.receipt_layout import layout
from pos.printing.profile import PrinterProfile, profile_for

Format = Literal["text", "json", "pdf", "png", "escpos"]


def render(
    document: Document, form: Format, columns: int, profile: PrinterProfile | None = None
) -> bytes:
    """A document's bytes in a form; each renderer is loaded only when it is asked for."""
    rows = layout(document, columns)
    if form == "text":
        from pos.printing.text import to_text

        return to_text(rows, columns).encode()
    if form == "png":
        from pos.printing.picture import to_png

        return to_png(rows, columns)
    if form == "pdf":
        from pos.printing.pdf import to_pdf

        return to_pdf(rows, columns, document.title)
    if form == "escpos":
        from pos.printing.escpos import to_escpos

        return to_escpos(rows, profile or profile_for(columns, "partial"))
    import msgspec

    return msgspec.json.encode(document)
