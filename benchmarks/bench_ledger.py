"""Transfers in one shop's ledger, PostgreSQL, 32 writers on 100 accounts, all in each other's way.

Four processes of eight threads, each transfer a transaction of its own that waits for the disk, as
the service writes it: an entry between two accounts that are checked and may not fall below zero.
Afterwards everything is proved from the postings up.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any, Final

import psycopg

from benchmarks.figure import Figure, at_least, at_most
from core.ledger import Entry, Posting
from server.db.migrate import migrate
from server.db.store import Store
from server.failures import DatabaseBusy
from server.ledger.accounts import open_accounts
from server.ledger.posting import post, post_all
from server.ledger.proving import prove_books
from server.services import Services
from server.shops.adding import add_shop
from tests.helpers.postgres import Addresses, running_cluster

PROCESSES, THREADS, ACCOUNTS = 4, 8, 100
SECONDS, QUICK_SECONDS, WARM_UP = 10.0, 4.0, 1.0
BAR: Final = 2_000
_FUNDS: Final = 10**9
_DAY: Final = "2026-11-26"


def measure(seconds: float = SECONDS) -> list[Figure]:
    """Transfers a second, and what was wrong afterwards: deadlocks, and what is not proved."""
    with running_cluster(durable=True) as cluster:
        addresses = cluster.create()
        migrate(addresses.owner)
        services = Services(Store(addresses.app))
        shop_id = add_shop(services, "Toko").id
        accounts = _accounts(services, shop_id)
        rate = _transfers(addresses.app, shop_id, accounts, seconds)
        proof = prove_books(services, shop_id)
        for one in proof.differences:
            print(one, file=sys.stderr)
        wrong = len(proof.differences) + _deadlocks(addresses)
        services.store.close()
    name = f"ledger transfers, {PROCESSES * THREADS} writers on {ACCOUNTS} accounts"
    return [
        at_least(name, rate, BAR, "a second"),
        at_most(f"{name}: deadlocks, and sums that are wrong", wrong, 0, "faults"),
    ]


def _accounts(services: Services, shop_id: bytes) -> list[bytes]:
    """Customers' credit, each with money that was paid in."""
    now_ms = services.now_ms()
    wanted = [("store_credit", str(n)) for n in range(ACCOUNTS)]
    with services.store.shop(shop_id) as tx:
        cash, *accounts = open_accounts(tx, [("cash", ""), *wanted], now_ms)
        paid = [
            Entry(services.new_id(), "deposit", "", _DAY, (Posting(cash, account, _FUNDS),))
            for account in accounts
        ]
        post_all(tx, paid, now_ms)
    return accounts


def _transfers(address: str, shop_id: bytes, accounts: Sequence[bytes], seconds: float) -> float:
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(PROCESSES)
    counts = context.Queue()
    processes = [
        context.Process(target=_write, args=(address, shop_id, accounts, seconds, ready, counts))
        for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    written = sum(counts.get(timeout=seconds + 120) for _ in processes)
    for process in processes:
        process.join()
    return float(written / seconds)


def _write(
    address: str, shop_id: bytes, accounts: Sequence[bytes], seconds: float, ready: Any, counts: Any
) -> None:
    """One process: its threads write until the time is over; what is counted begins warm."""
    services = Services(Store(address, connections=THREADS))
    begin = threading.Barrier(THREADS + 1)
    done = [0] * THREADS
    common = (services, shop_id, accounts, begin, done, seconds)
    threads = [threading.Thread(target=_writer, args=(n, *common)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    ready.wait(60)
    begin.wait(60)
    for thread in threads:
        thread.join()
    services.store.close()
    counts.put(sum(done))


def _writer(
    place: int,
    services: Services,
    shop_id: bytes,
    accounts: Sequence[bytes],
    begin: threading.Barrier,
    done: list[int],
    seconds: float,
) -> None:
    chance = random.Random(services.random(8))
    begin.wait(60)
    counted_from = time.monotonic() + WARM_UP
    until = counted_from + seconds
    while (now := time.monotonic()) < until:
        debit, credit = chance.sample(accounts, 2)
        posting = Posting(debit, credit, chance.randrange(1, 1_000))
        entry = Entry(services.new_id(), "transfer", "", _DAY, (posting,))
        # "Come back later" is no transfer, and the writer does.
        with contextlib.suppress(DatabaseBusy):
            services.store.in_shop(shop_id, lambda tx: post(tx, entry, services.now_ms()))  # noqa: B023
            done[place] += now >= counted_from


def _deadlocks(addresses: Addresses) -> int:
    with psycopg.connect(addresses.superuser) as connection:
        row = connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else 0
