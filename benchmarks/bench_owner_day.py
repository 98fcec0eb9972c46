"""The owner's day page with a year of sales behind it (73,000 of 8 lines), on PostgreSQL.

A counter's journal is taken in as it would be, then days of the year are opened at random, each by
a whole request: cookie, session, role, figures, hours, the week before, template.
"""

from __future__ import annotations

import random
import time
from datetime import date, timedelta

import psycopg

from benchmarks.figure import Figure, at_most, quantile
from server.accounts.people import add_user
from server.db.migrate import migrate
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import Services
from server.shops.adding import add_shop
from server.sync.enrolling import enrol
from server.sync.keys import ServerKey
from tests.helpers.postgres import running_cluster
from tests.helpers.sync_client import Counter, added, fresh_id, line
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import CHEAP, OWNER, PASSWORD, Clock, Till, at

DAYS, SALES_A_DAY, LINES, PRODUCTS, REQUESTS = 365, 200, 8, 2_000, 200
FIRST = date(2025, 11, 25)
BAR_MS = 50


def measure() -> list[Figure]:
    """95 of 100 day pages are answered within so many milliseconds."""
    with running_cluster() as cluster:
        addresses = cluster.create()
        migrate(addresses.owner)
        services = Services(
            Store(addresses.app),
            now_ms=Clock(at((FIRST + timedelta(DAYS)).isoformat(), 7)),
            password_cost=CHEAP,
        )
        shop_id = _a_year(services)
        with psycopg.connect(addresses.superuser, autocommit=True) as connection:
            # What autovacuum does in a running server.
            connection.execute("VACUUM ANALYZE")
        took = _open_days(services, shop_id)
        services.store.close()
    name = f"owner's day page, {DAYS * SALES_A_DAY:,} sales, p95"
    return [at_most(name, quantile(took, 0.95), BAR_MS)]


def _a_year(services: Services) -> bytes:
    chance = random.Random(1)
    shop = add_shop(services, "Toko")
    add_user(services, OWNER, PASSWORD, shop.id, "owner")
    counter = Counter("K1")
    request = counter.enrol(make_code(services, shop.id).code)
    enrol(services, ServerKey(services).public, request, address="here")
    till = Till(counter, b"")
    products = [fresh_id() for _ in range(PRODUCTS)]
    began = FIRST.isoformat()
    for number, product in enumerate(products):
        till.write(at(began, 6), began, added(product, 10**9, 10**9, f"Barang {number}"))
    for number in range(DAYS):
        day = (FIRST + timedelta(number)).isoformat()
        for sale in range(SALES_A_DAY):
            lines = [line(product) for product in chance.sample(products, LINES)]
            till.sell(at(day, 7) + sale * 234_000, day, lines)
        till.push(services, shop.id)
    return shop.id


def _open_days(services: Services, shop_id: bytes) -> list[float]:
    chance = random.Random(2)
    browser = Browser(services)
    browser.sign_in()
    took = []
    for _ in range(REQUESTS):
        day = FIRST + timedelta(chance.randrange(7, DAYS))
        began = time.perf_counter()
        answer = browser.get(f"/kelola/{shop_id.hex()}?hari={day}")
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200 and "Rp\u00a024.000.000" in answer.text
    return took


if __name__ == "__main__":
    for figure in measure():
        print(figure)
