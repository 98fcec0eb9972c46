"""Papers of what was put right afterwards: swapped tenders, goods given back, kasbon repaid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import cart as carts
from core.facts.selling import TenderPart
from core.receipt_layout import layout
from core.tender import TenderKind
from pos.counter import Counter
from pos.customers.people import add_customer, repay
from pos.printing.text import to_text
from pos.receipts.documents import receipt_document
from pos.receipts.listing import find_receipts
from pos.selling.corrections import swap_tender
from pos.selling.refunds import Return, make_refund
from pos.shifts.drawer import start_shift
from tests.helpers.counter import add_goods, cart_of, make_shop, sell


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A shop that rounds cash down to hundreds, with an open shift."""
    with make_shop(tmp_path, cash_step=100, cash_mode="down") as shop:
        start_shift(shop, 100_000)
        yield shop


def words(counter: Counter, receipt: str) -> list[list[str]]:
    """A receipt's printed lines, each split at blanks."""
    document = receipt_document(counter.db, counter.settings, receipt)
    return [line.split() for line in to_text(layout(document, 48), 48).splitlines()]


def test_a_tender_swapped_from_cash_shows_no_change(counter: Counter) -> None:
    goods = add_goods(counter, price=2_500)
    done = sell(counter, cart_of(counter, (goods, 3_000)), ("cash", 10_000))
    assert ["Kembali", "2.500"] in words(counter, done.receipt)
    swap_tender(counter, done.receipt, 1, TenderKind.QRIS, "salah tekan")
    rows = words(counter, done.receipt)
    assert ["QRIS", "7.500"] in rows
    assert not [row for row in rows if row and row[0] == "Kembali"]


def test_change_of_another_cash_tender_stays(counter: Counter) -> None:
    goods = add_goods(counter, price=10_000)
    cart = cart_of(counter, (goods, 1_000))
    done = sell(counter, cart, ("card", 4_000), ("cash", 10_000))
    swap_tender(counter, done.receipt, 1, TenderKind.QRIS, "salah tekan")
    assert ["Kembali", "4.000"] in words(counter, done.receipt)


def test_a_tender_swapped_to_kasbon_shows_the_debt_before_the_sale(counter: Counter) -> None:
    goods = add_goods(counter, price=10_000)
    udin = add_customer(counter, "Pak Udin", credit_limit=100_000)
    cart = cart_of(counter, (goods, 1_000))
    sell(counter, carts.set_customer(cart, udin), ("credit", 10_000))
    done = sell(counter, cart, ("cash", 10_000))
    sell(counter, carts.set_customer(cart, udin), ("credit", 10_000))
    swap_tender(counter, done.receipt, 1, TenderKind.CREDIT, "bayar besok", customer_id=udin)
    rows = words(counter, done.receipt)
    assert ["Utang", "lama", "10.000"] in rows
    assert ["Utang", "sekarang", "20.000"] in rows


def test_goods_given_back_name_their_receipt(counter: Counter) -> None:
    goods = add_goods(counter, price=10_000)
    sell(counter, cart_of(counter, (goods, 1_000)))
    done = sell(counter, cart_of(counter, (goods, 2_000)))
    back = make_refund(counter, done.receipt, [Return(1, 1_000)], "rusak")
    assert ["dikembalikan", "dari", done.receipt] in words(counter, back.receipt)
    assert not [row for row in words(counter, done.receipt) if row[:1] == ["dikembalikan"]]


def test_an_exchange_names_the_receipt_once(counter: Counter) -> None:
    goods = add_goods(counter, price=10_000)
    other = add_goods(counter, "Sabun", 4_000)
    done = sell(counter, cart_of(counter, (goods, 1_000), (other, 1_000)))
    new = make_refund(
        counter,
        done.receipt,
        [Return(1, 1_000), Return(2, 1_000)],
        "tukar",
        exchange=cart_of(counter, (goods, 1_000)),
    )
    assert words(counter, new.receipt).count(["dikembalikan", "dari", done.receipt]) == 1


def test_a_repayment_shows_every_tender(counter: Counter) -> None:
    goods = add_goods(counter, price=10_000)
    udin = add_customer(counter, "Pak Udin", credit_limit=100_000)
    sell(counter, carts.set_customer(cart_of(counter, (goods, 1_000)), udin), ("credit", 10_000))
    parts = (TenderPart("cash", 2_500, 2_500), TenderPart("qris", 4_500, 0, "REF9"))
    paid = repay(counter, udin, 7_000, parts)
    rows = words(counter, paid.receipt)
    assert ["Tunai", "2.500"] in rows
    assert ["QRIS", "REF9", "4.500"] in rows
    assert ["Utang", "sekarang", "3.000"] in rows


def test_the_amount_on_the_paper_finds_it(counter: Counter) -> None:
    goods = add_goods(counter, price=2_550)
    done = sell(counter, cart_of(counter, (goods, 3_000)), ("cash", 10_000))
    back = make_refund(counter, done.receipt, [Return(1, 1_000)], "rusak")

    def found(amount: int) -> list[str]:
        return [row.receipt for row in find_receipts(counter.db, amount=amount)]

    assert found(7_650) == found(7_600) == [done.receipt]
    assert found(2_550) == found(2_500) == found(-2_500) == [back.receipt]
    assert found(7_601) == found(10**30) == []
