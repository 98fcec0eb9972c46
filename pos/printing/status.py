"""What a printer answers, told apart byte by byte.

Bits as in Epson's ESC/POS reference: DLE EOT (at once, ahead of the buffer), GS r (when all before
it is processed), GS ( H (when the job it names is on paper), automatic status (four bytes unasked).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, NamedTuple

from pos.printing.transports import Transport, WriteStuck

ASK_OFFLINE = b"\x10\x04\x02"
ASK_PAPER = b"\x10\x04\x04"
ASK_AFTER = b"\x1dr\x01"
ANSWER_SECONDS = 0.5
_MOST_BYTES = 4096


class Reply(NamedTuple):
    """One answer: `after` is GS r's byte, `job` the number that GS ( H gave back."""

    kind: Literal["realtime", "after", "job"]
    value: int


def ask_job(number: int) -> bytes:
    """The question that only the finished job answers, with its name: four digits."""
    return b"\x1d(H\x06\x0000" + f"{number % 10_000:04d}".encode()


class Replies:
    """Sorts a stream of bytes into answers; what is no answer is dropped.

    Automatic status is swallowed whole: its last three bytes look like GS r's answer.
    """

    def __init__(self) -> None:
        """Nothing heard yet."""
        self._skip = 0
        self._block: bytearray | None = None

    def feed(self, data: bytes) -> list[Reply]:
        """The answers that are complete with these bytes."""
        found = [self._byte(byte) for byte in data]
        return [reply for reply in found if reply is not None]

    def _byte(self, byte: int) -> Reply | None:
        if self._block is not None:
            return self._in_block(byte)
        if self._skip and byte & 0x90 == 0x00:
            self._skip -= 1
            return None
        self._skip = 0
        if byte in (0x37, 0x5F):
            self._block = bytearray([byte])
        elif byte & 0x93 == 0x10:
            self._skip = 3
        elif byte & 0x93 == 0x12:
            return Reply("realtime", byte)
        elif byte & 0x90 == 0x00:
            return Reply("after", byte)
        return None

    def _in_block(self, byte: int) -> Reply | None:
        assert self._block is not None
        self._block.append(byte)
        if byte and len(self._block) < 96:
            return None
        block, self._block = bytes(self._block), None
        digits = block[2:6]
        if block[:2] == b"\x37\x22" and len(block) == 7 and digits.isdigit():
            return Reply("job", int(digits))
        return None


class Talk:
    """Questions and answers over one open link; answers that nobody waits for yet are kept."""

    def __init__(self, link: Transport, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Talk over a link that is open."""
        self._link = link
        self._monotonic = monotonic
        self._replies = Replies()
        self._realtime: list[int] = []
        self.evidence: list[Reply] = []

    def forget(self) -> None:
        """Throw away what was said before: an old answer must not pass for a new one."""
        heard = 0
        while heard < _MOST_BYTES:
            data = self._link.read(0.0)
            if not data:
                break
            heard += len(data)
            self._replies.feed(data)
        self.evidence.clear()

    def listen(self, seconds: float) -> None:
        """Hear what comes within the time, at most one reading."""
        for reply in self._replies.feed(self._link.read(seconds)):
            if reply.kind == "realtime":
                self._realtime.append(reply.value)
            else:
                self.evidence.append(reply)

    def ask(self, question: bytes) -> int | None:
        """A real-time answer, or None from a silent printer."""
        self._realtime.clear()
        try:
            self._link.write(question)
        except WriteStuck:
            return None
        deadline = self._monotonic() + ANSWER_SECONDS
        while not self._realtime and self._link.two_way:
            left = deadline - self._monotonic()
            if left <= 0:
                return None
            self.listen(left)
        return self._realtime[0] if self._realtime else None

    def trouble(self) -> tuple[bool, str]:
        """Whether the printer answers at all, and what stops it ("" for nothing)."""
        paper = self.ask(ASK_PAPER)
        if paper is None:
            return False, ""
        if paper & 0x60 == 0x60:
            return True, "paper_out"
        offline = self.ask(ASK_OFFLINE)
        return True, "" if offline is None else _offline_cause(offline)


def _offline_cause(byte: int) -> str:
    if byte & 0x04:
        return "cover_open"
    if byte & 0x20:
        return "paper_out"
    return "error" if byte & 0x40 else ""
