"""The protocol over HTTP, from joining to a page of the feed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
import zstandard

from core.sync.feed import cursor_bytes, head_bytes
from core.sync.messages import Drill, Enrolled, FeedPage, Problem, Pushed, Welcome
from core.sync.wire import JSON, MSGPACK, pack
from server.config import Config
from server.db.schema import trade
from server.devices.pairing import make_code
from server.http.running import ThreadRunner
from server.services import Services
from server.sync.keys import is_signed
from server.sync.restoring import begin_epochs
from server.sync.standing import heads_of
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop
from tests.server.sync.over_http import Http, message, run


@pytest.mark.parametrize("kind", [MSGPACK, JSON])
def test_a_round_from_joining_to_the_feed(shop: Shop, kind: str) -> None:
    async def story() -> None:
        http, counter, goods = Http(shop), Counter("K1"), fresh_id()
        code = make_code(shop.services, shop.id).code
        enrolled = message(Enrolled, await http.post(counter, "/enrol", counter.enrol(code), kind))
        assert (enrolled.shop, enrolled.first, enrolled.epoch) == (shop.id, True, 1)
        welcome = message(Welcome, await http.post(counter, "/sync/hello", counter.hello(), kind))
        assert (welcome.acks[0].seq, welcome.state, welcome.n) == (0, "trusted", 1)
        counter.write(added(goods, 5_000, 50_000))
        counter.write(sale(1, goods, [line(goods)]))
        pushed = message(Pushed, await http.post(counter, "/sync/journal", counter.push(), kind))
        assert (pushed.ack.seq, pushed.ack.hash) == counter.head
        head = head_bytes(counter.shop, counter.device, *counter.head)
        assert is_signed(enrolled.server_key, pushed.receipt, head)
        page = message(FeedPage, await http.feed(counter, full=1))
        assert [one.kind for one in page.entries] == [
            "register_joined",
            "product_added",
            "sale_completed",
        ]
        cursor = cursor_bytes(shop.id, 1, 3, page.feed_hash)
        assert is_signed(enrolled.server_key, page.signature, cursor)
        assert page.server_ms == shop.clock[0] and page.request_id

    run(story())


def test_packed_bodies_are_taken_and_answers_packed_for_who_asks(shop: Shop) -> None:
    async def story() -> None:
        http, counter, goods = Http(shop), shop.joined(), fresh_id()
        counter.write(added(goods, 5_000, 50_000))
        for number in range(1, 40):
            counter.write(sale(number, goods, [line(goods)]))
        body = zstandard.ZstdCompressor().compress(pack(counter.push()))
        response = await http.post_bytes(
            counter, "/sync/journal", body, {"content-encoding": "zstd"}
        )
        assert message(Pushed, response).stored == 40
        assert len(shop.rows(trade.sale, "n")) == 39

    run(story())


def test_a_digest_is_drilled_down_to_its_rows(shop: Shop) -> None:
    async def story() -> None:
        http, counter = Http(shop), shop.joined()
        goods = [fresh_id() for _ in range(20)]
        for one in goods:
            counter.write(added(one, 5_000, 50_000))
        shop.push(counter)
        parts = message(Drill, await http.get(counter, "/sync/digest", "group=stock"))
        assert sum(int(values[0]) for _, values in parts.rows) == 20
        rows = [
            row
            for name, _ in parts.rows
            for row in message(
                Drill, await http.get(counter, "/sync/digest", f"group=stock&part={name}")
            ).rows
        ]
        assert sorted(rows) == sorted((one.hex(), (5_000,)) for one in goods)

    run(story())


def test_another_epoch_is_410_with_the_last_common_number(shop: Shop) -> None:
    async def story() -> None:
        http, counter = Http(shop), shop.joined()
        page = shop.page(counter)
        counter.n, counter.feed_hash = page.last, page.hash
        begin_epochs(shop.services, "restored")
        for response in (
            await http.feed(counter, wait=25_000),
            await http.post(counter, "/sync/hello", counter.hello()),
            await http.post(counter, "/sync/journal", counter.push()),
        ):
            problem = message(Problem, response)
            assert (response.status_code, problem.error, problem.epoch) == (410, "epoch", 2)
            assert (problem.n, problem.feed_hash) == (page.last, page.hash)

    run(story())


def test_a_gap_and_a_fork_say_where_the_chain_stands(shop: Shop) -> None:
    async def story() -> None:
        http, counter, goods = Http(shop), shop.joined(), fresh_id()
        counter.write(added(goods))
        counter.write(sale(1, goods, [line(goods)]))
        response = await http.post(counter, "/sync/journal", counter.push(2))
        assert (response.status_code, message(Problem, response).error) == (409, "gap")
        await http.post(counter, "/sync/journal", counter.push())
        stored = counter.entries.pop()
        counter.write(sale(1, goods, [line(goods, 2_000)]))
        response = await http.post(counter, "/sync/journal", counter.push(2))
        problem = message(Problem, response)
        assert (response.status_code, problem.error) == (409, "forked")
        assert (problem.seq, problem.hash) == (2, stored.hash)

    run(story())


def _threads(shop: Shop) -> tuple[Http, ThreadRunner]:
    runner = ThreadRunner(4, 100)
    return Http(shop, run=runner, stopping=threading.Event()), runner


def test_who_waits_for_news_is_woken_by_them(shop: Shop) -> None:
    async def story() -> None:
        http, runner = _threads(shop)
        counter, reader, goods = shop.joined("K1"), shop.joined("K2"), fresh_id()
        counter.write(added(goods, 5_000, 50_000))
        page = shop.page(reader)
        reader.n, reader.feed_hash = page.last, page.hash
        waiting = asyncio.create_task(http.feed(reader, wait=20_000))
        await _until(lambda: bool(_waiters(shop)))
        response = await http.post(counter, "/sync/journal", counter.push())
        assert response.status_code == 200
        found = message(FeedPage, await asyncio.wait_for(waiting, 5))
        assert [one.kind for one in found.entries] == ["product_added"]
        assert not _waiters(shop)
        runner.close()

    run(story())


def test_what_another_process_added_is_noticed(shop: Shop, monkeypatch: Any) -> None:
    async def story() -> None:
        http, runner = _threads(shop)
        counter, reader, goods = shop.joined("K1"), shop.joined("K2"), fresh_id()
        counter.write(added(goods, 5_000, 50_000))
        page = shop.page(reader)
        reader.n, reader.feed_hash = page.last, page.hash
        looks: list[int] = []

        def look(services: Services, shops: list[bytes]) -> dict[bytes, int]:
            looks.append(len(shops))
            return heads_of(services, shops)

        monkeypatch.setattr("server.sync.http.polling.LOOK_S", 0.02)
        monkeypatch.setattr("server.sync.http.polling.heads_of", look)
        monkeypatch.setattr("server.sync.feed.wake", lambda shop_id: None)
        waiting = asyncio.create_task(http.feed(reader, wait=20_000))
        await _until(lambda: len(looks) > 1)
        await http.post(counter, "/sync/journal", counter.push())
        found = message(FeedPage, await asyncio.wait_for(waiting, 8))
        assert [one.kind for one in found.entries] == ["product_added"]
        runner.close()

    run(story())


def test_no_news_in_time_is_204_with_the_servers_own_headers(shop: Shop) -> None:
    async def story() -> None:
        http, counter = Http(shop), shop.joined()
        page = shop.page(counter)
        counter.n, counter.feed_hash = page.last, page.hash
        response = await http.feed(counter, wait=10)
        assert response.status_code == 204
        assert response.headers["huyula-epoch"] == "1"
        assert response.headers["huyula-server-ms"] == str(shop.clock[0])

    run(story())


def test_a_newer_question_of_the_same_counter_ends_the_older(shop: Shop) -> None:
    async def story() -> None:
        http, runner = _threads(shop)
        counter = shop.joined()
        page = shop.page(counter)
        counter.n, counter.feed_hash = page.last, page.hash
        old = asyncio.create_task(http.feed(counter, wait=20_000))
        await _until(lambda: bool(_waiters(shop)))
        new = asyncio.create_task(http.feed(counter, wait=200))
        assert (await asyncio.wait_for(old, 5)).status_code == 204
        assert (await new).status_code == 204
        runner.close()

    run(story())


def _waiters(shop: Shop) -> list[bytes]:
    from server.sync.waking import waited_for

    return [one for one in waited_for() if one == shop.id]


async def _until(true: Any) -> None:
    while not true():
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("kind", [MSGPACK, JSON])
def test_what_is_refused_before_it_is_read_is_an_answer_like_others(shop: Shop, kind: str) -> None:
    async def story() -> None:
        http, counter = Http(shop), shop.joined()
        long = b"x" * (Config().body_bytes + 1)
        given = {"content-type": kind, "accept": kind}
        early = (
            (400, await http.ask("GET", "/sync/feed", headers=given, query="epoch=many")),
            (413, await http.post_bytes(counter, "/sync/journal", long, given)),
            (413, await http.ask("POST", "/enrol", _unsaid(long), given)),
        )
        for status, response in early:
            problem = message(Problem, response)
            assert (response.status_code, problem.server_ms) == (status, shop.clock[0])
            assert problem.request_id == response.headers["x-request-id"]
            assert problem.error in ("malformed", "too_large") and problem.message
            assert response.headers["huyula-epoch"] == "0"
            assert response.headers["huyula-server-ms"] == str(shop.clock[0])

    run(story())


async def _unsaid(body: bytes) -> AsyncIterator[bytes]:
    """A body whose length is not said beforehand."""
    for start in range(0, len(body), 1 << 20):
        yield body[start : start + (1 << 20)]
