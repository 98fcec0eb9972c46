"""10,000 sales of 8 lines from a counter over loopback HTTP into PostgreSQL, against COPY.

Ours: signatures, chain, verdicts, fold, digests, durable, answered; one batch of 500 after the
other. The reference copies the same rows of the same tables, encoded beforehand, in as many
transactions of 500 sales.
"""

from __future__ import annotations

import http.client
import random
import statistics
import time
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import psycopg
import zstandard

from benchmarks.figure import Figure, at_most, times
from benchmarks.serving import serving
from core.facts.shifts import ShiftOpened
from core.journal import NO_HASH
from core.sync.messages import Pushed
from core.sync.wire import MSGPACK, pack, unpack
from pos.sync.wire import PACKING_LEVEL
from server.db.migrate import migrate
from server.db.schema import journal, trade
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import Services
from server.shops.adding import add_shop
from server.sync.enrolling import enrol
from server.sync.journal import take_journal
from server.sync.keys import ServerKey
from tests.helpers.postgres import Addresses, running_cluster
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale

SALES, LINES, PRODUCTS, BATCH, ROUNDS = 10_000, 8, 2_000, 500, 5
DICTIONARY_BYTES = 64 * 1024
TABLES = (
    journal.entry,
    trade.sale,
    trade.sale_line,
    trade.payment,
    trade.stock_movement,
    trade.cash_movement,
)


class Batch(NamedTuple):
    """One request's body and headers."""

    body: bytes
    headers: dict[str, str]


def measure() -> list[Figure]:
    """Milliseconds for all sales, the middle of five rounds in turn; bytes of a sale, and what they
    would be with a dictionary of the shop's own."""
    ours: list[float] = []
    copied: list[float] = []
    size = smaller = 0.0
    with running_cluster(durable=True) as cluster:
        addresses = cluster.create()
        migrate(addresses.owner)
        store = Store(addresses.app)
        services = Services(store)
        with serving(addresses.app) as port:
            for number in range(ROUNDS):
                shop_id, counter, first = shop_with_sales(services, number)
                batches = list(batches_of(counter, first))
                size = sum(len(one.body) for one in batches) / SALES
                smaller = size_with_dictionary(counter, first)
                ours.append(send(port, counter, batches))
                copied.append(_copy(addresses, shop_id))
        store.close()
    rows = 4 + 2 * LINES
    return [
        times(
            f"ingest of {SALES:,} sales of {LINES} lines ({SALES * rows:,} rows) over HTTP"
            " (reference: COPY)",
            statistics.median(ours),
            statistics.median(copied),
            2.5,
        ),
        at_most(f"a sale on the wire, batch of {BATCH}", size, 120, "bytes"),
        at_most(
            "the same, had both sides a dictionary of that shop's sales", smaller, size, "bytes"
        ),
    ]


def shop_with_sales(
    services: Services, number: int, sales: int = SALES
) -> tuple[bytes, Counter, int]:
    """A shop with its goods there already, and a counter with its sales still to send."""
    shop_id = add_shop(services, f"Toko {number}").id
    counter, shift, chance = Counter("K1"), fresh_id(), random.Random(number)
    key = ServerKey(services)
    enrol(
        services,
        key.public,
        counter.enrol(make_code(services, shop_id).code),
        address=f"10.0.0.{number}",
    )
    goods = [chance.randbytes(16) for _ in range(PRODUCTS)]
    for one in goods:
        counter.write(added(one, 1_000_000, 12_000_000))
    names = {one: f"Barang nomor {place} isi {place % 12}" for place, one in enumerate(goods)}
    prices = {one: chance.randrange(10, 900) * 100 for one in goods}
    counter.write(ShiftOpened(shift, 100_000))
    first = counter.head[0] + 1
    for start in range(1, first, BATCH):
        push = counter.push(start, min(start + BATCH, first) - 1)
        take_journal(services, shop_id, counter.device, push)
    weights = [1 / (rank + 1) for rank in range(PRODUCTS)]
    for receipt in range(1, sales + 1):
        chosen = chance.choices(goods, weights, k=LINES)
        lines = [
            msgspec.structs.replace(
                line(one, chance.randrange(1, 5) * 1_000, prices[one]), name=names[one]
            )
            for one in chosen
        ]
        pause_ms = chance.randrange(2_000, 90_000)
        counter.clock_ms += pause_ms
        counter.mono_ms += pause_ms
        counter.write(sale(receipt, shift, lines))
    return shop_id, counter, first


