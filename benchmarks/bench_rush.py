"""A thousand registers come online at once with 200 sales each, after the network was away.

Server, PostgreSQL and the registers share the machine. A register does what a counter does: it
says hello, pushes from where the server stands, pulls what is new, then holds a question for news;
where it is told to come back it does so, with the counter's own backoff. Sales are drained when
the last register's are acknowledged; an answer's time is from its request to its last byte.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import time
from collections import Counter as Tally
from collections.abc import Sequence
from typing import Final

import uvloop
import zstandard

from benchmarks.counter_line import A, CounterLine, Later, cursor_of
from benchmarks.figure import Figure, at_least, at_most, quantile
from benchmarks.serving import serving
from core.contract import encode_body, kind_of
from core.facts.base import Header
from core.facts.shifts import ShiftOpened
from core.sync.limits import FIRST_BATCH_BYTES, POLL_MS
from core.sync.messages import FeedPage, Pushed, Welcome
from core.sync.wire import pack
from pos.sync.retry import Backoff
from pos.sync.wire import PACKING_LEVEL
from server.db.migrate import migrate
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import Services
from server.shops.adding import add_shop
from server.sync.enrolling import enrol
from server.sync.journal import take_journal
from server.sync.keys import ServerKey
from tests.helpers.postgres import running_cluster
from tests.helpers.sync_client import DAY, Counter, added, fresh_id, line, sale

REGISTERS, SALES, LINES, PRODUCTS, OF_A_SHOP = 1_000, 200, 8, 50, 2
QUICK_REGISTERS = 100
WORKERS = 2
RATE_BAR, ANSWER_BAR_MS = 2_500, 2_000
_BOOT: Final = b"boot-of-all"


def measure(registers: int = REGISTERS) -> list[Figure]:
    """Sales a second, the time of an answer, and what was neither answer nor "come back"."""
    with running_cluster(durable=True) as cluster:
        addresses = cluster.create()
        migrate(addresses.owner)
        services = Services(Store(addresses.app))
        visitors = _registers(services, registers)
        services.store.close()
        with serving(addresses.app, workers=WORKERS) as port:
            rush = _Rush(port, visitors)
            uvloop.run(rush.run())
    for what, count in rush.errors.most_common():
        print(f"{count} times: {what}", file=sys.stderr)
    name = f"{registers:,} registers online at once, {SALES} sales each"
    return [
        at_least(f"{name}: drained", registers * SALES / rush.took_s, RATE_BAR, "sales/s"),
        at_most(f"{name}: an answer, p99", quantile(rush.answers_ms, 0.99), ANSWER_BAR_MS),
        at_most(f"{name}: errors", sum(rush.errors.values()), 0, "errors"),
    ]


class _Register:
    """A counter with its sales packed for sending, by the number that each batch begins with."""

    def __init__(self, counter: Counter, bodies: Sequence[tuple[str, int, bytes]]) -> None:
        first = counter.head[0] + 1
        for kind, version, body in bodies:
            counter.append(kind, version, body)
        self.counter = counter
        self.batches: dict[int, bytes] = {}
        packer = zstandard.ZstdCompressor(level=PACKING_LEVEL)
        while first <= counter.head[0]:
            last, size = first, 0
            while last <= counter.head[0] and size < FIRST_BATCH_BYTES:
                size += len(counter.entries[last - 1].body) + 40
                last += 1
            push = counter.push(first, last - 1)
            self.batches[first] = packer.compress(pack(push))
            first = last
        counter.entries = counter.entries[-1:]


def _registers(services: Services, count: int) -> list[_Register]:
    goods = [fresh_id() for _ in range(PRODUCTS)]
    bodies = sale_bodies(goods, SALES + 1)
    key = ServerKey(services)
    made: list[_Register] = []
    while len(made) < count:
        shop_id = add_shop(services, f"Toko {len(made)}").id
        for place in range(min(OF_A_SHOP, count - len(made))):
            counter = Counter(f"K{place + 1}")
            counter.boot = _BOOT
            code = make_code(services, shop_id).code
            enrol(services, key.public, counter.enrol(code), address=f"10.0.{len(made)}")
            if place == 0:
                for number, one in enumerate(goods):
                    counter.write(added(one, 10**6, 10**7, f"Barang nomor {number}"))
                take_journal(services, shop_id, counter.device, counter.push())
            made.append(_Register(counter, bodies))
    return made


def sale_bodies(goods: Sequence[bytes], count: int) -> list[tuple[str, int, bytes]]:
    """Sales as they are hashed, with their shift before them: the same in all registers.

    `count` entries, the shift included.
    """
    chance, shift = random.Random(1), fresh_id()
    at_ms = int(time.time() * 1000) - 86_400_000
    facts = [
        ShiftOpened(shift, 100_000),
        *(
            sale(number + 1, shift, [line(one, 1_000) for one in chance.sample(goods, LINES)])
            for number in range(count - 1)
        ),
    ]
    return [
        (*kind_of(fact), encode_body(Header(at_ms + n * 60_000, _BOOT, n, DAY), fact))
        for n, fact in enumerate(facts)
    ]


class _Rush:
    """All registers at once, and what they met."""

    def __init__(self, port: int, registers: Sequence[_Register]) -> None:
        self.port = port
        self.answers_ms: list[float] = []
        self.errors: Tally[str] = Tally()
        self.refused = 0
        self.took_s = 0.0
        self._registers = registers
        self._began = 0.0

    async def run(self) -> None:
        """Until the last sale is acknowledged."""
        self._began = time.perf_counter()
        ears: list[asyncio.Task[None]] = []
        await asyncio.gather(*(self._come(one, ears) for one in self._registers))
        for ear in ears:
            ear.cancel()
        await asyncio.gather(*ears, return_exceptions=True)

    async def _come(self, register: _Register, ears: list[asyncio.Task[None]]) -> None:
        backoff = Backoff(random.random)
        line = CounterLine(self.port, register.counter)
        while True:
            try:
                await self._visit(line, register)
                break
            except Later as later:
                self.refused += 1
                line.close()
                await asyncio.sleep(backoff.failed(later.retry_s))
            except Exception as error:
                self.errors[f"{type(error).__name__} {error}"] += 1
                line.close()
                await asyncio.sleep(backoff.failed())
        line.close()
        ears.append(asyncio.create_task(self._listen(register.counter)))

    async def _visit(self, line: CounterLine, register: _Register) -> None:
        counter = register.counter
        welcome = await self._ask(Welcome, line, "POST", "/sync/hello", pack(counter.hello()))
        assert welcome is not None
        at = next(one.seq for one in welcome.acks if one.device == counter.device)
        while at < counter.head[0]:
            body, packed = register.batches[at + 1], "zstd"
            pushed = await self._ask(Pushed, line, "POST", "/sync/journal", body, packed)
            assert pushed is not None
            at = pushed.ack.seq
        self.took_s = max(self.took_s, time.perf_counter() - self._began)
        while page := await self._ask(FeedPage, line, "GET", f"/sync/feed?{cursor_of(counter)}"):
            counter.n, counter.feed_hash = page.entries[-1].n, page.feed_hash

    async def _listen(self, counter: Counter) -> None:
        """Hold a question, as a counter does between two rounds."""
        line = CounterLine(self.port, counter)
        path = f"/sync/feed?{cursor_of(counter)}&wait={POLL_MS}&limit=1"
        with contextlib.suppress(Later):
            while await line.ask(FeedPage, "GET", path) is None:
                pass
        line.close()

    async def _ask(
        self,
        expected: type[A],
        line: CounterLine,
        method: str,
        path: str,
        body: bytes = b"",
        packed: str = "",
    ) -> A | None:
        began = time.perf_counter()
        try:
            return await line.ask(expected, method, path, body, packed)
        finally:
            self.answers_ms.append((time.perf_counter() - began) * 1000)


if __name__ == "__main__":
    for figure in measure(int(sys.argv[1]) if len(sys.argv) > 1 else REGISTERS):
        print(figure)
