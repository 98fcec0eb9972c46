"""Z numbers that are none, a shift without sales, and the slip of cash moved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.receipt import Document
from core.receipt_layout import layout
from pos.counter import Counter
from pos.printing.enqueue import JobRow
from pos.printing.printers import Printer
from pos.printing.rendering import render
from pos.printing.text import to_text
from pos.receipts.listing import UnknownReceipt
from pos.receipts.printing import UnknownPaper, render_job
from pos.receipts.reports import UnknownZ, find_z, x_document, z_document
from pos.receipts.slips import cash_moved_document
from pos.shifts.closing import close_shift
from pos.shifts.drawer import move_cash, open_drawer, start_shift
from pos.shifts.open_shift import open_shift
from pos.shop.founding import change_settings
from tests.helpers.counter import add_goods, cart_of, make_shop, sell

PRINTER = Printer(1, "Kasir", "file:kasir", 32, "", "none", False, "A", True, True)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A shop with an open shift."""
    with make_shop(tmp_path) as shop:
        start_shift(shop, 100_000)
        yield shop


def text_of(document: Document) -> str:
    """A document as text of 42 columns."""
    return to_text(layout(document, 42), 42)


def last_pos(counter: Counter) -> int:
    """Where the newest fact stands."""
    return int(counter.db.scalar("SELECT max(pos) FROM journal"))


def job(kind: str, ref: str) -> JobRow:
    """A queued job."""
    return JobRow(1, kind, ref, None, 0, 1, "queued", "", 0, 0, 0)


@pytest.mark.parametrize("reference", ["7", "0", "²", "٣", "9" * 19, "9" * 40, "K9-1", "-1", "x"])
def test_a_number_that_is_none_is_unknown(counter: Counter, reference: str) -> None:
    close_shift(counter, 100_000)
    with pytest.raises(UnknownZ):
        find_z(counter.db, reference)


def test_a_z_is_found_by_number_and_by_name(counter: Counter) -> None:
    close_shift(counter, 100_000)
    start_shift(counter, 50_000)
    close_shift(counter, 50_000)
    assert [find_z(counter.db, name).device_z for name in ("1", "K1-1", "2", "")] == [
        "K1-1",
        "K1-1",
        "K1-2",
        "K1-2",
    ]


def test_a_shift_without_sales_names_no_receipts(counter: Counter) -> None:
    close_shift(counter, 100_000)
    assert "Struk" not in text_of(z_document(counter.db, counter.settings, ""))
    start_shift(counter, 100_000)
    sell(counter, cart_of(counter, (add_goods(counter), 1_000)))
    close_shift(counter, 102_500)
    assert "K1-000001 - K1-000001" in text_of(z_document(counter.db, counter.settings, ""))


@pytest.mark.parametrize("show_cash", [True, False])
def test_x_says_how_often_the_drawer_was_opened(counter: Counter, show_cash: bool) -> None:
    open_drawer(counter, "tukar uang")
    open_drawer(counter, "tukar uang")
    shift = open_shift(counter.db)
    assert shift is not None
    text = text_of(x_document(counter.db, counter.settings, shift, show_cash=show_cash))
    assert text.count("Laci dibuka tanpa jual") == 1
    assert ["Laci", "dibuka", "tanpa", "jual", "2"] in [line.split() for line in text.splitlines()]


@pytest.mark.parametrize(
    ("direction", "title"), [("in", "KAS MASUK"), ("out", "KAS KELUAR")], ids=["in", "out"]
)
def test_a_cash_slip_says_who_how_much_and_why(
    counter: Counter, direction: str, title: str
) -> None:
    move_cash(counter, direction, 15_000, "bayar es batu")  # type: ignore[arg-type]
    text = text_of(cash_moved_document(counter.db, counter.settings, last_pos(counter)))
    for part in (title, "Rp 15.000", "Alasan: bayar es batu", "Kasir: Ibu Sri", "Tanda tangan"):
        assert part in text


def test_a_cash_slip_in_english(counter: Counter) -> None:
    change_settings(counter, language="en")
    move_cash(counter, "out", 15_000, "ice")
    text = text_of(cash_moved_document(counter.db, counter.settings, last_pos(counter)))
    assert "CASH OUT" in text and "Reason: ice" in text and "Signature" in text


def test_a_cash_slip_is_printed_from_the_queue(counter: Counter) -> None:
    move_cash(counter, "out", 15_000, "bayar es batu")
    slip = cash_moved_document(counter.db, counter.settings, last_pos(counter))
    printed = render_job(counter.db, job("cash", str(last_pos(counter))), PRINTER)
    assert printed == render(slip, "escpos", 32, PRINTER.settings())
    with pytest.raises(UnknownPaper):
        render_job(counter.db, job("cash", "x"), PRINTER)


def test_other_facts_have_no_cash_slip(counter: Counter) -> None:
    for pos in (last_pos(counter), 999):
        with pytest.raises(UnknownReceipt):
            cash_moved_document(counter.db, counter.settings, pos)
