"""What is written on the web reaches a real counter, which asks over HTTP and waits for news."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from pos.catalog.goods import by_barcode, search
from pos.catalog.products import change_product, product_record
from pos.counter import Counter
from pos.journal.verify import verify
from pos.shifts.drawer import start_shift
from pos.sync.ear import Ear, Question
from pos.sync.enrolment import enrol, speaker
from pos.sync.memory import cursor, server
from pos.sync.once import sync_once
from pos.sync.transport import HttpSender
from server.db.schema import SHOP
from server.db.schema.catalog import product_stock
from server.devices.pairing import make_code
from server.services import Services
from tests.helpers.counter import StillClock, cart_of, make_shop, sell
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_server import served
from tests.helpers.web_shop import NOW_MS, Clock

SignIn = Callable[..., Browser]
WAIT_S = 10.0
PACK, BOX = "8998866200301", "8998866200318"
NEW = {
    "name": "Mi goreng sedap", "price": "3.500", "unit": "bungkus", "cost": "2.900",
    "opening": "80", "barcodes": PACK,
    "units-0-unit": "dus", "units-0-factor": "40", "units-0-price": "130.000",
    "units-0-barcodes": BOX, "tiers-0-min_qty": "10", "tiers-0-price": "3.300",
}  # fmt: skip


class Listener:
    """A counter in the shop with its ear on the server."""

    def __init__(self, counter: Counter, sender: HttpSender) -> None:
        self.counter = counter
        self._sender = sender
        self._news = threading.Event()
        self._ear = Ear(self._news.set, lambda: 0.0, wait_ms=20_000)

    def sync(self) -> None:
        found = server(self.counter.db)
        assert found is not None
        outcome = sync_once(self.counter, found, self._sender)
        assert outcome.waiting == 0 and outcome.digest_equal in (True, None)

    def after(self, change: Callable[[], object]) -> None:
        """Listen, let something change, hear of it while the question is held, fetch it."""
        self._news.clear()
        own = speaker(self.counter, self._sender)
        self._ear.hear(Question(own, cursor(self.counter.db)))
        change()
        assert self._news.wait(WAIT_S)
        self.sync()

    def stop(self) -> None:
        self._ear.stop()


@pytest.fixture
def listener(services: Services, empty_shop: bytes, tmp_path: Path) -> Iterator[Listener]:
    """The first counter of a shop."""
    with served(services) as url:
        sender = HttpSender(url)
        counter = make_shop(tmp_path / "counter", StillClock(NOW_MS))
        enrol(counter, url, make_code(services, empty_shop).code, sender)
        made = Listener(counter, sender)
        made.sync()
        yield made
        made.stop()
        sender.close()
        counter.close()


def save(owner: Browser, page: str, **typed: str) -> str:
    form = next(one for one in PageReader(owner.get(page).text).forms if "formulir" in one.fields)
    answer = owner.post(page, {**form.fields, "lakukan": "simpan", **typed})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def test_a_product_and_its_edits_reach_the_counter_and_are_sold(
    services: Services, empty_shop: bytes, signed_in: SignIn, clock: Clock, listener: Listener
) -> None:
    owner, base = signed_in(), f"/kelola/{empty_shop.hex()}/barang"
    counter, places = listener.counter, []
    listener.after(lambda: places.append(save(owner, f"{base}/baru", **NEW)))
    place = places[0]
    product_id = bytes.fromhex(place.rpartition("/")[2])
    (found,) = by_barcode(counter.db, BOX)
    assert (found.product_id, found.unit, found.active) == (product_id, "dus", True)
    assert [one.id for one in search(counter.db, "sedap")] == [product_id]

    start_shift(counter, 100_000)
    box = sell(counter, cart_of(counter, (product_id, 1_000), unit="dus"))
    dozen = sell(counter, cart_of(counter, (product_id, 12_000)))
    assert (box.total, dozen.total) == (130_000, 12 * 3_300)

    clock.now_ms += 60_000
    listener.after(
        lambda: save(owner, f"{place}/ubah", **{"units-0-price": "125.000", "tiers-0-min_qty": "6"})
    )
    record = product_record(counter.db, product_id)
    assert (record.units[0].price, record.tiers[0].min_qty) == (125_000, 6_000)
    clock.now_ms += 60_000
    listener.after(lambda: owner.submit(place, "/arsip"))
    assert search(counter.db, "sedap") == []
    assert verify(counter.db).ok
    stock = select(product_stock.c.qty).where(
        product_stock.c.shop_id == SHOP, product_stock.c.product_id == product_id
    )
    with services.store.reading_shop(empty_shop) as tx:
        assert tx.scalar(stock) == 80_000 - 40_000 - 12_000
    assert "28 bungkus" in owner.get(place).text


def test_a_unit_changed_at_counter_and_web_is_chosen_by_the_owner(
    services: Services, empty_shop: bytes, signed_in: SignIn, clock: Clock, listener: Listener
) -> None:
    owner, base = signed_in(), f"/kelola/{empty_shop.hex()}/barang"
    places: list[str] = []
    listener.after(lambda: places.append(save(owner, f"{base}/baru", **NEW)))
    counter, product_id = listener.counter, bytes.fromhex(places[0].rpartition("/")[2])
    clock.now_ms += 60_000
    save(owner, f"{places[0]}/ubah", **{"units-0-price": "125.000"})
    assert isinstance(counter.clock, StillClock)
    counter.clock.forward(120)
    record = product_record(counter.db, product_id)
    box = msgspec.structs.replace(record.units[0], price=128_000)
    change_product(counter, msgspec.structs.replace(record, units=(box,)))
    clock.now_ms += 120_000
    listener.sync()
    text = owner.get(f"/kelola/{empty_shop.hex()}/dua-tempat").text
    assert "dus isi 40 Rp\xa0128.000" in text and "dus isi 40 Rp\xa0125.000" in text
    other = next(one for one in PageReader(text).forms if one.fields.get("pilih") == "lain")
    listener.after(lambda: owner.post(other.action, other.fields))
    assert product_record(counter.db, product_id).units[0].price == 125_000
    assert verify(counter.db).ok
