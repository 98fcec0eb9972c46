"""What waits here moves to where an older entry that comes carries it: all is folded again at once,
for what shows it must not wait for the next round."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec
import pytest

from core.cart import set_customer
from core.contract import decode_body, encode_body
from core.facts.references import mark_of
from core.facts.selling import ReceiptCopied, SaleCompleted
from core.facts.shifts import ShiftOpened
from core.journal import Entry, link
from core.sync.carrying import carry
from core.sync.messages import FeedPage
from core.tender import TenderKind
from pos.customers.people import add_customer
from pos.db.database import Database
from pos.journal.verify import verify
from pos.opening import database_file
from pos.selling.sales import Tendered, complete_sale
from pos.shifts.drawer import start_shift
from pos.sync import rounds
from pos.sync.joining import join
from pos.sync.memory import recall
from pos.sync.rounds import Round
from pos.sync.snapshot import Beginning
from pos.sync.wanted import Found, Wanted
from pos.sync.worker import SyncWorker
from tests.helpers.counter import add_goods, cart_of, make_shop
from tests.helpers.tiny_server import TinyServer, own_entries
from tests.helpers.tiny_snapshot import KNOWN, TinySpeaker, snapshot_of


def twin_of(sold: Entry) -> Entry:
    """What a copy of this counter wrote under the same number of the same line."""
    header, fact = decode_body(sold.kind, sold.version, sold.body)
    assert isinstance(fact, SaleCompleted)
    other = msgspec.structs.replace(fact, number=fact.number + 500)
    return link(*sold[:5], sold.prev_hash, encode_body(header, other))


class Sold:
    """A counter that has sold on kasbon and then begun with a snapshot: copies of it have brought
    that sale, which waits here, and another of the same number, before what came whole."""

    def __init__(self, place: Path) -> None:
        self.counter = make_shop(place)
        self.server = TinyServer()
        join(self.counter, KNOWN.url, self.server.enrol([], self.counter.register))
        start_shift(self.counter, 0)
        self.buyer = add_customer(self.counter, "Bu Tini", credit_limit=500_000)
        cart = cart_of(self.counter, (add_goods(self.counter), 2_000))
        credit = Tendered(TenderKind.CREDIT, 5_000)
        complete_sale(self.counter, set_customer(cart, self.buyer), [credit])
        self.sold = own_entries(self.db, self.counter.line.device)[-1]
        self.twin = twin_of(self.sold)
        for one in (self.sold, self.twin):
            self.server.write(carry(one))
        self.server.write(ShiftOpened(b"shift of a third", 0))
        self.small = snapshot_of(self.server, 2)
        self.speaker = TinySpeaker(self.server, self.small)
        assert Beginning(self.db, KNOWN, self.small).run()  # type: ignore[arg-type]

    @property
    def db(self) -> Database:
        return self.counter.db

    def found(self) -> None:
        """What is older comes because somebody looks for it, so it is no stretch of the feed."""
        self.small.past = msgspec.structs.replace(self.small.past, first=0, last=0, before_hash=b"")

    def round(self) -> None:
        """With the server."""
        clock, witness = self.counter.clock, self.counter.witness
        Round(self.db, KNOWN, self.speaker, clock, witness).run()  # type: ignore[arg-type]

    def proved(self) -> None:
        """Nothing is still to be folded again; both sales are owed for, each once."""
        proof = verify(self.db)
        assert proof.ok, proof.differences[:5]
        assert self.db.scalar("SELECT debt FROM customer") == 10_000


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Sold]:
    made = Sold(tmp_path)
    yield made
    made.counter.close()


def test_after_a_stretch_of_older_entries(shop: Sold) -> None:
    shop.round()
    assert shop.db.scalar("SELECT count(*) FROM past_page") == 1
    shop.proved()


def test_before_a_page_that_means_one_of_them_is_applied(
    shop: Sold, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.server.write(ReceiptCopied(shop.twin.device, shop.twin.seq, mark_of(shop.twin.hash)))
    shop.found()
    apply_page, pages = rounds.apply_page, []

    def applied(db: Database, page: Any, **more: Any) -> Any:
        pages.append(db.scalar("SELECT count(*) FROM past_page"))
        shop.proved()
        return apply_page(db, page, **more)

    monkeypatch.setattr(rounds, "apply_page", applied)
    monkeypatch.setattr(rounds, "STRETCHES", 0)
    shop.round()
    assert pages == [1]
    shop.proved()


@pytest.fixture
def worker(shop: Sold, monkeypatch: pytest.MonkeyPatch) -> SyncWorker:
    counter = shop.counter
    made = SyncWorker(
        database_file(counter.folder),
        clock=counter.clock,
        witness=counter.witness,
        sender=lambda url: lambda wire: pytest.fail("the speaker has no network"),
    )
    monkeypatch.setattr(made, "_speaker", lambda db, **more: shop.speaker)
    return made


def test_when_somebody_has_looked_for_them(shop: Sold, worker: SyncWorker) -> None:
    shop.found()
    told: SimpleQueue[Found] = SimpleQueue()
    worker.look_for(Wanted(customer=shop.buyer), told.put)
    assert told.get(timeout=30) == "found"
    shop.proved()


def test_when_a_round_is_in_hand_by_that_round(
    shop: Sold, worker: SyncWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that fold again beside each other, or beside pages, would each begin anew for ever."""
    shop.found()
    monkeypatch.setattr(rounds, "STRETCHES", 0)
    ask, told = shop.speaker.ask, SimpleQueue[Found]()
    due: list[str] = []

    def asked(expected: type[Any], *what: Any, **more: Any) -> Any:
        if expected is FeedPage and not due:
            worker.look_for(Wanted(customer=shop.buyer), told.put)
            assert told.get(timeout=30) == "found"
            due.append(recall(shop.db, "refold"))
        return ask(expected, *what, **more)

    monkeypatch.setattr(shop.speaker, "ask", asked)
    worker.step(shop.db)
    assert due == ["1"]
    shop.proved()
