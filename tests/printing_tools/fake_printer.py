"""A printer that is not there: its protocol, its paper, and everything that can go wrong with it.

`PrinterModel` is the printer; `TcpPrinter` puts it behind a port, `WireLink` behind a function with
a clock of its own, so that a minute of waiting costs nothing.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable

from pos.printing.transports import PrinterTrouble, WriteStuck
from tests.printing_tools.tokens import Token, tokens

GOOD = 0x12
PAPER_OUT = 0x7E
OFFLINE_PAPER = 0x32
COVER_OPEN = 0x16


class PrinterModel:
    """Levels: A names the finished job, B answers GS r, C answers DLE EOT only, D is deaf."""

    def __init__(self, level: str = "A", capacity: int = 4096) -> None:
        self.level = level
        self.capacity = capacity
        self.paper = bytearray()
        self.pulses = 0
        self.questions: list[bytes] = []
        self.cover = False
        self.silent = False
        self.lies = False
        self.constant: int | None = None
        self.holds_answers = False
        self.reads_no_more = False
        self.paper_left: int | None = None
        self._partial = b""
        self._buffer: list[Token] = []
        self._answers = bytearray()
        self._held = bytearray()

    @property
    def out_of_paper(self) -> bool:
        return self.paper_left is not None and self.paper_left <= 0

    def reload(self) -> None:
        """New paper, cover shut: what is in the buffer is printed now."""
        self.paper_left = None
        self.cover = False
        self._work()

    def let_answers_go(self) -> None:
        """Send the answers that were held back."""
        self.holds_answers = False
        self._answers += self._held
        self._held.clear()

    def room(self) -> int:
        """How many bytes it takes at the moment."""
        if self.reads_no_more:
            return 0
        waiting = sum(len(token.data) for token in self._buffer)
        # An unfinished command is worked off as it comes; real-time questions always get in.
        return max(0, self.capacity - waiting)

    def feed(self, data: bytes) -> None:
        """Bytes arrive."""
        whole = self._partial + data
        seen = 0
        for token in tokens(whole):
            seen = token.offset + len(token.data)
            if token.name.startswith("DLE"):
                self._realtime(token)
            else:
                self._buffer.append(token)
                if self.lies and token.name in ("GS r", "GS ("):
                    self._ordered(token)
        self._partial = whole[seen:]
        self._work()

    def link_gone(self, *, reset: bool) -> None:
        """The link ended: after a reset the printer forgets what it has not printed."""
        self._partial = b""
        self._answers.clear()
        self._held.clear()
        if reset:
            self._buffer.clear()

    def answers(self) -> bytes:
        """What it says now."""
        said = bytes(self._answers)
        self._answers.clear()
        return said

    def garbage(self, data: bytes) -> None:
        """Say something unasked."""
        self._answers += data

    def _realtime(self, token: Token) -> None:
        self.questions.append(token.data)
        if token.name == "DLE 20" and token.data[2] == 1:
            self.pulses += 1
        if token.data in (b"\x10\x05\x02", b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"):
            self._buffer.clear()
        if token.name != "DLE 4" or self.silent or self.level == "D":
            return
        if self.constant is not None:
            self._answers.append(self.constant)
        elif token.data[2] == 4:
            self._answers.append(PAPER_OUT if self.out_of_paper else GOOD)
        else:
            offline = OFFLINE_PAPER if self.out_of_paper else GOOD
            self._answers.append(COVER_OPEN if self.cover else offline)

    def _work(self) -> None:
        while self._buffer and not self.out_of_paper and not self.cover:
            token = self._buffer.pop(0)
            if token.name in ("GS r", "GS ("):
                if not self.lies:
                    self._ordered(token)
            elif token.name == "ESC p":
                self.pulses += 1
            else:
                self._print(token)

    def _print(self, token: Token) -> None:
        data = token.data
        if self.paper_left is not None:
            if token.name == "text" and len(data) > self.paper_left:
                rest = Token(token.name, data[self.paper_left :], token.offset)
                self._buffer.insert(0, rest)
                data = data[: self.paper_left]
            self.paper_left -= len(data)
        self.paper += data

    def _ordered(self, token: Token) -> None:
        self.questions.append(token.data)
        target = self._held if self.holds_answers else self._answers
        if self.silent:
            return
        if token.name == "GS r" and self.level in ("A", "B"):
            target.append(0x00)
        elif token.name == "GS (" and token.data[2:3] == b"H" and self.level == "A":
            target += b"\x37\x22" + token.data[7:11] + b"\x00"


class WireLink:
    """The way to a model without a network: reading nothing lets `clock` go forward."""

    two_way = True

    def __init__(self, model: PrinterModel, clock: list[float], dies_after: int = -1) -> None:
        self.model = model
        self._clock = clock
        self._dies_after = dies_after
        self._open = True
        self.before_wait: Callable[[], None] = lambda: None

    def _die(self) -> None:
        self._open = False
        self.model.link_gone(reset=True)
        raise PrinterTrouble(cause="link_lost")

    def write(self, data: bytes) -> int:
        if not self._open:
            raise PrinterTrouble(cause="link_lost")
        if 0 <= self._dies_after < len(data):
            self.model.feed(data[: self._dies_after])
            self._die()
        room = self.model.room()
        if room <= 0:
            self._clock[0] += 5.0
            self.before_wait()
            raise WriteStuck(cause="stuck")
        part = data[:room]
        self._dies_after -= len(part) if self._dies_after >= 0 else 0
        self.model.feed(part)
        return len(part)

    def read(self, seconds: float) -> bytes:
        if not self._open:
            raise PrinterTrouble(cause="link_lost")
        said = self.model.answers()
        if not said and seconds > 0:
            self._clock[0] += seconds
            self.before_wait()
            said = self.model.answers()
        return said

    def close(self) -> None:
        if self._open:
            self._open = False
            self.model.link_gone(reset=False)


class TcpPrinter:
    """A model on a real port. Every change wakes those who wait in `until`."""

    def __init__(self, model: PrinterModel, port: int = 0, host: str = "127.0.0.1") -> None:
        self.model = model
        self.close_after = -1
        self.connections = 0
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._wake_in, self._wake_out = socket.socketpair()
        self._host, self._listener = host, self._listen(host, port)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @staticmethod
    def _listen(host: str, port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # A small window, so that a printer which stops reading is felt soon.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.bind((host, port))
        listener.listen(4)
        return listener

    @property
    def connection(self) -> str:
        """How the program would write it."""
        return f"tcp:{self._host}:{self.port}"

    def set(self, change: Callable[[PrinterModel], object]) -> None:
        """Change the model while it runs."""
        with self._changed:
            change(self.model)
            self._changed.notify_all()
        self._wake_out.send(b"x")

    def until(self, condition: Callable[[], bool], seconds: float = 15.0) -> bool:
        """Wait for something to be so."""
        with self._changed:
            return self._changed.wait_for(condition, seconds)

    def stop(self) -> None:
        """Switch it off: from now on connections are refused."""
        self._stop.set()
        with contextlib.suppress(OSError):
            self._wake_out.send(b"x")
        self._thread.join(5)
        for end in (self._listener, self._wake_in, self._wake_out):
            end.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            ready, _, _ = select.select([self._listener, self._wake_in], [], [])
            if self._wake_in in ready:
                self._wake_in.recv(64)
            if self._listener in ready:
                link, _ = self._listener.accept()
                with link:
                    self._talk(link)

    def _talk(self, link: socket.socket) -> None:
        with self._changed:
            self.connections += 1
            self._changed.notify_all()
        taken = 0
        while not self._stop.is_set():
            with self._changed:
                room = self.model.room()
            ready, _, _ = select.select([self._wake_in, *([link] if room else [])], [], [])
            if self._wake_in in ready:
                self._wake_in.recv(64)
            if link in ready:
                data = self._receive(link, room if self.close_after < 0 else 64)
                if not data:
                    break
                taken += len(data)
                with self._changed:
                    self.model.feed(data)
                if 0 <= self.close_after <= taken:
                    self._break(link)
                    return
            if not self._say(link):
                break
        with self._changed:
            self.model.link_gone(reset=False)
            self._changed.notify_all()

    @staticmethod
    def _receive(link: socket.socket, most: int) -> bytes:
        try:
            return link.recv(most)
        except OSError:
            return b""

    def _say(self, link: socket.socket) -> bool:
        with self._changed:
            said = self.model.answers()
            self._changed.notify_all()
        try:
            link.sendall(said)
        except OSError:
            return False
        return True

    def _break(self, link: socket.socket) -> None:
        """Close with a reset, as after a power cut."""
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with self._changed:
            self.model.link_gone(reset=True)
            self.close_after = -1
            self._changed.notify_all()
