"""Setting printers up, and finding them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pos.db.database import Database
from pos.printing import finding
from pos.printing.finding import (
    Found,
    cups_queues,
    own_network,
    scan_network,
    serial_ports,
    usb_devices,
    windows_queues,
)
from pos.printing.printers import (
    UnknownPrinter,
    add_printer,
    learn_level,
    printer_by_id,
    printer_named,
    printers,
    remove_printer,
)
from pos.printing.profile import BadPrinter
from pos.printing.transports import BadConnection
from tests.printing_tools.fake_printer import PrinterModel, TcpPrinter
from tests.printing_tools.shop import open_queue


@pytest.fixture
def db() -> Iterator[Database]:
    queue = open_queue()
    yield queue
    queue.close()


def test_the_first_printer_is_the_default_one(db: Database) -> None:
    add_printer(db, "Kasir", "tcp:10.0.0.9", default=False)
    add_printer(db, "Gudang", "cups:Gudang", default=False)
    assert printer_named(db, "").name == "Kasir"
    add_printer(db, "Gudang", "cups:Gudang")
    assert [item.name for item in printers(db) if item.is_default] == ["Gudang"]


def test_adding_again_changes_and_forgets_what_was_proved(db: Database) -> None:
    number = add_printer(db, "Kasir", "tcp:10.0.0.9")
    learn_level(db, number, "A")
    assert add_printer(db, " kasir ", "tcp:10.0.0.10", columns=48, cutter="partial") == number
    (item,) = printers(db)
    assert (item.connection, item.columns, item.level) == ("tcp:10.0.0.10:9100", 48, "")


def test_a_removed_printer_is_not_found(db: Database) -> None:
    number = add_printer(db, "Kasir", "tcp:10.0.0.9")
    remove_printer(db, "KASIR")
    assert printers(db) == []
    with pytest.raises(UnknownPrinter):
        printer_named(db, "Kasir")
    kept = printer_by_id(db, number)
    assert kept is not None and not kept.active


@pytest.mark.parametrize(
    "how",
    [{"columns": 40}, {"name": " "}, {"profile": "no such model"}],
)
def test_settings_without_sense_are_refused(db: Database, how: dict[str, Any]) -> None:
    with pytest.raises(BadPrinter):
        add_printer(db, **{"name": "Kasir", "connection": "tcp:10.0.0.9", **how})
    assert printers(db) == []


def test_a_connection_without_sense_is_refused(db: Database) -> None:
    with pytest.raises(BadConnection):
        add_printer(db, "Kasir", "bluetooth")


def test_a_known_model_brings_its_dots(db: Database) -> None:
    number = add_printer(db, "Kasir", "tcp:10.0.0.9", columns=42, profile="TM-T88V")
    item = printer_by_id(db, number)
    assert item is not None
    assert (item.settings().columns, item.settings().dots) == (42, 512)


def test_usb_printers_are_found_with_their_maker(tmp_path: Path) -> None:
    for name, identity in (
        ("lp0", "MFG:EPSON;CMD:ESC/POS;MDL:TM-T82;CLS:PRINTER;"),
        ("lp1", None),
    ):
        device = tmp_path / name / "device"
        device.mkdir(parents=True)
        if identity is not None:
            (device / "ieee1284_id").write_text(identity)
    assert usb_devices(tmp_path) == [
        Found("file:/dev/usb/lp0", "EPSON TM-T82"),
        Found("file:/dev/usb/lp1", "lp1"),
    ]
    assert usb_devices(tmp_path / "none") == []


def test_cups_queues_are_found() -> None:
    def lpstat(command: list[str], **_: Any) -> SimpleNamespace:
        assert command == ["lpstat", "-e"]
        return SimpleNamespace(stdout=b"Kasir\nGudang\n")

    assert cups_queues(lpstat) == [Found("cups:Kasir", "Kasir"), Found("cups:Gudang", "Gudang")]


def test_without_cups_there_are_no_queues() -> None:
    def missing(*_: Any, **__: Any) -> None:
        raise FileNotFoundError

    assert cups_queues(missing) == []


def test_windows_queues_are_found() -> None:
    class Spooler:
        """winspool.drv with two queues."""

        def EnumPrintersW(
            self,
            flags: int,
            name: Any,
            level: int,
            buffer: Any,
            size: Any,
            needed: Any,
            count: Any,
        ) -> int:
            rows = (finding._PrinterInfo * 2)()
            self.keep = rows
            rows[0].name, rows[1].name = "POS-58", "XP-80 (USB)"
            needed._obj.value = ctypes.sizeof(rows)
            if buffer is None:
                return 0
            ctypes.memmove(buffer, rows, ctypes.sizeof(rows))
            count._obj.value = 2
            return 1

    assert windows_queues(Spooler()) == [
        Found("windows:POS-58", "POS-58"),
        Found("windows:XP-80 (USB)", "XP-80 (USB)"),
    ]
    assert windows_queues() == []


def test_serial_ports_with_something_behind_are_found() -> None:
    ports = [
        SimpleNamespace(device="/dev/ttyUSB0", description="CH340", hwid="USB VID:PID=1A86:7523"),
        SimpleNamespace(device="/dev/ttyS0", description="n/a", hwid="n/a"),
    ]
    assert serial_ports(lambda: ports) == [Found("serial:/dev/ttyUSB0:9600", "CH340")]


def test_a_scan_finds_who_listens() -> None:
    printer = TcpPrinter(PrinterModel())
    try:
        found = scan_network("127.0.0.0/30", printer.port)
        assert found == [Found(f"tcp:127.0.0.1:{printer.port}", "127.0.0.1")]
        assert printer.until(lambda: printer.connections == 1)
        assert bytes(printer.model.paper) == b"", "a scan prints nothing"
    finally:
        printer.stop()


def test_a_scan_asks_a_network_only() -> None:
    with pytest.raises(ValueError, match="toko"):
        scan_network("toko")


def test_the_own_network_has_254_machines_or_is_not_there() -> None:
    network = own_network()
    assert network == "" or network.endswith("/24")


def test_what_the_machine_knows_is_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    for n, name in enumerate(("usb_devices", "cups_queues", "windows_queues", "serial_ports")):
        monkeypatch.setattr(finding, name, lambda n=n: [Found(str(n), "")])
    assert [found.connection for found in finding.find_printers()] == ["0", "1", "2", "3"]
