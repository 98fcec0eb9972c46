"""Keeping the search index up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from pos.search.index import create_tables, drop_tables, put, rebuild, remove
from pos.search.lookup import find

A, B, C = (bytes([n]) * 16 for n in (1, 2, 3))


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    create_tables(conn)
    yield conn
    conn.close()


def check(conn: sqlite3.Connection) -> None:
    """Have SQLite compare the index with the documents."""
    for table in ("product_fts", "search_inner"):
        conn.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")


def test_put_finds_and_replaces(conn: sqlite3.Connection) -> None:
    put(conn, A, "Kecap Manis")
    put(conn, B, "Kecap Asin")
    assert find(conn, "kecap") == [A, B]
    put(conn, A, "Sirup Manis")
    assert find(conn, "kecap") == [B]
    assert find(conn, "manis") == [A]
    check(conn)


def test_a_new_product_is_found_with_slips_after_a_rebuild(conn: sqlite3.Connection) -> None:
    rebuild(conn, [(A, "Kecap Manis", 5)])
    put(conn, B, "Sambal Terasi")
    assert find(conn, "sambla") == [B]
    assert find(conn, "eras") == [B]
    assert find(conn, "samb") == [B]
    check(conn)


def test_the_most_sold_comes_first(conn: sqlite3.Connection) -> None:
    rebuild(conn, [(A, "Teh A", 1), (B, "Teh B", 30), (C, "Teh C", 2)])
    assert find(conn, "teh") == [B, C, A]


def test_rank_places_a_product_and_without_it_the_place_stays(conn: sqlite3.Connection) -> None:
    rebuild(conn, [(A, "Teh A", 3), (B, "Teh B", 2)])
    put(conn, C, "Teh C", rank=0)
    assert find(conn, "teh") == [A, C, B]
    put(conn, A, "Teh Aa")
    assert find(conn, "teh") == [A, C, B]
    put(conn, A, "Teh A", rank=9)
    assert find(conn, "teh") == [C, B, A]
    check(conn)


def test_many_products_share_a_rank(conn: sqlite3.Connection) -> None:
    ids = [n.to_bytes(16, "big") for n in range(40)]
    rebuild(conn, [(A, "Teh A", 3), (B, "Teh B", 2)])
    for one in ids:
        put(conn, one, "Kopi", rank=0)
    assert set(find(conn, "kopi", 100)) == set(ids)
    assert find(conn, "teh") == [A, B]
    check(conn)


def test_remove(conn: sqlite3.Connection) -> None:
    put(conn, A, "Kecap Manis")
    assert remove(conn, A) is not None
    assert remove(conn, A) is None
    assert find(conn, "kecap") == find(conn, "kecp") == []
    check(conn)


def test_rebuild_forgets_what_was_there(conn: sqlite3.Connection) -> None:
    put(conn, A, "Kecap Manis")
    rebuild(conn, [(B, "Sirup", 0)])
    assert find(conn, "kecap") == []
    assert find(conn, "sirup") == [B]
    rebuild(conn, [])
    assert find(conn, "sirup") == []
    check(conn)


def test_a_product_without_letters_can_be_put_and_removed(conn: sqlite3.Connection) -> None:
    put(conn, A, "---\n")
    put(conn, A, "")
    assert find(conn, "a") == []
    remove(conn, A)
    check(conn)


def test_nothing_is_committed_here(conn: sqlite3.Connection) -> None:
    rebuild(conn, [(A, "Kecap", 1)])
    conn.execute("BEGIN")
    put(conn, B, "Sirup")
    remove(conn, A)
    rebuild(conn, [(C, "Gula", 1)])
    put(conn, A, "Kopi")
    assert conn.in_transaction
    conn.execute("ROLLBACK")
    assert find(conn, "kecap") == [A]
    assert find(conn, "sirup") == find(conn, "gula") == find(conn, "kopi") == []


def test_tables_are_made_once_and_dropped_whole(conn: sqlite3.Connection) -> None:
    put(conn, A, "Kecap")
    create_tables(conn)
    assert find(conn, "kecap") == [A]
    drop_tables(conn)
    assert conn.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_a_long_number_is_found_by_its_start_but_is_no_known_word(conn: sqlite3.Connection) -> None:
    put(conn, A, "Kecap\n8991234567891\n" + "x" * 60)
    assert find(conn, "899123") == [A]
    assert conn.execute("SELECT word FROM search_word").fetchall() == [("kecap",), ("x",)]
