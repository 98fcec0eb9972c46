"""The index is what follows from the shops' tables, after every kind of change, on both engines."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from core.facts.base import FieldChange
from core.facts.catalog import CatalogImported, ProductRecord
from core.facts.shop import SettingsChanged
from server.catalog.changing import BadProduct, change_product
from server.catalog.reading import product_of
from server.db.schema import SHOP
from server.db.schema.search import search_mark, search_product
from server.search import indexing
from server.search.following import Follower, follow_all, rebuild
from server.search.indexing import catch_up
from server.search.proving import prove_index
from server.services import Services
from server.shops.editing import change_document, json_of, write_once
from server.storefront.addresses import claim
from server.sync.verifying import refold
from tests.helpers.gerai_shops import gerai, goods, set_stock
from tests.helpers.orders import open_shop, order, stock_up
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_gerai import BY, open_gerai, put_online, set_gerai
from tests.helpers.web_shop import Clock, Sample, Till, sale_line
from tests.server.search.conftest import Search
from tests.server.web.test_pictures import jpeg, keep, show_picture

DAY_MS = 24 * 3_600_000


def is_exact(services: Services, shop_id: bytes) -> int:
    """Follow, then compare with what a rebuild would give; returns how many goods there are."""
    follow_all(services)
    proof = prove_index(services, shop_id)
    assert proof.waiting == 0 and proof.differences == ()
    return proof.goods


def change(services: Services, shop_id: bytes, key: bytes, **fields: object) -> None:
    with services.store.reading_shop(shop_id) as tx:
        found = product_of(tx, key)
    assert found is not None
    change_product(services, shop_id, key, found.fields, found.fields._replace(**fields), BY)


def test_it_follows_everything_that_a_shop_does(
    services: Services, sample: Sample, clock: Clock, search: Search
) -> None:
    open_gerai(services, sample)
    shop_id = sample.shop_id
    assert is_exact(services, shop_id) == len(sample.goods)
    assert [one.name for one in search("beras").finds] == ["Beras Pulo 5 kg"]
    change(services, shop_id, sample.goods[0], price=80_000)
    assert search("beras").finds[0].price == 80_000 and is_exact(services, shop_id)
    change(services, shop_id, sample.goods[0], name="Padi Pulo 5 kg")
    assert search("padi").finds and not search("beras").finds
    put_online(services, shop_id, sample.goods[0], online=False)
    assert not search("padi").finds and is_exact(services, shop_id) == len(sample.goods) - 1
    put_online(services, shop_id, sample.goods[0], active=False)
    put_online(services, shop_id, sample.goods[0], active=True)
    assert search("padi").finds
    set_gerai(services, shop_id, gerai_open=False)
    assert not search("gula").finds and is_exact(services, shop_id) == 0
    set_gerai(services, shop_id, gerai_open=True)
    assert search("gula").finds[0].gerai == "warung-ibu-sri"
    claim(services, shop_id, "toko-baru")
    assert search("gula").finds[0].gerai == "toko-baru"
    renamed = SettingsChanged(
        (FieldChange("shop_name", json_of("Warung Ibu Sri"), json_of("Sri")),)
    )
    write_once(services, shop_id, renamed, BY)
    assert search("gula").finds[0].title == "Sri" and is_exact(services, shop_id)


def test_what_may_not_be_sold_online_goes(
    services: Services, sample: Sample, search: Search
) -> None:
    open_gerai(services, sample)
    assert search("gula").finds
    change_document(
        services, sample.shop_id, "product", sample.goods[1],
        {"category": "Sembako"}, {"category": "Rokok"}, BY,
    )  # fmt: skip
    assert not search("gula").finds and is_exact(services, sample.shop_id)


def test_a_sale_at_the_counter_and_its_silence_are_followed(
    services: Services, sample: Sample, clock: Clock, search: Search
) -> None:
    open_gerai(services, sample)
    before = search("minyak").finds[0].available
    with services.store.reading_shop(sample.shop_id) as tx:
        found = product_of(tx, sample.goods[2])
    assert found is not None
    till = Till(sample.front, fresh_id())
    till.number, till.sent = 900, sample.front.head[0]
    record = ProductRecord(sample.goods[2], "", "x", "", "", "pcs", 1_000)
    till.sell(clock.now_ms, "2026-11-24", [sale_line(record, 1)])
    till.push(services, sample.shop_id)
    after = search("minyak").finds[0].available
    assert after.promise < before.promise and is_exact(services, sample.shop_id)
    clock.now_ms += 26 * 3_600_000
    assert search("minyak").finds[0].available.state == "confirm"
    assert is_exact(services, sample.shop_id), "what sells a day is reckoned anew each day"


def test_a_picture_is_shown_when_it_has_come(
    services: Services, sample: Sample, search: Search
) -> None:
    open_gerai(services, sample)
    original = jpeg()
    name = show_picture(services, sample, original)
    assert not search("gula").finds[0].picture
    keep(services, sample.shop_id, name, original)
    shown = search("gula").finds[0]
    assert shown.picture == name and shown.width and is_exact(services, sample.shop_id)


def test_a_large_import_is_followed_in_parts(
    services: Services, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.search.indexing.PART", 50)
    shop_id = gerai(services, "Toko Besar")
    records = tuple(
        ProductRecord(fresh_id(), "", f"Kain {number}", "Kain", "", "lembar", 5_000, online=True)
        for number in range(620)
    )
    write_once(services, shop_id, CatalogImported(fresh_id(), 1, "kain.csv", records, (), ()), BY)
    with services.store.reading_directory() as tx:
        assert len(tx.rows(select(search_mark))) < 5, "a step of many goods marks the shop"
    assert is_exact(services, shop_id) == 620
    change(services, shop_id, records[300].product_id, online=False)
    assert is_exact(services, shop_id) == 619


def test_only_shops_with_an_open_gerai_are_marked(services: Services, sample: Sample) -> None:
    follow_all(services)
    put_online(services, sample.shop_id, sample.goods[0])
    with services.store.reading_directory() as tx:
        assert tx.rows(select(search_mark)) == []


def test_a_step_marks_with_one_statement(services: Services, sample: Sample) -> None:
    open_gerai(services, sample)
    follow_all(services)
    told: list[str] = []

    def note(_c: object, _cursor: object, sql: str, *_: object) -> None:
        if "search_" in sql:
            told.append(sql)

    event.listen(services.store.engine, "before_cursor_execute", note)
    till = Till(sample.front, fresh_id())
    till.number, till.sent = 900, sample.front.head[0]
    record = ProductRecord(sample.goods[2], "", "x", "", "", "pcs", 1_000)
    for _ in range(20):
        till.sell(services.now_ms(), "2026-11-24", [sale_line(record, 1)])
    till.push(services, sample.shop_id)
    event.remove(services.store.engine, "before_cursor_execute", note)
    assert len(told) == 1


def test_what_was_changed_by_another_hand_is_found_and_mended(
    services: Services, sample: Sample
) -> None:
    open_gerai(services, sample)
    follow_all(services)
    with services.store.shop(sample.shop_id) as tx:
        wrong = update(search_product).where(search_product.c.owner == SHOP).values(price=1)
        assert tx.run(wrong)
    proof = prove_index(services, sample.shop_id)
    assert not proof.ok and len(proof.differences) == len(sample.goods)
    rebuild(services, sample.shop_id)
    assert prove_index(services, sample.shop_id).ok
    refold(services, sample.shop_id)
    assert is_exact(services, sample.shop_id)


def test_a_change_while_the_shop_is_reckoned_is_not_lost(
    services: Services, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes after the marks were read and before they are taken away."""
    shop_id = gerai(services, "Toko Sibuk")
    key = goods(services, shop_id, "Gula", 1_000)
    reckon, writers = indexing.products_of, []

    def meanwhile(*given: Any) -> Any:
        rows = reckon(*given)
        if not writers:
            writer = Thread(target=change, args=(services, shop_id, key), kwargs={"price": 2_000})
            writers.append(writer)
            writer.start()
            # On SQLite it waits for the turn's end.
            if services.store.is_postgresql:
                writer.join()
        return rows

    follow_all(services)
    change(services, shop_id, key, price=1_500)
    monkeypatch.setattr(indexing, "products_of", meanwhile)
    assert catch_up(services, shop_id)
    monkeypatch.undo()
    for writer in writers:
        writer.join()
    assert writers and search("gula").finds[0].price == 2_000
    assert is_exact(services, shop_id)


