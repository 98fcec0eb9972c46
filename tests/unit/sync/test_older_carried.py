"""An older entry came inside another one first, and the snapshot brings it whole: the one that
carries it is fetched after it. Folding again keeps what they say at the same place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.contract import encode_body, kind_of
from core.facts.base import Header
from core.facts.references import mark_of
from core.facts.selling import Refers, SaleCompleted, SaleLine, TenderPart
from core.facts.shifts import ShiftOpened
from core.journal import NO_HASH, link
from core.sync.carrying import carry
from core.sync.feed import QUARANTINED, START, verdict
from core.sync.messages import FeedEntry, FeedPage
from core.sync.past import PastRows
from core.sync.snapshot import Cash, Head, Identity, Stock, Whole
from pos.counter import Counter
from pos.journal.mending import mend
from pos.journal.order import effect_pos
from pos.journal.verify import verify
from pos.sync.goback import go_back
from pos.sync.joining import join
from pos.sync.memory import Server
from pos.sync.past import PastFetcher
from pos.sync.snapshot import Beginning
from tests.helpers.counter import make_shop
from tests.helpers.many_counters import picture
from tests.helpers.small_snapshot import SERVER_KEY, SmallSnapshot
from tests.helpers.tiny_server import SHOP, TinyServer

SERVER = Server("http://huyula", SHOP, SERVER_KEY)
OTHER, SHIFT = b"other line here!", b"shift of another"
COPY = b"copy of the till"


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = make_shop(tmp_path)
    join(made, "http://huyula", TinyServer().enrol([], made.register))
    yield made
    made.close()


def sale(number: int, refers: Refers | None = None) -> SaleCompleted:
    """A sale of one, or a refund of it."""
    qty, price = (-1_000, -2_500) if refers else (1_000, 2_500)
    line = SaleLine(SHIFT, "Mi", "pcs", 1, qty, 2_500, 2_500, price, 0, 0, price, 0, refers=refers)
    part, kind = TenderPart("cash", price), "refund" if refers else "sale"
    return SaleCompleted(number, SHIFT, kind, (line,), (part,), price, 0, 0, True)


def test_what_came_inside_another_alone_is_fetched_when_a_fact_means_it(counter: Counter) -> None:
    """Its own line ends before it, as far as the snapshot knows: the one that carries it is old."""
    server = TinyServer()
    body = encode_body(Header(1, b"boot", 1, "2026-11-24"), sale(1))
    entry = link(SHOP, OTHER, 7, *kind_of(sale(1)), NO_HASH, body)
    server.write(carry(entry))
    server.write(ShiftOpened(b"shift of a third", 0))
    carrier, last = server.feed
    rows = {
        "head": [Head(carrier.device, carrier.seq, carrier.hash)],
        "identity": [Identity(entry.hash)],
        "entry": [whole(last, 2)],
    }
    hashes = server.hashes
    small = SmallSnapshot(SHOP, rows, n=2, feed_hash=hashes[2], after=1, after_hash=hashes[1])
    moved = (Stock(SHIFT, "sale", -1_000, 0, 1),)
    older = msgspec.structs.replace(whole(carrier, 1), stock=moved)
    small.past = PastRows(SHOP, 1, hashes[1], 0, 0, b"", (older,))
    assert Beginning(counter.db, SERVER, small).run()  # type: ignore[arg-type]
    server.write(sale(2, Refers(OTHER, 7, 1, mark_of(b"another sale's"))))
    server.write(sale(3, Refers(OTHER, 7, 1, mark_of(entry.hash))))
    fetcher = PastFetcher(counter.db, SERVER, small)  # type: ignore[arg-type]
    inside = "SELECT count(*) FROM carried WHERE device=?"
    for n, here in ((3, 0), (4, 1), (4, 1)):
        one = server.feed[n - 1]
        fetcher.meant_by(FeedPage(1, 1, "r", n, (one,), hashes[n], b"", n))
        assert counter.db.scalar(inside, (OTHER,)) == here


def test_what_a_held_entry_means_is_fetched_when_it_is_released(counter: Counter) -> None:
    """The snapshot brought it, held; what it gives back is older and known in sums only."""
    server = TinyServer()
    header, given = Header(1, b"boot", 1, "2026-11-24"), sale(2, Refers(OTHER, 1, 1))
    sold = link(SHOP, OTHER, 1, *kind_of(sale(1)), NO_HASH, encode_body(header, sale(1)))
    held = link(SHOP, COPY, 1, *kind_of(given), NO_HASH, encode_body(header, given))
    server.push([sold])
    server.words[held.hash] = verdict(QUARANTINED, "unconfirmed")
    server.push([held])
    server.write(ShiftOpened(b"shift of a third", 0))
    first, second, last = server.feed
    rows = {
        "head": [Head(OTHER, 1, sold.hash)],
        "entry": [whole(second, 0), whole(last, 3)],
    }
    hashes = server.hashes
    small = SmallSnapshot(SHOP, rows, n=3, feed_hash=hashes[3], after=1, after_hash=hashes[1])
    moved = (Stock(SHIFT, "sale", -1_000, 0, 1),)
    older = msgspec.structs.replace(whole(first, 1), stock=moved)
    small.past = PastRows(SHOP, 1, hashes[1], 0, 0, b"", (older,))
    assert Beginning(counter.db, SERVER, small).run()  # type: ignore[arg-type]
    server.release()
    page = FeedPage(1, 1, "r", 4, (server.feed[3],), hashes[4], b"", 4)
    PastFetcher(counter.db, SERVER, small).meant_by(page)  # type: ignore[arg-type]
    assert counter.db.rows("SELECT 1 FROM journal WHERE device=? AND seq=1", (OTHER,))


def whole(entry: FeedEntry, order_n: int) -> Whole:
    moved = (Cash(SHIFT, "float", 5_000),) if order_n == 1 else ()
    return Whole(
        entry.n, entry.device, entry.seq, entry.kind, entry.version, entry.prev_hash, entry.hash,
        entry.at_ms, entry.verdict, entry.shop, entry.body or b"", order_n, cash=moved,
    )  # fmt: skip


def begin(counter: Counter, after: int, *, carrier_first: bool = False) -> None:
    """A snapshot, and what is older than its whole entries: one of both carries the other.
    `carrier_first`: the one that carries is looked for before all others come."""
    server = TinyServer()
    fact = ShiftOpened(SHIFT, 5_000)
    body = encode_body(Header(1, b"boot", 1, "2026-11-24"), fact)
    entry = link(SHOP, OTHER, 1, *kind_of(fact), NO_HASH, body)
    server.write(carry(entry))
    server.push([entry])
    server.write(ShiftOpened(b"shift of a third", 0))
    carrier, original, last = server.feed
    rows = {
        "head": [Head(one.device, one.seq, one.hash) for one in (carrier, original)[:after]],
        "identity": [Identity(entry.hash)],
        "cash": [Cash(SHIFT, "float", 5_000)],
        "entry": [whole(last, 3)] if carrier_first else [whole(original, 0), whole(last, 3)],
    }
    hashes = server.hashes
    small = SmallSnapshot(
        SHOP, rows, n=3, feed_hash=hashes[3], after=after, after_hash=hashes[after]
    )
    older = (whole(original, 0), whole(carrier, 1))[-after:]
    if carrier_first:
        older = older[::-1]
    small.past = PastRows(SHOP, after, hashes[after], 1, after, START, older)
    assert Beginning(counter.db, SERVER, small).run()  # type: ignore[arg-type]
    assert PastFetcher(counter.db, SERVER, small).stretch()  # type: ignore[arg-type]
    proof = verify(counter.db)
    assert proof.ok, proof.differences


@pytest.mark.parametrize(("after", "carrier_first"), [(1, False), (2, False), (2, True)])
def test_what_both_say_stays_at_one_place(
    counter: Counter, after: int, carrier_first: bool
) -> None:
    """Whether the original is an older entry itself (2), or one that came whole with the rest."""
    begin(counter, after, carrier_first=carrier_first)
    place, original = counter.db.tuple_of(
        "SELECT m.pos, j.pos FROM cash_movement m, journal j WHERE j.device=?", (OTHER,)
    ) or (0, 0)
    assert place == effect_pos(counter.db, original), "where the one lies that counts"
    before = picture(counter.db)
    mend(counter.db)
    assert picture(counter.db) == before


@pytest.mark.parametrize("carrier_first", [False, True])
def test_what_both_say_waits_at_one_place_when_the_snapshot_goes(
    counter: Counter, carrier_first: bool
) -> None:
    begin(counter, 2, carrier_first=carrier_first)
    db = counter.db
    go_back(db, 0, 2)
    waiting = [row[0] for row in db.rows("SELECT pos FROM waiting ORDER BY pos")]
    assert waiting == sorted({effect_pos(db, pos) for pos in waiting})
    assert len(waiting) == db.scalar("SELECT count(*) FROM journal") - 1  # two are one fact
    proof = verify(db)
    assert proof.ok, proof.differences
