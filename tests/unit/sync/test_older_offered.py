"""A server that lost everything gets back from a counter what that had only fetched afterwards:
older entries than its snapshot brought whole, alone or in stretches."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.db.base import base_of
from pos.db.past import is_incomplete
from pos.journal.verify import verify
from pos.sync.enrolment import enrol
from pos.sync.memory import waiting_count
from pos.sync.wanted import Wanted
from pos.sync.wire import Said
from server.sync.restoring import begin_epochs
from tests.helpers.counter import StillClock
from tests.helpers.late_counter import URL, LateCounter
from tests.helpers.real_server import RealServer


class LostShop(LateCounter):
    """The server's database can be put back to before anybody had joined."""

    def __init__(self, place: Path, clock: StillClock, patch: pytest.MonkeyPatch) -> None:
        server = RealServer(place, clock.now_ms)
        server.close()
        self._copy = shutil.copyfile(server.file, place / "copy.db")
        server.open()
        super().__init__(place, clock, patch, server)

    def lose(self) -> None:
        """The copy is in its place; only the late counter is left, and joins once more."""
        self.server.close()
        for file in self.server.file.parent.glob("server.db*"):
            file.unlink()
        shutil.copyfile(self._copy, self.server.file)
        self.server.open()
        begin_epochs(self.server.services, "restored")
        with pytest.raises(Said):
            self.sync(self.late)
        enrol(self.late, URL, self.server.code(), self.server.send)
        self.sync(self.late)

    def stored(self) -> set[bytes]:
        """Hashes of entries that the server has, itself or inside another."""
        with self.server.store.engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT hash FROM entry UNION SELECT hash FROM carried"
            )
            return {bytes(row[0]) for row in rows}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LostShop]:
    made = LostShop(tmp_path, StillClock(), monkeypatch)
    yield made
    made.close()


def held(shop: LostShop) -> set[bytes]:
    return {bytes(row[0]) for row in shop.late.db.rows("SELECT hash FROM journal")}


def test_all_of_it_is_there_again_once_all_had_come(shop: LostShop) -> None:
    shop.fill(1_000)
    shop.sync(shop.late)
    assert not is_incomplete(shop.late.db)
    assert held(shop) >= {bytes(row[0]) for row in shop.first.db.rows("SELECT hash FROM journal")}
    assert verify(shop.late.db).ok
    mine = held(shop)
    shop.lose()
    assert base_of(shop.late.db) is None
    assert waiting_count(shop.late.db) == 0
    assert mine <= shop.stored()
    proof = verify(shop.late.db)
    assert proof.ok, proof.differences
    assert shop.server.proves_itself()
    assert sorted(row[0] for row in shop.late.db.rows("SELECT receipt FROM sale")) == sorted(
        [*shop.receipts, shop.given_back]
    )


def test_so_is_what_was_looked_for_and_what_the_snapshot_brought(shop: LostShop) -> None:
    assert shop.fetcher().look_for(Wanted(receipt=shop.receipts[0]))
    assert is_incomplete(shop.late.db)
    assert verify(shop.late.db).ok
    mine = held(shop)
    shop.lose()
    assert waiting_count(shop.late.db) == 0
    assert mine <= shop.stored()
    assert {row[0] for row in shop.late.db.rows("SELECT receipt FROM sale")} >= {
        shop.receipts[0], shop.given_back,
    }  # fmt: skip
    assert shop.server.proves_itself()
    proof = verify(shop.late.db)
    assert proof.ok, proof.differences
