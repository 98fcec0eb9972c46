"""Finding goods as a cashier types them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from pos.search.index import create_tables, put, rebuild
from pos.search.lookup import find

GOODS = (
    "Indomie Goreng 85gr\n089686010947\nmie",
    "Indomie Ayam Bawang 69gr\n089686010015\nmie",
    "Shampoo Pantene 70ml\nPT-70\nsabun",
    "Beras Pandan Wangi 5kg\nB-05\nsembako",
    "Minyakgoreng Curah\nM-01\nsembako",
    "Kopi Susu\nKS\nminuman",
    "Kopi Susu Gula Aren\nKSG\nminuman",
    "Susu Kopi Botol\nSK\nminuman",
    "Teh Botol Sosro\nTB\nminuman",
    "Crème Brûlée\n8991234567891\nroti",
    "Gula Pasir 1kg\nKOPI\nsembako",
)


def key(n: int) -> bytes:
    return n.to_bytes(16, "big")


@pytest.fixture
def shop() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    create_tables(conn)
    rebuild(conn, [(key(n), text, 1000 - n) for n, text in enumerate(GOODS)])
    yield conn
    conn.close()


def names(conn: sqlite3.Connection, query: str, limit: int = 20) -> list[str]:
    return [GOODS[int.from_bytes(i, "big")].split("\n")[0] for i in find(conn, query, limit)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("indomi goreng", "Indomie Goreng 85gr"),
        ("sampo pantin", "Shampoo Pantene 70ml"),
        ("indome gorng", "Indomie Goreng 85gr"),
        ("goreng indomie", "Indomie Goreng 85gr"),
        ("bera pand", "Beras Pandan Wangi 5kg"),
        ("bears", "Beras Pandan Wangi 5kg"),
        ("xeras", "Beras Pandan Wangi 5kg"),
        ("pandn wagni", "Beras Pandan Wangi 5kg"),
        ("creme brulee", "Crème Brûlée"),
        ("beras 5 kg", "Beras Pandan Wangi 5kg"),
        ("5kg", "Beras Pandan Wangi 5kg"),
        ("sosro", "Teh Botol Sosro"),
        ("ndomie ayam", "Indomie Ayam Bawang 69gr"),
    ],
)
def test_words_right_or_nearly_right(shop: sqlite3.Connection, query: str, first: str) -> None:
    assert names(shop, query)[0] == first


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("089686010015", "Indomie Ayam Bawang 69gr"),
        ("0896860109", "Indomie Goreng 85gr"),
        ("PT-70", "Shampoo Pantene 70ml"),
        ("b-05", "Beras Pandan Wangi 5kg"),
    ],
)
def test_codes_and_barcodes(shop: sqlite3.Connection, query: str, first: str) -> None:
    assert names(shop, query)[0] == first


def test_codes_are_never_guessed(shop: sqlite3.Connection) -> None:
    assert find(shop, "089686010048") == []
    assert find(shop, "8991234567892") == []


def test_exact_code_then_name_start_then_most_sold(shop: sqlite3.Connection) -> None:
    assert names(shop, "kopi") == [
        "Gula Pasir 1kg",
        "Kopi Susu",
        "Kopi Susu Gula Aren",
        "Susu Kopi Botol",
    ]


def test_the_whole_name_comes_before_longer_ones_that_sell_more(shop: sqlite3.Connection) -> None:
    put(shop, key(6), GOODS[6], rank=0)
    assert names(shop, "kopi susu")[:2] == ["Kopi Susu", "Kopi Susu Gula Aren"]
    assert names(shop, "kop")[0] == "Kopi Susu Gula Aren"


def test_parts_inside_words(shop: sqlite3.Connection) -> None:
    assert "Minyakgoreng Curah" in names(shop, "akgore")
    assert names(shop, "goreng")[0] == "Indomie Goreng 85gr"


def test_letters_narrow_the_list_down(shop: sqlite3.Connection) -> None:
    seen = [names(shop, "teh botol"[:n])[0] for n in (1, 3, 5, 9)]
    assert seen == ["Teh Botol Sosro"] * 4


@pytest.mark.parametrize(
    "query", ["", "   ", "!?", '"', "*", "AND", "a OR b", "^", "NEAR(", "%", "zzqx", "'; --", "🙂"]
)
def test_whatever_is_typed_is_only_text(shop: sqlite3.Connection, query: str) -> None:
    assert len(find(shop, query)) <= 20


def test_nothing_typed_finds_nothing(shop: sqlite3.Connection) -> None:
    assert find(shop, " -- ") == []
    assert find(shop, "kopi", 0) == []


def test_no_product_twice_and_never_more_than_asked(shop: sqlite3.Connection) -> None:
    for query in ("k", "ko", "kopi", "kopi ssu", "i", "mie", "sus"):
        found = find(shop, query, 3)
        assert len(found) == len(set(found)) <= 3
    assert find(shop, "kopi", 20)[:2] == find(shop, "kopi", 2)


def test_a_very_long_query_is_cut_not_refused(shop: sqlite3.Connection) -> None:
    assert names(shop, "kopi susu " * 200)[0].startswith("Kopi Susu")
    assert find(shop, "x" * 5000) == []
