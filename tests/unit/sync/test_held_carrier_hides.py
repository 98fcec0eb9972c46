"""A held entry carries a fact that counts by an older one of its own, which is not here: when that
entry is released, or another carries the same, the fact is fetched first and counts once."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.contract import encode_body, kind_of
from core.facts.base import Fact, Header
from core.facts.shifts import CashMoved, ShiftOpened
from core.journal import NO_HASH, Entry, link
from core.sync.carrying import carry
from core.sync.feed import QUARANTINED, verdict
from pos.journal.verify import verify
from pos.sync import rounds
from pos.sync.joining import join
from pos.sync.rounds import Round
from pos.sync.snapshot import Beginning
from tests.helpers.counter import make_shop
from tests.helpers.tiny_server import SHOP, TinyServer
from tests.helpers.tiny_snapshot import KNOWN, TinySpeaker, snapshot_of

SHIFT = b"shift of another"
IN_DRAWER = "SELECT sum(amount) FROM cash_movement WHERE shift_id=?"


def written(device: bytes, fact: Fact) -> Entry:
    """The first entry of a line."""
    body = encode_body(Header(1, b"boot", 1, "2026-11-24"), fact)
    return link(SHOP, device, 1, *kind_of(fact), NO_HASH, body)


@pytest.mark.parametrize("released", [True, False])
@pytest.mark.parametrize("stretches", [0, 4])
@pytest.mark.parametrize(
    "fact", [CashMoved(SHIFT, "in", 5_000, "modal"), ShiftOpened(SHIFT, 5_000)]
)
def test_what_counts_already_is_not_counted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fact: Fact, stretches: int, released: bool
) -> None:
    """`released`: the held entry is, else a third one carries the same; `stretches` of older
    entries come in the same round."""
    server, entry = TinyServer(), written(b"other line here!", fact)
    held = written(b"copy of the till", carry(entry))
    server.words[held.hash] = verdict(QUARANTINED, "unconfirmed")
    for one in (held, entry):
        server.push([one])
    server.write(ShiftOpened(b"shift of a third", 0))
    with make_shop(tmp_path) as counter:
        join(counter, KNOWN.url, TinyServer().enrol([], counter.register))
        small = snapshot_of(server, 2, {1})  # what is held comes whole, as from the real server
        assert Beginning(counter.db, KNOWN, small).run()  # type: ignore[arg-type]
        if released:
            server.release()
        else:
            server.write(carry(entry))
        monkeypatch.setattr(rounds, "STRETCHES", stretches)
        speaker = TinySpeaker(server, small)
        Round(counter.db, KNOWN, speaker, counter.clock, counter.witness).run()  # type: ignore[arg-type]
        assert counter.db.scalar(IN_DRAWER, (SHIFT,)) == server.db.scalar(IN_DRAWER, (SHIFT,))
        proof = verify(counter.db)
        assert proof.ok, proof.differences[:5]
