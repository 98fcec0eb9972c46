"""A fact that came more than once among what is older than a snapshot's whole entries lies at one
place; folding again finds the same, and what the feed says of it is said of that place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.contract import encode_body, kind_of
from core.facts.base import Fact, Header
from core.facts.shifts import ShiftClosed, ShiftOpened
from core.journal import NO_HASH, Entry, link
from core.sync.carrying import carry
from core.sync.feed import QUARANTINED, verdict
from pos.counter import Counter
from pos.db.database import Database
from pos.journal.mending import mend
from pos.journal.verify import verify
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor
from pos.sync.past import PastFetcher
from pos.sync.snapshot import Beginning
from tests.helpers.counter import make_shop
from tests.helpers.many_counters import picture
from tests.helpers.small_snapshot import SmallSnapshot
from tests.helpers.tiny_server import SHOP, TinyServer
from tests.helpers.tiny_snapshot import KNOWN, snapshot_of

OTHER, COPY = b"other line here!", b"copy of the till"
SHIFT = b"shift of another"
REVOKED = verdict(QUARANTINED, "revoked")


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = make_shop(tmp_path)
    join(made, KNOWN.url, TinyServer().enrol([], made.register))
    yield made
    made.close()


def written(device: bytes, fact: Fact) -> Entry:
    """The first entry of a line."""
    body = encode_body(Header(1, b"boot", 1, "2026-11-24"), fact)
    return link(SHOP, device, 1, *kind_of(fact), NO_HASH, body)


def begin(db: Database, small: SmallSnapshot) -> None:
    """The snapshot, then all that is older."""
    assert Beginning(db, KNOWN, small).run()  # type: ignore[arg-type]
    assert PastFetcher(db, KNOWN, small).stretch()  # type: ignore[arg-type]


def proved(db: Database) -> None:
    proof = verify(db)
    assert proof.ok, proof.differences[:5]


def carried_later() -> tuple[TinyServer, Entry]:
    """A shift was opened on a line that is revoked, so that it is held; it counts inside the entry
    of another that comes next."""
    server, entry = TinyServer(), written(OTHER, ShiftOpened(SHIFT, 5_000))
    server.words[entry.hash] = REVOKED
    server.push([entry])
    server.write(carry(entry))
    server.write(ShiftOpened(b"shift of a third", 0))
    return server, entry


def test_what_counts_inside_a_later_entry_lies_there_when_all_is_folded_again(
    counter: Counter,
) -> None:
    """The journal alone, by its places, has the held one before it."""
    server, _ = carried_later()
    begin(counter.db, snapshot_of(server, 2))
    proved(counter.db)
    before = picture(counter.db)
    mend(counter.db)
    assert picture(counter.db) == before


def test_what_comes_inside_a_third_lies_where_it_counts(counter: Counter) -> None:
    server, entry = carried_later()
    begin(counter.db, snapshot_of(server, 2))
    server.write(carry(entry))
    apply_page(counter.db, server.page(cursor(counter.db).n, set()))
    assert counter.db.scalar("SELECT pos FROM shift WHERE id=?", (SHIFT,)) == counter.db.scalar(
        "SELECT carrier_pos FROM carried JOIN feed ON feed.pos=carrier_pos WHERE order_n>0"
    )
    proved(counter.db)


def closed(counted: int) -> ShiftClosed:
    return ShiftClosed(
        SHIFT, 1, counted, counted, 0, (), (), (), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "", ""
    )


def test_of_two_that_closed_an_older_shift_the_first_stands_though_another_carried_it(
    counter: Counter,
) -> None:
    """It is kept with the held entry that carries it, and counts by its own, which comes next."""
    server = TinyServer()
    first = written(OTHER, closed(1_000))
    inside = written(COPY, carry(first))
    server.words[inside.hash] = REVOKED
    server.push([written(b"line that opened", ShiftOpened(SHIFT, 5_000))])
    for one in (inside, first, written(b"a copy of that 1", closed(2_000))):
        server.push([one])
    begin(counter.db, snapshot_of(server, 1))
    assert counter.db.scalar("SELECT counted FROM shift WHERE id=?", (SHIFT,)) == 1_000
    proved(counter.db)
