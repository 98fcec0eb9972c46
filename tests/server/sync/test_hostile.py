"""A hostile client gets the right status and a clear word; nothing is stored, nothing leaks."""

from __future__ import annotations

import gzip
import random
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import zstandard

from core.sync.feed import cursor_bytes
from core.sync.messages import LineHead, Problem, Push, Witnessed
from core.sync.wire import JSON, MSGPACK, pack, unpack
from server.db.schema import journal
from server.devices.pairing import make_code
from server.http.routes import Call, Reply
from server.sync.http.answering import answered
from server.sync.http.gate import BURST
from server.sync.http.packing import unpacked
from server.sync.http.requests import enrol_counter, push_journal, say_hello, take_witness
from server.sync.revoking import revoke
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop
from tests.server.sync.over_http import BASE, Http, message, run


def _ready(shop: Shop) -> Counter:
    counter, goods = shop.joined(), fresh_id()
    counter.write(added(goods, 5_000, 50_000))
    counter.write(sale(1, goods, [line(goods)]))
    return counter


def _untouched(shop: Shop) -> None:
    assert {row[0] for row in shop.rows(journal.entry, "kind")} <= {"register_joined"}


def test_what_is_not_signed_by_its_key_stays_outside(shop: Shop) -> None:
    async def story() -> None:
        http, counter, other = Http(shop), _ready(shop), Counter()
        body = pack(counter.push())
        path = BASE + "/sync/journal"
        good = counter.signed("POST", path, "", body, now_ms=shop.clock[0])
        forged = other.signed("POST", path, "", body, now_ms=shop.clock[0])
        forged["signature-input"] = good["signature-input"]
        unknown = other.signed("POST", path, "", body, now_ms=shop.clock[0])
        elsewhere = counter.signed("POST", BASE + "/sync/hello", "", body, now_ms=shop.clock[0])
        for headers, error in (
            ({}, "bad_signature"),
            (good | {"signature": ""}, "bad_signature"),
            (good | {"signature-input": good["signature-input"] + ";x=1"}, "bad_signature"),
            (good | {"content-digest": "sha-256=:AAAA:"}, "bad_signature"),
            (forged, "bad_signature"),
            (elsewhere, "bad_signature"),
            (unknown, "unknown_device"),
        ):
            response = await http.ask(
                "POST", "/sync/journal", body, {"content-type": MSGPACK} | headers
            )
            assert (response.status_code, message(Problem, response).error) == (401, error)
        response = await http.ask(
            "POST", "/sync/journal", body + b"\0", {"content-type": MSGPACK} | good
        )
        assert response.status_code == 401
        response = await http.ask(
            "POST", "/sync/journal", body, {"content-type": MSGPACK} | good, "shop=1"
        )
        assert response.status_code == 401
        _untouched(shop)

    run(story())


def test_a_request_is_taken_once_and_not_after_its_time(shop: Shop) -> None:
    async def story() -> None:
        http, counter = Http(shop), _ready(shop)
        for nonce, now_ms, error in (
            ("n" * 20, shop.clock[0], ""),
            ("n" * 20, shop.clock[0], "replayed"),
            ("m" * 20, shop.clock[0] - 301_000, "clock"),
            ("o" * 20, shop.clock[0] + 301_000, "clock"),
        ):
            response = await http.post(
                counter, "/sync/hello", counter.hello(), nonce=nonce, now_ms=now_ms
            )
            if error:
                problem = message(Problem, response)
                assert (response.status_code, problem.error) == (401, error)
                assert problem.server_ms == shop.clock[0]
            else:
                assert response.status_code == 200
        again = Http(shop)
        response = await again.post(counter, "/sync/hello", counter.hello(), nonce="n" * 20)
        assert message(Problem, response).error == "replayed"

    run(story())


def test_who_asks_too_often_is_told_when_to_come_again(shop: Shop) -> None:
    async def story() -> None:
        http, counter = Http(shop), _ready(shop)
        statuses = [(await http.feed(counter)).status_code for _ in range(BURST + 10)]
        assert statuses[:BURST] == [200] * BURST
        assert set(statuses[BURST:]) == {429}
        shop.clock[0] += 2_000
        assert (await http.feed(counter)).status_code == 200

    run(story())


