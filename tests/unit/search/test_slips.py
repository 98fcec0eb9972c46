"""What a mistyped word may stand for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from pos.search.index import create_tables, put
from pos.search.slips import variants

WORDS = ("goreng", "indomi", "pantene", "sampo", "sabun", "kopi", "kopiko", "ab1234", "susu")


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    create_tables(conn)
    put(conn, b"1" * 16, " ".join(WORDS))
    yield conn
    conn.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gorng", "goreng"),
        ("goreeng", "goreng"),
        ("goremg", "goreng"),
        ("groeng", "goreng"),
        ("oreng", "goreng"),
        ("goxexg", "goreng"),
        ("smpo", "sampo"),
        ("ampo", "sampo"),
        ("sapmo", "sampo"),
        ("sus", "susu"),
    ],
)
def test_one_slip_or_two_in_a_long_word(conn: sqlite3.Connection, typed: str, meant: str) -> None:
    assert variants(conn, typed, 5).words[0] == meant


def test_a_word_begun_with_a_slip_is_known_by_its_beginning(conn: sqlite3.Connection) -> None:
    assert "panten" in variants(conn, "pantin", 5).starts


@pytest.mark.parametrize("typed", ["goren", "gorngxyz", "ab1235", "12345", "x", "", "mobil"])
def test_what_is_too_far_or_a_number_is_not_guessed(conn: sqlite3.Connection, typed: str) -> None:
    expected = ("goreng",) if typed == "goren" else ()
    assert variants(conn, typed, 5).words == expected


def test_nearest_first_and_not_itself(conn: sqlite3.Connection) -> None:
    put(conn, b"2" * 16, "kopik")
    assert variants(conn, "kopik", 5).words == ("kopi", "kopiko")
    assert len(variants(conn, "kopik", 1).words) == 1
