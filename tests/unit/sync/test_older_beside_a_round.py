"""Older entries that somebody looks for come beside the rounds, on a connection of their own: what
a round has in hand is left to it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from core.facts.shifts import ShiftOpened
from pos.db.base import base_of
from pos.journal.verify import verify
from pos.shifts.drawer import start_shift
from pos.sync.joining import join
from pos.sync.past import PastFetcher
from pos.sync.rounds import Round
from pos.sync.snapshot import Beginning
from pos.sync.wanted import Wanted
from tests.helpers.counter import make_shop
from tests.helpers.tiny_server import TinyServer, own_entries
from tests.helpers.tiny_snapshot import KNOWN, TinySpeaker, snapshot_of


def test_the_snapshot_is_given_up_by_a_round_alone(tmp_path: Path) -> None:
    """Under a page that is being applied the feed would be cut below that. Here the server has as
    older entries what waits: their places in the journal are taken."""
    server = TinyServer()
    with make_shop(tmp_path) as counter:
        db = counter.db
        join(counter, KNOWN.url, server.enrol([], counter.register))
        start_shift(counter, 5_000)
        own = own_entries(db, counter.line.device)
        server.push(own)
        server.write(ShiftOpened(b"shift of a third", 0))
        small = snapshot_of(server, len(own))
        assert Beginning(db, KNOWN, small).run()  # type: ignore[arg-type]
        whole = small.past
        small.past = msgspec.structs.replace(whole, first=0, last=0, before_hash=b"")
        fetcher = PastFetcher(db, KNOWN, TinySpeaker(server, small))  # type: ignore[arg-type]
        assert fetcher.look_for(Wanted(receipt="K1-000001"))
        assert base_of(db) is not None
        small.past = whole
        for _ in range(2):
            speaker = TinySpeaker(server, small)
            Round(db, KNOWN, speaker, counter.clock, counter.witness).run()  # type: ignore[arg-type]
        assert base_of(db) is None
        assert db.scalar("SELECT sum(amount) FROM cash_movement") == 5_000
        assert not db.scalar("SELECT count(*) FROM waiting")
        assert verify(db).ok
