"""A disk has damaged the snapshot that a counter began with, and the server is brought back to
after it: both at once must not keep the counter from ever going on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.facts.shifts import CashMoved, ShiftOpened
from core.sync.messages import Hello, Problem, Welcome, WitnessTaken
from pos.db.base import base_of
from pos.journal.verify import verify
from pos.sync.joining import join
from pos.sync.memory import cursor, remember
from pos.sync.rounds import Round
from pos.sync.snapshot import Beginning
from pos.sync.wire import Said
from tests.helpers.counter import make_shop
from tests.helpers.tiny_server import TinyServer
from tests.helpers.tiny_snapshot import KNOWN, TinySpeaker, snapshot_of

SHIFT = b"shift of a third"
SINCE = 7


class Restored(TinySpeaker):
    """Whoever says hello in another epoch is told where the feed stands now; what is offered comes
    back to nobody yet."""

    offered = 0

    def ask(self, expected: type[Any], *asked: Any, **more: Any) -> Any:
        server = self._server
        if expected is Welcome and isinstance(asked[2], Hello) and asked[2].epoch != server.epoch:
            n = len(server.feed)
            raise Said(Problem(server.epoch, 1, "r", "epoch", n=n, feed_hash=server.hashes[n]), 410)
        if expected is WitnessTaken:
            self.offered += 1
            return WitnessTaken(server.epoch, 1, "r", 0)
        return super().ask(expected, *asked, **more)


@pytest.mark.parametrize("is_folding_due", [False, True])
def test_the_feed_is_pulled_whole_from_the_restored_server(
    tmp_path: Path, *, is_folding_due: bool
) -> None:
    """Also where the program had ended before it folded again, so that a round begins with that."""
    server = TinyServer()
    for fact in (ShiftOpened(SHIFT, 5_000), CashMoved(SHIFT, "in", 300, "uji")):
        server.write(fact)
    with make_shop(tmp_path) as counter:
        db = counter.db
        join(counter, KNOWN.url, server.enrol([], counter.register))
        server.write(CashMoved(SHIFT, "out", 100, "uji"))
        small = snapshot_of(server, 2)
        assert Beginning(db, KNOWN, small).run()
        kept = len(server.feed) + 1
        for amount in range(1, SINCE + 1):
            server.write(CashMoved(SHIFT, "out", amount, "uji"))
        speaker = Restored(server, small)

        def a_round() -> None:
            Round(db, KNOWN, speaker, counter.clock, counter.witness).run()

        a_round()
        known = cursor(db).n
        server.feed, server.hashes = server.feed[:kept], server.hashes[: kept + 1]
        server.epoch = 2
        with db.transaction():
            db.run("UPDATE base_chunk SET data=x'00' WHERE place=1")
            if is_folding_due:
                remember(db, "refold", "1")
        a_round()
        assert base_of(db) is None and cursor(db).epoch == 2
        assert 0 < cursor(db).n < known and speaker.offered
        # What the server lost waits here: nothing of it is gone.
        waits = "SELECT count(*) FROM waiting w JOIN journal j ON j.pos=w.pos WHERE j.kind=?"
        assert db.scalar(waits, (CashMoved.KIND,)) == SINCE - 1
        assert verify(db).ok
