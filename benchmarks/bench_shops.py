"""Ingest with 100 shops in the database and with 100,000: it must not matter.

Two databases of one PostgreSQL, each with a server of its own. All shops but a few are copies of
one that has a counter, goods and sales, so that tables and indexes are as large as they would be.
In the few, a counter each, sales of 8 lines arrive over HTTP, shop after shop, in turn at the two.
"""

from __future__ import annotations

import http.client
import random
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final, NamedTuple

import psycopg
import zstandard

from benchmarks.bench_rush import sale_bodies
from benchmarks.figure import Figure, times
from benchmarks.serving import serving
from core.facts.shifts import ShiftOpened
from core.sync.messages import Pushed
from core.sync.wire import MSGPACK, pack, unpack
from server.db.migrate import migrate
from server.db.schema import metadata
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import Services
from server.shops.adding import add_shop
from server.sync.enrolling import enrol
from server.sync.journal import take_journal
from server.sync.keys import ServerKey
from tests.helpers.postgres import Addresses, running_cluster
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale

FEW, MANY, QUICK_MANY = 100, 100_000, 4_000
COUNTERS, SALES, LINES, PRODUCTS, ROUNDS, QUICK_ROUNDS = 20, 100, 8, 50, 7, 3
BAR: Final = 1.2
_PATH: Final = "/api/v1/sync/journal"


def measure(many: int = MANY, rounds: int = ROUNDS) -> list[Figure]:
    """The middle of so many rounds at both, in milliseconds."""
    with running_cluster(durable=True) as cluster, ExitStack() as stack:
        places = []
        for count in (FEW, many):
            addresses = cluster.create()
            counters = _fill(addresses, count, (rounds + 1) * SALES)
            places.append(_Place(stack.enter_context(serving(addresses.app)), counters))
        taken = [[_send(place) for place in places] for _ in range(rounds + 1)][1:]
    few, lots = (statistics.median(column) for column in zip(*taken, strict=True))
    name = f"ingest of {COUNTERS * SALES:,} sales, {many:,} shops (reference: {FEW})"
    return [times(name, lots, few, BAR)]


class _Place(NamedTuple):
    """A server's port, and the counters that send to it with what they have left."""

    port: int
    counters: Sequence[tuple[Counter, list[bytes]]]


def _fill(addresses: Addresses, shops: int, sales: int) -> list[tuple[Counter, list[bytes]]]:
    migrate(addresses.owner)
    services = Services(Store(addresses.app))
    _copy(addresses, _sample_shop(services), shops - COUNTERS - 1)
    goods = [fresh_id() for _ in range(PRODUCTS)]
    bodies = sale_bodies(goods, sales)
    made = [_counter(services, number, goods, bodies) for number in range(COUNTERS)]
    services.store.close()
    with psycopg.connect(addresses.superuser, autocommit=True) as connection:
        # What autovacuum does in a running server.
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return made


def _sample_shop(services: Services) -> bytes:
    """A small shop with a counter, goods and sales."""
    shop_id, counter = _joined(services, "Contoh", "sample")
    goods, shift = [fresh_id() for _ in range(5)], fresh_id()
    for one in goods:
        counter.write(added(one, 10**6, 10**7))
    counter.write(ShiftOpened(shift, 100_000))
    for number in (1, 2):
        counter.write(sale(number, shift, [line(one) for one in goods[:3]]))
    take_journal(services, shop_id, counter.device, counter.push())
    return shop_id


def _joined(services: Services, name: str, address: str) -> tuple[bytes, Counter]:
    shop_id, counter = add_shop(services, name).id, Counter("K1")
    code = make_code(services, shop_id).code
    enrol(services, ServerKey(services).public, counter.enrol(code), address=address)
    return shop_id, counter


def _copy(addresses: Addresses, sample: bytes, count: int) -> None:
    """So many shops with the same rows, each with a device of its own in the directory."""
    with psycopg.connect(addresses.superuser) as connection:
        connection.execute("SET LOCAL synchronous_commit = off")
        connection.execute(
            "CREATE TEMP TABLE copy ON COMMIT DROP AS SELECT gen_random_uuid() AS shop"
            " FROM generate_series(1, %s)",
            (count,),
        )
        for table in metadata.sorted_tables:
            if "shop_id" in table.c:
                rest = ", ".join(f'"{one.name}"' for one in table.columns if one.name != "shop_id")
                connection.execute(
                    f'INSERT INTO "{table.name}" (shop_id, {rest}) SELECT copy.shop, {rest}'
                    f' FROM "{table.name}" AS old, copy WHERE old.shop_id = %s::uuid',
                    (sample.hex(),),
                )
        connection.execute("INSERT INTO known_shop SELECT shop, 'Salinan', 0 FROM copy")
        connection.execute(
            "INSERT INTO device_key SELECT gen_random_uuid(),"
            " sha256(gen_random_uuid()::text::bytea), shop, 0 FROM copy"
        )


def _counter(
    services: Services,
    number: int,
    goods: Sequence[bytes],
    bodies: Sequence[tuple[str, int, bytes]],
) -> tuple[Counter, list[bytes]]:
    shop_id, counter = _joined(services, f"Toko {number}", f"10.0.0.{number}")
    for one in goods:
        counter.write(added(one, 10**8, 10**9))
    take_journal(services, shop_id, counter.device, counter.push())
    first = counter.head[0] + 1
    for kind, version, body in bodies:
        counter.append(kind, version, body)
    packer = zstandard.ZstdCompressor(level=3)
    return counter, [
        packer.compress(pack(counter.push(start, start + SALES - 1)))
        for start in range(first, counter.head[0] + 1, SALES)
    ]


def _send(place: _Place) -> float:
    """One batch of each counter, in an order of chance; milliseconds for all."""
    order = random.Random(len(place.counters[0][1])).sample(place.counters, len(place.counters))
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=60)
    requests = []
    for counter, batches in order:
        body = batches.pop(0)
        headers = counter.signed("POST", _PATH, "", body)
        requests.append((body, {**headers, "content-type": MSGPACK, "content-encoding": "zstd"}))
    began = time.perf_counter()
    for body, headers in requests:
        connection.request("POST", _PATH, body, headers)
        response = connection.getresponse()
        answer = unpack(Pushed, response.read(), response.headers["content-type"])
        assert answer.stored == SALES
    taken = (time.perf_counter() - began) * 1000
    connection.close()
    return taken


if __name__ == "__main__":
    for figure in measure(int(sys.argv[1]) if len(sys.argv) > 1 else MANY):
        print(figure)
