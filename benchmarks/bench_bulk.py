"""160,000 rows into PostgreSQL: our packed arrays against psycopg's lists, and against COPY."""

from __future__ import annotations

import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text

from benchmarks.figure import Figure, times
from server.db.store import Store
from server.db.types import Hash, Id, Small
from tests.helpers.postgres import Addresses, running_cluster

ROWS, BATCH, ROUNDS = 160_000, 8_000, 3
_TABLE = Table(
    "bench_line",
    MetaData(),
    Column("place", Id, primary_key=True),
    Column("hash", Hash, primary_key=True),
    Column("line", Small, primary_key=True),
    Column("product", Id),
    Column("quantity", BigInteger),
    Column("total", BigInteger),
    Column("name", Text),
    Index(None, "place", "product"),
)
_SHOP = bytes(16)
_CASTS = ("bytea[]", "smallint[]", "uuid[]", "bigint[]", "bigint[]", "text[]")
_LISTS = (
    "INSERT INTO bench_line SELECT %s, u.* FROM unnest("
    + ", ".join(f"%s::{one}" for one in _CASTS)
    + ") u ON CONFLICT DO NOTHING"
)
_COPY = "COPY bench_line FROM STDIN (FORMAT BINARY)"


def measure() -> list[Figure]:
    """Milliseconds for all rows, the middle of three rounds of each way in turn."""
    with running_cluster(durable=True) as cluster:
        addresses = cluster.create()
        store = Store(addresses.owner)
        with store.directory() as tx:
            _TABLE.metadata.create_all(tx.connection)
        batches = list(_batches())
        ways: tuple[Callable[[], None], ...] = (
            lambda: _packed(store, batches),
            lambda: _lists(addresses, batches),
            lambda: _copied(addresses, batches),
        )
        ours, lists, copied = _in_turn(ways, addresses)
        store.close()
    return [
        times("160,000 rows by packed arrays (reference: psycopg's lists)", ours, lists, 0.7),
        times("160,000 rows by packed arrays (reference: binary COPY)", ours, copied, 2.5),
    ]


def _in_turn(ways: tuple[Callable[[], None], ...], addresses: Addresses) -> list[float]:
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS):
        for way, spent in zip(ways, taken, strict=True):
            with psycopg.connect(addresses.owner, autocommit=True) as connection:
                connection.execute("TRUNCATE bench_line")
            began = time.perf_counter()
            way()
            spent.append((time.perf_counter() - began) * 1000)
    return [statistics.median(spent) for spent in taken]


def _batches() -> Iterator[dict[str, list[Any]]]:
    chance = random.Random(1)
    products = [chance.randbytes(16) for _ in range(2_000)]
    for _ in range(ROWS // BATCH):
        hashes = [chance.randbytes(32) for _ in range(BATCH // 8)]
        yield {
            "hash": [one for one in hashes for _ in range(8)],
            "line": list(range(8)) * (BATCH // 8),
            "product": chance.choices(products, k=BATCH),
            "quantity": [chance.randrange(1, 9) * 1_000 for _ in range(BATCH)],
            "total": [chance.randrange(500, 90_000) for _ in range(BATCH)],
            "name": ["Gula pasir 1 kg"] * BATCH,
        }


def _packed(store: Store, batches: list[dict[str, list[Any]]]) -> None:
    for batch in batches:
        with store.directory() as tx:
            tx.insert_columns(_TABLE, batch, constants={"place": _SHOP}, on_conflict="nothing")


def _lists(addresses: Addresses, batches: list[dict[str, list[Any]]]) -> None:
    with psycopg.connect(addresses.owner) as connection:
        for batch in batches:
            columns = {**batch, "product": [uuid.UUID(bytes=one) for one in batch["product"]]}
            connection.execute(_LISTS, [uuid.UUID(bytes=_SHOP), *columns.values()])
            connection.commit()


def _copied(addresses: Addresses, batches: list[dict[str, list[Any]]]) -> None:
    shop = uuid.UUID(bytes=_SHOP)
    with psycopg.connect(addresses.owner) as connection:
        for batch in batches:
            with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
                copy.set_types(["uuid", "bytea", "int2", "uuid", "int8", "int8", "text"])
                for hash_, line, product, *rest in zip(*batch.values(), strict=True):
                    copy.write_row((shop, hash_, line, uuid.UUID(bytes=product), *rest))
            connection.commit()
