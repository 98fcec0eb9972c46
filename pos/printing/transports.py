"""The ways to a printer, all behind one small interface.

A connection is written as text: `tcp:192.168.1.50:9100`, `file:/dev/usb/lp0`,
`serial:COM3:9600`, `usb:0416:5011`, `cups:Kasir`, `windows:POS-58`.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from core.errors import Refused

CONNECT_SECONDS = 3.0
WRITE_SECONDS = 5.0
CLOSE_SECONDS = 2.0
KINDS = ("tcp", "file", "serial", "usb", "cups", "windows")
# Causes after which a job that is handed over whole has not begun to print.
NOTHING_SENT = ("unreachable", "refused", "library")


class PrinterTrouble(Refused):
    """The way to the printer does not work; `cause` says how."""

    code = "printer_trouble"


class WriteStuck(PrinterTrouble):
    """The printer takes no data at the moment; `written` bytes went through."""

    code = "printer_stuck"


class Transport(Protocol):
    """An open way to a printer."""

    two_way: bool

    def write(self, data: bytes) -> int:
        """Send bytes; returns how many went through.

        Raises:
            WriteStuck: none went through for some seconds.
            PrinterTrouble: the link is gone.
        """
        ...

    def read(self, seconds: float) -> bytes:
        """What the printer has said within so many seconds; empty when silent.

        Raises:
            PrinterTrouble: the link is gone.
        """
        ...

    def close(self) -> None:
        """End the link so that nothing already sent is lost."""
        ...


class BadConnection(Refused):
    """A connection is not written as one."""

    code = "bad_connection"


def open_transport(connection: str) -> Transport:
    """Open the way to a printer.

    Raises:
        BadConnection: it makes no sense.
        PrinterTrouble: the printer cannot be reached.
    """
    kind, _, rest = connection.partition(":")
    opener = _OPENERS.get(kind)
    if opener is None or not rest:
        raise BadConnection(connection=connection)
    return opener(rest)


def check_connection(connection: str) -> str:
    """The connection in its normal form, without opening it.

    Raises:
        BadConnection.
    """
    kind, _, rest = connection.strip().partition(":")
    if kind not in KINDS or not rest:
        raise BadConnection(connection=connection)
    if kind == "tcp":
        host, port = _host(rest)
        return f"tcp:{host}:{port}"
    return f"{kind}:{rest}"


def _host(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if ":" in text else (text, "", "9100")
    if not host or re.fullmatch("[0-9]{1,5}", port) is None or not 0 < int(port) < 65536:
        raise BadConnection(connection=text)
    try:
        # As it will be asked for: "192.168.1..50" cannot be.
        host.encode("idna")
    except UnicodeError as error:
        raise BadConnection(connection=text) from error
    return host, int(port)


def bytes_a_second(connection: str) -> int:
    """How fast a way is at least: ten bits a byte over a serial line."""
    kind, _, rest = connection.partition(":")
    return max(100, _serial_port(rest)[1] // 10) if kind == "serial" else 100_000


class Tcp:
    """A printer in the network: one connection a job, closed only when it has read all."""

    two_way = True

    def __init__(self, address: str) -> None:
        """Connect within three seconds."""
        host, port = _host(address)
        try:
            self._socket = socket.create_connection((host, port), CONNECT_SECONDS)
        except OSError as error:
            raise PrinterTrouble(cause="unreachable", why=str(error)) from error
        self._socket.settimeout(WRITE_SECONDS)

    def write(self, data: bytes) -> int:
        """Send what the printer takes."""
        try:
            return self._socket.send(data)
        except TimeoutError as error:
            raise WriteStuck(cause="stuck") from error
        except OSError as error:
            raise PrinterTrouble(cause="link_lost", why=str(error)) from error

    def read(self, seconds: float) -> bytes:
        """What has come within the time."""
        ready, _, _ = select.select([self._socket], [], [], seconds)
        if not ready:
            return b""
        try:
            data = self._socket.recv(256)
        except OSError as error:
            raise PrinterTrouble(cause="link_lost", why=str(error)) from error
        if not data:
            raise PrinterTrouble(cause="link_lost", why="closed")
        return data

    def close(self) -> None:
        """Say that all is sent, hear the rest out, then close: a reset would lose paper."""
        until = time.monotonic() + CLOSE_SECONDS
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            while (left := until - time.monotonic()) > 0:
                self._socket.settimeout(left)
                if not self._socket.recv(256):
                    break
        self._socket.close()


class Device:
    """A device file such as /dev/usb/lp0, or a plain file, which only takes bytes."""

    def __init__(self, path: str) -> None:
        """Open without waiting."""
        plain = Path(path).is_file() or not Path(path).exists()
        # An unplugged device must not come back as a plain file that swallows receipts.
        creates = 0 if Path(path).is_relative_to("/dev") else os.O_CREAT
        # Windows can wait on sockets only, so there a device is written to and not asked.
        self.two_way = not plain and sys.platform != "win32"
        binary = getattr(os, "O_BINARY", 0)
        flags = os.O_WRONLY | os.O_APPEND | creates | binary
        if self.two_way:
            flags = os.O_RDWR | os.O_NONBLOCK
        try:
            self._descriptor = os.open(path, flags, 0o644)
        except OSError as error:
            raise PrinterTrouble(cause="unreachable", why=str(error)) from error

    def write(self, data: bytes) -> int:
        """Send what the device takes."""
        if self.two_way:
            _, ready, _ = select.select([], [self._descriptor], [], WRITE_SECONDS)
            if not ready:
                raise WriteStuck(cause="stuck")
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError as error:
            raise WriteStuck(cause="stuck") from error
        except OSError as error:
            raise PrinterTrouble(cause="link_lost", why=str(error)) from error

    def read(self, seconds: float) -> bytes:
        """What the device has said within the time."""
        if not self.two_way:
            return b""
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._descriptor, 256)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PrinterTrouble(cause="link_lost", why=str(error)) from error
        # Ready with nothing: a device that can not speak, such as a pipe or a parallel port.
        self.two_way = bool(data)
        return data

    def close(self) -> None:
        """Close the device; once more does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


