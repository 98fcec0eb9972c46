"""Ids, receipt numbers, lines of history, marks and seals."""

from __future__ import annotations

import hashlib
import uuid

import pytest

from core.ids import (
    hash_mark,
    line_base,
    line_code,
    parse_receipt,
    receipt_number,
    seal_words,
    uuid7,
)
from core.seal_words import WORDS

HASH = hashlib.sha256(b"a fact").digest()


def test_uuid7_has_version_variant_and_instant() -> None:
    made = uuid.UUID(bytes=uuid7(0x017F22E279B0, bytes.fromhex("0cc318c4dc0c0c07398f")))
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.hex.startswith("017f22e279b0")


def test_uuid7_of_the_standards_example() -> None:
    # RFC 9562, appendix A.6: rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
    made = uuid7(0x017F22E279B0, bytes.fromhex("0cc318c4dc0c0c07398f"))
    assert str(uuid.UUID(bytes=made)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_later_uuid7_is_greater() -> None:
    assert uuid7(1, b"\xff" * 10) < uuid7(2, b"\x00" * 10)


@pytest.mark.parametrize(("at", "random"), [(-1, b"x" * 10), (1 << 48, b"x" * 10), (1, b"x" * 9)])
def test_uuid7_refuses_what_does_not_fit(at: int, random: bytes) -> None:
    with pytest.raises(ValueError, match="uuid7"):
        uuid7(at, random)


def test_receipt_numbers_are_padded_and_grow() -> None:
    assert receipt_number("K1", 123) == "K1-000123"
    assert receipt_number("K1", 1_000_000) == "K1-1000000"
    with pytest.raises(ValueError, match="from one"):
        receipt_number("K1", 0)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("K1-000123", ("K1", 123)),
        (" k1-000123\n", ("K1", 123)),
        ("K1b7q-1000000", ("K1b7q", 1_000_000)),
        ("k1b7q-000009", ("K1b7q", 9)),
        ("K1-0000123", None),
        ("K1-123", None),
        ("K1-000000", None),
        ("8991234567891", None),
        ("K1-000123x", None),
        ("", None),
    ],
)
def test_receipt_numbers_are_read(text: str, read: tuple[str, int] | None) -> None:
    assert parse_receipt(text) == read


def test_lines_go_through_the_letters() -> None:
    code = "K1"
    letters = []
    for n in range(52):
        code = line_code(code, n.to_bytes(16, "big"))
        assert code.startswith("K1")
        letters.append(code[2:-2])
    assert letters[:3] == ["b", "c", "d"]
    assert letters[24:27] == ["z", "za", "zb"]
    assert letters[50:] == ["zz", "zza"]


def test_a_thousand_lines_have_short_codes_of_their_own() -> None:
    code, codes = "K12", ["K12"]
    for n in range(1_000):
        code = line_code(code, n.to_bytes(16, "big"))
        codes.append(code)
        assert line_base(code) == "K12"
        assert parse_receipt(receipt_number(code, 7)) == (code, 7)
    assert len(set(codes)) == 1_001
    assert max(map(len, codes)) == len("K12zzzz12345678")


@pytest.mark.parametrize("code", ["K1zzzzb7q", f"K1{'z' * 9}b7q", f"K1{'z' * 40}a07"])
def test_a_long_code_of_an_earlier_program_is_read_and_followed_by_a_short_one(code: str) -> None:
    assert line_base(code) == "K1"
    after = line_code(code, b"a" * 16)
    assert (len(after), line_base(after)) == (14, "K1")


def test_line_code_is_of_the_device() -> None:
    one, other = line_code("K1", b"a" * 16), line_code("K1", b"b" * 16)
    assert one == line_code("K1", b"a" * 16)
    assert one != other
    assert one[:3] == other[:3] == "K1b"
    assert not set(one[3:]) & set("ilou")
    assert parse_receipt(receipt_number(one, 7)) == (one, 7)


def test_hash_mark_is_plain_and_follows_the_hash() -> None:
    assert hash_mark(b"\x00" * 32) == "2222"
    assert hash_mark(b"\xff" * 32) == "ZZZZ"
    marks = {hash_mark(hashlib.sha256(bytes([n])).digest()) for n in range(200)}
    assert len(marks) > 190
    assert not set("".join(marks)) & set("01IO")


def test_seal_is_spelled_in_words() -> None:
    assert seal_words(HASH) == " ".join(WORDS[b] for b in HASH[:4])
    assert seal_words(HASH, 6).startswith(seal_words(HASH, 5) + " ")
    with pytest.raises(ValueError, match="seal"):
        seal_words(b"abc", 4)


def test_the_word_list_is_one_for_each_byte() -> None:
    assert len(WORDS) == len(set(WORDS)) == 256
    assert all(word.isascii() and word.islower() and 2 < len(word) < 9 for word in WORDS)


def test_the_word_list_never_changes() -> None:
    digest = hashlib.sha256(" ".join(WORDS).encode()).hexdigest()
    assert digest == "5149a13bd1ca79b5e92f66af80abe5302f39ac16acebb2fdbdaa9bd0385aff97"
