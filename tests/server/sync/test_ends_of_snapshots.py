"""What a counter got by a snapshot it can offer back: in stretches that the server takes."""

from __future__ import annotations

import os
from itertools import pairwise

from core.sync.limits import PAGE_BYTES
from core.sync.snapshot import read_contents
from server.db.schema import journal
from server.sync.snapshots import Shelf, take_snapshot
from tests.server.sync.conftest import Shop

ENTRY = 100_000


def test_the_ends_of_a_snapshot_are_no_further_apart_than_a_page_is_long(shop: Shop) -> None:
    counter = shop.joined()
    for _ in range(40):
        counter.append("of_tomorrow", 1, os.urandom(ENTRY))
        shop.push(counter, counter.head[0])
    found = take_snapshot(shop.services, Shelf(), shop.key, shop.id, counter.device, contract=99)
    contents = read_contents(found.contents)
    sizes = {n: len(body) for n, body in shop.rows(journal.entry, "n", "body")}
    ends = [contents.after, *(one.n for one in contents.pages)]
    assert ends[-1] == contents.n and ends == sorted(set(ends))
    for after, last in pairwise(ends):
        assert sum(sizes[n] for n in range(after + 1, last + 1)) <= PAGE_BYTES + ENTRY