class SerialPort:
    """A serial port: COM3:9600, /dev/ttyUSB0:115200, or a Bluetooth printer's outgoing port."""

    two_way = True

    def __init__(self, address: str) -> None:
        """Open with time limits."""
        import serial

        port, speed = _serial_port(address)
        try:
            self._port: Any = serial.Serial(port, speed, timeout=0, write_timeout=WRITE_SECONDS)
        except (OSError, ValueError) as error:
            raise PrinterTrouble(cause="unreachable", why=str(error)) from error

    def write(self, data: bytes) -> int:
        """Send bytes."""
        import serial

        try:
            return int(self._port.write(data) or 0)
        except serial.SerialTimeoutException as error:
            raise WriteStuck(cause="stuck") from error
        except OSError as error:
            raise PrinterTrouble(cause="link_lost", why=str(error)) from error

    def read(self, seconds: float) -> bytes:
        """What has come within the time."""
        try:
            self._port.timeout = seconds
            return bytes(self._port.read(1) + self._port.read(self._port.in_waiting))
        except OSError as error:
            raise PrinterTrouble(cause="link_lost", why=str(error)) from error

    def close(self) -> None:
        """Let everything out, then close."""
        with contextlib.suppress(OSError):
            self._port.flush()
        self._port.close()


def _serial_port(address: str) -> tuple[str, int]:
    port, _, speed = address.rpartition(":")
    return (port, int(speed)) if port and speed.isdigit() else (address, 9600)


class Whole:
    """A way that takes a whole job at once and says nothing back: CUPS, a Windows queue, USB."""

    two_way = False

    def __init__(self, hand_over: Callable[[bytes], None]) -> None:
        """Collect until closed."""
        self._hand_over = hand_over
        self._data = bytearray()

    def write(self, data: bytes) -> int:
        """Collect bytes."""
        self._data += data
        return len(data)

    def read(self, seconds: float) -> bytes:
        """Nothing ever comes back."""
        return b""

    def close(self) -> None:
        """Hand the job over, once: what failed may have gone through."""
        data, self._data = bytes(self._data), bytearray()
        if data:
            self._hand_over(data)


def _cups(queue: str) -> Transport:
    def hand_over(data: bytes) -> None:
        try:
            done = subprocess.run(
                ["lp", "-d", queue, "-o", "raw", "-s"],
                input=data,
                capture_output=True,
                timeout=20,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PrinterTrouble(cause="timeout", why=str(error)) from error
        except OSError as error:
            raise PrinterTrouble(cause="unreachable", why=str(error)) from error
        if done.returncode:
            raise PrinterTrouble(cause="refused", why=done.stderr.decode(errors="replace")[:200])

    return Whole(hand_over)


def _windows(name: str) -> Transport:
    if sys.platform != "win32":
        raise PrinterTrouble(cause="unreachable", why="not Windows")
    from pos.printing.windows import spool_raw

    return Whole(lambda data: spool_raw(name, data))


def _usb(address: str) -> Transport:
    from pos.printing.escpos_library import usb_write

    return Whole(lambda data: usb_write(address, data))


_OPENERS: dict[str, Callable[[str], Transport]] = {
    "tcp": Tcp,
    "file": Device,
    "serial": SerialPort,
    "usb": _usb,
    "cups": _cups,
    "windows": _windows,
}
