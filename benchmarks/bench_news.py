"""From a change on one counter, or on the web, to the other counter's screen.

A server of two processes on PostgreSQL and two counters, each the whole program with its window
(offscreen), all as processes of their own. Prices change at one counter, at the other, and on the
owner's page, in turn; the time runs from the beginning of the command (on the web: of sending the
form) until the other counter's list of goods has the new price.
"""

from __future__ import annotations

import os
import queue
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
import msgspec

from benchmarks.figure import Figure, at_most, quantile
from benchmarks.serving import serving
from core.facts.catalog import ProductRecord
from pos.catalog.products import add_product
from pos.counter import Counter
from pos.device.witness import Witness
from pos.shop.founding import found_shop
from pos.sync.enrolment import enrol
from pos.sync.transport import HttpSender
from server.accounts.people import add_user
from server.db.migrate import migrate
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import Services
from server.shops.adding import add_shop
from tests.helpers.postgres import running_cluster
from tests.helpers.web_browser import PageReader

CHANGES, QUICK_CHANGES, WARM_UP = 210, 24, 6
WORKERS, PRODUCTS, BAR_MS = 2, 20, 500
_PAUSE_S: Final = (0.1, 0.4)
_OWNER, _PASSWORD = "ibu@contoh.id", "jagung rebus manis"


def measure(changes: int = CHANGES) -> list[Figure]:
    """99 of 100 changes are on the other screen within so many milliseconds."""
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
        services.store.close()
    return [
        at_most(f"a change {name}, p99 of {len(ms)}", quantile(ms, 0.99), BAR_MS)
        for name, ms in taken.items()
    ]


def found_counter(
    services: Services, shop_id: bytes, folder: Path, url: str, *, first: bool
) -> None:
    """A counter in its folder, in the shop; the `first` one has goods."""
    counter = found_shop(folder, "Toko", "Ibu", witness=Witness(folder / "state"))
    for number in range(PRODUCTS if first else 0):
        add_product(counter, _product(counter, number))
    enrol(counter, url, make_code(services, shop_id).code, HttpSender(url))
    counter.close()


def _product(counter: Counter, number: int) -> ProductRecord:
    return ProductRecord(counter.new_id(), "", f"Barang {number:02d}", "", "", "pcs", 1_000, 800)


class Screen:
    """A counter's process: what it is told, and what it says of its screen."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Listen to it from now on."""
        assert process.stdin is not None and process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout
        self._said: queue.Queue[dict[str, int]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._stdout:
            self._said.put(msgspec.json.decode(line))

    def change(self, price: int) -> int:
        """Have the price changed here; returns when that began (ns)."""
        self._stdin.write(msgspec.json.encode({"price": price}) + b"\n")
        self._stdin.flush()
        return self.wait("wrote", price)

    def wait(self, word: str, price: int, most_s: float = 60) -> int:
        """When it said so of this price (ns)."""
        until = time.monotonic() + most_s
        while True:
            said = self._said.get(timeout=max(0.1, until - time.monotonic()))
            if said.get(word) == price:
                return said["at_ns"]


@contextmanager
def screen_of(folder: Path) -> Iterator[Screen]:
    """A counter's program on its folder, ended with the block."""
    command = [sys.executable, "-m", "benchmarks.counter_window", str(folder)]
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "HUYULA_STATE": str(folder / "state"),
    }
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Screen(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


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
        "on a counter, on the other's screen": [],
        "on the web, on a counter's screen": [],
    }
    on_counter, on_web = taken.values()
    for screen in (one, other):
        screen.wait("shows", 1_000)
    for number in range(-WARM_UP, changes):
        price = 2_000 + (number + WARM_UP) * 10
        where = number % 3
        source = (one, other, owner)[where]
        seen = ([other], [one], [one, other])[where]
        began = source.change(price)
        found = [(screen.wait("shows", price) - began) / 1e6 for screen in seen]
        if where != 2:
            assert isinstance(source, Screen)
            source.wait("shows", price)
        if number >= 0:
            (on_web if where == 2 else on_counter).extend(found)
        time.sleep(chance.uniform(*_PAUSE_S))
    return taken


if __name__ == "__main__":
    for figure in measure(int(sys.argv[1]) if len(sys.argv) > 1 else CHANGES):
        print(figure)
