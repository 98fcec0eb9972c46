"""The thread's round on its own connection: what it tells, and what it never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.db.database import Database, open_database
from pos.journal import mending
from pos.journal.verify import verify
from pos.opening import database_file
from pos.shifts.drawer import start_shift
from pos.sync.enrolment import enrol
from pos.sync.refold import is_refold_due, note_refold
from pos.sync.state import sync_state
from pos.sync.wanted import Wanted
from pos.sync.worker import SyncWorker
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell
from tests.helpers.real_server import RealServer, offline


def test_the_thread_sends_and_receives_and_tells_which_kinds_came(tmp_path: Path) -> None:
    clock = StillClock()
    server = RealServer(tmp_path, clock.now_ms)
    with make_shop(tmp_path / "a", clock) as first, make_shop(tmp_path / "b", clock) as second:
        heard: list[frozenset[str]] = []
        for shop in (first, second):
            start_shift(shop, 0)
            enrol(shop, "http://huyula", server.code(), server.send)
        goods = add_goods(first)
        workers = [
            SyncWorker(
                database_file(shop.folder), clock=clock, witness=shop.witness,
                changed=heard.append, sender=lambda url: server.send,
            )
            for shop in (first, second)
        ]  # fmt: skip
        connections = [open_database(database_file(shop.folder)) for shop in (first, second)]
        for _ in range(2):
            for worker, db in zip(workers, connections, strict=True):
                clock.forward(1)
                outcome = worker.step(db)
                assert outcome is not None and outcome.fork is None
        assert any("product_added" in kinds for kinds in heard)
        sell(second, cart_of(second, (goods, 1_000)))  # the counter writes on meanwhile
        assert verify(second.db).ok
        server.weather = offline
        wait_s = workers[1]._turn(connections[1])
        assert wait_s > 0 and sync_state(second.db).error == "no_network"
        for db in connections:
            db.close()
    server.close()


def test_a_counter_without_a_server_is_left_alone(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        worker = SyncWorker(database_file(shop.folder), clock=shop.clock, witness=shop.witness)
        assert worker.step(shop.db) is None


def test_who_looks_for_older_entries_folds_nothing_beside_a_folding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each writes in slices what it reckons; where feed and waiting entries change with the one,
    the other would put rows back that were right."""
    clock = StillClock()
    server = RealServer(tmp_path, clock.now_ms)
    monkeypatch.setattr(mending, "SLICE_ROWS", 3)
    with make_shop(tmp_path / "a", clock) as shop:
        start_shift(shop, 0)
        goods = add_goods(shop)
        for _ in range(9):
            sell(shop, cart_of(shop, (goods, 1_000)))
        enrol(shop, "http://huyula", server.code(), server.send)
        worker = SyncWorker(
            database_file(shop.folder), clock=clock, witness=shop.witness,
            sender=lambda url: server.send,
        )  # fmt: skip
        with shop.transaction() as tx:
            tx.db.run("DELETE FROM payment")
            note_refold(tx.db)
        looked: list[str] = []

        def breathe(db: Database) -> None:
            if not looked:
                looked.append("")
                looked.append(worker._look(Wanted(receipt="K1-000001")))
                assert is_refold_due(shop.db)

        monkeypatch.setattr(worker, "_breathe", breathe)
        assert worker.step(shop.db) is not None
        assert looked == ["", "none"]
        assert not is_refold_due(shop.db) and verify(shop.db).ok
    server.close()


@pytest.mark.slow
def test_the_writer_is_never_held_long_while_a_long_feed_is_applied(tmp_path: Path) -> None:
    clock = StillClock()
    server = RealServer(tmp_path, clock.now_ms)
    with make_shop(tmp_path / "a", clock) as first, make_shop(tmp_path / "b", clock) as second:
        start_shift(first, 0)
        goods = [add_goods(first, f"Barang {n}", qty=90_000) for n in range(8)]
        for _ in range(150):
            sell(first, cart_of(first, *((product, 1_000) for product in goods)))
        for shop in (first, second):
            enrol(shop, "http://huyula", server.code(), server.send)
        held = _Held(database_file(second.folder))
        for shop, db in ((first, first.db), (second, held)):
            worker = SyncWorker(
                database_file(shop.folder), clock=clock, witness=shop.witness,
                sender=lambda url: server.send,
            )  # fmt: skip
            worker.step(db)
        # How long each lasts is measured by `make bench`; here: never much at a time.
        assert len(held.changes) > 5
        assert max(held.changes) < sum(held.changes) / 2
        held.close()
    server.close()


class _Held(Database):
    """A connection that notes how many rows each transaction changed."""

    def __init__(self, file: Path) -> None:
        super().__init__(open_database(file).raw)
        self.changes: list[int] = []
        self._before = 0

    def run(self, sql: str, params: object = ()) -> int:
        if sql == "BEGIN IMMEDIATE":
            self._before = self.raw.total_changes
        found = super().run(sql, params)  # type: ignore[arg-type]
        if sql == "COMMIT":
            self.changes.append(self.raw.total_changes - self._before)
        return found
