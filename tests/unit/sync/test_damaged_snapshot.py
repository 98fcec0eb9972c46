"""A disk has damaged the snapshot that a counter began with, long after: where all must be folded
again the feed is pulled whole, once the server can be reached; till then nothing is another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.facts.shifts import CashMoved, ShiftOpened
from core.sync.messages import Welcome
from pos.db.base import base_of
from pos.journal.verify import verify
from pos.sync.joining import join
from pos.sync.memory import remember
from pos.sync.rounds import Round
from pos.sync.snapshot import Beginning
from pos.sync.wire import NoAnswer
from tests.helpers.counter import make_shop
from tests.helpers.many_counters import picture
from tests.helpers.tiny_server import TinyServer
from tests.helpers.tiny_snapshot import KNOWN, TinySpeaker, snapshot_of

SHIFT = b"shift of a third"
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
    for fact in (ShiftOpened(SHIFT, 5_000), CashMoved(SHIFT, "in", 300, "uji")):
        server.write(fact)
    with make_shop(tmp_path) as counter:
        db = counter.db
        join(counter, KNOWN.url, server.enrol([], counter.register))
        server.write(CashMoved(SHIFT, "out", 100, "uji"))
        small = snapshot_of(server, 2)

        def round_with(speaker: TinySpeaker) -> None:
            Round(db, KNOWN, speaker, counter.clock, counter.witness).run()  # type: ignore[arg-type]

        assert Beginning(db, KNOWN, small).run()  # type: ignore[arg-type]
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
