"""Names that are made, not looked up: document ids, receipt numbers, lines, marks and seals."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from core.seal_words import WORDS

_TAIL_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_MARK_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LINE: Final = re.compile(rf"(.*[^a-z])(z*[a-z])[{_TAIL_ALPHABET}]{{2}}", re.ASCII)
_MANY: Final = re.compile(rf"(.*[^a-z])z{{4}}[{_TAIL_ALPHABET}]{{8}}", re.ASCII)
_RECEIPT: Final = re.compile(r"([A-Za-z]+)([0-9][A-Za-z0-9]*)-([0-9]{6,})", re.ASCII)
_LAST_LETTERS: Final = "zzzz"
_MS_LIMIT: Final = 1 << 48


def uuid7(at_ms: int, random: bytes) -> bytes:
    """Make the 16 bytes of a version 7 UUID (RFC 9562, section 5.7).

    `at_ms` is UTC milliseconds, `random` at least ten random bytes, of which 74 bits are used.

    Raises:
        ValueError: the instant does not fit 48 bits, or there are too few random bytes.
    """
    if not 0 <= at_ms < _MS_LIMIT or len(random) < 10:
        raise ValueError("uuid7 needs 48 bits of milliseconds and ten random bytes")
    body = bytearray(at_ms.to_bytes(6, "big") + random[:10])
    body[6] = (body[6] & 0x0F) | 0x70
    body[8] = (body[8] & 0x3F) | 0x80
    return bytes(body)


def receipt_number(register: str, n: int) -> str:
    """Write the n-th receipt of a register: `K1-000123`; grows past 999999.

    Raises:
        ValueError: receipts count from one.
    """
    if n < 1:
        raise ValueError("receipts count from one")
    return f"{register}-{n:06d}"


def parse_receipt(text: str) -> tuple[str, int] | None:
    """Read a receipt number back as (register, n); None where the text is not one.

    The letters before the register's first digit may be typed small.
    """
    found = _RECEIPT.fullmatch(text.strip())
    if found is None:
        return None
    register = found[1].upper() + found[2]
    number = int(found[3])
    if number < 1 or receipt_number(register, number) != f"{register}-{found[3]}":
        return None
    return register, number


def line_code(register: str, device: bytes) -> str:
    """Name the register of a new line of history: `K1` -> `K1b7q` -> `K1cxx`.

    The base, the letter after the parent's (`b` first; `z` is followed by `za`), and two
    characters from the new device's id, so that two children of one parent differ. After a
    hundred lines (`zzzz`) the letters stay and eight characters tell lines apart: a code is printed
    on paper of 32 columns, and may not grow for ever.
    """
    digest = hashlib.sha256(device).digest()
    tail = "".join(_TAIL_ALPHABET[byte % 32] for byte in digest[:8])
    base, letters = _parts(register)
    letters = _next_letters(letters)
    if letters.startswith(_LAST_LETTERS):
        return base + _LAST_LETTERS + tail
    return base + letters + tail[:2]


def line_base(register: str) -> str:
    """The code that the names of new lines begin with: `K1` of `K1b7q`."""
    return _parts(register)[0]


def _parts(register: str) -> tuple[str, str]:
    """A register's base and the letters of its line."""
    many = _MANY.fullmatch(register)
    if many:
        return many[1], _LAST_LETTERS
    found = _LINE.fullmatch(register)
    return (found[1], found[2]) if found else (register, "a")


def _next_letters(letters: str) -> str:
    if letters.endswith("z"):
        return letters + "a"
    return letters[:-1] + chr(ord(letters[-1]) + 1)


def hash_mark(hash: bytes) -> str:
    """Four characters of a fact's hash for its receipt, none easily read as another."""
    bits = int.from_bytes(hash[:3], "big") >> 4
    return "".join(_MARK_ALPHABET[(bits >> shift) & 31] for shift in (15, 10, 5, 0))


def seal_words(hash: bytes, count: int = 4) -> str:
    """Spell the first `count` bytes of a hash in plain words, for the daily seal.

    Raises:
        ValueError: the hash is shorter than that.
    """
    if not 0 < count <= len(hash):
        raise ValueError("a seal needs one byte of hash for each word")
    return " ".join(WORDS[byte] for byte in hash[:count])
