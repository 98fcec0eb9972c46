"""Older entries for counters that began with a snapshot: of their own shop, proved and signed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from core.facts.selling import ReceiptCopied
from core.sync.feed import START, next_hash
from core.sync.messages import Problem
from core.sync.past import (
    MOST_ASKED,
    Past,
    PastRows,
    read_past,
    read_places,
    show_places,
    signed_bytes,
)
from server.services import Services
from server.sync import past
from server.sync.keys import is_signed
from server.sync.revoking import revoke
from server.sync.standing import hash_at, head_of
from tests.helpers.sync_client import Counter
from tests.server.sync.conftest import Shop
from tests.server.sync.over_http import Http, message, run
from tests.server.sync.test_snapshot import sold


def place(shop: Shop, back: int = 0) -> dict[str, Any]:
    """A snapshot of which entries came whole after the head less `back`."""
    with shop.services.store.reading_shop(shop.id) as tx:
        head = head_of(tx)
        digest = hash_at(tx, head.n - back)
    assert digest is not None
    return {"epoch": head.epoch, "after": head.n - back, "hash": digest.hex()}


def asked(http: Http, counter: Counter, base: dict[str, Any], **more: Any) -> PastRows:
    """What the server answers, its signature checked."""
    answer = run(http.get(counter, "/sync/past", urlencode({**base, **more})))
    assert answer.status_code == 200, answer.content
    found = message(Past, answer)
    key = http.shop.key.public
    assert is_signed(key, found.signature, signed_bytes(found.rows))
    return read_past(found.rows)


def refused(http: Http, counter: Counter, query: dict[str, Any]) -> tuple[int, str]:
    """How it is refused."""
    answer = run(http.get(counter, "/sync/past", urlencode(query)))
    return answer.status_code, message(Problem, answer).error


def test_stretches_lead_back_to_the_feeds_start(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "STRETCH", 4)
    counter, http = shop.joined(), Http(shop)
    sold(shop, counter, 12)
    base = place(shop, 3)
    before, behind, seen = base["after"] + 1, bytes.fromhex(base["hash"]), 0
    while before > 1:
        rows = asked(http, counter, base, before=before)
        numbers = [row.n for row in rows.rows]
        assert numbers == list(range(rows.last, rows.first - 1, -1))
        assert rows.last == before - 1
        digest = rows.before_hash
        for row in rows.rows[::-1]:
            digest = next_hash(digest, row.n, row.hash, row.at_ms, row.verdict)
        assert digest == behind
        before, behind, seen = rows.first, rows.before_hash, seen + len(numbers)
    assert (behind, seen) == (START, base["after"])
    assert asked(http, counter, base, before=1).rows == ()


def test_a_stretch_is_bounded_by_bytes_but_never_empty(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "STRETCH_BYTES", 1)
    counter, http = shop.joined(), Http(shop)
    sold(shop, counter)
    base = place(shop)
    assert len(asked(http, counter, base, before=base["after"] + 1).rows) == 1


def test_a_receipt_comes_with_what_was_done_to_it(shop: Shop) -> None:
    counter, http = shop.joined(), Http(shop)
    sold(shop, counter)
    seq = len(counter.entries)
    counter.write(ReceiptCopied(counter.device, seq))
    shop.send(counter)
    base = place(shop)
    rows = asked(http, counter, base, receipt="K1-000003").rows
    assert [(row.kind, row.seq) for row in rows] == [
        ("receipt_copied", seq + 1),
        ("sale_completed", seq),
    ]
    assert [move.qty for move in rows[1].stock] == [-1_000]
    by_place = asked(http, counter, base, places=show_places([(counter.device, seq)])).rows
    assert by_place == rows
    assert asked(http, counter, base, receipt="K1-000099").rows == ()
    assert asked(http, counter, base).rows == ()


def test_what_came_whole_is_not_sent_again(shop: Shop) -> None:
    counter, http = shop.joined(), Http(shop)
    sold(shop, counter)
    base = place(shop, 1)
    assert asked(http, counter, base, receipt="K1-000003").rows == ()
    assert len(asked(http, counter, base, receipt="K1-000002").rows) == 1


def test_no_shop_gets_anothers_past(shop: Shop, services: Services, clock: list[int]) -> None:
    counter = shop.joined()
    sold(shop, counter)
    stranger = Shop(services, clock)
    other, http = stranger.joined(), Http(stranger)
    assert refused(http, other, {**place(shop), "receipt": "K1-000001"}) == (410, "epoch")
    own = place(stranger)
    places = show_places([(counter.device, len(counter.entries))])
    for query in ({"receipt": "K1-000001"}, {"places": places}, {"customer": "ab" * 16}):
        assert asked(http, other, own, **query).rows == ()


def test_another_history_or_a_bad_question_is_refused(shop: Shop) -> None:
    counter, http = shop.joined(), Http(shop)
    sold(shop, counter)
    base = place(shop)
    many = ",".join([f"{'ab' * 16}-1"] * (MOST_ASKED + 1))
    for more, expected in (
        ({"epoch": base["epoch"] + 1}, (410, "epoch")),
        ({"hash": "ab" * 32}, (410, "epoch")),
        ({"after": base["after"] + 1}, (410, "epoch")),
        ({"after": -1}, (400, "malformed")),
        ({"hash": "ab"}, (400, "malformed")),
        ({"places": "x"}, (400, "malformed")),
        ({"places": many}, (400, "malformed")),
        ({"places": f"{'ab' * 16}-{10**20}"}, (400, "malformed")),
        ({"places": f"{'ab' * 8}{' ' * 16}-1"}, (400, "malformed")),
        ({"receipt": "K1-000001\0"}, (400, "malformed")),
        ({"customer": "ab"}, (400, "malformed")),
        ({"epoch": 10**30}, (400, "malformed")),
        ({"after": 10**30}, (400, "malformed")),
    ):
        assert refused(http, counter, {**base, **more}) == expected, more
    revoke(shop.services, shop.id, counter.device)
    assert refused(http, counter, {**place(shop), "before": 1}) == (403, "revoked")


def test_places_as_a_query_names_them() -> None:
    places = [(b"a" * 16, 1), (b"b" * 16, 10**17)]
    assert read_places(show_places(places)) == places
