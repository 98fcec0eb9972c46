"""Settlement reports against payments: fees once, each difference by its name, on each engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server.accounts.people import add_user
from server.payments.looking import look
from server.payments.report_reading import BadReport
from server.payments.reports import Taken, take_report
from server.services import Services
from tests.helpers.owing import check_all
from tests.helpers.settled import DAY_MS, FEE, HEAD, PRICE, Sold, sold_shop
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import OWNER, PASSWORD
from tests.server.web.conftest import signed_in

__all__ = ["signed_in"]


@pytest.fixture
def sold(services: Services) -> Sold:
    return sold_shop(services)


def test_fees_are_booked_once_however_often_and_in_whatever_file_a_line_comes(sold: Sold) -> None:
    one, two = sold.paid(), sold.paid()
    assert sold.bring(sold.line(one)) == Taken(1, 1, FEE)
    assert sold.bring(sold.line(one)) == Taken(1, 0, 0)
    assert sold.bring(sold.line(one), sold.line(two)) == Taken(2, 1, FEE)
    assert sold.fees() == 2 * FEE
    found = sold.compared()
    assert (found.differing, found.missing, len(found.files)) == ((), (), 2)
    assert found.sums["agrees"] == (2, 2 * PRICE, 2 * FEE)
    check_all(sold.paying.services, sold.shop_id)


def test_a_payment_that_two_reports_have_is_in_the_sums_once(sold: Sold) -> None:
    at = sold.paid()
    plain = f"{HEAD.replace(',Fee', '')}\n{sold.line(at).replace(f',{FEE}', '')}".encode()
    later = sold.line(at._replace(transaction_id="")).replace("2026-11-26", "2026-11-26 10:30:00")
    for _ in range(2):
        sold.bring(sold.line(at))
        sold.bring(later)
        take_report(sold.paying, sold.shop_id, "tanpa-biaya.csv", plain, bytes(16))
    found = sold.compared()
    assert (found.differing, found.sums["agrees"]) == ((), (3, PRICE, FEE))
    assert sold.fees() == FEE


def test_a_report_without_fees_hides_none_that_another_one_says(sold: Sold) -> None:
    made = sold.order()[1]
    sold.gateway.book.pay(made.transaction_id)
    for fee in (0, FEE, 0):
        sold.bring(sold.line(made, fee=fee).replace("2026-11-26", f"2026-11-26 0{fee % 7}:00:00"))
    look(sold.paying, sold.shop_id, made.id)
    assert (sold.why(), sold.fees()) == ([], FEE)


def test_each_difference_has_its_name(sold: Sold) -> None:
    paid, other = sold.paid(), sold.paid()
    stranger = paid._replace(provider_key="TOKO-LAIN-1", transaction_id="lain")
    sold.bring(
        sold.line(paid, amount=PRICE + 1_000),
        sold.line(other),
        sold.line(other, kind="Refund", amount=3_000),
        sold.line(stranger),
    )
    assert sold.why() == ["amount", "refund", "unknown"]
    sold.bring(sold.line(other, fee=FEE + 1))
    assert sold.why() == ["amount", "fee", "refund", "unknown"]
    assert sold.fees() == 2 * FEE
    check_all(sold.paying.services, sold.shop_id)


def test_what_a_report_knows_first_is_asked_about_and_its_fee_is_booked_then(sold: Sold) -> None:
    made = sold.order()[1]
    sold.gateway.book.pay(made.transaction_id)
    assert sold.bring(sold.line(made)) == Taken(1, 1, 0)
    assert sold.why() == ["unpaid"]
    look(sold.paying, sold.shop_id, made.id)
    assert (sold.why(), sold.fees()) == ([], FEE)
    check_all(sold.paying.services, sold.shop_id)


def test_what_no_report_has_after_a_week_is_missing(sold: Sold) -> None:
    sold.bring(sold.line(sold.paid()))
    late = sold.paid()
    assert sold.compared().missing == ()
    sold.wait(8 * DAY_MS)
    (found,) = sold.compared().missing
    assert (found.provider_key, found.amount) == (late.provider_key, PRICE)
    sold.bring(sold.line(late))
    assert sold.compared().missing == ()


def test_a_file_that_is_none_changes_nothing(sold: Sold) -> None:
    with pytest.raises(BadReport):
        sold.bring(sold.line(sold.paid()), "HY-x,,Payment,settlement,banyak,0,")
    assert (sold.compared().files, sold.fees()) == ((), 0)


def test_the_owner_brings_a_file_and_sees_what_differs(
    sold: Sold, signed_in: Callable[..., Browser]
) -> None:
    add_user(sold.paying.services, OWNER, PASSWORD, sold.shop_id, "owner")
    owner = signed_in()
    page = f"/kelola/{sold.shop_id.hex()}/pembayaran/laporan"
    assert "Belum ada laporan" in owner.get(page).text
    at = sold.paid()
    formula = at._replace(provider_key="=1+1", transaction_id="")
    csrf = {"csrf": _csrf(owner, page)}

    def bring(data: bytes) -> str:
        files = {"berkas": ("C:\\laporan <b>.csv", data, "text/csv")}
        sent = owner.ask("POST", page, data=csrf, files=files)
        return owner.get(sent.headers["location"]).text if sent.status_code == 303 else sent.text

    said = bring("\n".join((HEAD, sold.line(at), sold.line(formula))).encode())
    assert "2 transaksi dibaca" in said and "Tidak dikenal di sini" in said
    assert "laporan &lt;b&gt;.csv" in said and "C:" not in said
    assert "bukan berkas CSV" in bring(b"PK\x03\x04")
    assert "Pilih dahulu" in owner.ask("POST", page, data=csrf).text
    table = owner.get(f"{page}.csv").content.decode("utf-8-sig").splitlines()
    assert any(row.startswith("Cocok,Pembayaran,1,") for row in table)
    assert any(",'=1+1," in row for row in table)


def _csrf(owner: Browser, page: str) -> str:
    return owner.get(page).text.partition('name="csrf" value="')[2].partition('"')[0]
