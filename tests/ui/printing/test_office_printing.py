"""Printers are set up, tried and removed in the window; the queue asks and is answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from pos import app as program
from pos.counter import Counter
from pos.device.clock import Clock
from pos.opening import database_file
from pos.printing.enqueue import add_job
from pos.printing.finding import Found
from pos.printing.jobs import ASKING, WAITING, job, jobs, move
from pos.printing.printers import add_printer, printer_named, printers
from pos.printing.worker import PrintWorker
from pos.receipts.printing import render_job
from pos.ui.printing.form import PrinterPanel
from pos.ui.printing.page import PrintersPage
from pos.ui.printing.queue import QueuePage
from pos.ui.shell.window import MainWindow
from pos.ui.widgets.button import Button
from tests.helpers.office import open_panel


def printers_page(window: MainWindow) -> PrintersPage:
    window.ways.printers()
    page = window.pages.currentWidget()
    assert isinstance(page, PrintersPage)
    return page


def queue_page(window: MainWindow) -> QueuePage:
    window.ways.queue()
    page = window.pages.currentWidget()
    assert isinstance(page, QueuePage)
    return page


def form(window: MainWindow) -> PrinterPanel:
    panel = open_panel(window, "printer_panel")
    assert isinstance(panel, PrinterPanel)
    return panel


def queued(counter: Counter, printer_id: int, kind: str = "receipt") -> int:
    with counter.db.transaction():
        return add_job(counter.db.raw, kind, "K1-000001", printer_id, counter.clock.now_ms())


def test_a_printer_is_added_by_keys(window: MainWindow, counter: Counter, qtbot: QtBot) -> None:
    told: list[frozenset[str]] = []
    counter.listeners.append(told.append)
    page = printers_page(window)
    assert page.stack.currentIndex() == 1
    page.edit(None)
    panel = form(window)
    qtbot.keyClicks(panel.name, "Kasir")
    qtbot.keyClick(panel.name, Qt.Key.Key_Return)
    qtbot.keyClicks(panel.address, "192.168.1.50")
    panel.columns.set_value(48)
    panel.drawer.setChecked(True)
    qtbot.keyClick(panel.address, Qt.Key.Key_Return)
    made = printer_named(counter.db, "Kasir")
    assert (made.connection, made.columns) == ("tcp:192.168.1.50:9100", 48)
    assert made.drawer and made.is_default
    assert frozenset({"printers_changed"}) in told
    assert "Kasir" in page.result.text()
    assert page.stack.currentIndex() == 0


def test_without_a_printer_nothing_can_be_tried_or_removed(
    window: MainWindow, counter: Counter
) -> None:
    page = printers_page(window)
    buttons = [page.findChild(Button, name) for name in ("printer_test", "printer_remove")]
    assert [button.isEnabled() for button in buttons] == [False, False]
    add_printer(counter.db, "Kasir", "file:/dev/null")
    page.begin()
    assert [button.isEnabled() for button in buttons] == [True, True]


def test_a_missing_name_or_address_is_said_at_its_field(window: MainWindow) -> None:
    printers_page(window).edit(None)
    panel = form(window)
    panel._save()
    assert "nama" in panel.name_row.below()
    panel.name.setText("Dapur")
    panel._save()
    assert "alamat" in panel.address_row.below()
    assert panel.isVisible()


def test_a_wrong_address_is_refused_in_words(window: MainWindow, counter: Counter) -> None:
    printers_page(window).edit(None)
    panel = form(window)
    panel.name.setText("Dapur")
    panel.address.setText("192.168.1.50:99999")
    panel._save()
    assert panel.isVisible()
    assert "192.168.1.50:99999" in window.status.said()
    assert printers(counter.db) == []


def test_a_printer_is_changed_under_its_name(window: MainWindow, counter: Counter) -> None:
    add_printer(counter.db, "Kasir", "serial:COM3:9600", columns=42, cutter="full")
    page = printers_page(window)
    page.edit(page.model.row(0))
    panel = form(window)
    assert (panel.kind.value(), panel.address.text()) == ("serial", "COM3:9600")
    assert (panel.columns.value(), panel.cutter.value()) == (42, "full")
    panel.kind.set_value("cups")
    panel.address.setText("Kasir_1")
    panel._save()
    assert [one.connection for one in printers(counter.db)] == ["cups:Kasir_1"]


def test_what_was_found_fills_the_form(window: MainWindow) -> None:
    page = printers_page(window)
    page.found.emit([Found("usb:0416:5011", "POS-58")])
    panel = form(window)
    panel.found.setCurrentIndex(1)
    panel.found.activated.emit(1)
    assert (panel.kind.value(), panel.address.text()) == ("usb", "0416:5011")
    assert panel.name.text() == "Kasir"
    panel.close_panel()
    page.found.emit([])
    assert "Tidak ada printer" in page.result.text()


def test_the_test_page_says_what_came_of_it(
    window: MainWindow, counter: Counter, qtbot: QtBot, plain_folder: Path
) -> None:
    add_printer(counter.db, "Kertas", f"file:{plain_folder / 'out.bin'}")
    page = printers_page(window)
    page.test()
    assert "menunggu" in page.result.text()
    worker = PrintWorker(database_file(counter.folder), 1, render_job, now_ms=counter.clock.now_ms)
    worker.step(counter.db)
    qtbot.waitUntil(lambda: "terkirim" in page.result.text())
    assert (plain_folder / "out.bin").stat().st_size > 500


def test_a_test_page_that_did_not_come_out_is_not_kept(
    window: MainWindow, counter: Counter, qtbot: QtBot
) -> None:
    add_printer(counter.db, "Kasir", "tcp:192.0.2.1:9100")
    page = printers_page(window)
    page.test()
    waiting = jobs(counter.db, WAITING)[0]
    move(counter.db, waiting, "blocked", counter.clock.now_ms(), cause="unreachable")
    qtbot.waitUntil(lambda: "tidak tercetak" in page.result.text())
    assert "kabel" in page.result.text()
    assert job(counter.db, waiting.id).state == "cancelled"


def test_removing_asks_first(window: MainWindow, counter: Counter) -> None:
    add_printer(counter.db, "Kasir", "cups:Kasir")
    page = printers_page(window)
    page._ask_remove()
    panel = open_panel(window, "printer_remove_question")
    panel.close_panel()
    assert len(printers(counter.db)) == 1
    page.remove("Kasir")
    assert printers(counter.db) == []
    assert page.stack.currentIndex() == 1


@pytest.mark.parametrize(("whole", "state"), [(True, "printed"), (False, "cancelled")])
def test_the_queue_asks_whether_the_paper_is_whole(
    window: MainWindow, counter: Counter, whole: bool, state: str
) -> None:
    printer = add_printer(counter.db, "Kasir", "cups:Kasir")
    waits = queued(counter, printer)
    asks = queued(counter, printer)
    move(counter.db, job(counter.db, asks), "unsure", counter.clock.now_ms(), cause="restarted")
    page = queue_page(window)
    assert page.model.row(0).id == asks
    assert page.question.text() == "Struk K1-000001 keluar utuh?"
    assert page.whole.isVisible() and page.again.isVisible()
    (page.whole if whole else page.again).click()
    assert job(counter.db, asks).state == state
    copies = [row.copy for row in jobs(counter.db, WAITING) if row.id != waits]
    assert copies == ([] if whole else [1])
    assert jobs(counter.db, ASKING) == []


def test_what_waits_can_be_cancelled_moved_or_let_go(window: MainWindow, counter: Counter) -> None:
    first = add_printer(counter.db, "Kasir", "cups:Kasir")
    number = queued(counter, first)
    page = queue_page(window)
    assert not page.other.isVisible() and not page.whole.isVisible()
    second = add_printer(counter.db, "Dapur", "cups:Dapur", default=False)
    move(counter.db, job(counter.db, number), "blocked", counter.clock.now_ms(), cause="old")
    page._look()
    assert "sepuluh menit" in page.why.text()
    page.go_on.click()
    assert job(counter.db, number).state == "queued"
    page.other.click()
    assert job(counter.db, number).printer_id == second
    page.drop.click()
    assert job(counter.db, number).state == "cancelled"
    assert page.stack.currentIndex() == 1


def test_the_printer_fact_leads_to_the_queue(
    window: MainWindow, counter: Counter, qtbot: QtBot
) -> None:
    window.facts.show()
    part = window.status._parts["printer"]
    qtbot.waitUntil(lambda: part.geometry().left() > window.width() // 2)
    middle = part.geometry().center()
    qtbot.mouseClick(window.status, Qt.MouseButton.LeftButton, pos=QPoint(middle.x(), middle.y()))
    assert isinstance(window.pages.currentWidget(), QueuePage)


def test_a_printer_added_at_run_time_prints_without_a_new_start(
    window: MainWindow, counter: Counter, qtbot: QtBot, plain_folder: Path, qapp: object
) -> None:
    # The print threads know the real time only: a job of noon would be an old one.
    counter.clock = Clock()
    running = program.Program(qapp, counter.folder)  # type: ignore[arg-type]
    running.counter = counter
    running._start_printing(window, window.desk)
    assert running.workers == []
    try:
        page = printers_page(window)
        page.edit(None)
        panel = form(window)
        panel.name.setText("Kertas")
        panel.kind.set_value("file")
        panel.address.setText(str(plain_folder / "paper.bin"))
        panel._save()
        assert len(running.workers) == 1
        page.test()
        qtbot.waitUntil(lambda: "terkirim" in page.result.text(), timeout=15_000)
        assert (plain_folder / "paper.bin").stat().st_size > 500
    finally:
        for worker in running.workers:
            worker.stop()
