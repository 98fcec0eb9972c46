"""Placing orders over HTTP: two shops and six lines a checkout, so many a second whatever happens.

Server, PostgreSQL and buyers share the machine. Buyers come at fixed moments (an open loop), each
with a basket, a network and a number of their own; the time is from a checkout's sending to its
last byte. Afterwards every order that was answered is there once, and what is set aside is their
sum.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from typing import Final, NamedTuple
from urllib.parse import urlencode

import httpx
from sqlalchemy import func, select

from benchmarks.figure import Figure, at_least, at_most, quantile
from benchmarks.serving import serving
from server.db.migrate import migrate
from server.db.schema.orders import reservation, shop_order
from server.db.store import Store
from server.db.tied import tied
from server.services import Services
from server.web.basket import Basket, Line
from tests.helpers.orders import open_shop, stock_up
from tests.helpers.postgres import running_cluster

SHOPS, GOODS, LINES_OF_SHOP = 50, 20, 3
RATE, SECONDS, WARM_UP = 50, 20, 5
QUICK_SECONDS = 5
BAR_MS = 40
_STOCK: Final = 100_000
_PAGE: Final = re.compile(r'href="/pesanan/([0-9a-f]{32})"')


class _Shop(NamedTuple):
    shop_id: bytes
    goods: list[bytes]


class _Buyers:
    """Checkouts on their way."""

    def __init__(self, port: int, shops: list[_Shop]) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._shops = shops
        self._chance = random.Random(7)
        self.took_ms: list[float] = []
        self.keys: list[str] = []
        self.refused = 0

    async def run(self, count: int, rate: int) -> None:
        """Send so many at so many a second."""
        limits = httpx.Limits(max_keepalive_connections=64, max_connections=256)
        async with httpx.AsyncClient(base_url=self._url, limits=limits, timeout=60) as client:
            began, waiting = time.perf_counter(), []
            for number in range(count):
                await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
                waiting.append(asyncio.create_task(self._order(client)))
            await asyncio.gather(*waiting)

    async def _order(self, client: httpx.AsyncClient) -> None:
        body, headers = self._checkout()
        began = time.perf_counter()
        try:
            answer = await client.post("/pesan", content=body, headers=headers)
        except httpx.HTTPError:
            self.refused += 1
            return
        self.took_ms.append((time.perf_counter() - began) * 1000)
        found = _PAGE.findall(answer.text)
        self.keys += found
        self.refused += answer.status_code != 200 or len(set(found)) != 2

    def _checkout(self) -> tuple[bytes, dict[str, str]]:
        chance = self._chance
        two = chance.sample(self._shops, 2)
        lines = tuple(
            Line(shop.shop_id, product_id, "pcs", 1_000)
            for shop in two
            for product_id in chance.sample(shop.goods, LINES_OF_SHOP)
        )
        basket = Basket(chance.randbytes(12), lines)
        form = {
            "csrf": basket.csrf,
            "formulir": chance.randbytes(16).hex(),
            "toko": ",".join(shop.shop_id.hex() for shop in two),
            "nama": "Ibu Hadija",
            "telepon": f"0812{chance.randrange(10**8):08}",
        }
        for shop in two:
            form[f"lihat-{shop.shop_id.hex()}"] = ",".join(["10000"] * LINES_OF_SHOP)
            form[f"ambil-{shop.shop_id.hex()}"] = "collect"
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "cookie": basket.as_cookie().partition(";")[0],
            "sec-fetch-site": "same-origin",
            "x-forwarded-for": f"10.{chance.randrange(256)}.{chance.randrange(256)}.9",
        }
        return urlencode(form).encode(), headers


def measure(seconds: int = SECONDS) -> list[Figure]:
    """The time of a checkout, how many were refused, and what is not there once."""
    with running_cluster(durable=True) as cluster:
        addresses = cluster.create()
        migrate(addresses.owner)
        services = Services(Store(addresses.app))
        shops = _open(services)
        with serving(addresses.app, workers=2) as port:
            asyncio.run(_Buyers(port, shops).run(RATE * WARM_UP, RATE))
            before = _there(services, shops)
            buyers = _Buyers(port, shops)
            buyers._chance.seed(8)
            asyncio.run(buyers.run(RATE * seconds, RATE))
        after = _there(services, shops)
        services.store.close()
    orders, set_aside = (now - then for now, then in zip(after, before, strict=True))
    wrong = abs(orders - len(set(buyers.keys))) + abs(set_aside - orders * LINES_OF_SHOP)
    name = f"a checkout of 2 shops and 6 lines, {RATE}/s"
    return [
        at_most(f"{name}: p95", quantile(buyers.took_ms, 0.95), BAR_MS),
        at_most(f"{name}: median", quantile(buyers.took_ms, 0.5), BAR_MS),
        at_most(f"{name}: refused", buyers.refused, 0, "checkouts"),
        at_most(f"{name}: lost or doubled", wrong, 0, "orders"),
        at_least(f"{name}: placed", orders, RATE * seconds * 2, "orders"),
    ]


def _open(services: Services) -> list[_Shop]:
    shops = []
    for number in range(SHOPS):
        shop_id = open_shop(services, f"Toko {number}")
        goods = [stock_up(services, shop_id, f"Barang {one:02}", _STOCK) for one in range(GOODS)]
        shops.append(_Shop(shop_id, goods))
    return shops


def _there(services: Services, shops: list[_Shop]) -> tuple[int, int]:
    """How many orders there are, and how many pieces are set aside."""
    orders = pieces = 0
    for shop in shops:
        with services.store.reading_shop(shop.shop_id) as tx:
            counted = select(func.count()).select_from(shop_order).where(tied(shop_order))
            orders += int(tx.scalar(counted))
            summed = select(func.sum(reservation.c.qty)).where(tied(reservation))
            pieces += int(tx.scalar(summed) or 0) // 1000
    return orders, pieces


if __name__ == "__main__":
    for figure in measure():
        print(figure)
