"""QR codes in pages."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(text: str, label: str) -> Markup:
    """A QR code as an image of strokes, with a name for screen readers."""
    made = segno.make(text, error="m", micro=False)
    drawn = made.svg_inline(scale=6, border=3, dark="#1b1f1d", light="#ffffff", omitsize=True)
    start, _, rest = drawn.partition(" ")
    return Markup('{} role="img" aria-label="{}" {}').format(Markup(start), label, Markup(rest))
