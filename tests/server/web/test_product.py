"""Products written down and changed on the web: units, barcodes, tiers, archive; nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from server.accounts.people import add_user
from server.catalog.reading import ProductFields, product_of
from server.db.schema import SHOP, journal
from server.db.schema.catalog import product, product_stock
from server.services import Services
from tests.helpers.web_browser import Browser, Form, PageReader
from tests.helpers.web_shop import PASSWORD, Clock, Sample

SignIn = Callable[..., Browser]
NEW = {
    "name": "Mi goreng sedap",
    "price": "3.500",
    "unit": "Bks.",
    "cost": "2.900",
    "opening": "80",
    "category": "Mi",
    "code": "MG9",
    "tax_class": "bebas",
    "barcodes": "8998866200301\n",
    "favourite": "1",
    "online": "1",
    "units-0-unit": "Dus",
    "units-0-factor": "40",
    "units-0-price": "130rb",
    "units-0-barcodes": "8998866200318",
    "units-1-unit": "pak",
    "units-1-factor": "5",
    "units-1-price": "",
    "units-1-barcodes": "",
    "tiers-0-min_qty": "10",
    "tiers-0-price": "3.300",
}


@pytest.fixture
def base(sample: Sample) -> str:
    return f"/kelola/{sample.shop_id.hex()}/barang"


def form_of(page: str) -> Form:
    return next(one for one in PageReader(page).forms if "formulir" in one.fields)


def new_form(browser: Browser, base: str) -> dict[str, str]:
    fields = form_of(browser.get(f"{base}/baru").text).fields
    fields.pop("lakukan", None)
    return fields


def counts(services: Services, shop_id: bytes) -> tuple[int, int]:
    """How many products, how many entries in the feed."""
    with services.store.reading_shop(shop_id) as tx:
        goods = tx.scalar(select(func.count()).where(product.c.shop_id == SHOP))
        entries = tx.scalar(select(func.count()).where(journal.entry.c.shop_id == SHOP))
    return int(goods), int(entries)


def fields_of(services: Services, shop_id: bytes, place: str) -> ProductFields:
    with services.store.reading_shop(shop_id) as tx:
        found = product_of(tx, bytes.fromhex(place.partition("?")[0].rpartition("/")[2]))
    assert found is not None
    return found.fields


def as_lists(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def problem_at(text: str, name: str) -> str:
    """What is said at a field that is marked as wrong; empty where it is not."""
    field = next(one for one in PageReader(text).inputs if one.get("id") == name)
    if field.get("aria-invalid") != "true":
        return ""
    said = str(field["aria-describedby"])
    return text.partition(f'id="{said}">')[2].partition("</p>")[0]


def test_a_product_is_written_down_with_units_barcodes_and_tiers(
    sample: Sample, services: Services, signed_in: SignIn, base: str
) -> None:
    owner = signed_in()
    answer = owner.post(f"{base}/baru", {**new_form(owner, base), **NEW})
    assert answer.status_code == 303 and answer.headers["location"].endswith("?ya=baru")
    fields = fields_of(services, sample.shop_id, answer.headers["location"])
    assert (fields.name, fields.unit, fields.price, fields.cost) == (
        "Mi goreng sedap", "bungkus", 3_500, 2_900,
    )  # fmt: skip
    assert (fields.tax_class, fields.favourite, fields.category) == (
        "bebas",
        True,
        "Mi",
    ) and fields.online
    assert as_lists(fields.units) == [["pak", 5, None], ["dus", 40, 130_000]]
    assert as_lists(fields.barcodes) == [["08998866200301", "bungkus"], ["08998866200318", "dus"]]
    assert as_lists(fields.tiers) == [[10_000, 3_300]]
    text = owner.get(answer.headers["location"]).text
    assert "40 bungkus · Rp\xa0130.000" in text and "5 bungkus · Rp\xa017.500" in text
    assert "8998866200318" in text and "Bebas pajak" in text
    with services.store.reading_shop(sample.shop_id) as tx:
        worth = tx.one(
            select(product_stock.c.qty, product_stock.c.value).where(
                product_stock.c.shop_id == SHOP, product_stock.c.cost == 2_900,
                product_stock.c.qty == 80_000,
            )
        )  # fmt: skip
    assert worth == (80_000, 232_000)


def test_the_same_form_sent_twice_writes_once(
    sample: Sample, services: Services, signed_in: SignIn, base: str
) -> None:
    owner = signed_in()
    form = {**new_form(owner, base), **NEW}
    first = owner.post(f"{base}/baru", form)
    after = counts(services, sample.shop_id)
    again = owner.post(f"{base}/baru", form)
    assert again.headers["location"] == first.headers["location"]
    assert counts(services, sample.shop_id) == after


def test_another_product_typed_into_the_same_form_is_not_lost(
    sample: Sample, services: Services, signed_in: SignIn, base: str
) -> None:
    owner = signed_in()
    form = {**new_form(owner, base), **NEW}
    owner.post(f"{base}/baru", form)
    before = counts(services, sample.shop_id)
    other = {**form, "name": "Mi kuah sedap", "barcodes": "", "units-0-barcodes": ""}
    asked = owner.post(f"{base}/baru", other)
    assert asked.status_code == 422 and "Mi goreng sedap sudah tersimpan" in asked.text
    assert counts(services, sample.shop_id) == before
    kept = form_of(asked.text).fields
    assert kept["name"] == "Mi kuah sedap" and kept["formulir"] != form["formulir"]
    assert owner.post(f"{base}/baru", kept).status_code == 303
    assert counts(services, sample.shop_id) == (before[0] + 1, before[1] + 1)


def test_an_edit_that_comes_late_a_second_time_changes_nothing(
    sample: Sample, services: Services, signed_in: SignIn, base: str, clock: Clock
) -> None:
    owner = signed_in()
    place = f"{base}/{sample.goods[0].hex()}"
    form = {**form_of(owner.get(f"{place}/ubah").text).fields, "price": "74.000"}
    clock.now_ms += 60_000
    assert owner.post(f"{place}/ubah", form).status_code == 303
    clock.now_ms += 60_000
    owner.submit(f"{place}/ubah", "/ubah", price="72.500")
    before = counts(services, sample.shop_id)
    assert owner.post(f"{place}/ubah", form).status_code == 303
    assert counts(services, sample.shop_id) == before
    assert fields_of(services, sample.shop_id, place).price == 72_500


def test_each_fault_is_said_at_its_field_and_all_that_was_typed_stays(
    sample: Sample, services: Services, signed_in: SignIn, base: str
) -> None:
    owner = signed_in()
    before = counts(services, sample.shop_id)
    typed = {
        **NEW,
        "name": "  ",
        "price": "",
        "cost": "murah",
        "min_stock": "banyak",
        "opening": "-1",
        "tax_class": "lain",
        "units-0-unit": "bungkus",
        "units-0-factor": "2,5",
        "units-1-unit": "",
        "units-1-price": "99999999999",
        "units-1-barcodes": "8998866200301",
        "tiers-0-min_qty": "0",
        "tiers-0-price": "",
    }
    answer = owner.post(f"{base}/baru", {**new_form(owner, base), **typed})
    assert answer.status_code == 422
    for name in (
        "price", "cost", "min_stock", "opening", "units-0-factor", "units-1-barcodes",
        "tiers-0-price",
    ):  # fmt: skip
        assert problem_at(answer.text, name), name
    readable = {
        **typed, "price": "3500", "cost": "", "min_stock": "", "opening": "",
        "units-0-factor": "2", "units-1-barcodes": "", "tiers-0-price": "1",
    }  # fmt: skip
    answer = owner.post(f"{base}/baru", {**new_form(owner, base), **readable})
    for name in (
        "name", "tax_class", "units-0-unit", "units-1-unit", "units-1-price", "tiers-0-min_qty",
    ):  # fmt: skip
        assert problem_at(answer.text, name), name
    kept = form_of(answer.text).fields
    assert {name: kept[name] for name in readable if name != "tax_class"} == {
        name: text for name, text in readable.items() if name != "tax_class"
    }
    assert counts(services, sample.shop_id) == before


def test_a_barcode_of_another_product_is_refused_where_it_stands(
    signed_in: SignIn, base: str
) -> None:
    owner = signed_in()
    owner.post(f"{base}/baru", {**new_form(owner, base), **NEW})
    form = new_form(owner, base)
    other = {
        **form, "name": "Mi kuah", "price": "3000", "units-0-unit": "dus", "units-0-factor": "40",
        "units-0-barcodes": "8998866200301",
    }  # fmt: skip
    answer = owner.post(f"{base}/baru", other)
    assert answer.status_code == 422
    said = problem_at(answer.text, "units-0-barcodes")
    assert said == "Kode batang 8998866200301 sudah dipakai Mi goreng sedap."


def test_lines_are_added_and_taken_away_without_a_script(
    sample: Sample, services: Services, signed_in: SignIn, base: str
) -> None:
    owner = signed_in()
    before = counts(services, sample.shop_id)
    form = {**new_form(owner, base), **NEW}
    more = owner.post(f"{base}/baru", {**form, "lakukan": "tambah-units"})
    assert more.status_code == 200
    fields = form_of(more.text).fields
    assert fields["units-2-unit"] == "" and fields["formulir"] == form["formulir"]
    focused = [one for one in PageReader(more.text).inputs if "autofocus" in one]
    assert [one["id"] for one in focused] == ["units-2-unit"]
    less = owner.post(f"{base}/baru", {**fields, "lakukan": "hapus-units-0"})
    fields = form_of(less.text).fields
    assert fields["units-0-unit"] == "pak" and "units-1-unit" not in fields
    for _ in range(45):
        answer = owner.post(f"{base}/baru", {**fields, "lakukan": "tambah-tiers"})
        fields = {**form_of(answer.text).fields}
        last = max(int(one.split("-")[1]) for one in fields if one.startswith("tiers-"))
        fields.update({f"tiers-{last}-min_qty": str(last + 2), f"tiers-{last}-price": "1"})
    assert "tiers-39-price" in fields and "tiers-40-price" not in fields
    assert counts(services, sample.shop_id) == before


def test_units_changed_at_two_places_are_told_apart_and_chosen(
    sample: Sample, services: Services, signed_in: SignIn, base: str, clock: Clock
) -> None:
    owner = signed_in()
    added = owner.post(f"{base}/baru", {**new_form(owner, base), **NEW}).headers["location"]
    place = added.partition("?")[0]
    old = form_of(owner.get(f"{place}/ubah").text).fields
    clock.now_ms += 60_000
    owner.post(f"{place}/ubah", {**old, "units-1-price": "125.000"})
    clock.now_ms += 60_000
    owner.post(f"{place}/ubah", {**old, "units-1-price": "128.000"})
    text = owner.get(f"/kelola/{sample.shop_id.hex()}/dua-tempat").text
    standing = "pak isi 5, dus isi 40 Rp\xa0128.000"
    other = "pak isi 5, dus isi 40 Rp\xa0125.000"
    assert standing in text and other in text
    forms = [one for one in PageReader(text).forms if one.fields.get("pilih") == "lain"]
    for one in forms:
        owner.post(one.action, one.fields)
    fields = fields_of(services, sample.shop_id, place)
    assert as_lists(fields.units) == [["pak", 5, None], ["dus", 40, 125_000]]
    assert f"{standing} → <strong>{other}" in owner.get(place).text


def test_a_product_leaves_the_counters_and_comes_back(
    sample: Sample, services: Services, signed_in: SignIn, base: str, clock: Clock
) -> None:
    owner = signed_in()
    place = f"{base}/{sample.goods[0].hex()}"
    clock.now_ms += 60_000
    gone = owner.submit(place, "/arsip")
    assert gone.status_code == 303 and "Diarsipkan" in owner.get(gone.headers["location"]).text
    assert not fields_of(services, sample.shop_id, place).active
    before = counts(services, sample.shop_id)
    csrf = form_of(owner.get(f"{place}/ubah").text).fields["csrf"]
    owner.post(f"{place}/arsip", {"csrf": csrf, "jual": ""})
    assert counts(services, sample.shop_id) == before
    clock.now_ms += 60_000
    owner.submit(place, "/arsip")
    assert fields_of(services, sample.shop_id, place).active
    assert "ya → <strong>tidak" in owner.get(place).text


def test_who_only_looks_writes_nothing_down(
    sample: Sample, services: Services, signed_in: SignIn, base: str
) -> None:
    add_user(services, "lihat@contoh.id", PASSWORD, sample.shop_id, "viewer")
    viewer, place = signed_in("lihat@contoh.id"), f"{base}/{sample.goods[0].hex()}"
    assert viewer.get(f"{base}/baru").status_code == 403
    assert "/barang/baru" not in viewer.get(base).text
    assert "/arsip" not in viewer.get(place).text
    before = counts(services, sample.shop_id)
    for target in (f"{base}/baru", f"{place}/arsip", f"{place}/ubah"):
        assert viewer.post(target, {**NEW, "formulir": "0" * 32}).status_code == 403
    assert counts(services, sample.shop_id) == before


def test_what_a_product_cost_is_not_for_who_only_looks(
    sample: Sample, services: Services, signed_in: SignIn, base: str, clock: Clock
) -> None:
    clock.now_ms += 60_000
    place = f"{base}/{sample.goods[0].hex()}"
    signed_in().submit(f"{place}/ubah", "/ubah", cost="61.234")
    assert "61.234" in signed_in().get(place).text
    add_user(services, "lihat@contoh.id", PASSWORD, sample.shop_id, "viewer")
    assert "61.234" not in signed_in("lihat@contoh.id").get(place).text


def test_a_form_without_its_name_is_refused(signed_in: SignIn, base: str) -> None:
    owner = signed_in()
    form = {**new_form(owner, base), **NEW, "formulir": "bukan"}
    assert owner.post(f"{base}/baru", form).status_code == 400


def test_goods_that_may_not_be_sold_online_are_refused_at_their_box(
    services: Services, sample: Sample, signed_in: SignIn, base: str
) -> None:
    owner = signed_in(language="en")
    typed = {**new_form(owner, base), **NEW, "category": "Rokok"}
    answer = owner.post(f"{base}/baru", typed)
    assert answer.status_code == 422 and "Tobacco may not be sold online" in answer.text
    del typed["online"]
    place = owner.post(f"{base}/baru", typed).headers["location"]
    assert not fields_of(services, sample.shop_id, place).online
