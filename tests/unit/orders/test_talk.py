"""What is said on orders: heard beside a round, answered here, sent once the server is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import zstandard

from core.errors import Refused
from core.facts.orders import OrderSaid
from core.orders.contacts import Contact
from core.orders.talk import MOST_TEXT, SaidWord, Talk, TalkWanted
from core.sync.wire import MSGPACK, pack, unpack
from pos.orders.reading import order, orders, unread
from pos.orders.talking import mark_read, messages, say
from pos.sync.contacts import AGAIN_MS, note_news
from pos.sync.goback import go_back
from pos.sync.talk import exchange_talk
from pos.sync.wire import Key, NoAnswer, Received, Speaker, Wire
from tests.helpers.till_orders import line, place, placed, stepped
from tests.unit.orders.conftest import Stall
from tests.unit.orders.test_contacts import NOW, Book

SAID = OrderSaid.KIND


class Ledge:
    """A server's messages: what it was told, and what it tells."""

    def __init__(self) -> None:
        self.asked: list[TalkWanted] = []
        self.epoch = 1
        self.answers: list[Callable[[TalkWanted], Talk]] = []
        self.fails: Exception | None = None

    def send(self, wire: Wire) -> Received:
        assert (wire.method, wire.path) == ("POST", "/api/v1/orders/talk")
        if self.fails is not None:
            raise self.fails
        body = wire.body
        if "content-encoding" in wire.headers:
            body = zstandard.decompress(body, max_output_size=1 << 20)
        wanted = unpack(TalkWanted, body)
        self.asked.append(wanted)
        return Received(200, {"content-type": MSGPACK}, pack(self.answers.pop(0)(wanted)))

    def will_say(self, *said: SaidWord, more: bool = False, refuse: str = "") -> None:
        def answer(wanted: TalkWanted) -> Talk:
            refused = tuple((one.key, refuse) for one in wanted.words) if refuse else ()
            return Talk(self.epoch, NOW, "r", said, more, refused)

        self.answers.append(answer)

    def exchange(self, stall: Stall, *kinds: str) -> bool:
        who = Speaker(
            self.send, b"d" * 16, Key(b"s" * 32), now_ms=lambda: NOW, random=lambda n: bytes(n)
        )
        with stall.counter.db.transaction():
            note_news(stall.counter.db, kinds)
        return exchange_talk(stall.counter.db, who)


def came(stall: Stall) -> bytes:
    """An order whose buyer is known."""
    key = place(stall.world.server, placed(1, line(stall.sugar)))
    stall.world.settle()
    Book(Contact(key, "Ani", "6281244001234", "", "")).refresh(stall, NOW, "order_placed")
    return key


def test_a_buyers_words_are_heard_and_answered_and_the_answer_is_sent_once(stall: Stall) -> None:
    key, ledge, db = came(stall), Ledge(), stall.counter.db
    assert not ledge.exchange(stall)
    ledge.will_say(SaidWord(7, key, 1, NOW, "buyer", "Sudah siap?"))
    assert ledge.exchange(stall, SAID)
    assert (unread(db), order(db, key).unread) == (1, 1)
    say(stall.counter, key, " Mohon  tunggu ")
    assert unread(db) == 0
    assert [(one.who, one.text, one.waits) for one in messages(db, key)] == [
        ("buyer", "Sudah siap?", False),
        ("shop", "Mohon tunggu", True),
    ]
    ledge.fails = NoAnswer(why="cut")
    assert not ledge.exchange(stall)
    ledge.fails = None
    ledge.will_say(SaidWord(9, key, 2, NOW, "shop", "Mohon tunggu"))
    assert ledge.exchange(stall)
    (first, second) = ledge.asked
    assert (first.after, second.after) == (0, 7)
    assert [one.text for one in second.words] == ["Mohon tunggu"]
    assert [one.waits for one in messages(db, key)] == [False, False]
    assert not ledge.exchange(stall)
    stall.world.check(0)


def test_what_is_written_here_goes_in_its_order_whatever_the_clock_shows(stall: Stall) -> None:
    key, ledge, clock = came(stall), Ledge(), stall.counter.clock
    said = [f"kata {number}" for number in range(6)]
    for text in said:
        say(stall.counter, key, text)
        if text == said[3]:
            clock.forward(-60)  # type: ignore[attr-defined]
    assert [one.text for one in messages(stall.counter.db, key)] == said
    ledge.will_say()
    ledge.exchange(stall)
    assert [one.text for one in ledge.asked[0].words] == said


def test_an_answer_of_another_counter_marks_what_came_before_it_as_read(stall: Stall) -> None:
    key, ledge, db = came(stall), Ledge(), stall.counter.db
    ledge.will_say(SaidWord(7, key, 1, NOW, "buyer", "Ada?"), more=True)
    ledge.will_say(SaidWord(8, key, 2, NOW, "shop", "Ada."))
    assert ledge.exchange(stall, SAID)
    assert [one.after for one in ledge.asked] == [0, 7]
    assert unread(db) == 0
    ledge.will_say(SaidWord(9, key, 3, NOW, "buyer", "Terima kasih"))
    ledge.exchange(stall, SAID)
    assert unread(db) == 1 and mark_read(stall.counter, key)
    assert unread(db) == 0 and not mark_read(stall.counter, key)


