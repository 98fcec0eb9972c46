"""Statements that come again give the same answers by the quick way, and when asked ahead."""

from __future__ import annotations

import gc
from contextlib import nullcontext
from typing import Any
from weakref import ref

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    MetaData,
    Table,
    bindparam,
    event,
    func,
    select,
    update,
)

from server.db.guard import UnnamedShop, check_directory_only
from server.db.quick import _kept, quick
from server.db.schema.people import setting
from server.db.store import Store
from server.db.tied import tied
from server.db.transaction import Ask, Tx
from server.db.types import Id
from tests.helpers.postgres import Addresses
from tests.helpers.statements import statements

# A table of no shop with values that the engines give in their own forms.
_SHELF = Table(
    "shelf",
    MetaData(),
    Column("place", Id, primary_key=True),
    Column("n", BigInteger),
    Column("good", Boolean),
)
_A, _B = bytes([1] * 16), bytes([2] * 16)
_ALL = select(_SHELF).order_by(_SHELF.c.place)
_AT = select(_SHELF.c.n).where(_SHELF.c.place == bindparam("at"))
_SUM = select(func.sum(_SHELF.c.n))
_MORE = (
    update(_SHELF).where(_SHELF.c.place == bindparam("at")).values(n=_SHELF.c.n + bindparam("more"))
)
_PUT = (
    update(_SHELF)
    .where(_SHELF.c.place == bindparam("at"))
    .values(n=bindparam("now"))
    .returning(_SHELF.c.n)
)


@pytest.fixture
def shelf(engine_name: str, request: pytest.FixtureRequest) -> Any:
    if engine_name == "sqlite":
        store = Store("sqlite://")
    else:
        addresses: Addresses = request.getfixturevalue("empty_postgres")
        store = Store(addresses.owner)
    with store.directory() as tx:
        _SHELF.metadata.create_all(tx.connection)
        tx.insert_columns(_SHELF, {"place": [_A, _B], "n": [1, 2], "good": [True, None]})
    yield store
    store.close()


def test_the_first_time_and_every_later_one_give_the_same(shelf: Store) -> None:
    for _ in range(4):
        with shelf.reading_directory() as tx:
            rows = tx.rows(_ALL)
            assert [(row.place, row.n, row.good) for row in rows] == [(_A, 1, True), (_B, 2, None)]
            assert rows[0].good is True and dict(rows[0]._mapping)["n"] == 1
            assert tx.scalar(_AT, at=_B) == 2 and tx.scalar(_AT, at=bytes(16)) is None
            one = tx.one(_AT, at=_A)
            assert one is not None and one.n == 1 and tx.one(_AT, at=bytes(16)) is None
            assert int(tx.scalar(_SUM)) == 3
    with shelf.reading_directory() as tx:
        assert quick(tx.connection, _AT, check_directory_only) is not None


def test_changes_count_what_they_changed(shelf: Store) -> None:
    for time in range(4):
        with shelf.directory() as tx:
            assert tx.run(_MORE, at=_A, more=10) == 1
            assert tx.run(_MORE, at=bytes(16), more=10) == 0
            assert tx.scalar(_AT, at=_A) == 11 + 10 * time


_OTHER = bytes([9] * 16)


@pytest.mark.parametrize("heard", [False, True])
def test_rows_are_inserted_alike_the_first_time_and_later(shelf: Store, heard: bool) -> None:
    """By every way, whether somebody listens or not."""
    told: list[str] = []
    with statements(shelf.engine) if heard else nullcontext(told) as told:
        for n in range(10, 14):
            with shelf.directory() as tx:
                tx.insert(_SHELF, place=bytes([n] * 16), n=n, good=None)
                tx.insert(_SHELF, place=bytes([n + 100] * 16), n=n)
                assert tx.insert_new(_SHELF, place=_OTHER, n=n, good=True) is (n == 10)
                assert tx.insert_columns(_SHELF, {"place": [bytes([n + 50] * 16)], "n": [n]}) == 1
                assert tx.scalar(_PUT, at=_A, now=n) == n
                with pytest.raises(Exception, match="16 bytes"):
                    tx.insert(_SHELF, place=b"short", n=1, good=None)
            with pytest.raises(Exception, match=r"(?i)unique"), shelf.directory() as tx:
                tx.insert(_SHELF, place=_A, n=n, good=None)
    with shelf.reading_directory() as tx:
        rows = {row.place: (row.n, row.good) for row in tx.rows(_ALL)}
    assert (
        rows.pop(_OTHER) == (10, True) and rows.pop(_A) == (13, True) and rows.pop(_B) == (2, None)
    )
    assert len(rows) == 12 and set(rows.values()) == {(n, None) for n in range(10, 14)}
    assert len([one for one in told if one.startswith("INSERT INTO shelf")]) == (20 if heard else 0)


def test_a_bad_id_is_refused_before_the_database_sees_it(shelf: Store) -> None:
    for _ in range(3):
        with shelf.reading_directory() as tx:
            tx.scalar(_AT, at=_A)
        with pytest.raises(Exception, match="16 bytes"), shelf.reading_directory() as tx:
            tx.scalar(_AT, at=b"short")


def test_lists_that_grow_take_the_other_way(shelf: Store) -> None:
    several = select(_SHELF.c.n).where(_SHELF.c.place.in_(bindparam("keys", expanding=True)))
    for keys, found in (([_A], [1]), ([_A, _B], [1, 2]), ([], []), ([_B], [2])):
        with shelf.reading_directory() as tx:
            assert sorted(row.n for row in tx.rows(several, keys=keys)) == found
            assert quick(tx.connection, several, check_directory_only) is None


