"""The opening of a shift waits here, and counts inside an older entry that is fetched: rounds go
on, and the shift is here once."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.facts.shifts import ShiftOpened
from core.sync.carrying import carry
from pos.journal.verify import verify
from pos.shifts.drawer import start_shift
from pos.sync.joining import join
from pos.sync.rounds import Round
from pos.sync.snapshot import Beginning
from tests.helpers.counter import make_shop
from tests.helpers.tiny_server import TinyServer, own_entries
from tests.helpers.tiny_snapshot import KNOWN, TinySpeaker, snapshot_of


@pytest.mark.parametrize("pushed", [False, True])
def test_a_shift_that_waits_is_laid_down_once(tmp_path: Path, pushed: bool) -> None:
    server = TinyServer()
    with make_shop(tmp_path) as counter:
        join(counter, KNOWN.url, server.enrol([], counter.register))
        start_shift(counter, 5_000)
        own = own_entries(counter.db, counter.line.device)
        server.write(carry(own[-1]))
        server.write(ShiftOpened(b"shift of a third", 0))
        small = snapshot_of(server, 1)
        assert Beginning(counter.db, KNOWN, small).run()  # type: ignore[arg-type]
        if pushed:
            server.push(own)
        speaker = TinySpeaker(server, small)
        Round(counter.db, KNOWN, speaker, counter.clock, counter.witness).run()  # type: ignore[arg-type]
        assert counter.db.scalar("SELECT sum(amount) FROM cash_movement") == 5_000
        assert verify(counter.db).ok
