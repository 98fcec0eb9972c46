"""What stands on paper: every figure that the sale has, in both languages, nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import cart as carts
from core.cart import Discount
from core.receipt_layout import layout
from pos.counter import Counter
from pos.customers.people import add_customer, repay
from pos.printing.text import to_text
from pos.receipts.documents import receipt_document
from pos.receipts.listing import UnknownReceipt, find_receipts, receipt_view
from pos.receipts.reports import UnknownZ, x_document, z_document
from pos.selling.corrections import reprint
from pos.selling.refunds import Return, make_refund
from pos.shifts.closing import close_shift
from pos.shifts.drawer import start_shift
from pos.shifts.open_shift import open_shift
from pos.shop.founding import change_settings
from tests.helpers.counter import add_goods, cart_of, make_shop, sell


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A shop with an open shift."""
    with make_shop(tmp_path, address="Jl. Kasmat Lahay", receipt_footer=["Terima kasih"]) as shop:
        start_shift(shop, 100_000)
        yield shop


def paper(counter: Counter, receipt: str, columns: int = 32, copy: int = 0) -> str:
    """A receipt as text."""
    document = receipt_document(counter.db, counter.settings, receipt, copy)
    return to_text(layout(document, columns), columns)


def test_a_receipt_shows_lines_total_and_change(counter: Counter) -> None:
    noodles = add_goods(counter, "Mi goreng pedas", 2_500)
    done = sell(counter, cart_of(counter, (noodles, 3_000)), ("cash", 10_000))
    text = paper(counter, done.receipt)
    lines = [line.split() for line in text.splitlines()]
    assert ["3", "pcs", "x", "2.500", "7.500"] in lines
    assert ["TOTAL", "Rp", "7.500"] in lines
    assert ["Tunai", "10.000"] in lines
    assert ["Kembali", "2.500"] in lines
    assert "PPN" not in text
    assert "Jl. Kasmat Lahay" in text and "Terima kasih" in text
    assert all(len(line) <= 32 for line in text.splitlines())


def test_discounts_tax_and_rounding_have_lines_of_their_own(counter: Counter) -> None:
    change_settings(
        counter, tax_basis_points=1100, tax_included=False, cash_step=100, cash_mode="down"
    )
    goods = add_goods(counter, "Sabun", 10_050)
    cart = carts.set_cart_discounts(cart_of(counter, (goods, 1_000)), (Discount("rupiah", 50),))
    done = sell(counter, cart, ("cash", 20_000))
    text = paper(counter, done.receipt)
    rows = {line.split()[0]: line.split()[-1] for line in text.splitlines() if line.strip()}
    assert rows["Diskon"] == "-50"
    assert rows["PPN"] == "1.100"
    assert rows["TOTAL"] == "11.100"


def test_english_is_complete(counter: Counter) -> None:
    change_settings(counter, language="en")
    goods = add_goods(counter, "Soap", 1_000)
    done = sell(counter, cart_of(counter, (goods, 1_000)), ("cash", 2_000))
    text = paper(counter, done.receipt)
    assert "Cashier: Ibu Sri" in text
    assert "Change" in text and "Kembali" not in text


def test_a_copy_says_so_and_is_counted(counter: Counter) -> None:
    goods = add_goods(counter)
    done = sell(counter, cart_of(counter, (goods, 1_000)))
    assert reprint(counter, done.receipt) == 1
    assert reprint(counter, done.receipt) == 2
    assert "SALINAN 2" in paper(counter, done.receipt, copy=2)
    assert receipt_view(counter.db, done.receipt).sale.copies == 2


def test_kasbon_shows_the_debt_as_it_stood(counter: Counter) -> None:
    udin = add_customer(counter, "Pak Udin", credit_limit=100_000)
    goods = add_goods(counter, price=10_000)
    cart = carts.set_customer(cart_of(counter, (goods, 1_000)), udin)
    first = sell(counter, cart, ("credit", 10_000))
    sell(counter, cart, ("credit", 10_000))
    paid = repay(counter, udin, 15_000)
    rows = [line.split() for line in paper(counter, first.receipt).splitlines()]
    assert ["Utang", "lama", "0"] in rows
    assert ["Utang", "sekarang", "10.000"] in rows
    rows = [line.split() for line in paper(counter, paid.receipt).splitlines()]
    assert ["BAYAR", "KASBON"] in rows
    assert ["Utang", "lama", "20.000"] in rows
    assert ["Utang", "sekarang", "5.000"] in rows


def test_a_refund_names_itself_and_what_must_be_sent(counter: Counter) -> None:
    goods = add_goods(counter, price=10_000)
    done = sell(counter, cart_of(counter, (goods, 2_000)), ("qris", 20_000))
    back = make_refund(counter, done.receipt, [Return(1, 1_000)], "rusak")
    text = paper(counter, back.receipt, 48)
    assert "PENGEMBALIAN" in text
    assert "akan dikembalikan" in text
    assert "-10.000" in text
    assert "rusak" in text


def test_x_hides_the_drawer_from_those_who_may_not_see_it(counter: Counter) -> None:
    goods = add_goods(counter, price=12_345)
    sell(counter, cart_of(counter, (goods, 1_000)))
    shift = open_shift(counter.db)
    assert shift is not None
    shown = {
        show: to_text(
            layout(x_document(counter.db, counter.settings, shift, show_cash=show), 42), 42
        )
        for show in (True, False)
    }
    assert "112.345" in shown[True]
    assert "112.345" not in shown[False]
    assert "Seharusnya" not in shown[False]


def test_z_keeps_its_figures_and_seal(counter: Counter) -> None:
    goods = add_goods(counter, price=10_000)
    sell(counter, cart_of(counter, (goods, 1_000)))
    closed = close_shift(counter, 109_000, denominations={100_000: 1, 1_000: 9}, note="kurang")
    text = to_text(layout(z_document(counter.db, counter.settings, ""), 42), 42)
    assert "LAPORAN Z K1-1" in text
    assert closed.seal in text
    rows = [line.split() for line in text.splitlines()]
    assert ["Seharusnya", "110.000"] in rows
    assert ["Selisih", "-1.000"] in rows
    assert ["100.000", "x", "1", "100.000"] in rows
    assert "kurang" in text
    with pytest.raises(UnknownZ):
        z_document(counter.db, counter.settings, "9")


def test_receipts_are_found_by_number_day_amount_and_product(counter: Counter) -> None:
    noodles = add_goods(counter, "Mi goreng", 2_500)
    soap = add_goods(counter, "Sabun 100%", 4_000)
    first = sell(counter, cart_of(counter, (noodles, 1_000)))
    second = sell(counter, cart_of(counter, (soap, 1_000)))
    assert [row.receipt for row in find_receipts(counter.db)] == [second.receipt, first.receipt]
    assert [row.receipt for row in find_receipts(counter.db, number="000001")] == [first.receipt]
    assert [row.receipt for row in find_receipts(counter.db, amount=4_000)] == [second.receipt]
    assert [row.receipt for row in find_receipts(counter.db, product="goreng")] == [first.receipt]
    assert find_receipts(counter.db, product="100%") and not find_receipts(
        counter.db, product="10_%"
    )
    assert not find_receipts(counter.db, first="2027-01-01")
    with pytest.raises(UnknownReceipt):
        receipt_view(counter.db, "K9-000001")
