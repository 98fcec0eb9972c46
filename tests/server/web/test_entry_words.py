"""An owner reads what an entry in quarantine is about before it is accepted or set aside."""

from __future__ import annotations

from collections.abc import Callable

from core.facts.base import FieldChange
from core.facts.catalog import ProductChanged
from core.facts.customers import CustomerAdded, CustomerChanged, CustomerRecord, DebtRepaid
from core.facts.selling import TenderPart
from core.facts.shifts import CashMoved
from core.facts.shop import StaffAdded
from core.facts.stock import StockAdjusted, StockLine
from server.services import Services
from server.sync.journal import take_journal
from tests.helpers.sync_client import added, fresh_id
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import Sample

SignIn = Callable[..., Browser]


def test_what_waits_says_whom_and_what_it_is_about(
    sample: Sample, services: Services, signed_in: SignIn
) -> None:
    lost, goods, new = sample.lost, sample.goods[4], fresh_id()
    udin = sample.customers[0]
    first = lost.head[0] + 1
    price = (FieldChange("price", "3500", "4000"),)
    for fact in (
        added(new, name="Kopi Pinogu"),
        StockAdjusted((StockLine(new, -2_000),), "broken"),
        ProductChanged(goods, price),
        CustomerAdded(CustomerRecord(fresh_id(), "Bu Hadija")),
        StaffAdded(fresh_id(), "Rahmat", "cashier"),
        CashMoved(fresh_id(), "out", 75_000, "beli es"),
        DebtRepaid(7, udin, "credit", 5_000, (TenderPart("cash", 5_000),), fresh_id()),
        CustomerChanged(udin, (FieldChange("phone", '""', '"0812-9"'),)),
    ):
        lost.write(fact)
    take_journal(services, sample.shop_id, lost.device, lost.push(first))
    text = signed_in().get(f"/kelola/{sample.shop_id.hex()}/periksa").text.replace("\xa0", " ")
    for said in (
        "Kopi Pinogu: Rp 15.000",
        "Kopi Pinogu \u22122",
        "Mi instan goreng: Harga",
        "Rp 4.000",
        "Bu Hadija",
        "Rahmat",
        "\u2212Rp 75.000: beli es",
        "Bayar kasbon K3-000007",
        "Pak Udin Mohamad: Rp 5.000",
        "Pak Udin Mohamad: Telepon",
    ):
        assert said in text, said


def test_what_has_no_known_form_is_shown_as_it_is(
    sample: Sample, services: Services, signed_in: SignIn
) -> None:
    """A counter that nobody trusts, or a newer one, does not close the owner's pages."""
    goods, base, owner = sample.goods[4], f"/kelola/{sample.shop_id.hex()}", signed_in()
    for counter in (sample.lost, sample.front):
        first = counter.head[0] + 1
        for field, new in (
            ("tiers", "[[1000,500,7]]"),
            ("units", "[[1]]"),
            ("barcodes", "[[]]"),
            ("price", '"murah"'),
            ("name", "[[]]"),
            ("category", "[" * 20_000),
        ):
            counter.write(ProductChanged(goods, (FieldChange(field, "null", new),)))
        take_journal(services, sample.shop_id, counter.device, counter.push(first))
        for page in ("/periksa", f"/barang/{goods.hex()}"):
            answer = owner.get(base + page)
            assert answer.status_code == 200, page
    assert "[[1000,500,7]]" in owner.get(f"{base}/periksa").text
