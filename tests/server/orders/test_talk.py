"""What buyer and shop say on an order, through pages and counters, and that it can be forgotten."""

from __future__ import annotations

from core.facts.orders import OrderSaid
from core.orders.talk import MOST_WORDS, Talk, TalkWanted, Word
from server.db.schema.orders import order_message
from server.orders.sweeping import erase_buyer
from server.orders.talking import MOST_MESSAGES, say
from tests.helpers.orders import open_shop, order, stock_up
from tests.helpers.sync_client import Counter, fresh_id
from tests.server.orders.test_counters import an_order
from tests.server.sync.conftest import Shop, clock, services, shop
from tests.server.sync.over_http import Http, message, run

__all__ = ["clock", "services", "shop"]


async def _talk(http: Http, counter: Counter, after: int, *words: Word) -> Talk:
    return message(Talk, await http.post(counter, "/orders/talk", TalkWanted(after, words)))


def test_words_go_both_ways_once_and_the_feed_says_when(shop: Shop) -> None:
    counter = shop.joined()
    _, placed = an_order(shop)
    say(shop.services, shop.id, placed.order_id, "buyer", "Sudah <b>siap</b>?")
    word = Word(b"k" * 16, placed.order_id, " Sudah.\n")

    async def story() -> None:
        http = Http(shop)
        told = await _talk(http, counter, 0)
        assert [(one.who, one.text) for one in told.said] == [("buyer", "Sudah <b>siap</b>?")]
        after = told.said[-1].n
        for _ in range(2):
            told = await _talk(http, counter, after, word)
            assert [(one.i, one.who, one.text) for one in told.said] == [(2, "shop", "Sudah.")]
            assert (told.refused, told.more) == ((), False)
        assert (await _talk(http, counter, told.said[-1].n)).said == ()

    run(story())
    kinds = [one.kind for one in shop.feed(counter)]
    assert kinds.count(OrderSaid.KIND) == 2


def test_other_shops_orders_deleted_buyers_and_floods_are_refused(shop: Shop) -> None:
    other = open_shop(shop.services, "Toko Lain")
    theirs = order(shop.services, other, [(stock_up(shop.services, other, "Gula", 5), 1)])
    say(shop.services, other, theirs.order_id, "buyer", "Rahasia")
    counter = shop.joined()
    rice, placed = an_order(shop)
    erased = order(shop.services, shop.id, [(rice, 1)])
    say(shop.services, shop.id, erased.order_id, "buyer", "Saya Hadija")
    erase_buyer(shop.services, shop.id, erased.order_id)
    for number in range(MOST_MESSAGES):
        say(shop.services, shop.id, placed.order_id, "buyer", f"{number}")

    async def story() -> None:
        http = Http(shop)
        ids = (theirs.order_id, erased.order_id, placed.order_id, fresh_id())
        words = tuple(Word(bytes([at]) * 16, one, "Halo") for at, one in enumerate(ids))
        told = await _talk(http, counter, 0, *words)
        assert [code for _, code in told.refused] == [
            "order_talk_over", "order_talk_over", "order_too_many_messages", "order_talk_over",
        ]  # fmt: skip
        assert {one.order_id for one in told.said} == {placed.order_id}
        many = TalkWanted(
            0, tuple(Word(fresh_id(), fresh_id(), "a") for _ in range(MOST_WORDS + 1))
        )
        assert (await http.post(counter, "/orders/talk", many)).status_code == 400
        short = TalkWanted(0, (Word(b"x", fresh_id(), "a"),))
        assert (await http.post(counter, "/orders/talk", short)).status_code == 400
        assert (await http.ask("POST", "/orders/talk")).status_code == 401

    run(story())
    assert len(shop.rows(order_message, "i")) == MOST_MESSAGES
