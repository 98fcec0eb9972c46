"""Buyers are asked of the server beside a round, and forgotten here when they are there."""

from __future__ import annotations

import zstandard

from core.orders.contacts import Contact, Contacts, ContactsWanted
from core.sync.messages import Problem
from core.sync.wire import MSGPACK, pack, unpack
from pos.orders.reading import order
from pos.sync.contacts import AGAIN_MS, note_news, refresh_contacts
from pos.sync.wire import Key, NoAnswer, Received, Speaker, Wire
from tests.helpers.till_orders import line, place, placed
from tests.unit.orders.conftest import Stall

NOW = 1_795_492_800_000


class Book:
    """A server's contacts; keeps what it was asked."""

    def __init__(self, *known: Contact) -> None:
        self.known = {one.order_id: one for one in known}
        self.asked: list[tuple[bytes, ...]] = []
        self.fails: Exception | Problem | None = None

    def send(self, wire: Wire) -> Received:
        assert (wire.method, wire.path) == ("POST", "/api/v1/orders/contacts")
        if isinstance(self.fails, Exception):
            raise self.fails
        if self.fails is not None:
            return Received(404, {"content-type": MSGPACK}, pack(self.fails))
        body = wire.body
        if "content-encoding" in wire.headers:
            body = zstandard.decompress(body, max_output_size=1 << 20)
        ids = unpack(ContactsWanted, body).ids
        self.asked.append(ids)
        found = tuple(self.known[one] for one in ids if one in self.known)
        return Received(200, {"content-type": MSGPACK}, pack(Contacts(1, NOW, "r", found)))

    def refresh(self, stall: Stall, now_ms: int = NOW, *kinds: str) -> bool:
        who = Speaker(
            self.send, b"d" * 16, Key(b"s" * 32), now_ms=lambda: now_ms, random=lambda n: bytes(n)
        )
        with stall.counter.db.transaction():
            note_news(stall.counter.db, kinds)
        return refresh_contacts(stall.counter.db, who, now_ms)


def came(stall: Stall, number: int = 1) -> bytes:
    found = place(stall.world.server, placed(number, line(stall.sugar)))
    stall.world.settle()
    return found


def test_a_new_orders_buyer_is_fetched_once_and_deleted_with_the_servers(stall: Stall) -> None:
    key = came(stall)
    book = Book(Contact(key, "Ibu Ani", "6281244001234", "Jl. Nani Wartabone 1", "Titip"))
    assert book.refresh(stall, NOW, "order_placed")
    assert not book.refresh(stall, NOW + 1)
    assert book.asked == [(key,)]
    view = order(stall.counter.db, key)
    assert view.contact is not None and view.contact.name == "Ibu Ani"
    stall.world.check(0)
    book.known.clear()
    assert book.refresh(stall, NOW + AGAIN_MS)
    assert order(stall.counter.db, key).contact is None


def test_what_was_not_answered_is_asked_again_and_is_no_failure(stall: Stall) -> None:
    key = came(stall)
    book = Book(Contact(key, "Ani", "62812", "", ""))
    for failure in (NoAnswer(why="cut"), Problem(1, NOW, "r", "not_found")):
        book.fails = failure
        assert not book.refresh(stall, NOW, "order_placed")
    book.fails = None
    assert book.refresh(stall, NOW + 1)


def test_at_most_two_hundred_at_a_time(stall: Stall) -> None:
    for number in range(1, 202):
        place(stall.world.server, placed(number, line(stall.sugar)))
    stall.world.settle()
    book = Book()
    assert not book.refresh(stall, NOW, "order_placed")
    assert [len(part) for part in book.asked] == [200, 1]


def test_without_orders_nothing_is_asked(stall: Stall) -> None:
    book = Book()
    book.refresh(stall, NOW)
    assert book.asked == []
