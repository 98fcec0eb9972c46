"""A server that goes back in time while a counter that begins has only part of its snapshot: what
nobody else holds any more comes back from there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pos.db.base import base_of, contents_of
from pos.db.database import Database
from pos.sync.enrolment import speaker
from pos.sync.memory import server, waiting_count
from pos.sync.rounds import Round
from server.sync import snapshot_rows
from tests.property.sync.test_snapshot import Begun, lived, proved, short_feeds

__all__ = ["short_feeds"]


class Cut(Exception):
    """The program ends here."""


def all_fetched(db: Database) -> bool:
    fetched = db.rows("SELECT 1 FROM base_chunk")
    return len(fetched) == len(contents_of(db).chunks)


def half_laid(db: Database) -> bool:
    base = base_of(db)
    assert base is not None
    return base.laid > sum(one.rows for one in contents_of(db).chunks) - 40


def begin_until(market: Begun, number: int, is_enough: Callable[[Database], bool]) -> None:
    """The program of a counter that begins ends once that is so."""
    counter = market.counters[number]

    def breathe() -> None:
        if is_enough(counter.db):
            raise Cut

    found = server(counter.db)
    assert found is not None
    who = speaker(counter, market.real.send)
    with pytest.raises(Cut):
        Round(counter.db, found, who, counter.clock, counter.witness, breathe=breathe).run()


def hashes(market: Begun) -> set[bytes]:
    """Of all entries that the server has."""
    with closing(sqlite3.connect(market.real.file)) as db:
        return {bytes(row[0]) for row in db.execute("SELECT hash FROM entry")}


@pytest.mark.parametrize("is_enough", [all_fetched, half_laid])
def test_what_only_the_snapshot_has_comes_back(
    is_enough: Callable[[Database], bool],
    short_feeds: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(snapshot_rows, "_before", lambda tx, last, since_ms: last // 4)
    market = lived(tmp_path, 1, 10)
    try:
        number = market.join()
        market.restore_server()  # a dump is kept
        for _ in range(20):
            market.act(market.chance.randrange(2))
        for other in range(2):
            assert market.sync(other)
        before = hashes(market)
        begin_until(market, number, is_enough)
        proved(market.counters[number])
        market.restore_server()  # and brought back
        assert before - hashes(market)
        for _ in range(3):  # the others burned with it
            assert market.sync(number)
        assert not before - hashes(market)
        proved(market.counters[number])
        assert not waiting_count(market.counters[number].db)
        assert market.real.proves_itself()
    finally:
        market.close()
