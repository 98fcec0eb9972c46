"""Reports in the window: X, Z, sales of a period, money to send back, backup and proof."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos.backup.files import check_backup
from pos.counter import Counter
from pos.journal.verify import Difference, Proof
from pos.printing.jobs import WAITING, jobs
from pos.printing.printers import add_printer, printer_by_id
from pos.receipts.printing import render_job
from pos.selling.corrections import owed_refunds
from pos.selling.refunds import all_lines, make_refund
from pos.shifts.closing import close_shift
from pos.shifts.drawer import start_shift
from pos.staff.people import add_staff, change_staff
from pos.ui.reports.parts import save_pdf
from pos.ui.reports.safety import proof_words
from pos.ui.reports.sales import BadDate, read_day
from pos.ui.reports.screen import ReportsPage
from pos.ui.shell.window import MainWindow
from tests.helpers.counter import add_goods, cart_of, sell
from tests.helpers.office import open_panel


@pytest.fixture
def goods(counter: Counter) -> bytes:
    """A product of 2.500 whose shift is open with 100.000 in the drawer."""
    start_shift(counter, 100_000)
    return add_goods(counter, price=2_500)


def reports_page(window: MainWindow) -> ReportsPage:
    window.ways.reports()
    page = window.pages.currentWidget()
    assert isinstance(page, ReportsPage)
    return page


def test_without_a_shift_the_x_report_says_so(window: MainWindow) -> None:
    assert "Belum ada shift" in reports_page(window).x_view.paper.shown


def test_the_x_report_shows_the_drawer_to_an_owner_only(
    window: MainWindow, counter: Counter, goods: bytes
) -> None:
    sell(counter, cart_of(counter, (goods, 2_000)), ("cash", 5_000))
    page = reports_page(window)
    assert "105.000" in page.x_view.paper.shown
    counter.staff_id = add_staff(counter, "Rahmat", "cashier")
    page.begin()
    shown = page.x_view.paper.shown
    assert "LAPORAN X" in shown and "(hitung dulu)" in shown
    assert "5.000" not in shown


def test_the_x_report_is_printed_as_it_is_shown(
    window: MainWindow, counter: Counter, goods: bytes
) -> None:
    page = reports_page(window)
    page.x_view._print()
    assert "Belum ada printer" in window.status.said()
    device = add_printer(counter.db, "Kasir", "cups:Kasir")
    page.x_view._print()
    row = jobs(counter.db, WAITING)[0]
    printer = printer_by_id(counter.db, device)
    assert printer is not None
    assert row.kind == "xreport" and b"LAPORAN X" in render_job(counter.db, row, printer)


def test_z_reports_are_listed_shown_saved_and_printed(
    window: MainWindow, counter: Counter, goods: bytes, tmp_path: Path
) -> None:
    sell(counter, cart_of(counter, (goods, 4_000)), ("cash", 10_000))
    close_shift(counter, 109_000)
    start_shift(counter, 50_000)
    close_shift(counter, 50_000)
    add_printer(counter.db, "Kasir", "cups:Kasir")
    page = reports_page(window)
    view = page.z_view
    page.show_view(view)
    assert [(row.net, row.difference) for row in view.model._rows] == [(0, 0), (10_000, -1_000)]
    view.table.go_to(1)
    assert view.model.row(1).number in view.paper.shown
    view._print()
    assert [(row.kind, row.ref) for row in jobs(counter.db)] == [
        ("zreport", view.model.row(1).number)
    ]
    document = view.document()
    assert document is not None
    save_pdf(window.desk, document, tmp_path / "z.pdf")
    assert (tmp_path / "z.pdf").read_bytes().startswith(b"%PDF")
    save_pdf(window.desk, document, tmp_path / "nowhere" / "z.pdf")
    assert "tidak dapat ditulis" in window.status.said()


def test_z_reports_and_sales_need_the_permission(
    window: MainWindow, counter: Counter, goods: bytes
) -> None:
    sell(counter, cart_of(counter, (goods, 4_000)), ("cash", 10_000))
    close_shift(counter, 110_000)
    counter.staff_id = add_staff(counter, "Rahmat", "cashier")
    page = reports_page(window)
    page.show_view(page.z_view)
    assert page.z_view.model.count() == 0
    open_panel(window, "override").close_panel()
    page.show_view(page.sales_view)
    assert page.sales_view.model.count() == 0 and page.sales_view.sum.amount() == 0


def test_sales_are_grouped_in_every_way_to_the_same_sum(
    window: MainWindow, counter: Counter, goods: bytes
) -> None:
    sell(counter, cart_of(counter, (goods, 4_000)), ("cash", 10_000))
    sell(counter, cart_of(counter, (goods, 2_000)), ("qris", 5_000))
    page = reports_page(window)
    view = page.sales_view
    page.show_view(view)
    labels = {}
    for by in ("day", "hour", "product", "category", "cashier", "tender"):
        view.by.set_value(by)
        assert view.sum.amount() == 15_000, by
        labels[by] = [view._label(row) for row in view.model._rows]
    assert labels == {
        "day": ["24 November 2026"],
        "hour": ["12.00"],
        "product": ["Mi goreng"],
        "category": ["mi"],
        "cashier": ["Ibu Sri"],
        "tender": ["Tunai", "QRIS"],
    }


def test_goods_without_a_cost_are_listed_apart(
    window: MainWindow, counter: Counter, goods: bytes, tmp_path: Path
) -> None:
    page = reports_page(window)
    view = page.sales_view
    sell(counter, cart_of(counter, (goods, 4_000)), ("cash", 10_000))
    page.show_view(view)
    assert not view.lacking.isVisible() and view.note.text() == ""
    cake = add_goods(counter, "Kue sagu", 5_000, cost=None)
    sell(counter, cart_of(counter, (cake, 3_000)), ("cash", 15_000))
    view.read()
    assert view.profit.text() == "Rp 2.000"
    assert view.note.text() == "1 baris, Rp 15.000: tidak dihitung dalam laba."
    view.by.set_value("product")
    shown = {row.label: view._profit(row) for row in view.model._rows}
    assert shown == {"Mi goreng": "2.000", "Kue sagu": ""}
    view.lacking.click()
    assert [view._label(row) for row in view.model._rows] == ["Kue sagu"]
    assert view.sum.amount() == 25_000
    view.lacking.click()
    assert len(view.model._rows) == 2
    document = view.document()
    assert document is not None
    save_pdf(window.desk, document, tmp_path / "laba.pdf")
    assert (tmp_path / "laba.pdf").read_bytes().startswith(b"%PDF")


def test_the_sales_report_is_printed_as_it_is_read(
    window: MainWindow, counter: Counter, goods: bytes
) -> None:
    device = add_printer(counter.db, "Kasir", "cups:Kasir")
    page = reports_page(window)
    sell(counter, cart_of(counter, (goods, 4_000)), ("cash", 10_000))
    page.show_view(page.sales_view)
    page.sales_view._print()
    row = jobs(counter.db, WAITING)[-1]
    printer = printer_by_id(counter.db, device)
    assert printer is not None
    assert row.kind == "sales" and b"LAPORAN PENJUALAN" in render_job(counter.db, row, printer)


def test_who_counts_blind_reads_nothing_of_the_open_shift(
    window: MainWindow, counter: Counter, goods: bytes
) -> None:
    sell(counter, cart_of(counter, (goods, 4_000)), ("cash", 10_000))
    reader = add_staff(counter, "Rahmat", "cashier")
    change_staff(counter, reader, permissions={"see_reports": True})
    counter.staff_id = reader
    page = reports_page(window)
    view = page.sales_view
    page.show_view(view)
    assert view.sum.amount() == 0 and view.model.count() == 0
    assert "belum dihitung" in view.note.text() and not view.profit.isVisible()


def test_the_period_is_typed_or_chosen(window: MainWindow, counter: Counter, goods: bytes) -> None:
    sell(counter, cart_of(counter, (goods, 4_000)), ("cash", 10_000))
    page = reports_page(window)
    view = page.sales_view
    page.show_view(view)
    view.show_days(6)
    assert (view.first.text(), view.last.text()) == ("2026-11-18", "2026-11-24")
    view.first.setText("1/11/2026")
    view.last.setText("23/11/2026")
    view.read()
    assert view.sum.amount() == 0
    view.last.setText("kemarin")
    view.read()
    assert "kemarin" in window.status.said()


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2026-11-24", "2026-11-24"), ("24.11.2026", "2026-11-24"), (" 1/2/2026 ", "2026-02-01")],
)
def test_dates_are_read_as_people_write_them(typed: str, day: str) -> None:
    assert read_day(typed) == day


@pytest.mark.parametrize("typed", ["", "2026", "31-02-2026", "a-b-c", "2026-11-24-1"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(BadDate):
        read_day(typed)


def test_money_of_a_refund_is_ticked_off(
    window: MainWindow, counter: Counter, goods: bytes
) -> None:
    receipt = sell(counter, cart_of(counter, (goods, 2_000)), ("qris", 5_000)).receipt
    make_refund(counter, receipt, all_lines(counter.db, receipt, "stock"), "rusak")
    page = reports_page(window)
    view = page.owed_view
    page.show_view(view)
    assert [(row.kind, row.amount) for row in view.model._rows] == [("qris", 5_000)]
    view.reference.setText("BRI 12")
    view.settle()
    assert owed_refunds(counter.db) == []
    assert view.stack.currentIndex() == 1
    assert "5.000" in window.status.said()


def test_a_backup_is_written_and_said(
    window: MainWindow, counter: Counter, qtbot: QtBot, tmp_path: Path
) -> None:
    page = reports_page(window)
    view = page.safety_view
    page.show_view(view)
    file = tmp_path / "cadangan.db"
    view.back_up(file)
    assert not view.save.isEnabled()
    qtbot.waitUntil(lambda: view.save.isEnabled())
    assert str(file) in view.result.text()
    assert check_backup(file) == counter.db.scalar("SELECT count(*) FROM journal")
    view.back_up(tmp_path / "nowhere" / "cadangan.db")
    qtbot.waitUntil(lambda: view.save.isEnabled())
    assert "Pilih tempat lain" in view.result.text()


def test_the_proof_is_said_in_words(
    window: MainWindow, counter: Counter, qtbot: QtBot, goods: bytes
) -> None:
    sell(counter, cart_of(counter, (goods, 2_000)), ("cash", 5_000))
    page = reports_page(window)
    view = page.safety_view
    page.show_view(view)
    view.check()
    qtbot.waitUntil(lambda: view.save.isEnabled())
    assert "1 penjualan cocok" in view.result.text()
    counter.db.run("UPDATE sale SET total=total+1")
    view.check()
    qtbot.waitUntil(lambda: view.save.isEnabled())
    assert "sale" in view.result.text() and "total" in view.result.text()


def test_what_could_not_be_proved_is_named() -> None:
    words, tone = proof_words(Proof(True, 3, 1, (), ("zreport K1-1",)))
    assert tone == "warn" and "zreport K1-1" in words
    many = tuple(Difference("sale", str(n), "total", "1", "2") for n in range(40))
    words, tone = proof_words(Proof(False, 3, 1, many, ()))
    assert tone == "bad" and "40 perbedaan" in words and words.count("\n") == 12
