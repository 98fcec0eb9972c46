"""An older entry that is in order and cannot be folded stands in nobody's way: the rest of the
history comes, and the snapshot is not given up for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.facts.base import Fact
from core.facts.customers import DebtRepaid
from core.facts.shifts import CashMoved, ShiftOpened
from pos.db.base import base_of
from pos.db.past import is_incomplete
from pos.journal.mending import mend
from pos.journal.verify import verify
from pos.sync.joining import join
from pos.sync.memory import recall
from pos.sync.rounds import Round
from pos.sync.snapshot import Beginning
from tests.helpers import tiny_server
from tests.helpers.counter import make_shop
from tests.helpers.many_counters import picture
from tests.helpers.tiny_server import TinyServer
from tests.helpers.tiny_snapshot import KNOWN, TinySpeaker, snapshot_of

SHIFT = b"shift of a third"
ODD: dict[str, Fact] = {
    "opened twice": ShiftOpened(SHIFT, 7_000),
    "beyond any table": DebtRepaid(1 << 63, b"customer of them", "credit", 5_000, ()),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("whole", [False, True])
def test_it_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str, whole: bool
) -> None:
    """`whole`: it is among those that the snapshot itself brings."""
    monkeypatch.setattr(tiny_server, "_loud", lambda placed, what, why: None)
    server = TinyServer()
    for fact in (ShiftOpened(SHIFT, 5_000), ODD[odd], CashMoved(SHIFT, "in", 300, "uji")):
        server.write(fact)
    with make_shop(tmp_path) as counter:
        db = counter.db
        join(counter, KNOWN.url, server.enrol([], counter.register))
        server.write(CashMoved(SHIFT, "out", 100, "uji"))
        small = snapshot_of(server, 0 if whole else 3)
        assert Beginning(db, KNOWN, small).run()  # type: ignore[arg-type]
        speaker = TinySpeaker(server, small)
        Round(db, KNOWN, speaker, counter.clock, counter.witness).run()  # type: ignore[arg-type]
        assert base_of(db) is not None and not recall(db, "no_snapshot")
        assert not is_incomplete(db)
        assert (
            db.scalar("SELECT sum(amount) FROM cash_movement WHERE shift_id=?", (SHIFT,)) == 5_200
        )
        proof = verify(db)
        assert proof.ok, proof.differences[:5]
        before = picture(db)
        mend(db)
        assert picture(db) == before
