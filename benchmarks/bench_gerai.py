"""Pages of gerai and searches over all of them: 1,000,000 goods in 10,000 shops on PostgreSQL.

The server as real processes, one for each of two cores, and a client that asks for a hundred pages
a second: of gerai as they are visited, a few often and most seldom, and of searches as people type
them (whole words, beginnings, slips, filters). Then gerai's pages as fast as they come, and what a
process has in memory after all that.
"""

from __future__ import annotations

import random
import sys
from typing import Final
from urllib.parse import urlencode

from benchmarks.big_market import GOODS, fill
from benchmarks.figure import Figure, at_least, at_most, quantile
from benchmarks.pages_client import as_fast, at_rate, children_of, memory_mb
from benchmarks.serving import serving_process
from server.db.migrate import migrate
from server.db.store import Store
from server.search.proving import prove_index
from server.services import Services
from server.storefront.districts import districts
from tests.helpers.postgres import running_cluster

SHOPS, QUICK_SHOPS = 10_000, 1_000
RATE, SECONDS, QUICK_SECONDS, WORKERS = 100.0, 20.0, 6.0, 2
SHOP_MS, SEARCH_MS, CAPACITY, MEMORY_MB = 25, 50, 400, 150
_PROVED: Final = 20


def measure(shops: int = SHOPS, seconds: float = SECONDS) -> list[Figure]:
    """p95 of both at 100 a second, capacity, memory, and answers that were none."""
    chance = random.Random(5)
    with running_cluster(durable=True) as cluster:
        addresses = cluster.create()
        migrate(addresses.owner)
        services = Services(Store(addresses.app))
        names = fill(addresses.superuser, services, shops)
        wrong = _wrong(services, chance)
        services.store.close()
        return _asked(addresses.app, names, seconds, wrong, chance)


def _asked(
    address: str, names: list[str], seconds: float, wrong: int, chance: random.Random
) -> list[Figure]:
    pages, searches = _visits(names, chance), [_search(chance) for _ in range(5_000)]
    with serving_process(address, workers=WORKERS) as (port, pid):
        at_rate(port, [*pages[:100], *searches[:200]], RATE, 3)
        shop = at_rate(port, pages, RATE, seconds)
        search = at_rate(port, searches, RATE, seconds)
        full = as_fast(port, pages, seconds, 16)
        memory = memory_mb(children_of(pid) or [pid])
    size = f"{len(names) + 1:,} gerai of 100 goods"
    return [
        at_most(f"gerai's page, {size}, {RATE:g}/s, p95", quantile(shop.took_ms, 0.95), SHOP_MS),
        at_most(f"search, {size}, {RATE:g}/s, p95", quantile(search.took_ms, 0.95), SEARCH_MS),
        at_least(f"gerai's pages, {size}, 2 processes", full.rate, CAPACITY, "a second"),
        at_most("a server's process after that", memory, MEMORY_MB, "MB"),
        at_most(
            "answers that were no page, goods wrongly in the index",
            shop.failed + search.failed + full.failed + wrong,
            0,
            "faults",
        ),
    ]


def _visits(names: list[str], chance: random.Random) -> list[str]:
    """Pages of gerai as they are visited: the nth best known 1/n as often as the best known."""
    known = chance.sample(names, len(names))
    weights = [1 / (rank + 1) for rank in range(len(known))]
    return [f"/toko/{name}" for name in chance.choices(known, weights, k=20_000)]


def _wrong(services: Services, chance: random.Random) -> int:
    """Whether what was copied is what a rebuild would make, looked at in some shops."""
    some = chance.sample(services.store.shop_ids(), _PROVED)
    return sum(len(prove_index(services, shop_id).differences) for shop_id in some)


def _search(chance: random.Random) -> str:
    """What somebody types: the commonest goods the most often, as they are the most sold."""
    weights = [1 / (rank + 1) ** 0.5 for rank in range(len(GOODS))]
    good = chance.choices(GOODS, weights)[0].lower()
    asked: dict[str, str] = {}
    kind = chance.random()
    if kind < 0.2:
        good = good[: chance.randint(3, 5)]
    elif kind < 0.35:
        place = chance.randrange(1, len(good) - 1)
        good = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
    elif kind < 0.7:
        asked["kecamatan"] = chance.choice(list(districts()))
        asked["ada"] = chance.choice(("", "1"))
        asked["urut"] = chance.choice(("", "murah", "dekat"))
        if kind > 0.6:
            asked["dari"], asked["sampai"] = "10.000", "30.000"
    return "/cari?" + urlencode({"q": good, **asked})


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    for figure in measure(*((QUICK_SHOPS, QUICK_SECONDS) if quick else (SHOPS, SECONDS))):
        print(figure)
