"""The ways to a printer: what each takes, what it says, and how each fails."""

from __future__ import annotations

import ctypes
import os
import pty
import socket
import stat
import tty
from pathlib import Path
from typing import Any

import pytest

from pos.printing import transports, windows
from pos.printing.transports import (
    BadConnection,
    PrinterTrouble,
    Whole,
    WriteStuck,
    bytes_a_second,
    check_connection,
    open_transport,
)
from pos.printing.windows import spool_raw
from tests.printing_tools.fake_printer import PrinterModel
from tests.printing_tools.shop import PrintShop


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("tcp:192.168.1.50", "tcp:192.168.1.50:9100"),
        (" tcp:kasir.local:9101 ", "tcp:kasir.local:9101"),
        ("file:/dev/usb/lp0", "file:/dev/usb/lp0"),
        ("serial:COM3:19200", "serial:COM3:19200"),
        ("usb:0416:5011", "usb:0416:5011"),
        ("cups:Kasir", "cups:Kasir"),
        ("windows:POS-58 (copy 1)", "windows:POS-58 (copy 1)"),
    ],
)
def test_a_connection_has_one_spelling(typed: str, kept: str) -> None:
    assert check_connection(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "tcp:",
        "192.168.1.50",
        "http:x",
        "tcp:host:port",
        "tcp:h:0",
        "tcp:h:70000",
        "tcp:h:²",
        "tcp:192.168.1..50",
        f"tcp:{'a' * 64}:9100",
    ],
)
def test_what_is_no_connection_is_refused(typed: str) -> None:
    with pytest.raises(BadConnection):
        check_connection(typed)
    with pytest.raises(BadConnection):
        open_transport(typed)


def test_a_serial_line_is_slow() -> None:
    assert bytes_a_second("serial:COM3:19200") == 1920
    assert bytes_a_second("serial:/dev/rfcomm0") == 960
    assert bytes_a_second("tcp:10.0.0.9:9100") > 10_000


def test_nobody_listening_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(PrinterTrouble) as caught:
        open_transport(f"tcp:127.0.0.1:{port}")
    assert caught.value.details["cause"] == "unreachable"


def test_a_network_printer_hears_the_end_before_the_link_closes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = open_transport(f"tcp:127.0.0.1:{listener.getsockname()[1]}")
        peer, _ = listener.accept()
        assert link.write(b"struk") == 5
        peer.sendall(b"\x12")
        assert link.read(5.0) == b"\x12"
        assert link.read(0.0) == b""
        peer.sendall(b"\x12" * 3)
        peer.shutdown(socket.SHUT_WR)
        link.close()
        received = b""
        while part := peer.recv(64):
            received += part
        peer.close()
    assert received == b"struk", "an unread answer must not turn the end into a reset"


def test_a_network_printer_that_takes_nothing_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transports, "WRITE_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = open_transport(f"tcp:127.0.0.1:{listener.getsockname()[1]}")
        peer, _ = listener.accept()
        with peer, pytest.raises(WriteStuck):
            for _ in range(10_000):
                link.write(b"\0" * 65_536)
        monkeypatch.setattr(transports, "CLOSE_SECONDS", 0.05)
        link.close()


def test_a_chatty_printer_cannot_hold_the_closing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(transports.time, "monotonic", lambda: now[0])

    class Chatty:
        def settimeout(self, seconds: float) -> None:
            assert seconds <= transports.CLOSE_SECONDS

        def shutdown(self, how: int) -> None: ...

        def recv(self, most: int) -> bytes:
            now[0] += 0.5
            return b"\x12"

        def close(self) -> None:
            now.append(-1)

    link = transports.Tcp.__new__(transports.Tcp)
    link._socket = Chatty()  # type: ignore[assignment]
    link.close()
    assert now[-1] == -1
    assert now[0] <= transports.CLOSE_SECONDS + 0.5


def test_a_plain_file_collects_receipts(plain_folder: Path) -> None:
    target = plain_folder / "struk.bin"
    for part in (b"satu", b"dua"):
        link = open_transport(f"file:{target}")
        assert not link.two_way
        assert link.write(part) == len(part)
        assert link.read(1.0) == b""
        link.close()
        link.close()
    assert target.read_bytes() == b"satudua"


