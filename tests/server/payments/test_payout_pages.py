"""The owner records what arrived at the bank, is asked about what cannot be, and takes it back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server.accounts.people import add_user
from server.orders.statement import order_statement
from tests.helpers.owing import check_all
from tests.helpers.settled import FEE, PRICE
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import OWNER, PASSWORD
from tests.server.payments.test_payouts import OUT, Shop, shop
from tests.server.web.conftest import signed_in

__all__ = ["shop", "signed_in"]


class Desk:
    """The page, as its owner sees it."""

    def __init__(self, made: Shop, owner: Browser) -> None:
        self.shop, self.owner = made, owner
        self.path = f"/kelola/{made.sold.shop_id.hex()}/pembayaran/pencairan"

    def text(self) -> str:
        """What stands there."""
        return self.owner.get(self.path).text

    def send(self, what: str, **fields: str) -> str:
        """Send a form; what is shown then, amounts with plain spaces."""
        form = {"csrf": self._hidden("csrf"), "formulir": self._hidden("formulir"), "apa": what}
        sent = self.owner.ask("POST", self.path, data={**form, **fields})
        where = sent.headers.get("location")
        return (self.owner.get(where) if where else sent).text.replace("\xa0", " ")

    def _hidden(self, name: str) -> str:
        return self.text().partition(f'name="{name}" value="')[2].partition('"')[0]


@pytest.fixture
def desk(shop: Shop, signed_in: Callable[..., Browser]) -> Desk:
    add_user(shop.services, OWNER, PASSWORD, shop.sold.shop_id, "owner")
    return Desk(shop, signed_in())


def test_recorded_asked_about_and_taken_back(desk: Desk) -> None:
    assert "Belum ada pencairan" in desk.text()
    desk.shop.sold.paid()
    assert "Rp\xa020.000" in desk.text()
    day = desk.shop.today
    typed = {"jumlah": "19.860", "tanggal": day, "sampai": day, "nomor": "P-1 <b>"}
    said = desk.send("catat", **typed)
    assert "Pencairan dicatat." in said and "biaya Rp 140" in said and "P-1 &lt;b&gt;" in said
    assert "P-1 <b>" not in said and "cair Rp 19.860" in said
    assert desk.shop.stands() == (0, PRICE - FEE, FEE, 0)
    # The same once more, and more than is there: only a person says that it is so.
    assert "sudah dicatat" in desk.send("catat", **typed)
    more = {"jumlah": "5000", "tanggal": day}
    asked = desk.send("catat", **more)
    assert "hanya ada Rp 0; kurang Rp 5.000" in asked and 'name="yakin"' in asked
    assert 'value="5000"' in asked and len(desk.shop.payouts()) == 1
    assert "Rp 5.000 di luar catatan" in desk.send("catat", **more, yakin="1")
    for one in desk.shop.payouts():
        assert "ditarik kembali" in desk.send("tarik", pencairan=one.id.hex())
    assert desk.shop.stands() == (PRICE, 0, 0, 0)
    check_all(desk.shop.services, desk.shop.sold.shop_id)


def test_what_cannot_be_read_is_said(desk: Desk) -> None:
    for typed, said in (
        ({"jumlah": "lima"}, "Tulislah jumlah rupiah"),
        ({"jumlah": "0"}, "lebih dari nol"),
        ({"tanggal": ""}, "Pilihlah tanggalnya"),
        ({"tanggal": "2100-01-01"}, "hari ini atau sebelumnya"),
        ({"sampai": "2100-01-01"}, "paling akhir"),
    ):
        given = {"jumlah": "5000", "tanggal": desk.shop.today, **typed}
        assert said in desk.send("catat", **given)
    assert desk.shop.payouts() == []


def test_what_a_report_has_and_nobody_can_explain_is_recorded_by_a_person(desk: Desk) -> None:
    desk.shop.sold.bring(f"P-9,completed,70000,,{desk.shop.today}", head=OUT)
    text = desk.text()
    assert "Ada di laporan, belum dicatat" in text and "P-9" in text
    (waits,) = desk.shop.sold.compared().differing
    assert "Lebih besar Rp\xa070.000" in text
    assert "P-9" in desk.send("catat", baris=waits.line_id.hex())
    assert "Ada di laporan" not in desk.text() and desk.shop.stands().surplus == 70_000
    reports = desk.owner.get(desk.path.replace("pencairan", "laporan")).text
    assert "Semua baris laporan cocok." in reports


def test_what_is_recorded_by_hand_does_not_wait_any_longer(desk: Desk) -> None:
    desk.shop.sold.bring(f"P-9,completed,70000,,{desk.shop.today}", head=OUT)
    assert "Ada di laporan, belum dicatat" in desk.text()
    desk.send("catat", jumlah="70000", tanggal=desk.shop.today, yakin="1")
    assert "Ada di laporan" not in desk.text() and len(desk.shop.payouts()) == 1


def test_one_that_is_none_of_the_shops_is_set_aside_with_a_reason_and_brought_back(
    desk: Desk,
) -> None:
    desk.shop.sold.bring(f"P-9,completed,70000,,{desk.shop.today}", head=OUT)
    (waits,) = desk.shop.sold.compared().differing
    line = waits.line_id.hex()
    asked = desk.send("sisih", baris=line, alasan=" ")
    assert "belum disisihkan: tulislah alasannya" in asked and "<details open>" in asked
    assert asked.count("tulislah alasannya") == 2, "above, and at the field"
    assert 'aria-invalid="true"' in asked and "Disisihkan</h2>" not in asked
    said = desk.send("sisih", baris=line, alasan="Toko <b> sebelah")
    assert "Pencairan disisihkan" in said and "Toko &lt;b&gt; sebelah · disisihkan" in said
    assert "belum dicatat</h2>" not in said and "Kembalikan pencairan Rp 70.000 ke daftar" in said
    reports = desk.owner.get(desk.path.replace("pencairan", "laporan"))
    assert "Semua baris laporan cocok." in reports.text and "Pencairan disisihkan" in reports.text
    said = desk.send("kembali", baris=line)
    assert "sudah dikembalikan" in said and "Ada di laporan, belum dicatat" in said
    assert "Disisihkan</h2>" not in said and desk.shop.payouts() == []


def test_a_payout_that_a_report_read_again_records_is_told(desk: Desk) -> None:
    reports = desk.path.replace("pencairan", "laporan") + "?baris=1&baru=0&biaya=0"
    again, recorded = (desk.owner.get(reports + more).text for more in ("", "&cair=20000"))
    assert "sudah pernah dibaca" in again and "Pencairan Rp" not in again
    assert "Pencairan Rp\xa020.000 dicatat." in recorded


def test_the_statement_says_what_arrived(desk: Desk) -> None:
    desk.shop.sold.paid(), desk.shop.sold.paid()
    made = desk.shop.record(2 * PRICE - FEE, until_day=desk.shop.today)
    report = f"/kelola/{desk.shop.sold.shop_id.hex()}/laporan-pesanan"
    text = desk.owner.get(report).text
    assert "Cair ke rekening" in text and "Rp\xa039.860" in text
    with desk.shop.services.store.reading_shop(desk.shop.sold.shop_id) as tx:
        found = order_statement(tx, desk.shop.today, desk.shop.today)
    (way,) = found.ways
    assert (way.came, way.back, way.fee, way.paid_out) == (2 * PRICE, 0, FEE, 2 * PRICE - FEE)
    assert [(one.amount, one.fee) for one in found.payouts] == [(2 * PRICE - FEE, FEE)]
    assert (found.open.at_providers, found.open.beyond) == (0, 0)
    desk.shop.take_back(made)
    assert "Cair ke rekening" not in desk.owner.get(report).text
