"""Finding printers: what the machine knows, and on request who listens in the shop's network."""

from __future__ import annotations

import ctypes
import ipaddress
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

RAW_PORT = 9100
_SCAN_AT_ONCE = 64
_SCAN_SECONDS = 0.3
_MOST_HOSTS = 1024
_LOCAL_AND_CONNECTIONS = 2 | 4


class Found(NamedTuple):
    """A printer that could be set up: its connection, and a name to show."""

    connection: str
    name: str


def find_printers() -> list[Found]:
    """What this machine knows of: USB devices, print queues, serial ports. Asks no network."""
    return [*usb_devices(), *cups_queues(), *windows_queues(), *serial_ports()]


def usb_devices(root: Path = Path("/sys/class/usbmisc")) -> list[Found]:
    """USB printers of Linux' own driver, with the maker's name (IEEE 1284 identity) if given."""
    found = []
    for entry in sorted(root.glob("lp*")):
        try:
            identity = (entry / "device" / "ieee1284_id").read_text(errors="replace")
        except OSError:
            identity = ""
        found.append(Found(f"file:/dev/usb/{entry.name}", _model(identity) or entry.name))
    return found


def _model(identity: str) -> str:
    fields = {
        name.strip().upper(): value.strip()
        for name, colon, value in (part.partition(":") for part in identity.split(";"))
        if colon
    }
    maker = fields.get("MFG") or fields.get("MANUFACTURER") or ""
    model = fields.get("MDL") or fields.get("MODEL") or ""
    return f"{maker} {model}".strip()


def cups_queues(run: Callable[..., Any] = subprocess.run) -> list[Found]:
    """CUPS' queues, where CUPS is installed."""
    if sys.platform == "win32":
        return []
    try:
        done = run(["lpstat", "-e"], capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    names = done.stdout.decode(errors="replace").split()
    return [Found(f"cups:{name}", name) for name in names]


class _PrinterInfo(ctypes.Structure):
    """PRINTER_INFO_4."""

    _fields_ = (
        ("name", ctypes.c_wchar_p),
        ("server", ctypes.c_wchar_p),
        ("attributes", ctypes.c_uint32),
    )


def windows_queues(spooler: Any = None) -> list[Found]:
    """Windows' print queues. `spooler` is winspool.drv; tests pass their own."""
    if spooler is None:
        if sys.platform != "win32":
            return []
        spooler = ctypes.WinDLL("winspool.drv")
    needed, count = ctypes.c_uint32(), ctypes.c_uint32()
    sizes = ctypes.byref(needed), ctypes.byref(count)
    spooler.EnumPrintersW(_LOCAL_AND_CONNECTIONS, None, 4, None, 0, *sizes)
    buffer = ctypes.create_string_buffer(max(1, needed.value))
    if not spooler.EnumPrintersW(_LOCAL_AND_CONNECTIONS, None, 4, buffer, needed, *sizes):
        return []
    rows = ctypes.cast(buffer, ctypes.POINTER(_PrinterInfo))
    return [Found(f"windows:{rows[n].name}", str(rows[n].name)) for n in range(count.value)]


def serial_ports(comports: Callable[[], Iterable[Any]] | None = None) -> list[Found]:
    """Serial ports with something behind them, Bluetooth printers among them."""
    if comports is None:
        from serial.tools import list_ports

        comports = list_ports.comports
    ports = [port for port in comports() if port.hwid != "n/a"]
    return [Found(f"serial:{port.device}:9600", port.description) for port in ports]


def own_network() -> str:
    """The /24 around this machine's own address, or "" without a network. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
        except OSError:
            return ""
        address = probe.getsockname()[0]
    return str(ipaddress.ip_network(f"{address}/24", strict=False))


def scan_network(network: str, port: int = RAW_PORT) -> list[Found]:
    """Who accepts a connection on the raw port; only when a person asks for it.

    A shop's network has at most 254 machines; of a larger one the first 1024 are asked.

    Raises:
        ValueError: no network is written so.
    """
    hosts = [str(host) for host, _ in zip(_hosts(network), range(_MOST_HOSTS), strict=False)]
    with ThreadPoolExecutor(_SCAN_AT_ONCE) as pool:
        answers = pool.map(lambda host: _listens(host, port), hosts)
        pairs = zip(hosts, answers, strict=True)
        return [Found(f"tcp:{host}:{port}", host) for host, listens in pairs if listens]


def _hosts(network: str) -> Iterable[Any]:
    return ipaddress.ip_network(network, strict=False).hosts()


def _listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), _SCAN_SECONDS):
            return True
    except OSError:
        return False