def test_an_order_that_is_over_is_listed_while_somebody_waits_for_a_word(stall: Stall) -> None:
    key, ledge = came(stall), Ledge()
    place(stall.world.server, placed(2, line(stall.sugar)))
    stall.world.server.write(stepped(1, "cancel"))
    stall.world.settle()
    assert key not in {one.id for one in orders(stall.counter.db)}
    ledge.will_say(SaidWord(6, key, 1, NOW, "shop", "Habis."))
    assert ledge.exchange(stall, SAID)
    ledge.will_say(SaidWord(7, key, 2, NOW, "buyer", "Maaf"))
    ledge.exchange(stall, SAID)
    assert orders(stall.counter.db)[0].id == key


def test_what_the_server_does_not_take_is_kept_with_the_reason(stall: Stall) -> None:
    key, ledge = came(stall), Ledge()
    say(stall.counter, key, "x" * (MOST_TEXT + 9))
    ledge.will_say(refuse="order_too_many_messages")
    assert ledge.exchange(stall)
    (one,) = messages(stall.counter.db, key)
    assert (len(one.text), one.waits, one.refused) == (MOST_TEXT, False, "order_too_many_messages")
    assert not ledge.exchange(stall)


def test_a_server_that_went_back_is_heard_from_its_beginning(stall: Stall) -> None:
    key, ledge = came(stall), Ledge()
    ledge.will_say(SaidWord(7, key, 1, NOW, "buyer", "Ada?"))
    ledge.exchange(stall, SAID)
    ledge.epoch = 2
    ledge.will_say()
    ledge.will_say(SaidWord(5, key, 1, NOW, "buyer", "Ada?"))
    ledge.exchange(stall, SAID)
    assert [one.after for one in ledge.asked] == [0, 7, 0]
    assert len(messages(stall.counter.db, key)) == 1


def test_a_server_that_went_back_twice_to_an_epoch_of_the_same_number(stall: Stall) -> None:
    key, ledge, db = came(stall), Ledge(), stall.counter.db
    ledge.will_say(SaidWord(51, key, 1, NOW, "buyer", "Sudah siap?"))
    ledge.exchange(stall, SAID)
    go_back(db, 10, 1)
    ledge.will_say(SaidWord(44, key, 1, NOW, "buyer", "Masih ada?"))
    assert ledge.exchange(stall)
    assert [one.after for one in ledge.asked] == [0, 10]
    assert [one.text for one in messages(db, key)] == ["Masih ada?"]


def test_words_are_forgotten_with_the_buyer(stall: Stall) -> None:
    key, ledge, db = came(stall), Ledge(), stall.counter.db
    ledge.will_say(SaidWord(7, key, 1, NOW, "buyer", "Saya Ani"))
    ledge.exchange(stall, SAID)
    say(stall.counter, key, "Halo Ani")
    assert Book().refresh(stall, NOW + AGAIN_MS)
    assert messages(db, key) == () and unread(db) == 0
    with pytest.raises(Refused, match="order_talk_over"):
        say(stall.counter, key, "Masih ada?")


def test_nothing_is_nothing_to_say_and_another_answer_is_no_failure(stall: Stall) -> None:
    key, ledge = came(stall), Ledge()
    with pytest.raises(Refused, match="order_nothing_said"):
        say(stall.counter, key, " \n ")
    ledge.fails = NoAnswer(why="cut")
    assert not ledge.exchange(stall, SAID)
    ledge.fails = None
    ledge.will_say()
    assert not ledge.exchange(stall)
    assert len(ledge.asked) == 1


def test_that_something_was_said_is_kept_with_the_feed_whatever_becomes_of_the_round(
    stall: Stall,
) -> None:
    """The feed says it once: a round that ends badly behind it must not swallow it."""
    key, ledge, db = came(stall), Ledge(), stall.counter.db
    stall.world.server.write(OrderSaid(key, "buyer"))
    stall.world.settle()
    ledge.will_say(SaidWord(7, key, 1, NOW, "buyer", "Halo?"))
    assert ledge.exchange(stall), "asked, though this round heard nothing of it"
    assert unread(db) == 1


def test_a_counter_that_begins_does_not_ring_for_orders_that_are_over(stall: Stall) -> None:
    key, ledge, db = came(stall), Ledge(), stall.counter.db
    stall.world.server.write(stepped(1, "cancel"))
    stall.world.settle()
    long_gone = bytes(15) + b"g"
    ledge.will_say(
        SaidWord(7, key, 1, NOW, "buyer", "Batal saja."),
        SaidWord(8, long_gone, 1, NOW, "buyer", "Terima kasih"),
    )
    assert ledge.exchange(stall, SAID)
    assert unread(db) == 0
    ledge.will_say(SaidWord(9, key, 2, NOW, "buyer", "Jadi dikembalikan?"))
    assert ledge.exchange(stall, SAID)
    assert unread(db) == 1
