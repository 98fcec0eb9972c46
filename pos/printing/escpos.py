"""Rows of a layout as ESC/POS bytes: text mode, pictures in short raster strips.

Only bytes 20 to 7E are sent as text, so no code page can print a wrong letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.receipt_layout import Line, Row
from pos.printing.bitmap import Bitmap, bitmap
from pos.printing.profile import PrinterProfile

INIT = b"\x1b@"
CANCEL_CHINESE = b"\x1c."
# Cheap printers lose step in long rasters: at most 100 rows a command (4.8 kB at 384 dots).
STRIP = 100
_NORMAL = b"\x1d!\x00"
_TEAR_LINES = 4
# Printers obey DLE EOT, DLE ENQ and DLE DC4 even inside a picture's data: a dithered logo could
# open the drawer. One more black dot beside the first breaks the sequence.
_REALTIME = re.compile(rb"\x10(?=[\x04\x05\x14])")
# One millimetre, so that letters do not touch a picture.
_AFTER_PICTURE = b"\x1bJ\x08"


def head(profile: PrinterProfile) -> bytes:
    """The start of every job: reset, no two-byte mode, USA letters, page 0, normal spacing."""
    chinese = CANCEL_CHINESE if profile.cancel_chinese else b""
    return INIT + chinese + b"\x1bR\x00" + b"\x1bt\x00" + b"\x1b2" + b"\x1ba\x00"


def to_escpos(rows: Sequence[Row], profile: PrinterProfile) -> bytes:
    """A whole job: head, rows, feed and cut."""
    out = bytearray(head(profile))
    bold, size = False, _NORMAL
    for row in rows:
        if isinstance(row, Line):
            if row.bold != bold:
                bold = row.bold
                out += b"\x1bE\x01" if bold else b"\x1bE\x00"
            if _size(row) != size:
                size = _size(row)
                out += size
            out += row.text.encode("ascii", "replace") + b"\n"
        else:
            out += raster(bitmap(row, profile.dots)) + _AFTER_PICTURE
    if bold:
        out += b"\x1bE\x00"
    if size != _NORMAL:
        out += _NORMAL
    return bytes(out + cut(profile))


def _size(row: Line) -> bytes:
    """GS !: width in the upper half, height in the lower."""
    return b"\x1d!\x11" if row.big else b"\x1d!\x01" if row.tall else _NORMAL


def raster(picture: Bitmap) -> bytes:
    """A picture as GS v 0 strips; a strip's rows feed exactly their height."""
    out = bytearray()
    across = picture.width // 8
    for start in range(0, len(picture.rows), STRIP):
        rows = picture.rows[start : start + STRIP]
        out += b"\x1dv0\x00" + across.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
        out += _REALTIME.sub(b"\x18", b"".join(rows))
    return bytes(out)


def cut(profile: PrinterProfile) -> bytes:
    """Feed past the cutter and cut, or past the tear bar where there is none."""
    if profile.cutter == "none":
        return b"\x1bd" + bytes([_TEAR_LINES])
    return b"\x1dV\x42\x00" if profile.cutter == "partial" else b"\x1dV\x41\x00"


def pulse(profile: PrinterProfile) -> bytes:
    """Open the drawer: 50 ms on, 500 ms off."""
    return b"\x1bp" + bytes([profile.drawer_pin, 25, 250])


def realtime_pulse(profile: PrinterProfile) -> bytes:
    """Open the drawer of a printer that stands still: DLE DC4, 100 ms, ahead of the buffer."""
    return b"\x10\x14\x01" + bytes([profile.drawer_pin, 1])


def recover(profile: PrinterProfile, *, void: bool) -> bytes:
    """After a job that broke off: swallow an unfinished strip, reset; `void` is said on paper."""
    longest = STRIP * ((profile.dots + 7) // 8)
    said = b"-- batal --\n\n" if void else b""
    return b"\x00" * longest + head(profile) + said
