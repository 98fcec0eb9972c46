"""A buyer orders at the sample market over HTTP; a real counter hears of it and hands over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.test_server_demo import demo
from tests.helpers.process import Machine
from tests.helpers.web_browser import PageReader


class Buyer:
    """A phone without scripts."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, headers={"origin": url}, timeout=30)
        self._cookies: dict[str, str] = {}

    def _ask(self, method: str, path: str, data: dict[str, str] | None = None) -> httpx.Response:
        """As a browser does on its own machine: cookies that are for safe places go there, too."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        answer = self._client.request(method, path, data=data, headers={"cookie": cookies})
        for one in answer.headers.get_list("set-cookie"):
            name, _, value = one.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status_code == 303:
            return self._ask("GET", answer.headers["location"])
        return answer

    def see(self, path: str) -> str:
        """A page."""
        answer = self._ask("GET", path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def send(self, path: str, action: str, **typed: str) -> str:
        """Fill in a page's form and send it; the page that follows."""
        form = next(one for one in PageReader(self.see(path)).forms if one.action == action)
        for shop in filter(None, form.fields.get("toko", "").split(",")):
            if action == "/pesan":  # what is chosen already
                typed |= {f"ambil-{shop}": "collect", f"bayar-{shop}": "at_handover"}
        answer = self._ask("POST", action, {**form.fields, **typed})
        assert answer.status_code == 200, (action, answer.status_code, answer.text[-2000:])
        return answer.text

    def buy(self, gerai: str, name: str) -> None:
        """From a shelf into the basket."""
        path = next(
            link
            for link in PageReader(self.see(gerai)).links
            if re.search(f"{name}-[0-9a-f]", link)
        )
        self.send(path, "/keranjang/tambah")


def joined(folder: Path, said: dict[str, Any]) -> Machine:
    """The sample shop's counter."""
    machine = Machine(folder)
    answer = machine.run("demo", "--join", said["url"], said["code"], "--weeks", "0")
    assert answer.code == 0, answer.err
    return machine


def test_from_two_shelves_to_the_hands_of_the_buyer(tmp_path: Path) -> None:
    with demo(tmp_path / "temporary", "demo", "--weeks", "0") as (said, _process):
        machine = joined(tmp_path / "till", said)
        places = {one["shop"]: one["url"].removeprefix(said["url"]) for one in said["gerai"]}
        assert set(places) == {"Warung Huyula", "Karawo Ibu Maryam", "Kebun Kopi Pinogu"}
        buyer = Buyer(said["url"])
        for name in places:
            assert name in buyer.see("/pasar")
        buyer.buy(places["Warung Huyula"], "gula-pasir")
        buyer.buy(places["Karawo Ibu Maryam"], "kipas-karawo")
        done = buyer.send("/pesan", "/pesan", nama="Ibu Hadija", telepon="0812-4400-1234")
        pages = re.findall(r'href="(/pesanan/[0-9a-f]{32})"', done)
        assert len(set(pages)) == 2

        assert machine.run("sync", "--once").code == 0
        waiting = machine.run("orders").lines
        assert [(one["state"], one["buyer"]) for one in waiting] == [("placed", "Ibu Hadija")]
        number, total = str(waiting[0]["order"]), waiting[0]["total"]
        mine = next(page for page in pages if "Gula pasir" in buyer.see(page))
        assert machine.run("order", "accept", number).code == 0
        assert machine.run("order", "ready", number).code == 0
        assert machine.run("sync", "--once").code == 0
        digits = re.search(r'class="digits">(\d{4})<', buyer.see(mine))
        assert digits is not None

        assert machine.run("shift", "open", "--float", "0").code == 0
        over = machine.run(
            "order", "hand-over", number, "--code", digits[1], "--pay", f"cash:{total}"
        )
        assert over.code == 0, over.err
        assert machine.run("sync", "--once").code == 0
        text = buyer.see(mine)
        assert "digits" not in text and "/langkah" in text, "to be confirmed or complained of"
        assert machine.run("verify").code == 0
