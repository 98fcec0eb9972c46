"""The pure rules of the server's sync: clocks, chains, bounds; and durability before the answer."""

from __future__ import annotations

from typing import Any

import pytest

from core.facts.base import Header
from core.journal import NO_HASH
from core.sync.wire import Malformed
from server.db.schema import journal
from server.db.store import Store
from server.failures import OutcomeUnknown
from server.sync.chain import Arrived, chained, compare
from server.sync.clock import Anchor, corrected
from tests.helpers.sync_client import Counter, added, fresh_id
from tests.server.sync.conftest import Shop


def _at(wall_ms: int, mono_ms: int = 0) -> Header:
    return Header(wall_ms, b"boot", mono_ms, "2026-11-24")


@pytest.mark.parametrize(
    ("header", "anchor", "before", "received", "expected"),
    [
        (_at(500), None, 0, 1_000, 500),
        (_at(5, 70), Anchor(800, 50), 0, 1_000, 820),
        (_at(5, 30), Anchor(800, 50), 0, 1_000, 780),
        (_at(9_999), None, 0, 1_000, 1_000),
        (_at(5), None, 400, 1_000, 400),
        (_at(-7), None, 0, 1_000, 0),
        (_at(5), None, 2_000, 1_000, 2_000),
    ],
)
def test_a_time_is_corrected_and_kept_between_the_one_before_and_its_receipt(
    header: Header, anchor: Anchor | None, before: int, received: int, expected: int
) -> None:
    assert corrected(header, anchor, before, received) == expected


def _chain(count: int) -> list[Arrived]:
    hashes = [NO_HASH, *(bytes([n]) * 32 for n in range(1, count + 1))]
    return [
        Arrived(seq, "x", 1, b"", hashes[seq - 1], hashes[seq], False)
        for seq in range(1, count + 1)
    ]


def test_a_batch_meets_the_stored_chain_by_hash() -> None:
    whole = _chain(6)
    stored = {one.seq: one.hash for one in whole[:4]}
    head = (4, whole[3].hash)

    def meets(first: int, entries: list[Arrived], before: bytes) -> tuple[int, str]:
        return compare(entries, first, before, head, stored)[:2]

    assert meets(5, whole[4:], whole[3].hash) == (0, "")
    assert meets(3, whole[2:], whole[1].hash) == (2, "")
    assert meets(1, whole[:4], NO_HASH) == (4, "")
    assert meets(6, whole[5:], whole[4].hash) == (0, "gap")
    assert meets(5, whole[4:], b"z" * 32) == (0, "forked")
    assert meets(1, whole, b"z" * 32) == (0, "forked")
    other = [*whole[:3], whole[3]._replace(hash=b"o" * 32)]
    assert meets(1, other, NO_HASH) == (3, "forked")


def test_entries_get_the_hashes_that_their_counter_made() -> None:
    counter = Counter()
    for _ in range(3):
        counter.write(added(fresh_id()))
    arrived = chained(counter.shop, counter.push())
    assert [one.hash for one in arrived] == [one.hash for one in counter.entries]
    with pytest.raises(Malformed):
        chained(fresh_id(), counter.push())


def test_nothing_is_acknowledged_before_it_is_durable(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = shop.joined()
    counter.write(added(fresh_id()))
    commit = Store._commit

    def lost(*_given: Any) -> None:
        raise OutcomeUnknown()

    monkeypatch.setattr(Store, "_commit", lost)
    with pytest.raises(OutcomeUnknown):
        shop.push(counter)
    monkeypatch.setattr(Store, "_commit", commit)
    assert shop.greet(counter).acks[0].seq == 0
    assert len(shop.rows(journal.entry, "n")) == 1
    assert shop.push(counter).stored == 1
