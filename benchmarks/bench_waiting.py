"""Counters that are online and have nothing to say: what the questions they hold cost the server.

Each asks for news, the server holds the question for 25 s and answers that there are none, it asks
again: what most counters do most of the time, and what docs/scale.md reckons a million of them
from. One server process with PostgreSQL; two windows of time are measured, with few counters and
with many, and what a question costs is the difference, so that what the server does anyway (it
looks at the heads of 200 shops at a time, however many wait) is not in it: for that, 400 counters
are the fewest.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sys
from collections import Counter as Tally
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import uvloop

from benchmarks.counter_line import CounterLine, Later, cursor_of
from benchmarks.figure import Figure, at_most
from benchmarks.pages_client import children_of, memory_mb
from benchmarks.serving import serving_process
from core.sync.limits import POLL_MS
from core.sync.messages import FeedPage, Welcome
from core.sync.wire import pack
from server.db.migrate import migrate
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import Services
from server.shops.adding import add_shop
from server.sync.enrolling import enrol
from server.sync.keys import ServerKey
from tests.helpers.postgres import running_cluster
from tests.helpers.sync_client import Counter

FEW, MANY, OF_A_SHOP = 500, 4_000, 2
QUICK_FEW, QUICK_MANY = 400, 800
WINDOWS = 2
"""So many times the length of a question is measured."""

QUESTION_BAR_MS, MEMORY_BAR_KB = 1.0, 100
"""What the plan for a million shops reckons with: a core for 1,000 questions a second, 2 GB for a
process that holds 20,000."""


class _Cost(NamedTuple):
    """What one window of time took of the service and of PostgreSQL, in ms of a core."""

    asked: int
    service_ms: float
    database_ms: float
    memory_kb: float


def measure(few: int = FEW, many: int = MANY) -> list[Figure]:
    """Time of a core for a question, memory for a counter that waits, and errors."""
    with running_cluster(durable=True) as cluster:
        addresses = cluster.create()
        migrate(addresses.owner)
        services = Services(Store(addresses.app))
        counters = _counters(services, many)
        services.store.close()
        with serving_process(addresses.app) as (port, pid):
            crowd = _Crowd(port, pid, _postmaster(cluster.folder))
            at_few, at_many = uvloop.run(crowd.run(counters, few))
    for what, count in crowd.errors.most_common():
        print(f"{count} times: {what}", file=sys.stderr)
    asked = at_many.asked - at_few.asked
    service = (at_many.service_ms - at_few.service_ms) / asked
    database = (at_many.database_ms - at_few.database_ms) / asked
    print(f"of a question: service {service:.2f} ms, PostgreSQL {database:.2f} ms", file=sys.stderr)
    print(f"{few:,}: {at_few}; {many:,}: {at_many}", file=sys.stderr)
    memory = (at_many.memory_kb - at_few.memory_kb) / (many - few)
    name = f"{many:,} counters that wait"
    return [
        at_most(f"{name}: a question, of a core", service + database, QUESTION_BAR_MS),
        at_most(f"{name}: memory of one", memory, MEMORY_BAR_KB, "kB"),
        at_most(f"{name}: errors", sum(crowd.errors.values()), 0, "errors"),
    ]


def _counters(services: Services, count: int) -> list[Counter]:
    key = ServerKey(services)
    made: list[Counter] = []
    while len(made) < count:
        shop_id = add_shop(services, f"Toko {len(made)}").id
        for place in range(min(OF_A_SHOP, count - len(made))):
            counter = Counter(f"K{place + 1}")
            code = make_code(services, shop_id).code
            enrol(services, key.public, counter.enrol(code), address=f"10.0.{len(made)}")
            made.append(counter)
    return made


class _Crowd:
    """Counters that wait, and what their waiting takes of the server."""

    def __init__(self, port: int, service: int, postmaster: int) -> None:
        self.errors: Tally[str] = Tally()
        self._port = port
        self._service = service
        self._postmaster = postmaster
        self._asked = 0

    async def run(self, counters: Sequence[Counter], few: int) -> list[_Cost]:
        """The cost with the first `few` of them, then with all."""
        costs, waiting = [], []
        for some in (counters[:few], counters[few:]):
            waiting += [asyncio.create_task(self._wait(one)) for one in some]
            # Until each has come and asked its second question.
            await asyncio.sleep(2 * POLL_MS / 1000)
            costs.append(await self._window())
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return costs

    async def _window(self) -> _Cost:
        asked, service, database = self._asked, self._service_ms(), self._database_ms()
        await asyncio.sleep(WINDOWS * POLL_MS / 1000)
        return _Cost(
            self._asked - asked,
            self._service_ms() - service,
            self._database_ms() - database,
            memory_mb([self._service]) * 1024,
        )

    def _service_ms(self) -> float:
        return _worked_ms(self._service)

    def _database_ms(self) -> float:
        """Of all its processes. Those of connections stay: the service keeps them."""
        return sum(_worked_ms(one) for one in children_of(self._postmaster))

    async def _wait(self, counter: Counter) -> None:
        # As if they had come one after the other, not all in the same second.
        await asyncio.sleep(random.uniform(0, POLL_MS / 1000))
        line = CounterLine(self._port, counter)
        try:
            await self._come(line, counter)
            while True:
                path = f"/sync/feed?{cursor_of(counter)}&wait={POLL_MS}&limit=1"
                if await line.ask(FeedPage, "GET", path) is not None:
                    raise ValueError("news, where nobody had any")
                self._asked += 1
        except Exception as error:
            self.errors[f"{type(error).__name__} {error}"] += 1
        finally:
            line.close()

    async def _come(self, line: CounterLine, counter: Counter) -> None:
        """Say hello and hear what there is."""
        while True:
            with contextlib.suppress(Later):
                await line.ask(Welcome, "POST", "/sync/hello", pack(counter.hello()))
                break
            await asyncio.sleep(1)
        while page := await line.ask(FeedPage, "GET", f"/sync/feed?{cursor_of(counter)}"):
            counter.n, counter.feed_hash = page.entries[-1].n, page.feed_hash


def _postmaster(folder: Path) -> int:
    """The process that PostgreSQL's others come from, as it says in its folder."""
    return int((folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])


def _worked_ms(pid: int) -> float:
    """The time of a core that a process has had, in ms; nought for one that has ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        # Behind the name, which may hold anything: user's and system's ticks are fields 14 and 15.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
    return 0.0


if __name__ == "__main__":
    for figure in measure(*map(int, sys.argv[1:])):
        print(figure)