def test_a_device_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(PrinterTrouble) as caught:
        open_transport(f"file:{tmp_path}/none/lp0")
    assert caught.value.details["cause"] == "unreachable"


def test_an_unplugged_device_is_not_made_a_file() -> None:
    with pytest.raises(PrinterTrouble) as caught:
        open_transport("file:/dev/huyula-lp0")
    assert caught.value.details["cause"] == "unreachable"
    assert not Path("/dev/huyula-lp0").exists()


@pytest.fixture
def terminal() -> Any:
    """A pseudo terminal: what the program opens, and the end where the printer sits."""
    printer, device = pty.openpty()
    tty.setraw(printer)
    tty.setraw(device)
    yield printer, os.ttyname(device)
    os.close(device)
    os.close(printer)


@pytest.mark.parametrize("kind", ["file", "serial"])
def test_a_device_is_written_to_and_answers(kind: str, terminal: Any) -> None:
    printer, name = terminal
    link = open_transport(f"{kind}:{name}")
    assert link.two_way
    assert link.write(b"\x10\x04\x04") == 3
    assert os.read(printer, 16) == b"\x10\x04\x04"
    assert link.read(0.0) == b""
    os.write(printer, b"\x12")
    assert link.read(5.0) == b"\x12"
    link.close()


def test_a_serial_port_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(PrinterTrouble):
        open_transport("serial:/dev/ttyNONE9:9600")


def test_a_device_that_cannot_speak_is_noticed() -> None:
    link = open_transport("file:/dev/null")
    assert link.read(0.0) == b""
    assert not link.two_way
    link.close()


def test_a_job_to_a_deaf_device_is_sent_without_waiting() -> None:
    shop = PrintShop(PrinterModel("D"))
    shop.add()
    shop.worker._opener = lambda _: open_transport("file:/dev/null")
    assert shop.step() == ("sent", "")
    assert shop.clock[0] == 0


def test_a_whole_job_is_handed_over_once_even_if_that_fails() -> None:
    handed: list[bytes] = []

    def hand_over(data: bytes) -> None:
        handed.append(data)
        raise PrinterTrouble(cause="link_lost")

    link = Whole(hand_over)
    link.write(b"a")
    link.write(b"b")
    with pytest.raises(PrinterTrouble):
        link.close()
    link.close()
    assert handed == [b"ab"]


@pytest.mark.parametrize(
    ("cause", "state"),
    [
        ("unreachable", "blocked"),
        ("refused", "blocked"),
        ("timeout", "unsure"),
        ("link_lost", "broken"),
    ],
)
def test_what_a_queue_says_at_the_end_decides(cause: str, state: str) -> None:
    def hand_over(data: bytes) -> None:
        raise PrinterTrouble(cause=cause)

    shop = PrintShop(PrinterModel())
    shop.add()
    shop.worker._opener = lambda _: Whole(hand_over)
    assert shop.step() == (state, cause)


