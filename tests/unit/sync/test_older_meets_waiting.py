"""What waits here comes inside an older entry of a snapshot, or is an older entry itself: it is one
fact at one place, before and after the feed lets it count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.contract import encode_body, kind_of
from core.facts.base import Header
from core.facts.shifts import ShiftOpened
from core.journal import NO_HASH, link
from core.sync.carrying import carry
from core.sync.feed import QUARANTINED, START, verdict
from core.sync.messages import FeedEntry
from core.sync.past import PastRows
from core.sync.snapshot import Cash, Head, Identity, Whole
from pos.counter import Counter
from pos.db.database import Database
from pos.journal.verify import verify
from pos.shifts.drawer import move_cash, start_shift
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import Server, cursor, recall
from pos.sync.past import PastFetcher
from pos.sync.refold import finish_refold
from pos.sync.snapshot import Beginning
from tests.helpers.counter import make_shop
from tests.helpers.small_snapshot import SERVER_KEY, SmallSnapshot
from tests.helpers.tiny_server import SHOP, TinyServer, own_entries

SERVER = Server("http://huyula", SHOP, SERVER_KEY)
COPY, SHIFT = b"copy of the till", b"shift of another"
HEADER = Header(1, b"boot", 1, "2026-11-24")


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = make_shop(tmp_path)
    yield made
    made.close()


def whole(entry: FeedEntry, order_n: int, cash: tuple[Cash, ...] = ()) -> Whole:
    return Whole(
        entry.n, entry.device, entry.seq, entry.kind, entry.version, entry.prev_hash, entry.hash,
        entry.at_ms, entry.verdict, entry.shop, entry.body or b"", order_n, cash=cash,
    )  # fmt: skip


def proved(db: Database) -> None:
    finish_refold(db)
    proof = verify(db)
    assert proof.ok, proof.differences[:5]


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("counting", [False, True])
def test_what_waits_came_inside_an_older_entry(
    counter: Counter, inside: bool, counting: bool
) -> None:
    """`inside`: that one is in the snapshot itself, else it is fetched afterwards; it counts, or
    is held at the server."""
    server = TinyServer()
    join(counter, "http://huyula", server.enrol([], counter.register))
    start_shift(counter, 50_000)
    move_cash(counter, "in", 7_000, "modal")
    db = counter.db
    device, shift = db.tuple_of("SELECT o.device, s.id FROM own_line o, shift s") or (b"", b"")
    own = own_entries(db, device)
    fact = carry(next(one for one in own if one.kind == "cash_moved"))
    carrier = link(SHOP, COPY, 1, *kind_of(fact), NO_HASH, encode_body(HEADER, fact))
    if not counting:
        server.words[carrier.hash] = verdict(QUARANTINED, "revoked")
    server.push([carrier])
    server.write(ShiftOpened(b"shift of a third", 0))
    first, last = server.feed
    moved = (Cash(shift, "in", 7_000),) if counting else ()
    older, summed = whole(first, int(counting), moved), counting and not inside
    rows = {
        "head": [Head(first.device, first.seq, first.hash)],
        "identity": [Identity(own[-1].hash)] if summed else [],
        "cash": list(moved) if summed else [],
        "entry": [older, whole(last, 2)] if inside else [whole(last, 2)],
    }
    hashes = server.hashes
    small = SmallSnapshot(SHOP, rows, n=2, feed_hash=hashes[2], after=1, after_hash=hashes[1])
    small.past = PastRows(SHOP, 1, hashes[1], 1, 1, START, (older,))
    assert Beginning(db, SERVER, small).run()  # type: ignore[arg-type]
    if not inside:
        assert PastFetcher(db, SERVER, small).stretch()  # type: ignore[arg-type]
    proved(db)
    server.push(own)
    while (page := server.page(cursor(db).n, {device})).entries:
        apply_page(db, page)
    proved(db)
    assert len(db.rows("SELECT 1 FROM cash_movement WHERE amount=7000")) == 1
    assert not db.rows("SELECT 1 FROM waiting")


def test_a_held_carrier_that_is_older_still_moves_what_it_carries(counter: Counter) -> None:
    server = TinyServer()
    join(counter, "http://huyula", server.enrol([], counter.register))
    fact = ShiftOpened(SHIFT, 5_000)
    entry = link(SHOP, b"other line here!", 1, *kind_of(fact), NO_HASH, encode_body(HEADER, fact))
    inside = carry(entry)
    held = link(SHOP, COPY, 1, *kind_of(inside), NO_HASH, encode_body(HEADER, inside))
    server.words[held.hash] = verdict(QUARANTINED, "revoked")
    server.push([held])
    server.push([entry])
    server.write(ShiftOpened(b"shift of a third", 0))
    first, second, third = server.feed
    hashes = server.hashes
    rows = {
        "head": [Head(first.device, first.seq, first.hash)],
        "entry": [whole(second, 2, (Cash(SHIFT, "float", 5_000),)), whole(third, 3)],
    }
    small = SmallSnapshot(SHOP, rows, n=3, feed_hash=hashes[3], after=1, after_hash=hashes[1])
    small.past = PastRows(SHOP, 1, hashes[1], 1, 1, START, (whole(first, 0),))
    assert Beginning(counter.db, SERVER, small).run()  # type: ignore[arg-type]
    assert verify(counter.db).ok
    assert PastFetcher(counter.db, SERVER, small).stretch()  # type: ignore[arg-type]
    assert recall(counter.db, "refold")
    proved(counter.db)
