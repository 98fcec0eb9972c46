"""A disk has damaged the snapshot that a counter began with, long after: where all must be folded
again the feed is pulled whole, once the server can be reached; till then nothing is another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.facts.shifts import CashMoved, ShiftOpened
from core.sync.messages import Hello, Problem, Welcome, WitnessTaken
from pos.counter import Counter
from pos.db.base import base_of
from pos.journal.verify import verify
from pos.sync.joining import join
from pos.sync.memory import cursor, remember
from pos.sync.rounds import Round
from pos.sync.snapshot import Beginning
from pos.sync.wire import NoAnswer, Said
from tests.helpers.counter import make_shop
from tests.helpers.many_counters import picture
from tests.helpers.small_snapshot import SmallSnapshot
from tests.helpers.tiny_server import TinyServer
from tests.helpers.tiny_snapshot import KNOWN, TinySpeaker, snapshot_of

SHIFT = b"shift of a third"
SINCE = 7
DAMAGE = {
    "chunk": "UPDATE base_chunk SET data=x'00' WHERE place=1",
    "gone": "DELETE FROM base_chunk WHERE place=2",
    "contents": "UPDATE base SET contents=x'00'",
    "older": "UPDATE past_page SET rows=x'00'",
    "older, half laid": "UPDATE past_page SET rows=x'00', laid=0",
}


class Away(TinySpeaker):
    """The server cannot be reached."""

    def ask(self, *asked: object, **more: object) -> object:
        raise NoAnswer(why="network")


class Revoking(TinySpeaker):
    """The server does not trust this counter any more."""

    def ask(self, expected: type[Any], *asked: Any, **more: Any) -> Any:
        found = super().ask(expected, *asked, **more)
        is_welcome = isinstance(found, Welcome)
        return msgspec.structs.replace(found, state="revoked") if is_welcome else found


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


def begun(counter: Counter, server: TinyServer) -> SmallSnapshot:
    """The counter joins and begins with a snapshot, which is returned."""
    for fact in (ShiftOpened(SHIFT, 5_000), CashMoved(SHIFT, "in", 300, "uji")):
        server.write(fact)
    join(counter, KNOWN.url, server.enrol([], counter.register))
    server.write(CashMoved(SHIFT, "out", 100, "uji"))
    small = snapshot_of(server, 2)
    assert Beginning(counter.db, KNOWN, small).run()  # type: ignore[arg-type]
    return small


def a_round(counter: Counter, speaker: Any) -> None:
    """One round, with whoever speaks for the counter."""
    Round(counter.db, KNOWN, speaker, counter.clock, counter.witness).run()


def test_who_gets_nothing_from_the_server_keeps_it_and_still_speaks(tmp_path: Path) -> None:
    server = TinyServer()
    server.write(ShiftOpened(SHIFT, 5_000))
    with make_shop(tmp_path) as counter:
        db = counter.db
        join(counter, KNOWN.url, server.enrol([], counter.register))
        small = snapshot_of(server, 1)
        assert Beginning(db, KNOWN, small).run()  # type: ignore[arg-type]
        with db.transaction():
            db.run(DAMAGE["chunk"])
            remember(db, "refold", "1")
        speaker: Any = Revoking(server, small)
        found = Round(db, KNOWN, speaker, counter.clock, counter.witness).run()
        assert found.state == "revoked" and base_of(db) is not None
        assert db.scalar("SELECT sum(amount) FROM cash_movement") == 5_000


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_feed_is_pulled_whole(tmp_path: Path, damage: str) -> None:
    server = TinyServer()
    with make_shop(tmp_path) as counter:
        db, small = counter.db, begun(counter, server)

        def round_with(speaker: TinySpeaker) -> None:
            a_round(counter, speaker)

        round_with(TinySpeaker(server, small))
        assert db.scalar("SELECT count(*) FROM past_page") == 1
        with db.transaction():
            db.run(DAMAGE[damage])
            remember(db, "refold", "1")
        before = picture(db)
        with pytest.raises(NoAnswer):
            round_with(Away(server, small))
        assert picture(db) == before
        for _ in range(2):
            round_with(TinySpeaker(server, small))
        assert base_of(db) is None
        assert db.scalar("SELECT sum(amount) FROM cash_movement") == 5_200
        proof = verify(db)
        assert proof.ok, proof.differences[:5]


@pytest.mark.parametrize("is_folding_due", [False, True])
def test_the_feed_is_pulled_whole_from_a_server_that_was_restored(
    tmp_path: Path, *, is_folding_due: bool
) -> None:
    """Also where the program had ended before it folded again, so that a round begins with that."""
    server = TinyServer()
    with make_shop(tmp_path) as counter:
        db, small = counter.db, begun(counter, server)
        kept = len(server.feed) + 1
        for amount in range(1, SINCE + 1):
            server.write(CashMoved(SHIFT, "out", amount, "uji"))
        speaker = Restored(server, small)
        a_round(counter, speaker)
        known = cursor(db).n
        server.feed, server.hashes = server.feed[:kept], server.hashes[: kept + 1]
        server.epoch = 2
        with db.transaction():
            db.run(DAMAGE["chunk"])
            if is_folding_due:
                remember(db, "refold", "1")
        a_round(counter, speaker)
        assert base_of(db) is None and cursor(db).epoch == 2
        assert 0 < cursor(db).n < known and speaker.offered
        # What the server lost waits here: nothing of it is gone.
        waits = "SELECT count(*) FROM waiting w JOIN journal j ON j.pos=w.pos WHERE j.kind=?"
        assert db.scalar(waits, (CashMoved.KIND,)) == SINCE - 1
        assert verify(db).ok