def _command(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def test_cups_gets_one_raw_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _command(tmp_path, "lp", f'echo "$@" > {tmp_path}/asked; cat > {tmp_path}/printed')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    link = open_transport("cups:Kasir")
    link.write(b"\x1b@struk")
    link.close()
    assert (tmp_path / "asked").read_text().split() == ["-d", "Kasir", "-o", "raw", "-s"]
    assert (tmp_path / "printed").read_bytes() == b"\x1b@struk"


def test_cups_may_refuse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _command(tmp_path, "lp", "cat > /dev/null; echo 'no such queue' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    link = open_transport("cups:Kasir")
    link.write(b"x")
    with pytest.raises(PrinterTrouble) as caught:
        link.close()
    assert caught.value.details["cause"] == "refused"
    assert "no such queue" in caught.value.details["why"]


def test_without_cups_it_is_unreachable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    link = open_transport("cups:Kasir")
    link.write(b"x")
    with pytest.raises(PrinterTrouble) as caught:
        link.close()
    assert caught.value.details["cause"] == "unreachable"


class FakeSpooler:
    """winspool.drv as far as a raw job needs it. `statuses` are what the queue says of the job."""

    def __init__(
        self,
        known: str = "POS-58",
        takes: int = 1 << 20,
        starts: bool = True,
        statuses: tuple[int, ...] = (),
    ) -> None:
        self.known, self.takes, self.starts = known, takes, starts
        self.statuses = list(statuses)
        self.calls: list[str] = []
        self.data = b""
        self.datatype = ""

    def OpenPrinterW(self, name: str, handle: Any, defaults: Any) -> int:
        self.calls.append("open")
        return int(name == self.known)

    def StartDocPrinterW(self, handle: Any, level: int, document: Any) -> int:
        self.calls.append("document")
        self.datatype = document._obj.datatype
        return 17 if self.starts else 0

    def StartPagePrinter(self, handle: Any) -> int:
        return 1

    def WritePrinter(self, handle: Any, data: bytes, length: int, written: Any) -> int:
        self.calls.append("write")
        self.data += data[:length]
        written._obj.value = min(length, self.takes)
        return 1

    def EndPagePrinter(self, handle: Any) -> int:
        return 1

    def EndDocPrinter(self, handle: Any) -> int:
        self.calls.append("end")
        return 1

    def GetJobW(
        self, handle: Any, number: int, level: int, buffer: Any, size: Any, needed: Any
    ) -> int:
        assert (number, level) == (17, 1)
        if not self.statuses:
            return 0
        needed._obj.value = ctypes.sizeof(windows._JobInfo)
        if buffer is None:
            return 0
        windows._JobInfo.from_buffer(buffer).status = self.statuses[0]
        if len(self.statuses) > 1:
            self.statuses.pop(0)
        return 1

    def SetJobW(self, handle: Any, number: int, level: int, job: Any, command: int) -> int:
        self.calls.append(f"delete {number}" if command == 5 else "?")
        return 1

    def ClosePrinter(self, handle: Any) -> int:
        self.calls.append("close")
        return 1


PRINTING, OFFLINE, PRINTED = 0x10, 0x20, 0x80


def test_windows_is_watched_until_the_job_has_left() -> None:
    waits: list[float] = []
    spooler = FakeSpooler(statuses=(0x08, PRINTING, PRINTING, PRINTED))
    spool_raw("POS-58", b"struk", spooler, waits.append)
    assert len(waits) == 3


@pytest.mark.parametrize(("status", "cause"), [(OFFLINE, "refused"), (PRINTING, "timeout")])
def test_a_job_that_stays_in_the_windows_queue_is_taken_out(status: int, cause: str) -> None:
    waits: list[float] = []
    spooler = FakeSpooler(statuses=(status,))
    with pytest.raises(PrinterTrouble) as caught:
        spool_raw("POS-58", b"struk", spooler, waits.append)
    assert caught.value.details["cause"] == cause
    assert sum(waits) == windows.QUEUE_SECONDS
    assert spooler.calls[-2:] == ["delete 17", "close"]


def test_windows_gets_one_raw_document_a_receipt() -> None:
    spooler = FakeSpooler()
    spool_raw("POS-58", b"\x1b@struk\x00", spooler)
    assert (spooler.data, spooler.datatype) == (b"\x1b@struk\x00", "RAW")
    assert spooler.calls == ["open", "document", "write", "end", "close"]


@pytest.mark.parametrize(
    ("spooler", "cause"),
    [
        (FakeSpooler(known="Kantor"), "unreachable"),
        (FakeSpooler(starts=False), "refused"),
        (FakeSpooler(takes=3), "link_lost"),
    ],
)
def test_windows_says_how_it_failed(spooler: FakeSpooler, cause: str) -> None:
    with pytest.raises(PrinterTrouble) as caught:
        spool_raw("POS-58", b"struk", spooler)
    assert caught.value.details["cause"] == cause
    assert spooler.calls[-1] == ("open" if cause == "unreachable" else "close")


def test_a_windows_queue_elsewhere_is_unreachable() -> None:
    with pytest.raises(PrinterTrouble) as caught:
        open_transport("windows:POS-58")
    assert caught.value.details["cause"] == "unreachable"
