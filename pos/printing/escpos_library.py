"""The one door to python-escpos, with a way round each of its faults.

Its import writes a pickle into a new temporary folder each time unless told where; its idea of
the code page is wrong after a reset; its status calls read a dead link as plenty of paper; it
mends or passes wrong check digits in silence; frozen programs lack its data. So it is asked only
for printer profiles and the USB way, and never keeps state between two jobs.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import platformdirs

from core.gtin import is_gtin
from pos.printing.profile import PrinterProfile
from pos.printing.transports import BadConnection, PrinterTrouble


def load() -> Any:
    """Import the library with its cache in a private folder of ours.

    A shared folder would let anybody on the machine put a pickle there for us to run.

    Raises:
        PrinterTrouble: its data files are missing (a badly frozen program).
    """
    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        cache = Path(platformdirs.user_cache_dir("huyula", appauthor=False)) / "escpos"
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = str(cache)
    try:
        import escpos.capabilities
        import escpos.printer
    except (ImportError, OSError) as error:
        raise PrinterTrouble(cause="library", why=str(error)) from error
    return escpos


def known_profiles() -> list[str]:
    """Names of the printers that the library knows."""
    library = load()
    return sorted(library.capabilities.CAPABILITIES["profiles"])


def profile_named(name: str) -> PrinterProfile:
    """Our profile from the library's data; an unknown name gives the plain 32 columns.

    One of its profiles gives glyph widths where columns belong: what no paper has is ignored.
    """
    library = load()
    data = library.capabilities.CAPABILITIES["profiles"].get(name)
    if data is None:
        return PrinterProfile()
    width = data["media"]["width"]["pixels"]
    columns = data["fonts"]["0"]["columns"]
    dots = width if isinstance(width, int) else 384
    if columns not in (32, 42, 48):
        columns = 48 if dots >= 576 else 32
    features = data["features"]
    cutter = "partial" if features.get("paperPartCut") else "none"
    if cutter == "none" and features.get("paperFullCut"):
        cutter = "full"
    return PrinterProfile(columns, dots, cutter)  # type: ignore[arg-type]


def barcode_bytes(code: str) -> bytes:
    """An EAN barcode's commands, made with a fresh object and only for a right check digit.

    Raises:
        ValueError: the check digit is wrong, so the bars would lie.
    """
    if not is_gtin(code) or len(code) not in (8, 13):
        raise ValueError(code)
    library = load()
    printer = library.printer.Dummy()
    printer.barcode(code, f"EAN{len(code)}", function_type="A", check=False)
    # It leaves the text centred: go back by ourselves.
    return bytes(printer.output) + b"\x1ba\x00"


def usb_write(address: str, data: bytes) -> None:
    """Send one job to a USB printer given as vendor:product in hexadecimal.

    Raises:
        BadConnection, PrinterTrouble.
    """
    vendor, _, product = address.partition(":")
    try:
        ids = int(vendor, 16), int(product, 16)
    except ValueError as error:
        raise BadConnection(connection=f"usb:{address}") from error
    library = load()
    printer: Any = None
    try:
        # Never without a limit: a printer without paper would hold the thread for ever.
        printer = library.printer.Usb(*ids, timeout=max(5_000, len(data)))
        for start in range(0, len(data), 1024):
            printer._raw(data[start : start + 1024])
    except Exception as error:
        raise PrinterTrouble(cause="unreachable", why=str(error)[:200]) from error
    finally:
        if printer is not None:
            # Its closing fails on a dead link; the job's state is known by now.
            with contextlib.suppress(Exception):
                printer.close()
