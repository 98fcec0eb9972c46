"""From a buyer's order to the counter's bell.

A server of two processes on PostgreSQL and one counter, the whole program with its window
(offscreen), all as processes of their own. Buyers order one after the other over HTTP; the time
runs from the sending of the checkout until the counter asks for the sound.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlencode

import httpx

from benchmarks.figure import Figure, at_most, quantile
from benchmarks.screens import Screen, found_counter, screen_of
from benchmarks.serving import serving
from server.db.migrate import migrate
from server.db.store import Store
from server.services import Services
from server.web.basket import Basket, Line
from tests.helpers.orders import open_shop, stock_up
from tests.helpers.postgres import running_cluster

ORDERS, QUICK_ORDERS, WARM_UP = 200, 20, 6
WORKERS, BAR_MS = 2, 500
_STOCK: Final = 100_000
_PAUSE_S: Final = (0.1, 0.4)


def measure(orders: int = ORDERS) -> list[Figure]:
    """99 of 100 orders are heard within so many milliseconds."""
    with running_cluster(durable=True) as cluster, TemporaryDirectory() as place:
        addresses = cluster.create()
        migrate(addresses.owner)
        services = Services(Store(addresses.app))
        shop_id = open_shop(services, "Toko Ukur")
        product_id = stock_up(services, shop_id, "Beras", _STOCK)
        with serving(addresses.app, workers=WORKERS) as port:
            url = f"http://127.0.0.1:{port}"
            found_counter(services, shop_id, Path(place) / "a", url, first=False)
            with screen_of(Path(place) / "a") as counter:
                taken = _order(url, Line(shop_id, product_id, "pcs", 1_000), counter, orders)
        services.store.close()
    return [at_most(f"order to the counter's bell, p99 of {orders}", quantile(taken, 0.99), BAR_MS)]


def _order(url: str, line: Line, counter: Screen, orders: int) -> list[float]:
    chance = random.Random(6)
    taken = []
    counter.wait("shows", "price", 10_000)
    with httpx.Client(base_url=url) as client:
        for number in range(1, WARM_UP + orders + 1):
            body, headers = _checkout(line, chance)
            began = time.monotonic_ns()
            answer = client.post("/pesan", content=body, headers=headers)
            assert answer.status_code == 303, (answer.status_code, answer.text[-300:])
            heard = counter.wait("rings", "orders", number)
            if number > WARM_UP:
                taken.append((heard - began) / 1e6)
            time.sleep(chance.uniform(*_PAUSE_S))
    return taken


def _checkout(line: Line, chance: random.Random) -> tuple[bytes, dict[str, str]]:
    """A buyer with a number and a network of their own."""
    basket, shop = Basket(chance.randbytes(12), (line,)), line.shop_id.hex()
    form = {
        "csrf": basket.csrf,
        "formulir": chance.randbytes(16).hex(),
        "toko": shop,
        "nama": "Ibu Hadija",
        "telepon": f"0812{chance.randrange(10**8):08}",
        f"lihat-{shop}": "10000",
        f"ambil-{shop}": "collect",
    }
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "cookie": basket.as_cookie().partition(";")[0],
        "sec-fetch-site": "same-origin",
        "x-forwarded-for": f"10.{chance.randrange(256)}.{chance.randrange(256)}.9",
    }
    return urlencode(form).encode(), headers


if __name__ == "__main__":
    for figure in measure(int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS):
        print(figure)
