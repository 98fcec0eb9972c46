"""Each fault of python-escpos 3.1 shown, and that ours is not touched by it.

When a new release mends one, its test here fails and the way round it can go.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.receipt import Document, Text
from core.receipt_layout import layout
from pos.printing import escpos_library
from pos.printing.escpos import to_escpos
from pos.printing.escpos_library import (
    barcode_bytes,
    known_profiles,
    load,
    profile_named,
    usb_write,
)
from pos.printing.profile import PrinterProfile
from pos.printing.transports import BadConnection, PrinterTrouble
from tests.printing_tools.interpreter import interpret
from tests.printing_tools.tokens import tokens

ROOT = Path(__file__).parents[3]


def _python(code: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    temporary = tmp_path / "tmp"
    temporary.mkdir(exist_ok=True)
    clean = {k: v for k, v in os.environ.items() if not k.startswith("ESCPOS")}
    surroundings = {"TMPDIR": str(temporary), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**clean, **surroundings, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_fault_the_code_page_is_wrong_after_a_reset() -> None:
    printer = load().printer.Dummy()
    printer.text("é")
    chosen = printer.output.count(b"\x1bt")
    printer.hw("INIT")
    printer.text("é")
    assert chosen == 1
    assert printer.output.count(b"\x1bt") == 1, "after ESC @ it believes the old page still holds"


def test_ours_chooses_the_page_after_every_reset_and_sends_ascii_only() -> None:
    data = to_escpos(layout(Document("", (Text("Café – Привет"),)), 32), PrinterProfile())
    names = [token.name for token in tokens(data)]
    assert names[:6] == ["ESC @", "FS .", "ESC R", "ESC t", "ESC 2", "ESC a"]
    assert interpret(data).lines[0] == "  |Cafe - Privet"


@pytest.fixture
def closing_printer() -> Iterator[int]:
    """A printer that closes every connection after the first question."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            with link:
                link.recv(16)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def test_fault_a_dead_link_has_plenty_of_paper(closing_printer: int) -> None:
    printer = load().printer.Network("127.0.0.1", port=closing_printer, timeout=5)
    assert printer.paper_status() == 2
    printer.close()


def test_ours_knows_that_the_link_is_dead(closing_printer: int) -> None:
    from pos.printing.status import Talk
    from pos.printing.transports import Tcp

    link = Tcp(f"127.0.0.1:{closing_printer}")
    with pytest.raises(PrinterTrouble) as caught:
        Talk(link).trouble()
    assert caught.value.details["cause"] == "link_lost"
    link.close()


def test_fault_a_wrong_check_digit_is_sent_as_it_is() -> None:
    printer = load().printer.Dummy()
    printer.barcode("8991234567897", "EAN13", function_type="A", check=True)
    assert b"8991234567897" in printer.output


def test_fault_a_barcode_leaves_the_text_centred() -> None:
    printer = load().printer.Dummy()
    printer.barcode("8991234567891", "EAN13", function_type="A", check=True)
    assert printer.output.rindex(b"\x1ba") == printer.output.index(b"\x1ba\x01")


def test_ours_refuses_bars_that_would_lie_and_goes_back_to_the_left() -> None:
    with pytest.raises(ValueError, match="8991234567897"):
        barcode_bytes("8991234567897")
    assert b"8991234567891" in barcode_bytes("8991234567891")
    assert barcode_bytes("96385074").endswith(b"\x1ba\x00")


def test_fault_each_import_leaves_a_temporary_folder(tmp_path: Path) -> None:
    told = {"ESCPOS_CAPABILITIES_PICKLE_DIR": str(tmp_path)}
    assert _python("import escpos.printer", tmp_path, **told).returncode == 0
    assert len(list((tmp_path / "tmp").iterdir())) == 1, "even when it is told where to write"


def test_ours_leaves_none_and_keeps_the_cache_private(tmp_path: Path) -> None:
    code = "from pos.printing.escpos_library import load; load().printer.Dummy()"
    done = _python(code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "tmp").iterdir()) == []
    cache = tmp_path / "cache" / "huyula" / "escpos"
    assert [file.suffix for file in cache.iterdir()] == [".pickle"]
    assert cache.stat().st_mode & 0o077 == 0


def test_fault_without_its_data_the_import_fails(tmp_path: Path) -> None:
    missing = {"ESCPOS_CAPABILITIES_FILE": str(tmp_path / "missing.json")}
    done = _python("import escpos.printer", tmp_path, **missing)
    assert "FileNotFoundError" in done.stderr


def test_ours_says_that_the_library_is_incomplete_and_prints_without_it(tmp_path: Path) -> None:
    missing = {"ESCPOS_CAPABILITIES_FILE": str(tmp_path / "missing.json")}
    code = (
        "from pos.printing.escpos_library import load\n"
        "from pos.printing.transports import PrinterTrouble\n"
        "try: load()\n"
        "except PrinterTrouble as error: print(error.details['cause'])\n"
        "from tests.printing_tools.samples import slip\n"
        "from pos.printing.rendering import render\n"
        "print(len(render(slip(), 'escpos', 32)) > 100)"
    )
    done = _python(code, tmp_path, **missing)
    assert done.stdout.split() == ["library", "True"], done.stderr


