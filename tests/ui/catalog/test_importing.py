"""Importing in the window: read, look, re-map, tick, take over, save what was refused, undo."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import xlsxwriter
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos.catalog.importing import imports
from pos.counter import Counter
from pos.importing.reading import read_table
from pos.staff.people import add_staff
from pos.ui.catalog.importing import ImportPage
from pos.ui.catalog.mapping import MappingPanel
from pos.ui.shell.window import MainWindow
from pos.ui.staff.override import Override
from pos.ui.widgets.overlay import Overlay, QuestionPanel

WAIT_MS = 20_000


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> ImportPage:
    window.ways.importing()
    shown = window.pages.currentWidget()
    assert isinstance(shown, ImportPage)
    # A page's first visit may cost the window its activation where no window manager runs.
    QApplication.processEvents()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return shown


def _finish(page: ImportPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.job is None, timeout=WAIT_MS)


def _look(page: ImportPage, file: Path, qtbot: QtBot) -> None:
    page.choose.take(str(file))
    _finish(page, qtbot)


def _panel(window: QWidget, kind: type[Overlay]) -> Overlay:
    return next(one for one in window.findChildren(kind) if one.isVisible())


def _sheet(folder: Path, rows: list[list[object]], name: str = "daftar.xlsx") -> Path:
    file = folder / name
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return file


def _products(counter: Counter) -> int:
    return int(counter.db.scalar("SELECT count(*) FROM product WHERE active=1"))


def test_a_dirty_list_is_read_looked_at_taken_and_taken_back_by_keys(
    window: MainWindow, page: ImportPage, counter: Counter, dirty: Path, qtbot: QtBot
) -> None:
    before = _products(counter)
    assert window.focusWidget() is page.choose.path
    qtbot.keyClicks(page.choose.path, str(dirty))
    qtbot.keyClick(page.choose.path, Qt.Key.Key_Return)
    _finish(page, qtbot)
    assert page.stack.currentWidget() is page.look
    preview = page.look.preview
    assert preview is not None
    counts = preview.plan.counts
    assert counts.new > 50 and counts.refused > 0
    assert _products(counter) == before
    qtbot.keyClick(page.look.table, Qt.Key.Key_F9)
    _finish(page, qtbot)
    assert page.stack.currentWidget() is page.finished
    assert _products(counter) == before + counts.new
    qtbot.keyClick(page, Qt.Key.Key_F4)
    assert page.stack.currentWidget() is page.choose
    qtbot.keyClick(page, Qt.Key.Key_F8)
    question = _panel(window, QuestionPanel)
    assert isinstance(question, QuestionPanel)
    assert "warung_kotor.xlsx" in question.sentence.text()
    question.confirmed.emit()
    _finish(page, qtbot)
    assert _products(counter) == before
    assert imports(counter.db)[0].taken_back


def test_the_same_file_twice_has_nothing_to_take(
    page: ImportPage, dirty: Path, qtbot: QtBot
) -> None:
    _look(page, dirty, qtbot)
    page.apply()
    _finish(page, qtbot)
    page.begin()
    _look(page, dirty, qtbot)
    assert page.look.preview is not None
    assert page.look.preview.taken() == 0
    assert not page.take.isEnabled()


def test_each_row_says_its_status_and_why(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    rows = [["Nama Barang", "Harga"], ["Kopi", "Rp 12.500"], ["Teh", "murah"], ["Gula", 17_500]]
    _look(page, _sheet(tmp_path, rows), qtbot)
    page.look.choose("refused")
    assert page.look.model.count() == 1
    shown = page.look.model.row(0)
    assert (shown.row, shown.status, shown.name) == (3, "Ditolak", "Teh")
    assert "murah" in shown.said or "harga" in shown.said.lower()
    assert page.look.said.text() == f"Teh: {shown.said}"
    page.look.choose("new")
    assert [page.look.model.row(at).price for at in range(2)] == ["12.500", "17.500"]
    assert "Rp\u00a012.500" in page.look.read_as.text()


def test_a_row_left_out_by_space_is_not_taken(
    page: ImportPage, counter: Counter, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = [["Nama Barang", "Harga"], ["Kopi ikut", 12_500], ["Teh tinggal", 9_000]]
    _look(page, _sheet(tmp_path, rows), qtbot)
    page.look.table.go_to(1)
    qtbot.keyClick(page.look.table, Qt.Key.Key_Space)
    assert page.look.model.row(1).tick == ""
    assert page.take.text() == "Ambil 1 barang"
    page.apply()
    _finish(page, qtbot)
    names = {row[0] for row in counter.db.rows("SELECT name FROM product WHERE active=1")}
    assert "Kopi ikut" in names and "Teh tinggal" not in names


def test_a_price_below_cost_waits_for_a_tick(
    page: ImportPage, counter: Counter, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = [["Nama Barang", "Harga Jual", "Harga Beli"], ["Rugi", 1_000, 5_000]]
    _look(page, _sheet(tmp_path, rows), qtbot)
    assert page.look.model.row(0).status == "Centang dulu"
    assert page.look.asks.isVisibleTo(page)
    assert not page.take.isEnabled()
    qtbot.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert not page.look.asks.isVisibleTo(page)
    page.apply()
    _finish(page, qtbot)
    assert counter.db.scalar("SELECT price FROM product WHERE name='Rugi'") == 1_000


def test_columns_are_mapped_by_hand_where_no_heading_is_known(
    window: MainWindow, page: ImportPage, counter: Counter, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = [["xx", "yy"], ["Kopi Suwawa", 12_500], ["Teh Tibawa", 9_000]]
    _look(page, _sheet(tmp_path, rows), qtbot)
    panel = _panel(window, MappingPanel)
    assert isinstance(panel, MappingPanel)
    panel.save()
    assert panel.isVisible()
    panel.fields["name"].setCurrentIndex(1)
    panel.fields["price"].setCurrentIndex(2)
    panel.save()
    _finish(page, qtbot)
    assert page.look.preview is not None and page.look.preview.plan.counts.new == 2
    page.apply()
    _finish(page, qtbot)
    assert counter.db.scalar("SELECT price FROM product WHERE name='Teh Tibawa'") == 9_000


def test_mapping_again_begins_with_what_was_found(
    window: MainWindow, page: ImportPage, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = [["Nama", "Harga Beli", "Harga Jual"], ["Kopi", 12_500, 9_000]]
    _look(page, _sheet(tmp_path, rows), qtbot)
    qtbot.keyClick(page, Qt.Key.Key_F5)
    panel = _panel(window, MappingPanel)
    assert isinstance(panel, MappingPanel)
    assert panel.fields["cost"].currentText() == "B  Harga Beli"
    panel.fields["cost"].setCurrentIndex(3)
    panel.fields["price"].setCurrentIndex(2)
    qtbot.keyClick(panel, Qt.Key.Key_F10)
    _finish(page, qtbot)
    assert page.look.model.row(0).price == "12.500"


def test_one_column_serves_one_field(
    window: MainWindow, page: ImportPage, tmp_path: Path, qtbot: QtBot
) -> None:
    _look(page, _sheet(tmp_path, [["Nama", "Harga"], ["Kopi", 12_500]]), qtbot)
    page.ask_mapping()
    panel = _panel(window, MappingPanel)
    assert isinstance(panel, MappingPanel)
    panel.fields["cost"].setCurrentIndex(2)
    panel.save()
    assert panel.isVisible()


def test_refused_rows_are_saved_with_their_reason(
    window: MainWindow, page: ImportPage, tmp_path: Path, qtbot: QtBot
) -> None:
    file = _sheet(tmp_path, [["Nama Barang", "Harga"], ["Kopi", 12_500], ["Teh", "murah"]])
    _look(page, file, qtbot)
    qtbot.keyClick(page, Qt.Key.Key_F6)
    field = window.focusWidget()
    assert field is not None and field.objectName() == "refused_path"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    _finish(page, qtbot)
    saved = read_table(tmp_path / "daftar-ditolak.xlsx").sheets[0].rows
    assert [row[:2] for row in saved] == [("Nama Barang", "Harga"), ("Teh", "murah")]
    assert saved[1][2]
    assert page.stack.currentWidget() is page.look


@pytest.mark.parametrize("name", ["tidak_ada.xlsx", "", "gambar.png"])
def test_a_file_that_is_none_is_refused_at_the_field(
    page: ImportPage, tmp_path: Path, name: str, qtbot: QtBot
) -> None:
    (tmp_path / "gambar.png").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    _look(page, tmp_path / name if name else Path(), qtbot)
    assert page.stack.currentWidget() is page.choose
    assert page.choose.path.property("tone") == "bad"
    assert page.choose.row.below()
    assert page.choose.path.hasFocus()


def test_stopping_while_reading_changes_nothing(
    page: ImportPage, counter: Counter, dirty: Path, qtbot: QtBot
) -> None:
    before = _products(counter)
    page.choose.take(str(dirty))
    assert page.job is not None
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    _finish(page, qtbot)
    assert page.stack.currentWidget() is page.choose
    assert _products(counter) == before


def test_nothing_else_can_be_asked_while_it_runs_and_the_window_stays_alive(
    window: MainWindow, page: ImportPage, counter: Counter, dirty: Path, qtbot: QtBot
) -> None:
    _look(page, dirty, qtbot)
    heard: list[str] = []
    window.desk.changed.connect(lambda _kinds: heard.append(threading.current_thread().name))
    left: list[None] = []
    page.left.connect(lambda: left.append(None))
    page.apply()
    job = page.job
    assert job is not None
    window.desk.counter.announce(frozenset({"nothing"}))
    page.begin()
    page.apply()
    assert page.job is job and not left
    _finish(page, qtbot)
    assert set(heard) <= {threading.main_thread().name}
    assert counter.listeners == [window.desk.changed.emit]


def test_a_cashier_needs_a_manager_and_then_it_is_done(
    window: MainWindow, page: ImportPage, counter: Counter, tmp_path: Path, qtbot: QtBot
) -> None:
    counter.staff_id = add_staff(counter, "Yusuf", "cashier")
    _look(page, _sheet(tmp_path, [["Nama Barang", "Harga"], ["Kopi Pinogu", 12_500]]), qtbot)
    page.apply()
    assert page.job is None
    panel = _panel(window, Override)
    assert isinstance(panel, Override)
    panel.entered.emit("1379")
    assert page.job is not None
    _finish(page, qtbot)
    assert counter.db.scalar("SELECT count(*) FROM product WHERE name='Kopi Pinogu'") == 1
    assert counter.approver_id == b""
