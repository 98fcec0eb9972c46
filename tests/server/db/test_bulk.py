from __future__ import annotations

import random
import sqlite3
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    select,
)

from server.db.bulk import insert_columns
from server.db.store import Store
from server.db.types import Hash, Id
from tests.helpers.postgres import Addresses

# A table with a column of every kind, of no shop: what is tried here is how values travel.
_GOODS = Table(
    "goods",
    MetaData(),
    Column("place", Id, primary_key=True),
    Column("n", BigInteger, primary_key=True),
    Column("hash", Hash),
    Column("body", LargeBinary),
    Column("name", Text),
    Column("level", SmallInteger),
    Column("count", Integer),
    Column("good", Boolean),
    Column("total", BigInteger),
)
_A = bytes([1] * 16)


@pytest.fixture
def goods(engine_name: str, request: pytest.FixtureRequest) -> Any:
    if engine_name == "sqlite":
        store = Store("sqlite://")
    else:
        addresses: Addresses = request.getfixturevalue("empty_postgres")
        store = Store(addresses.owner)
    with store.directory() as tx:
        _GOODS.metadata.create_all(tx.connection)
    yield store
    store.close()


def _rows(store: Store) -> list[tuple[Any, ...]]:
    with store.reading_directory() as tx:
        return [tuple(row) for row in tx.rows(select(_GOODS).order_by(_GOODS.c.place, _GOODS.c.n))]


_BIG = st.integers(-(2**63), 2**63 - 1)
_ROW = st.tuples(
    st.one_of(st.none(), st.binary(min_size=32, max_size=32)),
    st.one_of(st.none(), st.binary(max_size=70)),
    # PostgreSQL's text holds no NUL and no half of a surrogate pair.
    st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\0"))),
    st.one_of(st.none(), st.integers(-(2**15), 2**15 - 1)),
    st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1)),
    st.one_of(st.none(), st.booleans()),
    st.one_of(st.none(), _BIG),
)
_NAMES = ("hash", "body", "name", "level", "count", "good", "total")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_ROW, min_size=1, max_size=12))
def test_every_value_arrives_as_it_was_given(goods: Store, rows: list[tuple[Any, ...]]) -> None:
    columns = dict(zip(_NAMES, zip(*rows, strict=True), strict=True))
    with goods.directory() as tx:
        tx.run(_GOODS.delete())
        columns["n"] = range(len(rows))  # type: ignore[assignment]
        assert tx.insert_columns(_GOODS, columns, constants={"place": _A}) == len(rows)
    assert _rows(goods) == [(_A, n, *row) for n, row in enumerate(rows)]


def test_thousands_of_rows_at_once(goods: Store) -> None:
    chance = random.Random(3)
    places = [chance.randbytes(16) for _ in range(5_000)]
    with goods.directory() as tx:
        written = tx.insert_columns(_GOODS, {"place": places, "n": [7] * 5_000})
    assert written == 5_000
    assert {row[0] for row in _rows(goods)} == set(places)


def test_a_key_that_is_there_is_an_error_left_alone_added_to_or_replaced(goods: Store) -> None:
    def put(total: int, how: Any) -> int:
        with goods.directory() as tx:
            columns = {"n": [1, 2], "total": [total, total], "name": ["x", "y"]}
            return tx.insert_columns(_GOODS, columns, constants={"place": _A}, on_conflict=how)

    assert put(5, None) == 2
    with pytest.raises((psycopg.IntegrityError, sqlite3.IntegrityError)):
        put(6, None)
    assert put(7, "nothing") == 0
    assert put(30, {"total": "add"}) == 2
    assert [row[-1] for row in _rows(goods)] == [35, 35]
    put(4, {"total": "replace", "name": "replace"})
    assert [row[-1] for row in _rows(goods)] == [4, 4]


def test_no_rows_are_no_statement_and_uneven_columns_a_fault(goods: Store) -> None:
    with goods.directory() as tx:
        assert tx.insert_columns(_GOODS, {"n": []}, constants={"place": _A}) == 0
        with pytest.raises(ValueError, match="one length"):
            insert_columns(tx.connection, _GOODS, {"n": [1], "total": []}, constants={"place": _A})


def test_an_id_of_another_length_is_refused_before_it_is_sent(postgres: Addresses) -> None:
    store = Store(postgres.owner)
    with pytest.raises(ValueError, match="16 bytes"), store.directory() as tx:
        tx.insert_columns(_GOODS, {"place": [b"short", _A], "n": [1, 2]})
    store.close()
