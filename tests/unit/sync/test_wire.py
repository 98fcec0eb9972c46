"""Requests are signed over what travels; only the server's own answers count."""

from __future__ import annotations

import gzip
import random

import msgspec
import pytest
import zstandard

from core.journal import NO_HASH
from core.sync.messages import Answer, Problem, Welcome
from core.sync.signing import content_digest, read_signature, signature_base
from core.sync.wire import MSGPACK, pack
from pos.sync.retry import Backoff
from pos.sync.wire import Key, NoAnswer, Received, Said, Speaker, Wire, is_signed
from tests.helpers.sync_client import Counter, line, sale

DEVICE = b"d" * 16
PACKED = {"content-type": MSGPACK}
WELCOME = Welcome(1, 5_000, "r", 1, "trusted", "K1", (), 0, bytes(32), b"k" * 32)


def speaker(*answers: Received, sent: list[Wire] | None = None) -> Speaker:
    waiting = list(answers)

    def send(wire: Wire) -> Received:
        if sent is not None:
            sent.append(wire)
        return waiting.pop(0)

    return Speaker(send, DEVICE, Key(b"s" * 32), now_ms=lambda: 9_000, random=lambda n: bytes(n))


def ask(who: Speaker, message: Answer | None = None) -> Welcome | None:
    return who.ask(Welcome, "POST", "/sync/hello", message, query="a=1")


@pytest.mark.parametrize("size", [1, 5_000])
def test_a_request_is_signed_over_the_bytes_that_travel(size: int) -> None:
    sent: list[Wire] = []
    who = speaker(Received(200, PACKED, pack(WELCOME)), sent=sent)
    ask(who, Answer(1, 2, "x" * size))
    wire = sent[0]
    signed, signature = read_signature(wire.headers["signature-input"], wire.headers["signature"])
    base = signature_base("POST", "/api/v1/sync/hello", "a=1", content_digest(wire.body), signed)
    assert is_signed(who.key.public, signature, base) and signed.device == DEVICE
    assert not is_signed(who.key.public, signature, base + b"x")
    assert ("content-encoding" in wire.headers) == (size > 1_000)


def test_a_sale_of_eight_lines_takes_120_bytes_of_the_line_at_most() -> None:
    """As a counter packs what it sends, in a batch of 500."""
    counter, chance = Counter(), random.Random(1)
    goods = [
        (chance.randbytes(16), f"Barang nomor {place} isi {place % 12}", chance.randrange(10, 900))
        for place in range(2_000)
    ]
    weights = [1 / (rank + 1) for rank in range(len(goods))]
    for number in range(1, 501):
        pause_ms = chance.randrange(2_000, 90_000)
        counter.clock_ms += pause_ms
        counter.mono_ms += pause_ms
        lines = [
            msgspec.structs.replace(
                line(one, chance.randrange(1, 5) * 1_000, price * 100), name=name
            )
            for one, name, price in chance.choices(goods, weights, k=8)
        ]
        counter.write(sale(number, b"s" * 16, lines))
    sent: list[Wire] = []
    who = speaker(Received(200, PACKED, pack(WELCOME)), sent=sent)
    who.ask(Welcome, "POST", "/sync/journal", counter.push_of(counter.entries, 1, NO_HASH))
    assert len(sent[0].body) / 500 <= 120


@pytest.mark.parametrize(
    "answer",
    [
        Received(200, {"content-type": "text/html"}, b"<html>Masuk dulu</html>"),
        Received(200, PACKED, b"<html>"),
        Received(200, {}, b""),
        Received(302, {"location": "http://portal"}, b""),
        Received(502, {"content-type": "text/html"}, b"Bad gateway"),
        Received(200, PACKED, pack(Answer(1, 2, "r"))),  # not a welcome
        Received(200, PACKED | {"content-encoding": "br"}, pack(WELCOME)),
        Received(200, PACKED | {"content-encoding": "gzip"}, b"cut"),
        Received(200, PACKED | {"content-encoding": "zstd"}, b"cut"),
        Received(204, {}, b""),  # how a portal answers whoever looks for the internet
    ],
)
def test_what_is_not_the_servers_is_no_network(answer: Received) -> None:
    with pytest.raises(NoAnswer):
        ask(speaker(answer))


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(30_000_000))
    with pytest.raises(NoAnswer):
        ask(speaker(Received(200, PACKED | {"content-encoding": "gzip"}, bomb)))


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_packed_answers_are_read(encoding: str) -> None:
    body = pack(WELCOME)
    packed = gzip.compress(body) if encoding == "gzip" else zstandard.compress(body)
    assert ask(speaker(Received(200, PACKED | {"content-encoding": encoding}, packed))) == WELCOME


def test_nothing_new_is_none() -> None:
    assert ask(speaker(Received(204, {"huyula-epoch": "1"}, b""))) is None


def test_a_wrong_clock_is_put_right_once() -> None:
    clock = Received(401, PACKED, pack(Problem(1, 500_000_000, "r", "clock")))
    sent: list[Wire] = []
    who = speaker(clock, Received(200, PACKED, pack(WELCOME)), sent=sent)
    assert ask(who) == WELCOME
    created = [
        read_signature(w.headers["signature-input"], w.headers["signature"])[0].created
        for w in sent
    ]
    assert created == [9, 500_000]
    with pytest.raises(Said) as refused:
        ask(speaker(clock, clock, clock))
    assert refused.value.problem.error == "clock"


def test_a_refusal_keeps_what_it_says() -> None:
    gap = Received(409, PACKED, pack(Problem(1, 2, "r", "gap", seq=7)))
    with pytest.raises(Said) as refused:
        ask(speaker(gap))
    assert (refused.value.problem.error, refused.value.problem.seq) == ("gap", 7)


def test_waits_grow_are_bounded_and_end_with_any_answer() -> None:
    backoff = Backoff(lambda: 0.999)
    waits = [backoff.failed() for _ in range(20)]
    assert waits[:7] == sorted(waits[:7]) and waits[-1] <= 301
    backoff.answered()
    assert backoff.failed() < 3
    assert backoff.failed(at_least_s=40) >= 40
    assert all(Backoff(lambda: 0.0).failed() > 0 for _ in range(3))


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_no_more_is_unpacked_than_may_come_whatever_the_packing_says_of_itself(
    encoding: str,
) -> None:
    large = pack(msgspec.structs.replace(WELCOME, register="K" * 30_000_000))
    packed = gzip.compress(large) if encoding == "gzip" else zstandard.compress(large)
    with pytest.raises(NoAnswer):
        ask(speaker(Received(200, PACKED | {"content-encoding": encoding}, packed)))


def test_no_server_sends_a_counter_to_sleep_for_longer_than_an_hour() -> None:
    assert Backoff(lambda: 0.0).failed(10.0**9) == 3_600