def test_a_follower_goes_round_all_and_waits_for_nobody(services: Services) -> None:
    shops = [gerai(services, f"Toko {number}") for number in range(5)]
    for shop_id in shops:
        goods(services, shop_id, "Gula", 1_000)
    follower = Follower(services)
    while follower.turn():
        pass
    assert all(prove_index(services, one) == (True, 0, 1, ()) for one in shops)


KINDS = ("price", "name", "category", "online", "active", "stock", "switch", "district", "claim",
         "term", "day", "follow", "zone", "new")  # fmt: skip


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(KINDS), min_size=3, max_size=25), st.integers(0, 1 << 30))
def test_random_changes_then_the_index_is_what_a_rebuild_gives(
    services: Services, clock: Clock, kinds: list[str], seed: int
) -> None:
    chance = Random(seed)
    shop_id = gerai(services, f"Toko Nomor {int.from_bytes(fresh_id()[8:])}")
    keys = [goods(services, shop_id, f"Barang {number}", 1_000) for number in range(4)]
    names = ["Gula", "Kopi Pinogu", "Rokok Kretek", "Bir", ""]
    for kind in kinds:
        key = chance.choice(keys)
        if kind in ("price", "name"):
            wanted = {"price": chance.randint(1, 9) * 1_000}
            named = {"name": f"{chance.choice(names[:2])} {chance.random()}"}
            # A counter may have made of it what nobody may change and sell online.
            with suppress(BadProduct):
                change(services, shop_id, key, **(wanted if kind == "price" else named))
        elif kind == "category":
            put_category(services, shop_id, key, chance.choice(names))
        elif kind in ("online", "active"):
            flip(services, shop_id, key, kind, value=chance.random() < 0.5)
        elif kind == "stock":
            set_stock(services, shop_id, key, chance.choice((-12, -1, 1, 5)))
        elif kind == "switch":
            set_gerai(services, shop_id, gerai_open=chance.random() < 0.6)
        elif kind == "district":
            set_gerai(services, shop_id, gerai_district=chance.choice(("", "75.01.01")))
        elif kind == "claim":
            claim(services, shop_id, f"toko-x-{int.from_bytes(fresh_id()[8:])}")
        elif kind == "term":
            set_gerai(services, shop_id, gerai_term_hours=chance.randint(1, 100))
        elif kind == "day":
            clock.now_ms += chance.choice((60_000, DAY_MS // 2, DAY_MS))
        elif kind == "zone":
            zone = chance.choice(("Asia/Makassar", "Asia/Jakarta"))
            told = FieldChange("zone", "null", json_of(zone))
            write_once(services, shop_id, SettingsChanged((told,)), BY)
        elif kind == "new":
            keys.append(goods(services, shop_id, f"Baru {chance.random()}", 500, stock=0))
        elif chance.random() < 0.7:
            catch_up(services, shop_id)
    is_exact(services, shop_id)


def flip(services: Services, shop_id: bytes, key: bytes, field: str, *, value: bool) -> None:
    with services.store.reading_shop(shop_id) as tx:
        found = product_of(tx, key)
    assert found is not None
    seen = {field: getattr(found.fields, field)}
    change_document(services, shop_id, "product", key, seen, {field: value}, BY)


def put_category(services: Services, shop_id: bytes, key: bytes, category: str) -> None:
    """As an import does, which asks no rule of the gerai."""
    with services.store.reading_shop(shop_id) as tx:
        found = product_of(tx, key)
    assert found is not None
    seen = {"category": found.fields.category}
    change_document(services, shop_id, "product", key, seen, {"category": category}, BY)


def test_what_an_order_sets_aside_is_no_longer_found_as_available(
    services: Services, search: Search
) -> None:
    shop_id = open_shop(services)
    claim(services, shop_id, f"toko-x-{int.from_bytes(fresh_id()[8:])}")
    key = stock_up(services, shop_id, "Gula semut", 2)
    assert search("gula semut", available=True).finds[0].available.promise == 2_000
    order(services, shop_id, [(key, 2)])
    assert not search("gula semut", available=True).finds
    assert search("gula semut").finds[0].available.state == "sold_out"
    assert is_exact(services, shop_id) == 1
