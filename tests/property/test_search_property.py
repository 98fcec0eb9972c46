"""The index agrees with a plain reading of the goods, whatever is put, replaced and removed."""

from __future__ import annotations

import sqlite3

from hypothesis import given, settings
from hypothesis import strategies as st

from core.text import words
from pos.search.index import create_tables, put, rebuild, remove
from pos.search.lookup import find

names = st.lists(
    st.sampled_from(("kopi", "susu", "Gula", "Téh", "1kg", "beras", "A-1", "")), max_size=4
).map(" ".join)
keys = st.integers(0, 5).map(lambda n: bytes([n]) * 16)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), keys, names, st.none() | st.integers(0, 3)),
        st.tuples(st.just("remove"), keys, names, st.none()),
        st.tuples(st.just("rebuild"), keys, names, st.none()),
    ),
    max_size=15,
)


def has(name: str, query: str) -> bool:
    return all(any(w.startswith(typed) for w in words(name)) for typed in words(query))


@settings(max_examples=60, deadline=None)
@given(steps, st.sampled_from(("k", "kop", "susu g", "teh", "1", "kopi susu", "a 1")))
def test_every_product_with_the_words_is_found(
    done: list[tuple[str, bytes, str, int | None]], query: str
) -> None:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    create_tables(conn)
    goods: dict[bytes, str] = {}
    for kind, key, name, rank in done:
        if kind == "put":
            put(conn, key, name, rank)
            goods[key] = name
        elif kind == "remove":
            remove(conn, key)
            goods.pop(key, None)
        else:
            rebuild(conn, [(known, text, 1) for known, text in goods.items()])
    found = find(conn, query)
    expected = {key for key, name in goods.items() if has(name, query)}
    assert set(found[: len(expected)]) == expected
    assert set(found) <= set(goods)
    conn.execute("INSERT INTO product_fts(product_fts, rank) VALUES ('integrity-check', 1)")
    conn.close()
