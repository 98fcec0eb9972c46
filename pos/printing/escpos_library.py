"""The one door to python-escpos 3.1, with a way round each of its faults.

Its import makes a new temporary folder each time, whatever it is told; its idea of the code page is
wrong after a reset; its status calls read a dead link as plenty of paper; it mends or passes wrong
check digits in silence; frozen programs lack its data; it trusts in fixed USB endpoints. So it is
asked only for printer profiles, barcodes and the USB way, and keeps no state between two jobs.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
from functools import lru_cache
from importlib import import_module, resources
from pathlib import Path
from typing import Any

import platformdirs

from core.gtin import is_gtin
from core.receipt_layout import COLUMNS
from pos.printing.profile import Cutter, PrinterProfile
from pos.printing.transports import BadConnection, PrinterTrouble

_importing = threading.Lock()
_PRINTER_CLASS = 7


def load() -> Any:
    """Import the library with its cache in a private folder of ours.

    A shared folder would let anybody on the machine put a pickle there for us to run.

    Raises:
        PrinterTrouble: its data files are missing (a badly frozen program).
    """
    with _importing:
        folder = os.environ.get("ESCPOS_CAPABILITIES_PICKLE_DIR")
        if folder is None:
            cache = Path(platformdirs.user_cache_dir("huyula", appauthor=False)) / "escpos"
            cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder = os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = str(cache)
        make_folder = tempfile.mkdtemp
        # It calls this even when told where, and leaves the folder behind for ever.
        tempfile.mkdtemp = lambda *_args, **_kwargs: folder  # type: ignore[assignment]
        try:
            import escpos.printer
        except (ImportError, OSError) as error:
            raise PrinterTrouble(cause="library", why=str(error)) from error
        finally:
            tempfile.mkdtemp = make_folder
    return escpos


@lru_cache(maxsize=1)
def _profiles() -> dict[str, Any]:
    """The library's data, read without importing it: that costs half a second and a pickle."""
    try:
        text = (resources.files("escpos") / "capabilities.json").read_text(encoding="utf-8")
    except (ImportError, OSError) as error:
        raise PrinterTrouble(cause="library", why=str(error)) from error
    profiles: dict[str, Any] = json.loads(text)["profiles"]
    return profiles


def known_profiles() -> list[str]:
    """Names of the printers that the library knows.

    Raises:
        PrinterTrouble: its data is missing.
    """
    return sorted(_profiles())


def profile_named(name: str) -> PrinterProfile:
    """Our profile from the library's data; an unknown name gives the plain 32 columns.

    One of its profiles gives glyph widths where columns belong: what no paper has is ignored.

    Raises:
        PrinterTrouble: its data is missing.
    """
    data = _profiles().get(name)
    if data is None:
        return PrinterProfile()
    width = data["media"]["width"].get("pixels")
    columns = data["fonts"]["0"]["columns"]
    dots = width if isinstance(width, int) else 384
    if columns not in COLUMNS:
        columns = 48 if dots >= 576 else 32
    # A line of font A needs twelve dots a letter; what has fewer is a display or a mistake.
    dots = max(dots, columns * 12)
    features = data["features"]
    cutter: Cutter = "none"
    if features.get("paperPartCut"):
        cutter = "partial"
    elif features.get("paperFullCut"):
        cutter = "full"
    return PrinterProfile(columns, dots, cutter)


def barcode_bytes(code: str) -> bytes:
    """An EAN barcode's commands, made with a fresh object and only for a right check digit.

    Raises:
        ValueError: the check digit is wrong, so the bars would lie.
        PrinterTrouble: the library's data is missing.
    """
    if not is_gtin(code) or len(code) not in (8, 13):
        raise ValueError(code)
    printer = load().printer.Dummy()
    printer.barcode(code, f"EAN{len(code)}", function_type="A", check=False)
    # It leaves the text centred: go back by ourselves.
    return bytes(printer.output) + b"\x1ba\x00"


def usb_write(address: str, data: bytes) -> None:
    """Send one job to a USB printer given as vendor:product in hexadecimal.

    Raises:
        BadConnection: the address is not written so.
        PrinterTrouble: `unreachable` before the first byte, `link_lost` after it.
    """
    vendor, _, product = address.partition(":")
    try:
        ids = int(vendor, 16), int(product, 16)
    except ValueError as error:
        raise BadConnection(connection=f"usb:{address}") from error
    library = load()
    try:
        # Never without a limit: a printer without paper would hold the thread for ever.
        printer: Any = library.printer.Usb(
            *ids, timeout=max(5_000, len(data)), out_ep=_bulk_out(*ids)
        )
        printer.open()
    except Exception as error:
        raise PrinterTrouble(cause="unreachable", why=str(error)[:200]) from error
    try:
        for start in range(0, len(data), 1024):
            printer._raw(data[start : start + 1024])
    except Exception as error:
        raise PrinterTrouble(cause="link_lost", why=str(error)[:200]) from error
    finally:
        _release(printer)


def _release(printer: Any) -> None:
    """Close, and give the device back to the system's own driver, which the library does not.

    Both may fail on a dead link; the job's state is known by then.
    """
    device = printer.device
    with contextlib.suppress(Exception):
        printer.close()
    with contextlib.suppress(Exception):
        device.attach_kernel_driver(0)


def _bulk_out(vendor: int, product: int) -> int:
    """The endpoint that takes a printer's data: clones differ, so the descriptor is read."""
    core, util = import_module("usb.core"), import_module("usb.util")
    device = core.find(idVendor=vendor, idProduct=product)
    if device is None:
        raise PrinterTrouble(cause="unreachable", why=f"{vendor:04x}:{product:04x}")
    for interface in device.get_active_configuration():
        if interface.bInterfaceClass == _PRINTER_CLASS:
            for endpoint in interface:
                kind = util.endpoint_type(endpoint.bmAttributes)
                way = util.endpoint_direction(endpoint.bEndpointAddress)
                if (kind, way) == (util.ENDPOINT_TYPE_BULK, util.ENDPOINT_OUT):
                    return int(endpoint.bEndpointAddress)
    raise PrinterTrouble(cause="unreachable", why="no printer interface")