def test_ids_of_another_shop_open_nothing_in_any_field(shop: Shop) -> None:
    async def story() -> None:
        http, victim = Http(shop), _ready(shop)
        shop.push(victim)
        theirs = shop.rows(journal.entry, "n")
        other = Shop(shop.services, shop.clock)
        thief = other.joined("K1")
        page = shop.page(victim, full=True)
        attempts = [
            ("/sync/journal", victim.push(signer=thief)),
            ("/sync/journal", msgspec.structs.replace(thief.push(), device=victim.device)),
            ("/sync/hello", msgspec.structs.replace(thief.hello(), line=victim.line_head())),
            ("/sync/hello", msgspec.structs.replace(victim.hello(), public_key=thief.public_key)),
        ]
        for path, one in attempts:
            response = await http.post(thief, path, one)
            assert response.status_code in (401, 403, 404), (path, response.status_code)
            assert victim.head[1] not in response.content
        feed = await http.feed(thief, n=0)
        assert page.entries[-1].body not in feed.content
        code = make_code(shop.services, other.id).code
        taken = msgspec.structs.replace(
            thief.enrol(code),
            lines=(LineHead(victim.device, "K1", 0, bytes(32)),),
        )
        response = await http.post(thief, "/enrol", taken)
        assert response.status_code in (401, 403)
        impostor = Counter("K8")
        impostor.device = victim.device
        response = await http.post(impostor, "/enrol", impostor.enrol(code))
        assert (response.status_code, message(Problem, response).error) == (403, "key_taken")
        assert shop.rows(journal.entry, "n") == theirs

    run(story())


def test_the_wrong_code_and_the_revoked_are_told_so(shop: Shop) -> None:
    async def story() -> None:
        http, counter = Http(shop), Counter()
        response = await http.post(counter, "/enrol", counter.enrol("ABCDEFGH"))
        assert (response.status_code, message(Problem, response).error) == (403, "bad_code")
        known = shop.joined()
        revoke(shop.services, shop.id, known.device)
        response = await http.feed(known)
        assert (response.status_code, message(Problem, response).error) == (403, "revoked")

    run(story())


def test_a_body_is_bounded_however_it_is_packed(shop: Shop) -> None:
    async def story() -> None:
        http, counter = Http(shop), _ready(shop)
        big = bytes(64 * 1024 * 1024)
        bombs = {
            "zstd": zstandard.ZstdCompressor(level=1).compress(big),
            "gzip": gzip.compress(big, 1),
        }
        for encoding, bomb in bombs.items():
            response = await http.post_bytes(
                counter, "/sync/journal", bomb, {"content-encoding": encoding}
            )
            assert (response.status_code, message(Problem, response).error) == (413, "too_large")
        for headers, status in (
            ({"content-encoding": "br"}, 415),
            ({"content-type": "text/html"}, 415),
            ({"content-encoding": "zstd"}, 400),
            ({"content-encoding": "gzip"}, 400),
        ):
            body = pack(counter.push())
            response = await http.post_bytes(counter, "/sync/journal", body, headers)
            assert response.status_code == status, headers
        response = await http.post_bytes(counter, "/sync/journal", bytes(9 * 1024 * 1024))
        assert response.status_code == 413
        _untouched(shop)

    run(story())


def test_an_endless_body_is_cut(shop: Shop) -> None:
    async def story() -> None:
        http, sent = Http(shop), 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent
            while True:
                sent += 1
                yield bytes(65_536)

        response = await http.ask("POST", "/sync/journal", endless())
        assert response.status_code == 413
        assert sent < 200

    run(story())


def test_a_cut_packed_body_is_not_taken_for_the_whole() -> None:
    body = b"a journal " * 500
    whole = gzip.compress(body)
    assert unpacked(whole, "gzip") == body
    with pytest.raises(Exception, match="malformed"):
        unpacked(whole[:-9], "gzip")


class _Direct:
    """The handler of a request called without HTTP, for thousands of them."""

    def __init__(self, shop: Shop, counter: Counter) -> None:
        self.shop = shop
        self.counter = counter

    def ask(self, work: Any, path: str, body: bytes) -> Reply:
        self.shop.clock[0] += 1_000
        signed = self.counter.signed("POST", BASE + path, "", body, now_ms=self.shop.clock[0])
        call: Any = object.__new__(Call)
        for name, value in {
            "services": self.shop.services,
            "request_id": "r",
            "method": "POST",
            "path": BASE + path,
            "query_text": "",
            "headers": {"content-type": MSGPACK} | signed,
            "address": "test",
            "language": "id",
            "raw": body,
        }.items():
            object.__setattr__(call, name, value)
        return answered(work)(call)


