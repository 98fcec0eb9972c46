"""A real server in this process and real counters, on one clock: an afternoon at a market."""

from __future__ import annotations

import shutil
from pathlib import Path

from pos.counter import Counter
from pos.device.witness import Witness
from pos.journal.verify import verify
from pos.shifts.drawer import start_shift
from pos.shop.founding import found_shop
from pos.sync.enrolment import enrol
from pos.sync.memory import server
from pos.sync.once import sync_once
from pos.sync.rounds import Outcome
from server.sync.restoring import begin_epochs
from tests.helpers.counter import StillClock
from tests.helpers.real_server import RealServer

URL = "http://huyula"


class Market:
    """A server and its counters, on one clock."""

    def __init__(self, place: Path) -> None:
        """Nobody has come yet."""
        self.place = place
        self.clock = StillClock()
        self.server = RealServer(place, self.clock.now_ms)
        self.counters: list[Counter] = []

    def counter(self, name: str, *, joins: bool = True) -> Counter:
        """One more counter with an open shift; `joins`: enrolled in the server's shop."""
        folder = self.place / name
        made = found_shop(
            folder / "shop", f"Toko {name}", "Ibu", clock=self.clock,
            witness=Witness(folder / "state"),
        )  # fmt: skip
        start_shift(made, 10_000)
        self.counters.append(made)
        if joins:
            enrol(made, URL, self.server.code(), self.server.send)
        return made

    def sync(self, counter: Counter) -> Outcome:
        """One round, a second later."""
        self.clock.forward(1)
        found = server(counter.db)
        assert found is not None
        return sync_once(counter, found, self.server.send)

    def rounds(self, *counters: Counter) -> list[Outcome]:
        """Two rounds each, and all of them and the server prove themselves."""
        for counter in counters:
            self.sync(counter)
        outcomes = [self.sync(counter) for counter in counters]
        for counter, outcome in zip(counters, outcomes, strict=True):
            proof = verify(counter.db)
            assert proof.ok and not proof.unchecked, (proof.differences[:5], proof.unchecked[:5])
            assert outcome.waiting == 0 and outcome.digest_equal in (True, None)
        assert self.server.proves_itself()
        return outcomes

    def keep(self) -> Path:
        """A backup of the server's database as it is now."""
        self.server.close()
        kept = self.place / "kept.db"
        shutil.copy(self.server.file, kept)
        self.server.open()
        return kept

    def bring_back(self, kept: Path) -> None:
        """The backup in place of what there is, and what the operator does then."""
        self.server.close()
        for file in self.place.glob("server.db*"):
            file.unlink()
        shutil.copy(kept, self.server.file)
        self.server.open()
        begin_epochs(self.server.services, "restored")

    def close(self) -> None:
        """Everybody goes home."""
        for counter in self.counters:
            counter.close()
        self.server.close()


def stock(counter: Counter, product_id: bytes) -> tuple[int, int]:
    """Quantity (thousandths) and value (rupiah) of a product at a counter."""
    row = counter.db.one("SELECT stock, stock_value FROM product WHERE id=?", (product_id,))
    assert row is not None
    return row[0], row[1]
