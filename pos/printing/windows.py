"""A Windows print queue taken raw: our bytes untouched through any driver, no rights needed.

The spooler takes a job for a printer that is off and prints it tomorrow morning. So the job is
watched until it has left the queue, and taken out of it where it stays.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from typing import Any

from pos.printing.transports import PrinterTrouble

QUEUE_SECONDS = 10.0
_LOOK_SECONDS = 0.25
# JOB_STATUS_*: what has begun to come out, and what is done.
_PRINTING = 0x10
_DONE = 0x80 | 0x1000
_DELETE = 5


class _DocInfo(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_wchar_p),
        ("output", ctypes.c_wchar_p),
        ("datatype", ctypes.c_wchar_p),
    )


class _JobInfo(ctypes.Structure):
    """The beginning of JOB_INFO_1."""

    _fields_ = (
        ("id", ctypes.c_uint32),
        *((name, ctypes.c_wchar_p) for name in ("printer", "machine", "user", "document")),
        *((name, ctypes.c_wchar_p) for name in ("datatype", "words")),
        ("status", ctypes.c_uint32),
    )


def spool_raw(
    name: str, data: bytes, spooler: Any = None, wait: Callable[[float], None] = time.sleep
) -> None:
    """Hand one whole job to a queue, and wait up to ten seconds until it has left it.

    `spooler` is winspool.drv; tests pass their own.

    Raises:
        PrinterTrouble: `unreachable` or `refused` where nothing was printed, `timeout` where
            something may have been, `link_lost` where the queue did not take all bytes.
    """
    api = spooler if spooler is not None else ctypes.WinDLL("winspool.drv")  # type: ignore[attr-defined,unused-ignore]
    handle = ctypes.c_void_p()
    if not api.OpenPrinterW(name, ctypes.byref(handle), None):
        raise PrinterTrouble(cause="unreachable", why=name)
    try:
        document = _DocInfo("Huyula", None, "RAW")
        number = api.StartDocPrinterW(handle, 1, ctypes.byref(document))
        if not number:
            raise PrinterTrouble(cause="refused", why=name)
        written = ctypes.c_uint32()
        api.StartPagePrinter(handle)
        taken = api.WritePrinter(handle, data, len(data), ctypes.byref(written))
        api.EndPagePrinter(handle)
        api.EndDocPrinter(handle)
        if not taken or written.value != len(data):
            raise PrinterTrouble(cause="link_lost", why=f"{written.value}/{len(data)}")
        _watch(api, handle, number, wait)
    finally:
        api.ClosePrinter(handle)


def _watch(api: Any, handle: Any, number: int, wait: Callable[[float], None]) -> None:
    begun = False
    for _ in range(int(QUEUE_SECONDS / _LOOK_SECONDS)):
        status = _status(api, handle, number)
        if status is None or status & _DONE:
            return
        begun = begun or bool(status & _PRINTING)
        wait(_LOOK_SECONDS)
    api.SetJobW(handle, number, 0, None, _DELETE)
    raise PrinterTrouble(cause="timeout" if begun else "refused", why="queue")


def _status(api: Any, handle: Any, number: int) -> int | None:
    """A job's status bits, or None when it is in the queue no more."""
    needed = ctypes.c_uint32()
    api.GetJobW(handle, number, 1, None, 0, ctypes.byref(needed))
    if not needed.value:
        return None
    buffer = ctypes.create_string_buffer(max(needed.value, ctypes.sizeof(_JobInfo)))
    if not api.GetJobW(handle, number, 1, buffer, needed, ctypes.byref(needed)):
        return None
    return int(_JobInfo.from_buffer(buffer).status)