def batches_of(counter: Counter, first: int, sales: int = SALES) -> Iterator[Batch]:
    """The sales from an entry on, signed and packed for sending."""
    packer = zstandard.ZstdCompressor(level=PACKING_LEVEL)
    path = "/api/v1/sync/journal"
    for message in messages_of(counter, first, sales):
        body = packer.compress(message)
        headers = counter.signed("POST", path, "", body)
        yield Batch(body, {**headers, "content-type": MSGPACK, "content-encoding": "zstd"})


def messages_of(counter: Counter, first: int, sales: int = SALES) -> Iterator[bytes]:
    """The same before they are packed."""
    for start in range(first, first + sales, BATCH):
        before = counter.entries[start - 2].hash if start > 1 else NO_HASH
        some = counter.entries[start - 1 : start - 1 + BATCH]
        yield pack(counter.push_of(some, start, before))


def size_with_dictionary(counter: Counter, first: int, sales: int = SALES) -> float:
    """Bytes of a sale, had both sides a dictionary that was trained on the first batch's sales;
    that batch is not counted."""
    known: list[bytes | bytearray | memoryview] = [
        one.body for one in counter.entries[first - 1 : first - 1 + BATCH]
    ]
    trained = zstandard.train_dictionary(DICTIONARY_BYTES, known)
    packer = zstandard.ZstdCompressor(level=PACKING_LEVEL, dict_data=trained)
    others = messages_of(counter, first + BATCH, sales - BATCH)
    return sum(len(packer.compress(one)) for one in others) / (sales - BATCH)


def send(port: int, counter: Counter, batches: list[Batch]) -> float:
    """Send them one after the other; milliseconds until the last is acknowledged."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = time.perf_counter()
    for one in batches:
        connection.request("POST", "/api/v1/sync/journal", one.body, one.headers)
        response = connection.getresponse()
        answer = unpack(Pushed, response.read(), response.headers["content-type"])
    taken = (time.perf_counter() - began) * 1000
    connection.close()
    assert (answer.ack.seq, answer.ack.hash) == counter.head
    return taken


def _copy(addresses: Addresses, shop_id: bytes) -> float:
    """Copy a shop's sales to another shop; the rows are read and encoded before."""
    other = fresh_id().hex()
    with psycopg.connect(addresses.superuser, autocommit=True) as connection:
        last = connection.execute(
            "SELECT max(n) FROM sale WHERE shop_id = %s::uuid", (shop_id.hex(),)
        ).fetchone()
        assert last is not None
        parts = [
            [
                (table.name, _encoded(connection, table.name, shop_id, other, start))
                for table in TABLES
            ]
            for start in range(last[0] - SALES + 1, last[0] + 1, BATCH)
        ]
    with psycopg.connect(addresses.superuser) as connection:
        began = time.perf_counter()
        for part in parts:
            for name, data in part:
                with connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
                    copy.write(data)
            connection.commit()
        return (time.perf_counter() - began) * 1000


def _encoded(
    connection: psycopg.Connection, table: str, shop_id: bytes, other: str, start: int
) -> bytes:
    columns = [
        row[0]
        for row in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " ORDER BY ordinal_position",
            (table,),
        )
    ]
    rest = ", ".join(f'"{name}"' for name in columns if name != "shop_id")
    query = (
        f"COPY (SELECT '{other}'::uuid, {rest} FROM {table}"
        f" WHERE shop_id = '{shop_id.hex()}' AND n BETWEEN {start} AND {start + BATCH - 1}"
        " ORDER BY n) TO STDOUT"
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        return b"".join(bytes(data) for data in copy)


if __name__ == "__main__":
    for figure in measure():
        print(figure)
