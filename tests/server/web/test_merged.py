"""Records that counters merged: the old one is found, says where it went, and is not changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.facts.sync import DocumentsMerged
from server.db.transaction import ShopTx
from server.services import Services
from server.sync.allotments import append_server_fact
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import NOW_MS, Sample

SignIn = Callable[..., Browser]
OLD, STAYS = 4, 5  # Mi instan goreng, Kopi bubuk Pinogu 100 g


@pytest.fixture
def merged(sample: Sample, services: Services) -> Sample:
    def write(tx: ShopTx) -> None:
        for table, ids, old, stays in (
            ("product", sample.goods, OLD, STAYS),
            ("customer", sample.customers, 0, 1),
        ):
            fact = DocumentsMerged(table, ids[old], ids[stays])  # type: ignore[arg-type]
            append_server_fact(tx, fact, now_ms=NOW_MS, by=b"")

    services.store.in_shop(sample.shop_id, write)
    return sample


def places(sample: Sample) -> tuple[str, str]:
    return (
        f"/kelola/{sample.shop_id.hex()}/barang/{sample.goods[OLD].hex()}",
        f"/kelola/{sample.shop_id.hex()}/barang/{sample.goods[STAYS].hex()}",
    )


def test_the_old_name_finds_the_record_that_stayed(merged: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    old, stays = places(merged)
    found = owner.get(f"/kelola/{merged.shop_id.hex()}/barang?cari=mi+instan").text
    assert stays in found and old not in found
    assert "Kopi bubuk Pinogu" in found
    people = owner.get(f"/kelola/{merged.shop_id.hex()}/pelanggan?cari=udin").text
    assert "Ibu Hadija" in people and "Pak Udin" not in people


def test_each_record_names_the_other(merged: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    old, stays = places(merged)
    gone = owner.get(old).text
    assert f'href="{stays}"' in gone and "disatukan" in gone and "/ubah" not in gone
    there = owner.get(stays).text
    assert f'href="{old}"' in there and "Disatukan dari" in there and "Mi instan goreng" in there
    assert "Disatukan</span>" in there, "the stock that came over is among the movements"
    english = signed_in(language="en").get(old).text
    assert "merged" in english and "Kopi bubuk Pinogu" in english


def test_the_old_record_is_not_changed(
    merged: Sample, services: Services, signed_in: SignIn
) -> None:
    owner = signed_in()
    old, stays = places(merged)
    form = owner.get(f"{old}/ubah")
    assert form.status_code == 303 and form.headers["location"] == stays
    who = f"/kelola/{merged.shop_id.hex()}/pelanggan/{merged.customers[0].hex()}"
    assert owner.get(f"{who}/ubah").headers["location"].endswith(merged.customers[1].hex())


def test_debts_of_both_lie_with_who_stayed(merged: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    page = owner.get(f"/kelola/{merged.shop_id.hex()}/pelanggan/{merged.customers[1].hex()}").text
    assert "Disatukan dari" in page and "Pak Udin Mohamad" in page
    gone = owner.get(f"/kelola/{merged.shop_id.hex()}/pelanggan/{merged.customers[0].hex()}").text
    assert "Ibu Hadija" in gone