def test_profiles_are_read_without_importing_the_library(tmp_path: Path) -> None:
    code = (
        "import sys; from pos.printing.escpos_library import known_profiles\n"
        "print('TM-T88V' in known_profiles(), 'escpos.capabilities' in sys.modules)"
    )
    assert _python(code, tmp_path).stdout.split() == ["True", "False"]


def test_printing_loads_neither_the_library_nor_the_pdf_writer(tmp_path: Path) -> None:
    code = (
        "import sys; import pos.printing.worker, pos.printing.rendering, pos.printing.finding\n"
        "print([name for name in ('escpos', 'PIL', 'reportlab', 'segno', 'serial', 'anyascii')"
        " if name in sys.modules])"
    )
    assert _python(code, tmp_path).stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("TM-T88V", PrinterProfile(42, 512, "partial")),
        ("POS-5890", PrinterProfile(32, 384, "none")),
        ("NT-80-V-UL", PrinterProfile(48, 576, "partial")),
        ("no such printer", PrinterProfile()),
    ],
)
def test_a_profile_has_true_widths(name: str, profile: PrinterProfile) -> None:
    assert profile_named(name) == profile


def test_every_profile_gives_a_paper() -> None:
    assert len(known_profiles()) > 30
    for name in known_profiles():
        profile = profile_named(name)
        assert profile.columns * 12 <= profile.dots, name


class FakeUsb:
    """Stands for the library's USB class."""

    def __init__(self, *ids: int, **options: Any) -> None:
        self.ids, self.options = ids, options
        self.written = bytearray()
        self.fails_after: int | None = None
        self.attached: list[int] = []
        self.device = SimpleNamespace(attach_kernel_driver=self.attached.append)

    def open(self) -> None:
        """Found at once."""

    def _raw(self, data: bytes) -> None:
        self.written += data
        if self.fails_after is not None and len(self.written) > self.fails_after:
            raise OSError("pipe")

    def close(self) -> None:
        raise OSError("already gone")


@pytest.fixture
def usb(monkeypatch: pytest.MonkeyPatch) -> list[FakeUsb]:
    made: list[FakeUsb] = []

    def make(*ids: int, **options: Any) -> FakeUsb:
        made.append(FakeUsb(*ids, **options))
        return made[-1]

    library = SimpleNamespace(printer=SimpleNamespace(Usb=make))
    monkeypatch.setattr(escpos_library, "load", lambda: library)
    monkeypatch.setattr(escpos_library, "_bulk_out", lambda *ids: 0x03)
    return made


def test_a_usb_job_goes_out_whole_with_a_time_limit_and_the_true_endpoint(
    usb: list[FakeUsb],
) -> None:
    data = bytes(range(256)) * 10
    usb_write("0416:5011", data)
    (printer,) = usb
    assert (printer.ids, bytes(printer.written)) == ((0x0416, 0x5011), data)
    assert printer.options["timeout"] >= 5_000
    assert printer.options["out_ep"] == 0x03
    assert printer.attached == [0], "the system's driver gets the device back"


def test_a_usb_job_that_breaks_off_is_not_called_unreachable(
    usb: list[FakeUsb], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeUsb, "_raw", lambda *_: (_ for _ in ()).throw(OSError("pipe")))
    with pytest.raises(PrinterTrouble) as caught:
        usb_write("0416:5011", b"x" * 5000)
    assert caught.value.details["cause"] == "link_lost"


def test_a_usb_printer_that_is_not_there_is_unreachable(
    usb: list[FakeUsb], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeUsb, "open", lambda *_: (_ for _ in ()).throw(ValueError("backend")))
    with pytest.raises(PrinterTrouble) as caught:
        usb_write("0416:5011", b"x")
    assert caught.value.details["cause"] == "unreachable"


def test_a_usb_address_is_two_hexadecimal_numbers(usb: list[FakeUsb]) -> None:
    with pytest.raises(BadConnection):
        usb_write("printer", b"x")
    assert usb == []


def _endpoint(address: int, attributes: int) -> SimpleNamespace:
    return SimpleNamespace(bEndpointAddress=address, bmAttributes=attributes)


class _Interface(list[SimpleNamespace]):
    def __init__(self, kind: int, *endpoints: SimpleNamespace) -> None:
        super().__init__(endpoints)
        self.bInterfaceClass = kind


@pytest.mark.parametrize("found", [True, False])
def test_the_endpoint_is_read_from_the_descriptor(
    monkeypatch: pytest.MonkeyPatch, found: bool
) -> None:
    interfaces = [
        _Interface(3, _endpoint(0x01, 2)),
        _Interface(7, _endpoint(0x82, 2), _endpoint(0x04, 3), _endpoint(0x05, 2)),
    ]
    device = SimpleNamespace(get_active_configuration=lambda: interfaces)
    util = SimpleNamespace(
        endpoint_type=lambda attributes: attributes & 3,
        endpoint_direction=lambda address: address & 0x80,
        ENDPOINT_TYPE_BULK=2,
        ENDPOINT_OUT=0,
    )
    core = SimpleNamespace(find=lambda **_: device if found else None)
    modules = {"usb.core": core, "usb.util": util}
    monkeypatch.setattr(escpos_library, "import_module", modules.__getitem__)
    if found:
        assert escpos_library._bulk_out(1, 2) == 0x05
    else:
        with pytest.raises(PrinterTrouble):
            escpos_library._bulk_out(1, 2)
