"""Repaid kasbon among the receipts: listed, found, shown, copied; nothing to give back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import cart as carts
from core.receipt_layout import layout
from pos.counter import Counter
from pos.customers.people import add_customer, repay
from pos.journal.verify import verify
from pos.printing.jobs import jobs
from pos.printing.printers import add_printer, printer_by_id
from pos.printing.text import to_text
from pos.receipts.documents import receipt_document
from pos.receipts.listing import find_receipts
from pos.receipts.printing import render_job
from pos.selling.corrections import reprint
from pos.selling.refunds import UnknownSale, all_lines
from pos.shifts.drawer import start_shift
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Kasbon of 20,000, of which 7,000 and then 7,500 are repaid; a sale in between."""
    with make_shop(tmp_path) as shop:
        start_shift(shop, 0)
        goods = add_goods(shop, price=10_000)
        udin = add_customer(shop, "Pak Udin", credit_limit=100_000)
        cart = cart_of(shop, (goods, 2_000))
        sell(shop, carts.set_customer(cart, udin), ("credit", 20_000))
        repay(shop, udin, 7_000)
        sell(shop, cart)
        repay(shop, udin, 7_500)
        yield shop


def found(counter: Counter, **asked: object) -> list[str]:
    """The numbers of what a search finds."""
    return [row.receipt for row in find_receipts(counter.db, **asked)]  # type: ignore[arg-type]


def test_they_stand_in_the_list_in_their_order(counter: Counter) -> None:
    rows = find_receipts(counter.db)
    assert [(row.receipt, row.type, row.due) for row in rows] == [
        ("K1-000004", "repayment", 7_500),
        ("K1-000003", "sale", 20_000),
        ("K1-000002", "repayment", 7_000),
        ("K1-000001", "sale", 20_000),
    ]
    assert (rows[0].customer, rows[0].staff, rows[0].day) == ("Pak Udin", "Ibu Sri", "2026-11-24")


def test_they_are_found_as_sales_are(counter: Counter) -> None:
    assert found(counter, number="000002") == ["K1-000002"]
    assert found(counter, amount=7_500) == ["K1-000004"]
    assert len(found(counter, first="2026-11-24", last="2026-11-24")) == 4
    assert found(counter, first="2026-11-25") == found(counter, last="2026-11-23") == []
    assert found(counter, product="goreng") == ["K1-000003", "K1-000001"]


def test_a_list_goes_on_where_it_broke_off(counter: Counter) -> None:
    first = find_receipts(counter.db, limit=3)
    assert len(first) == 3
    assert found(counter, limit=3, before=first[-1].sale_id) == ["K1-000001"]
    assert len(find_receipts(counter.db, limit=-1)) == 4


def test_a_copy_says_so_and_is_counted_for_each(counter: Counter) -> None:
    device = add_printer(counter.db, "Kasir", "cups:Kasir")
    assert [reprint(counter, f"K1-00000{n}") for n in (2, 2, 4, 1, 2)] == [1, 2, 1, 1, 3]
    printer = printer_by_id(counter.db, device)
    assert printer is not None
    last = jobs(counter.db)[-1]
    assert last.ref == "K1-000002" and b"SALINAN 3" in render_job(counter.db, last, printer)
    assert verify(counter.db).ok


def test_a_copy_shows_the_debt_as_it_stood(counter: Counter) -> None:
    text = to_text(layout(receipt_document(counter.db, counter.settings, "K1-000002", 1), 42), 42)
    rows = [line.split() for line in text.splitlines()]
    assert ["Utang", "lama", "20.000"] in rows and ["Utang", "sekarang", "13.000"] in rows
    assert "SALINAN 1" in text and "BAYAR KASBON" in text


def test_nothing_is_given_back_on_one_and_none_is_made_up(counter: Counter) -> None:
    with pytest.raises(UnknownSale):
        all_lines(counter.db, "K1-000002", "stock")
    with pytest.raises(UnknownSale):
        reprint(counter, "K1-000009")


def test_later_copies_count_on_after_a_day(counter: Counter) -> None:
    clock = counter.clock
    assert isinstance(clock, StillClock)
    reprint(counter, "K1-000002")
    clock.forward(86_400)
    assert reprint(counter, " K1-000002 ") == 2
