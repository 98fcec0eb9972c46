"""A Windows print queue taken raw: our bytes untouched through any driver, no rights needed."""

from __future__ import annotations

import ctypes
from typing import Any

from pos.printing.transports import PrinterTrouble


class _DocInfo(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_wchar_p),
        ("output", ctypes.c_wchar_p),
        ("datatype", ctypes.c_wchar_p),
    )


def spool_raw(name: str, data: bytes, spooler: Any = None) -> None:
    """Hand one whole job to a queue.

    `spooler` is winspool.drv; tests pass their own.

    Raises:
        PrinterTrouble: the queue is unknown, or did not take all bytes.
    """
    api = spooler if spooler is not None else ctypes.WinDLL("winspool.drv")  # type: ignore[attr-defined,unused-ignore]
    handle = ctypes.c_void_p()
    if not api.OpenPrinterW(name, ctypes.byref(handle), None):
        raise PrinterTrouble(cause="unreachable", why=name)
    try:
        document = _DocInfo("Huyula", None, "RAW")
        if not api.StartDocPrinterW(handle, 1, ctypes.byref(document)):
            raise PrinterTrouble(cause="refused", why=name)
        written = ctypes.c_uint32()
        api.StartPagePrinter(handle)
        taken = api.WritePrinter(handle, data, len(data), ctypes.byref(written))
        api.EndPagePrinter(handle)
        api.EndDocPrinter(handle)
        if not taken or written.value != len(data):
            raise PrinterTrouble(cause="link_lost", why=f"{written.value}/{len(data)}")
    finally:
        api.ClosePrinter(handle)