def _spoiled(chance: random.Random, body: bytes) -> bytes:
    spoiled = bytearray(body)
    for _ in range(chance.randrange(1, 5)):
        place = chance.randrange(len(spoiled))
        match chance.randrange(4):
            case 0:
                spoiled[place] = chance.randrange(256)
            case 1:
                del spoiled[place : place + chance.randrange(1, 40)]
            case 2:
                spoiled[place:place] = chance.randbytes(chance.randrange(1, 20))
            case _:
                spoiled[place:] = spoiled[place : place + 3] * chance.randrange(9)
        if not spoiled:
            spoiled = bytearray(b"\0")
    return bytes(spoiled) if spoiled != body else b"\0" + body


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_ten_thousand_spoiled_requests_find_no_fault(shop: Shop, engine_name: str) -> None:
    counter = _ready(shop)
    chance, direct = random.Random(20261124), _Direct(shop, counter)
    page = shop.page(counter, full=True)
    cursor = cursor_bytes(shop.id, 1, page.last, page.hash)
    offer = Witnessed(1, 0, bytes(32), page.entries, page.hash, shop.key.sign(cursor))
    asked = (
        (push_journal, "/sync/journal", pack(counter.push())),
        (say_hello, "/sync/hello", pack(counter.hello())),
        (take_witness, "/sync/witness", pack(offer)),
        (enrol_counter, "/enrol", pack(counter.enrol("ABCDEFGH"))),
    )
    statuses: dict[int, int] = {}
    for number in range(10_000):
        work, path, body = asked[0 if number % 2 else number // 2 % 4]
        reply = direct.ask(work, path, _spoiled(chance, body))
        statuses[reply.status] = statuses.get(reply.status, 0) + 1
        if reply.status != 200:
            assert unpack(Problem, reply.body, reply.media_type).error
    assert statuses.keys() <= {200, 400, 401, 403, 409, 410, 413, 415, 426}
    assert statuses[400] > 4_000
    _untouched(shop)


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_a_thousand_spoiled_facts_are_all_kept_and_stop_nothing(
    shop: Shop, engine_name: str
) -> None:
    counter = _ready(shop)
    chance = random.Random(1)
    originals = [(one.kind, one.version, one.body) for one in counter.entries]
    shop.push(counter)
    for _ in range(10):
        first = counter.head[0] + 1
        for _ in range(100):
            kind, version, body = chance.choice(originals)
            counter.append(kind, version, _spoiled(chance, body))
        taken = shop.push(counter, first)
        assert taken.seq == counter.head[0]
        assert taken.quarantined
    verdicts = {one.verdict for one in shop.feed(counter)}
    assert "quarantined:unreadable" in verdicts


def test_a_batch_that_is_no_chain_is_refused_whole(shop: Shop) -> None:
    counter = _ready(shop)
    good = counter.push()
    direct = _Direct(shop, counter)
    for bad in (
        msgspec.structs.replace(good, last_hash=b"x" * 32),
        msgspec.structs.replace(good, prev_hash=b"x"),
        msgspec.structs.replace(good, device=b""),
        msgspec.structs.replace(good, first_seq=0),
        msgspec.structs.replace(good, first_seq=1 << 62),
        msgspec.structs.replace(good, entries=good.entries[:1]),
        msgspec.structs.replace(good, entries=good.entries * 300),
        msgspec.structs.replace(good, signature=bytes(64)),
        Push(1, counter.device, 1, bytes(32), bytes(32), b"", ()),
    ):
        assert direct.ask(push_journal, "/sync/journal", pack(bad)).status in (400, 401)
    _untouched(shop)


def test_what_no_column_can_hold_is_refused_by_the_rules(shop: Shop) -> None:
    async def story() -> None:
        http, counter = Http(shop), shop.joined()
        far, code = 1 << 64, make_code(shop.services, shop.id).code
        new = Counter("K9")
        counter.write(added(fresh_id()))
        answers = [
            await http.get(counter, "/sync/feed", f"epoch={far}&after=0&hash={'0' * 64}"),
            await http.get(counter, "/sync/feed", f"epoch=1&after={far}&hash={'0' * 64}"),
            await http.get(counter, "/sync/feed", f"epoch={1 << 40}&after=0&hash={'0' * 64}"),
            await http.post(
                new, "/enrol", msgspec.structs.replace(new.enrol(code), program="Huyula\0"), JSON
            ),
        ]
        for epoch in (-1, 1 << 40, far):
            push = msgspec.structs.replace(counter.push(), epoch=epoch)
            answers.append(await http.post(counter, "/sync/journal", push, JSON))
            hello = msgspec.structs.replace(counter.hello(), epoch=epoch, n=1)
            answers.append(await http.post(counter, "/sync/hello", hello, JSON))
        for response in answers:
            said = message(Problem, response)
            assert (response.status_code, said.error) == (400, "malformed"), response.url

    run(story())
