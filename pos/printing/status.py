"""What a printer answers: real-time status, and the answer that comes only after printing.

Bits as in Epson's ESC/POS reference for DLE EOT and GS r.
"""

from __future__ import annotations

from pos.printing.transports import Transport

ASK_PAPER = b"\x10\x04\x04"
ASK_OFFLINE = b"\x10\x04\x02"
ASK_AFTER = b"\x1dr\x01"
ANSWER_SECONDS = 0.5


def is_realtime(byte: int) -> bool:
    """Whether a byte is an answer to DLE EOT."""
    return byte & 0x93 == 0x12


def is_after(byte: int) -> bool:
    """Whether a byte is an answer to GS r."""
    return byte & 0x90 == 0x00


def drain(link: Transport) -> None:
    """Throw away what was said before: an old answer must not pass for a new one."""
    while link.read(0.0):
        pass


def ask(link: Transport, question: bytes) -> int | None:
    """A real-time answer, or None from a silent printer."""
    link.write(question)
    for _ in range(4):
        answer = link.read(ANSWER_SECONDS)
        if not answer:
            return None
        for byte in answer:
            if is_realtime(byte):
                return byte
    return None


def trouble(link: Transport) -> tuple[bool, str]:
    """Whether the printer answers at all, and what stops it ("" for nothing)."""
    paper = ask(link, ASK_PAPER)
    if paper is None:
        return False, ""
    if paper & 0x60 == 0x60:
        return True, "paper_out"
    offline = ask(link, ASK_OFFLINE)
    if offline is None:
        return True, ""
    if offline & 0x04:
        return True, "cover_open"
    if offline & 0x20:
        return True, "paper_out"
    return True, "error" if offline & 0x40 else ""
