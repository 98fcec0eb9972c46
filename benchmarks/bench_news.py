"""From a change on one counter, or on the web, to the other counter's screen.

A server of two processes on PostgreSQL and two counters, each the whole program with its window
(offscreen), all as processes of their own. Prices change at one counter, at the other, and on the
owner's page, in turn; everything else that both must know (`KINDS`) at one counter and the other.
The time runs from the beginning of the command (on the web: of sending the form) until the other
counter's open list shows it.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import httpx

from benchmarks.counter_acts import LIMIT, PRICE, STOCK
from benchmarks.figure import Figure, at_most, quantile
from benchmarks.screens import Screen, found_counter, screen_of
from benchmarks.serving import serving
from server.accounts.people import add_user
from server.db.migrate import migrate
from server.db.store import Store
from server.services import Services
from server.shops.adding import add_shop
from tests.helpers.postgres import running_cluster
from tests.helpers.web_browser import PageReader

CHANGES, QUICK_CHANGES, WARM_UP = 210, 24, 6
EACH, QUICK_EACH, EACH_WARM_UP = 60, 8, 2
WORKERS, BAR_MS = 2, 500
_PAUSE_S: Final = (0.1, 0.4)
_OWNER, _PASSWORD = "ibu@contoh.id", "jagung rebus manis"
_SHARE: Final = LIMIT // 2


def measure(changes: int = CHANGES, each: int = EACH) -> list[Figure]:
    """99 of 100 changes are on the other screen within so many milliseconds.

    `changes` of a price, and `each` of every other kind that there is.
    """
    with running_cluster(durable=True) as cluster, TemporaryDirectory() as place:
        addresses = cluster.create()
        migrate(addresses.owner)
        services = Services(Store(addresses.app))
        shop_id = add_shop(services, "Toko Ukur").id
        add_user(services, _OWNER, _PASSWORD, shop_id, "owner")
        with serving(addresses.app, workers=WORKERS) as port:
            url = f"http://127.0.0.1:{port}"
            folders = [Path(place) / name for name in ("a", "b")]
            for folder in folders:
                found_counter(services, shop_id, folder, url, first=folder is folders[0])
            with screen_of(folders[0]) as one, screen_of(folders[1]) as other:
                taken = _change(one, other, _Owner(url, shop_id), changes)
                for kind in KINDS:
                    taken |= _change_kind((one, other), kind, each)
        services.store.close()
    return [
        at_most(f"{name}, p99 of {len(ms)}", quantile(ms, 0.99), BAR_MS)
        for name, ms in taken.items()
    ]


class _Owner:
    """Somebody who changes prices on the web."""

    def __init__(self, url: str, shop_id: bytes) -> None:
        self._client = httpx.Client(base_url=url, headers={"x-forwarded-proto": "https"})
        self._cookies: dict[str, str] = {}
        self._submit("/masuk", "/masuk", email=_OWNER, sandi=_PASSWORD)
        self._goods = f"/kelola/{shop_id.hex()}/barang"
        self._edit = ""

    def change(self, price: int) -> int:
        """Send the form; returns when that began (ns)."""
        if not self._edit:
            page = PageReader(self._ask("GET", self._goods).text)
            product = re.compile(re.escape(self._goods) + "/[0-9a-f]{32}")
            self._edit = next(one for one in page.links if product.fullmatch(one)) + "/ubah"
        return self._submit(self._edit, "/ubah", price=str(price))

    def _submit(self, page: str, action: str, **typed: str) -> int:
        shown = self._ask("GET", page)
        assert shown.status_code == 200, (page, shown.status_code, shown.text[-300:])
        forms = PageReader(shown.text).forms
        form = next(one for one in forms if (one.action or page).endswith(action))
        began = time.monotonic_ns()
        answer = self._ask("POST", form.action or page, data={**form.fields, **typed})
        assert answer.status_code == 303, answer.text
        return began

    def _ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        # Its cookies are for https alone, which a proxy speaks in front of the server.
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        answer = self._client.request(method, path, headers={"cookie": cookies}, **given)
        for one in answer.headers.get_list("set-cookie"):
            name, _, rest = one.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        return answer


def _change(one: Screen, other: Screen, owner: _Owner, changes: int) -> dict[str, list[float]]:
    chance = random.Random(4)
    taken: dict[str, list[float]] = {
        "a price changed on a counter, on the other's screen": [],
        "a price changed on the web, on a counter's screen": [],
    }
    on_counter, on_web = taken.values()
    for screen in (one, other):
        screen.wait("shows", "price", PRICE)
    for number in range(-WARM_UP, changes):
        price = 2_000 + (number + WARM_UP) * 10
        where = number % 3
        source = (one, other, owner)[where]
        seen = ([other], [one], [one, other])[where]
        began = source.change(price) if isinstance(source, _Owner) else source.do("price", price)
        found = [(screen.wait("shows", "price", price, began) - began) / 1e6 for screen in seen]
        if isinstance(source, Screen):
            source.wait("shows", "price", price, began)
        if number >= 0:
            (on_web if where == 2 else on_counter).extend(found)
        time.sleep(chance.uniform(*_PAUSE_S))
    return taken


class _Step(NamedTuple):
    """What is done at one counter, and what the other must show then, by what is measured."""

    act: str
    value: int
    seen: dict[str, tuple[str, int]]


class _Kind(NamedTuple):
    """What is done `acts` times for each measurement, at an open place; numbers begin at 1."""

    place: str
    acts: int
    step: Callable[[int], _Step]


def _stock(number: int) -> _Step:
    left = STOCK - number % 2
    return _Step("stock", left, {"stock, sold or received": ("stock", left)})


def _kasbon(number: int) -> _Step:
    """More is lent than one counter's share, which takes from the other's; then all is paid."""
    owed = _SHARE + PRICE if number % 2 else 0
    share = LIMIT - owed if number % 2 else _SHARE
    return _Step(
        "debt",
        owed,
        {
            "owed on kasbon": ("debt", owed),
            "left to lend on kasbon": ("share", share),
        },
    )


def _cart(number: int) -> _Step:
    if number % 2:
        return _Step("park", number, {"a cart parked": ("cart", number)})
    return _Step("take", 0, {"a parked cart taken": ("cart", 0)})


KINDS: Final = (
    _Kind("goods", 1, lambda n: _Step("good", n, {"new goods": ("good", n)})),
    _Kind("goods", 1, _stock),
    _Kind("people", 1, lambda n: _Step("customer", n, {"a new customer": ("customer", n)})),
    _Kind("people", 1, lambda n: _Step("rename", n, {"a customer renamed": ("rename", n)})),
    _Kind("people", 1, _kasbon),
    _Kind("carts", 2, _cart),
)


def _change_kind(screens: tuple[Screen, Screen], kind: _Kind, each: int) -> dict[str, list[float]]:
    chance = random.Random(5)
    taken: dict[str, list[float]] = {}
    for screen in screens:
        screen.look_at(kind.place)
    for number in range(1, (EACH_WARM_UP + each) * kind.acts + 1):
        step = kind.step(number)
        # Of two that belong together the second is done where the first one was seen.
        source = (number // 2) % 2
        began = screens[source].do(step.act, step.value)
        for name, (what, value) in step.seen.items():
            ms = (screens[1 - source].wait("shows", what, value, began) - began) / 1e6
            if number > EACH_WARM_UP * kind.acts:
                taken.setdefault(f"{name}, on the other counter's screen", []).append(ms)
        screens[source].wait("shows", *next(iter(step.seen.values())), began)
        time.sleep(chance.uniform(*_PAUSE_S))
    return taken


if __name__ == "__main__":
    for figure in measure(*(int(one) for one in sys.argv[1:])):
        print(figure)
