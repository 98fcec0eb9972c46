"""An entry inside another is what its hash says, whatever became of its bytes."""

from __future__ import annotations

import msgspec
import pytest

from core.contract import encode_body
from core.facts.base import Header
from core.facts.shifts import DrawerOpened
from core.facts.sync import Carried
from core.journal import NO_HASH, Entry, is_whole, link
from core.sync.carrying import carry, is_damaged, original, original_hash

HEADER = Header(1, b"boot", 1, "2026-11-24")


def _entry(seq: int, kind: str, fact: DrawerOpened | Carried) -> Entry:
    body = encode_body(HEADER, fact)
    return link(b"s" * 16, b"d" * 16, seq, kind, 1, NO_HASH, body)


def _damaged(entry: Entry) -> Entry:
    return entry._replace(body=entry.body.replace(b"uji", b"uja"))


def test_a_whole_entry_is_carried_under_the_hash_of_its_bytes() -> None:
    entry = _entry(2, "drawer_opened", DrawerOpened(b"", "uji"))
    fact = carry(entry)
    assert (fact.claimed, original(fact), is_damaged(fact)) == (b"", entry, False)


def test_damaged_bytes_go_under_the_hash_that_the_chain_claims() -> None:
    entry = _damaged(_entry(2, "drawer_opened", DrawerOpened(b"", "uji")))
    assert not is_whole(entry)
    fact = carry(entry)
    assert is_damaged(fact)
    assert original_hash(fact) == entry.hash
    assert original(fact) == entry


def test_what_an_entry_carries_is_carried_again_and_not_wrapped_twice() -> None:
    inner = carry(_entry(2, "drawer_opened", DrawerOpened(b"", "uji")))
    outer = _entry(3, "carried", inner)
    assert carry(outer) == inner
    spoilt = carry(_damaged(outer))
    assert (spoilt.kind, spoilt.claimed, is_damaged(spoilt)) == ("carried", outer.hash, True)


def test_an_entry_that_cannot_be_hashed_is_not_whole() -> None:
    entry = _entry(2, "drawer_opened", DrawerOpened(b"", "uji"))
    assert not is_whole(entry._replace(kind="laci\u00e9"))
    assert not is_whole(entry._replace(seq=-1))


def test_a_carried_fact_from_before_reads_as_whole() -> None:
    """`claimed` came later: entries that were written without it stay what they were."""
    fact = carry(_entry(2, "drawer_opened", DrawerOpened(b"", "uji")))
    older = msgspec.msgpack.decode(msgspec.msgpack.encode(fact))[:-1]
    read = msgspec.msgpack.decode(msgspec.msgpack.encode(older), type=Carried)
    assert read == fact
    with pytest.raises(msgspec.ValidationError):
        msgspec.msgpack.decode(msgspec.msgpack.encode(older[:-1]), type=Carried)
