"""What waits goes up in batches that suit the network, and smaller ones where it is told so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.sync.feed import head_bytes
from core.sync.messages import Ack, Problem, Push, Pushed
from pos.counter import Counter
from pos.sync.lines import own_lines
from pos.sync.memory import Server
from pos.sync.pushing import Pusher
from pos.sync.wire import Said
from tests.helpers.counter import add_goods, make_shop
from tests.helpers.small_snapshot import SERVER_KEY, SIGNING

SHOP = b"S" * 16


class Narrow:
    """A server that no batch of more than so many bytes reaches."""

    def __init__(self, counter: Counter, most: int, error: str) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.most, self.error = most, error
        self.taken, self.refused = 0, 0
        self._counter = counter

    def ask(self, expected: type[Any], method: str, path: str, push: Push) -> Pushed:
        if sum(len(entry.body) + 40 for entry in push.entries) > self.most:
            self.refused += 1
            raise Said(Problem(1, 1, "r", self.error), 408)
        self.taken += len(push.entries)
        seq = push.first_seq + len(push.entries) - 1
        shop = self._counter.db.scalar("SELECT shop FROM journal WHERE seq=?", (seq,))
        head = head_bytes(bytes(shop), push.device, seq, push.last_hash)
        ack = Ack(push.device, seq, push.last_hash)
        return Pushed(1, 1, "r", ack, len(push.entries), 0, (), SIGNING.sign(head))


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A counter with some goods to tell of."""
    made = make_shop(tmp_path)
    for number in range(20):
        add_goods(made, f"Barang {number}")
    yield made
    made.close()


@pytest.mark.parametrize("error", ["too_large", "too_slow"])
def test_a_batch_that_does_not_get_through_goes_again_in_parts(
    counter: Counter, error: str
) -> None:
    server = Narrow(counter, 1_200, error)
    (line,) = lines = own_lines(counter.db)
    pusher = Pusher(counter.db, Server("http://x", SHOP, SERVER_KEY), server, counter.clock)  # type: ignore[arg-type]
    assert pusher.push_all(lines, {line.device: Ack(line.device, 0, bytes(32))}) is None
    assert server.refused and server.taken == line.seq == pusher.sent


def test_one_entry_alone_that_does_not_get_through_ends_the_round(counter: Counter) -> None:
    server = Narrow(counter, 30, "too_slow")
    (line,) = lines = own_lines(counter.db)
    pusher = Pusher(counter.db, Server("http://x", SHOP, SERVER_KEY), server, counter.clock)  # type: ignore[arg-type]
    with pytest.raises(Said):
        pusher.push_all(lines, {line.device: Ack(line.device, 0, bytes(32))})
    assert server.taken == 0