def test_two_columns_of_one_name_take_the_other_way(shelf: Store) -> None:
    again = _SHELF.alias("again")
    twice = select(_SHELF.c.n, again.c.n).where(_SHELF.c.place == again.c.place)
    for _ in range(3):
        with shelf.reading_directory() as tx:
            assert sorted(map(tuple, tx.rows(twice))) == [(1, 1), (2, 2)]


def test_who_listens_hears_every_statement(shelf: Store) -> None:
    for _ in range(3):
        with shelf.reading_directory() as tx:
            tx.scalar(_AT, at=_A)
    heard: list[str] = []

    def note(_c: Any, _cursor: Any, sql: str, _p: Any, _context: Any, _many: Any) -> None:
        heard.append(sql)

    event.listen(shelf.engine, "before_cursor_execute", note)
    with shelf.reading_directory() as tx:
        tx.scalar(_AT, at=_A)
    event.remove(shelf.engine, "before_cursor_execute", note)
    assert len([sql for sql in heard if "shelf" in sql]) == 1


def test_what_is_made_of_a_statement_goes_with_it(shelf: Store) -> None:
    made = _SHELF.select().where(_SHELF.c.n > 0)
    for _ in range(3):
        with shelf.reading_directory() as tx:
            tx.rows(made)
    kept, watched = _kept["postgresql" if shelf.is_postgresql else "sqlite"], ref(made)
    assert made in kept
    del made
    # SQLAlchemy keeps some hundred of those that went its way.
    shelf.engine.clear_compiled_cache()
    gc.collect()
    assert watched() is None


def _warm(store: Store) -> None:
    for _ in range(2):
        with store.reading_directory() as tx:
            tx.rows(_ALL)
            tx.scalar(_AT, at=_A)


_ASKED = (Ask(_ALL), Ask(_AT, {"at": _A}), Ask(_AT, {"at": _B}))


def _waiting(tx: Tx) -> int:
    return len(tx._ahead)


def test_what_was_asked_ahead_is_given_once_to_who_asks_the_same(shelf: Store) -> None:
    _warm(shelf)
    with shelf.directory() as tx:
        tx.ahead(_ASKED)
        assert _waiting(tx) == (3 if tx.is_postgresql else 0)
        assert [tx.scalar(_AT, at=one) for one in (_B, _A, bytes(16))] == [2, 1, None]
        assert [row.n for row in tx.rows(_ALL)] == [1, 2]
        assert _waiting(tx) == 0
        assert tx.scalar(_AT, at=_B) == 2


def test_nothing_is_asked_before_the_first_that_may_be_for_a_lock(shelf: Store) -> None:
    _warm(shelf)
    lock = select(_SHELF.c.n).where(_SHELF.c.place == bindparam("at")).with_for_update()
    for waiting in (0, 3):
        with shelf.directory() as tx:
            tx.ahead((Ask(lock, {"at": _A}), *_ASKED[:2]))
            assert _waiting(tx) == (waiting if tx.is_postgresql else 0)
            assert tx.scalar(lock, at=_A) == 1


@pytest.mark.parametrize("way", ["run", "asked", "insert", "insert_new", "insert_columns"])
def test_what_is_written_makes_older_answers_void(shelf: Store, way: str) -> None:
    _warm(shelf)
    new = bytes([3] * 16)
    with shelf.directory() as tx:
        tx.ahead(_ASKED)
        if way == "run":
            tx.run(_MORE, at=_A, more=5)
        elif way == "asked":
            assert tx.scalar(_PUT, at=_A, now=6) == 6
        elif way == "insert_columns":
            tx.insert_columns(_SHELF, {"place": [new], "n": [7], "good": [False]})
        else:
            getattr(tx, way)(_SHELF, place=new, n=7, good=False)
        assert _waiting(tx) == 0
        expected = [6, 2] if way in ("run", "asked") else [1, 2, 7]
        assert [row.n for row in tx.rows(_ALL)] == expected


def test_what_cannot_be_answered_fails_as_it_does_alone(shelf: Store) -> None:
    """And the connection that is left behind is no other's."""
    if not shelf.is_postgresql:
        pytest.skip("SQLite is asked nothing ahead")
    bad = select((_SHELF.c.n % _SHELF.c.n).label("rest"))
    _warm(shelf)
    for _ in range(2):
        with shelf.reading_directory() as tx:
            tx.rows(bad)
    with shelf.directory() as tx:
        tx.run(_MORE, at=_A, more=-1)
    with pytest.raises(Exception, match="division by zero"), shelf.directory() as tx:
        tx.ahead((Ask(_AT, {"at": _B}), Ask(bad)))
    with shelf.reading_directory() as tx:
        assert tx.scalar(_AT, at=_B) == 2


def test_a_statement_that_does_not_name_its_shop_is_refused_each_time(store: Store) -> None:
    """Also where it is asked ahead first: the quick way is no way around the guard."""
    everybody = select(setting.c.name)
    for _ in range(3):
        with pytest.raises(UnnamedShop), store.reading_shop(_A) as tx:
            tx.rows(everybody)
    ahead = select(setting.c.value)
    for _ in range(3):
        with pytest.raises(UnnamedShop), store.reading_shop(_A) as tx:
            tx.ahead((Ask(ahead), Ask(_NAMES)))
            tx.rows(ahead)


_NAMES = select(setting.c.name).where(tied(setting))
