"""A counter whose signing key lies in the system's keyring, against the real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.counter import Counter
from pos.db.database import Database, open_database
from pos.device.vault import KeyAway, Vault
from pos.journal.verify import verify
from pos.messages import sentence
from pos.opening import database_file, ensure_line
from pos.shifts.drawer import start_shift
from pos.sync.enrolment import enrol
from pos.sync.memory import server as server_of
from pos.sync.memory import waiting_count
from pos.sync.once import sync_once
from pos.sync.state import sync_state
from pos.sync.worker import SyncWorker
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell
from tests.helpers.keyring_in_memory import KeyringLocked, Ring
from tests.helpers.real_server import RealServer


class Kept:
    """An enrolled counter, its worker, and its keyring."""

    def __init__(self, place: Path) -> None:
        self.ring = Ring()
        self.lost = 0
        self.clock = StillClock()
        self.server = RealServer(place, self.clock.now_ms)
        self.counter: Counter = make_shop(place / "a", self.clock)
        self.counter.witness.vault = Vault(self.ring.found, limit_s=0.2)
        start_shift(self.counter, 0)
        self.goods = add_goods(self.counter)
        enrol(self.counter, "http://huyula", self.server.code(), self.server.send)
        self.db: Database = open_database(database_file(self.counter.folder))
        self.worker = self._worker()

    def _worker(self) -> SyncWorker:
        return SyncWorker(
            database_file(self.counter.folder), clock=self.clock, witness=self.counter.witness,
            sender=lambda url: self.server.send, lost=self._lost,
        )  # fmt: skip

    def _lost(self) -> None:
        self.lost += 1
        ensure_line(self.counter)

    def turn(self) -> str:
        """A round as the thread does it; the code of its failure."""
        self.clock.forward(1)
        self.worker._turn(self.db)
        return sync_state(self.counter.db).error

    def restart(self) -> None:
        """The program begins anew: nothing is kept in memory."""
        self.counter.witness._keys.clear()
        self.worker = self._worker()

    def sell(self) -> None:
        sell(self.counter, cart_of(self.counter, (self.goods, 1_000)))

    def close(self) -> None:
        self.db.close()
        self.counter.close()
        self.server.close()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    assert verify(made.counter.db).ok
    made.close()


def record_place(kept: Kept) -> str:
    record = kept.counter.witness.record(kept.counter.line.device)
    return "-" if record is None else record.place


def test_the_first_good_round_puts_the_key_away_and_the_next_speak_with_it(kept: Kept) -> None:
    assert record_place(kept) == ""
    assert kept.turn() == "" and record_place(kept) == "Ring"
    kept.restart()
    kept.sell()
    assert kept.turn() == "" and not waiting_count(kept.counter.db)


@pytest.mark.parametrize("why", ["locked", "silent", "absent"])
def test_a_keyring_that_does_not_answer_stops_sync_alone(kept: Kept, why: str) -> None:
    assert kept.turn() == ""
    kept.restart()
    device, hanging = kept.counter.line.device, threading.Event()
    if why == "locked":
        kept.ring.fault = KeyringLocked()
    elif why == "silent":
        kept.ring.hangs = hanging
    else:
        kept.counter.witness.vault = Vault(lambda: None)
    kept.sell()
    assert kept.turn() == f"key_away.{why}"
    kept.sell()
    assert waiting_count(kept.counter.db) == 2 and not kept.lost
    kept.ring.fault = kept.ring.hangs = None
    hanging.set()
    kept.counter.witness.vault = Vault(kept.ring.found, limit_s=5)
    assert kept.turn() == "" and not waiting_count(kept.counter.db)
    assert kept.counter.line.device == device, "the same line goes on"


def test_a_lost_key_opens_a_line_that_the_owner_confirms_and_loses_nothing(kept: Kept) -> None:
    assert kept.turn() == ""
    kept.restart()
    kept.ring.kept.clear()
    kept.sell()
    device = kept.counter.line.device
    kept.turn()
    assert kept.lost == 1 and kept.counter.line.device != device
    assert kept.turn() == "" and sync_state(kept.counter.db).state == "unconfirmed"
    assert record_place(kept) == "Ring", "the new key is kept there, too"
    kept.sell()
    assert kept.counter.db.scalar("SELECT count(*) FROM sale") == 2
    assert waiting_count(kept.counter.db) > 0, "what it wrote waits for the owner"


def test_a_round_of_the_command_line_says_that_the_keyring_is_locked(kept: Kept) -> None:
    assert kept.turn() == ""
    kept.restart()
    kept.ring.fault = KeyringLocked()
    found = server_of(kept.counter.db)
    assert found is not None
    with pytest.raises(KeyAway) as said:
        sync_once(kept.counter, found, kept.server.send)
    assert "terkunci" in sentence(said.value, "id") and "locked" in sentence(said.value, "en")
