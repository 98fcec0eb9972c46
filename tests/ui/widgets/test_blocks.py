"""Buttons, tiles, notices, bars, pages and panels as they are used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos.ui.foundation import gallery, theme
from pos.ui.foundation.look import look
from pos.ui.foundation.tokens import DARK, LIGHT, Height
from pos.ui.keys.scan_filter import OVERLAYS
from pos.ui.widgets.bars import StatusBar, TopBar
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, chip, icon_button
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.notice import Notice, NoticeCard, NoticePlace, Sign, StopPage
from pos.ui.widgets.overlay import Overlay, PinPanel, QuestionPanel
from pos.ui.widgets.page import EmptyState, Facts, Form, FormRow, Page
from pos.ui.widgets.paper import Paper
from pos.ui.widgets.sheets import HelpSheet, KeyLine, KeySheet
from pos.ui.widgets.tile import Tile, two_lines

LONG = "Mesin giling jagung pulut dengan motor listrik satu fasa dan rangka baja"


def pixels(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    }


class TestButton:
    @pytest.mark.parametrize("scale", ["small", "normal", "large"])
    def test_is_never_below_48(self, qtbot: QtBot, qapp: QApplication, scale: str) -> None:
        theme.apply(qapp, "light", scale)  # type: ignore[arg-type]
        for made in (Button("a", "Ya"), icon_button("b", "close", "Tutup"), chip("c", "50.000")):
            qtbot.addWidget(made)
            assert made.sizeHint().height() >= 48
            assert made.sizeHint().width() >= 48
            made.show()
            assert made.height() >= 48

    def test_says_its_key_to_eye_and_ear(self, qtbot: QtBot) -> None:
        made = Button("pay", "Bayar", key="F9")
        qtbot.addWidget(made)
        assert made.accessibleName() == "Bayar, F9"
        assert made.key_hint() == "F9"
        assert made.sizeHint().width() > Button("pay2", "Bayar").sizeHint().width()

    def test_an_icon_button_has_a_name_and_a_tip(self, qtbot: QtBot) -> None:
        made = icon_button("close", "close", "Tutup", key="Esc")
        qtbot.addWidget(made)
        assert (made.accessibleName(), made.toolTip()) == ("Tutup, Esc", "Tutup (Esc)")

    def test_leaves_the_focus_to_scanning(self, window: QWidget) -> None:
        field = QLineEdit()
        made = Button("add", "Tambah", scanning=True)
        window.put(field)  # type: ignore[attr-defined]
        window.put(made)  # type: ignore[attr-defined]
        field.setFocus()
        QTest.mouseClick(made, Qt.MouseButton.LeftButton)
        assert field.hasFocus()
        assert not made.autoDefault()

    def test_is_painted_by_its_kind_in_both_themes(self, qtbot: QtBot, qapp: QApplication) -> None:
        made = Button("pay", "Bayar", kind="primary", icon="cash", height=Height.PAY)
        qtbot.addWidget(made)
        made.resize(200, 64)
        assert LIGHT.primary in pixels(made)
        theme.apply(qapp, "dark")
        assert DARK.primary in pixels(made)
        made.set_kind("danger")
        assert DARK.primary not in pixels(made)
        made.setEnabled(False)
        assert DARK.sunken in pixels(made)

    def test_an_ampersand_is_a_letter(self, qtbot: QtBot) -> None:
        made = Button("x", "Roti & kue")
        qtbot.addWidget(made)
        assert made.shortcut().isEmpty()
        made.say("Lain")
        assert made.accessibleName() == "Lain"

    def test_a_chip_can_stay_chosen(self, qtbot: QtBot) -> None:
        made = chip("all", "Semua", checkable=True)
        qtbot.addWidget(made)
        made.click()
        assert made.isChecked()
        assert LIGHT.primary_soft in pixels(made)


class TestTile:
    @staticmethod
    def lines(name: str, width: int) -> tuple[str, str]:
        return two_lines(name, width, len)

    def test_short_names_are_left_alone(self) -> None:
        assert self.lines("Gula", 20) == ("Gula", "")
        assert self.lines("Minyak goreng Bimoli", 14) == ("Minyak goreng", "Bimoli")

    def test_a_long_name_keeps_its_size(self) -> None:
        top, below = self.lines("Indomie Goreng Rendang Spesial Jumbo Pedas 85 g", 20)
        assert top == "Indomie Goreng"
        assert below.endswith("… 85\u00a0g")
        assert below.startswith("Rendang")

    def test_a_size_is_not_torn(self) -> None:
        assert self.lines("Beras Ciheras 5 kg", 15) == ("Beras Ciheras", "5\u00a0kg")

    @given(st.text("abc 019kgml", max_size=80), st.integers(6, 40))
    def test_no_line_is_too_wide(self, name: str, width: int) -> None:
        assert all(len(line) <= width for line in self.lines(name, width))

    def test_shows_name_and_price(self, qtbot: QtBot) -> None:
        made = Tile("tile", "Kopi Pinogu 200 g", 38_500)
        qtbot.addWidget(made)
        assert made.accessibleName() == "Kopi Pinogu 200 g, Rp 38.500"
        assert (made.sizeHint().width(), made.sizeHint().height()) == (148, 88)
        assert made.focusPolicy() == Qt.FocusPolicy.NoFocus
        assert look().colours.ink in pixels(made)


class TestNotices:
    def test_the_weightiest_is_shown_and_the_newest_of_equals(self, qtbot: QtBot) -> None:
        place = NoticePlace("notices")
        qtbot.addWidget(place)
        counts: list[int] = []
        place.count_changed.connect(counts.append)
        place.tell(Notice("news", "Kabar", "info"))
        place.tell(Notice("disk", "Penyimpanan penuh", "bad"))
        place.tell(Notice("paper", "Kertas habis", "warn"))
        assert [one.key for one in place.waiting()] == ["disk", "paper", "news"]
        assert self.shown(place) == "Penyimpanan penuh"
        place.solved("disk")
        assert self.shown(place) == "Kertas habis"
        place.tell(Notice("paper", "Kertas masih habis", "warn"))
        assert self.shown(place) == "Kertas masih habis"
        place.solved("unknown")
        for key in ("paper", "news"):
            place.solved(key)
        assert place.waiting() == []
        assert counts == [1, 2, 3, 2, 2, 1, 0]

    @staticmethod
    def shown(place: NoticePlace) -> str:
        assert place._card is not None
        return place._card.sentence.text()

    def test_its_action_is_taken(self, qtbot: QtBot) -> None:
        done: list[str] = []
        card = NoticeCard(
            Notice("paper", "Kertas habis", "warn", action="Coba", act=lambda: done.append("act"))
        )
        qtbot.addWidget(card)
        card.acted.connect(done.append)
        button = card.findChild(Button)
        assert button is not None
        button.click()
        assert done == ["act", "paper"]
        assert LIGHT.warn_soft in pixels(card)

    def test_signs_follow_tone_and_theme(self, qtbot: QtBot, qapp: QApplication) -> None:
        sign = Sign("ok")
        qtbot.addWidget(sign)
        before = sign.drawn().toImage()
        sign.show_tone("bad")
        assert sign.drawn().toImage() != before
        before = sign.drawn().toImage()
        theme.apply(qapp, "dark")
        assert sign.drawn().toImage() != before

    def test_the_stop_page_offers_ways_on(self, qtbot: QtBot) -> None:
        way = Button("retry", "Coba lagi", kind="primary")
        page = StopPage("full", "Penyimpanan penuh", "Tidak ada yang hilang.", [way])
        qtbot.addWidget(page)
        assert way in page.findChildren(Button)


class TestBars:
    def test_status_says_and_shows_facts(self, qtbot: QtBot) -> None:
        bar = StatusBar("status")
        qtbot.addWidget(bar)
        bar.say("Tersimpan", "ok", "check")
        bar.set_fact("printer", "Kertas habis", "printer", "warn")
        bar.set_fact("printer", "Siap", "printer")
        assert (bar.said(), bar.fact("printer")) == ("Tersimpan", "Siap")
        assert bar.height() == 32

    def test_top_bar_takes_more(self, qtbot: QtBot) -> None:
        bar = TopBar("top", "Toko")
        qtbot.addWidget(bar)
        bell = icon_button("bell", "help", "Pemberitahuan")
        bar.add(bell)
        bar.set_height(56)
        bar.resize(900, 56)
        bar.show()
        assert bell.x() < bar.cloth.x()
        assert (bar.height(), bar.cloth.height()) == (56, 56)


class TestPage:
    def test_escape_and_the_arrow_go_back(self, window: QWidget) -> None:
        page = Page("goods", "Barang")
        window.put(page)  # type: ignore[attr-defined]
        field = TextEdit("name", "Nama")
        page.set_content(field)
        went: list[int] = []
        page.back.connect(lambda: went.append(1))
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Escape)
        arrow = page.findChild(Button, "goods_back")
        assert arrow is not None
        arrow.click()
        assert went == [1, 1]

    def test_the_main_action_is_last(self, qtbot: QtBot) -> None:
        page = Page("goods", "Barang", has_back=False)
        qtbot.addWidget(page)
        delete, cancel, save = (Button(name, name) for name in ("delete", "cancel", "save"))
        page.add_action(cancel)
        page.add_action(save)
        page.add_action(delete, left=True)
        page.resize(900, 600)
        page.show()
        assert delete.x() < cancel.x() < save.x()
        assert page.findChild(Button, "goods_back") is None

    def test_a_row_says_what_is_wrong(self, qtbot: QtBot) -> None:
        form = Form("form")
        qtbot.addWidget(form)
        field = TextEdit("price", "Harga")
        row = FormRow("Harga", field, hint="Untuk satu bungkus", before="Rp", unit="/pcs")
        form.section("Harga")
        form.add(row)
        row.show_error("Harga belum diisi.")
        assert row.below() == "Harga belum diisi."
        assert field.accessibleDescription() == "Harga belum diisi."
        assert field.property("tone") == "bad"
        row.clear_error()
        assert (row.below(), field.property("tone")) == ("Untuk satu bungkus", "none")

    def test_an_empty_state_has_one_action(self, qtbot: QtBot) -> None:
        action = Button("add", "Tambah barang")
        empty = EmptyState("empty", "cart", "Belum ada barang.", action)
        qtbot.addWidget(empty)
        assert empty.findChildren(Button) == [action]
        assert empty.sentence.text() == "Belum ada barang."

    def test_facts_replace_each_other(self, qtbot: QtBot) -> None:
        facts = Facts("facts")
        qtbot.addWidget(facts)
        facts.set_rows((("Tunai", "Rp 1"), ("QRIS", "Rp 2")))
        facts.set_rows((("Kasbon", "Rp 3"),))
        QApplication.sendPostedEvents(None, 52)
        assert [label.text() for label in facts.findChildren(Label)][-2:].count("Rp 1") == 0
        assert facts._column.count() == 1

    def test_a_long_value_is_not_cut(self, qtbot: QtBot) -> None:
        facts = Facts("facts")
        qtbot.addWidget(facts)
        facts.set_rows((("Gambar tak terbaca server", LONG),))
        facts.resize(400, 200)
        facts.show()
        value = facts.findChildren(Label)[-1]
        assert value.height() >= value.heightForWidth(value.width())
        assert value.heightForWidth(value.width()) > 1.5 * value.fontMetrics().height()


class TestPaper:
    def test_a_sentence_in_place_of_a_document_is_not_cut(self, qtbot: QtBot) -> None:
        paper = Paper("paper", "Struk")
        qtbot.addWidget(paper)
        paper.resize(paper.minimumWidth(), 300)
        paper.say(f"{LONG}. {LONG}.")
        paper.show()
        said = paper.sentence
        assert paper.shown == said.text()
        assert said.width() <= paper.viewport().width()
        assert said.height() >= said.heightForWidth(said.width())


class TestOverlay:
    def test_covers_counts_and_gives_the_focus_back(self, window: QWidget) -> None:
        field = QLineEdit()
        window.put(field)  # type: ignore[attr-defined]
        field.setFocus()
        overlay = Overlay("panel", "Judul", window)
        closed: list[int] = []
        overlay.closed.connect(lambda: closed.append(1))
        overlay.open()
        overlay.open()
        assert window.property(OVERLAYS) == 1
        assert not field.hasFocus()
        window.resize(1200, 800)
        assert overlay.size() == window.size()
        QTest.keyClick(overlay, Qt.Key.Key_Escape)
        overlay.close_panel()
        assert (window.property(OVERLAYS), closed) == (0, [1])
        assert field.hasFocus()

    def test_tab_stays_inside(self, window: QWidget) -> None:
        outside = QLineEdit()
        window.put(outside)  # type: ignore[attr-defined]
        overlay = Overlay("panel", "Judul", window)
        inside = TextEdit("inside", "Dalam")
        overlay.body.addWidget(inside)
        overlay.open()
        assert inside.hasFocus()
        for _ in range(5):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            focused = QApplication.focusWidget()
            assert focused is not None and overlay.isAncestorOf(focused)
        overlay.close_panel()

    def test_a_pin_is_asked_and_refused_over_the_window(self, window: QWidget) -> None:
        panel = PinPanel("pin", "Izin", "PIN pemilik", window)
        entered: list[str] = []
        panel.entered.connect(entered.append)
        panel.ask()
        QTest.keyClicks(QApplication.focusWidget(), "1234")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        panel.refuse("PIN salah.")
        assert entered == ["1234"]
        assert panel.isVisible()
        panel.close_panel()

    def test_the_safe_answer_has_the_focus(self, window: QWidget) -> None:
        yes = Button("yes", "Hapus", kind="danger")
        panel = QuestionPanel("ask", "Hapus?", "Tidak dapat dibatalkan.", yes, "Jangan", window)
        confirmed: list[int] = []
        panel.confirmed.connect(lambda: confirmed.append(1))
        panel.ask()
        focused = QApplication.focusWidget()
        assert isinstance(focused, QAbstractButton)
        focused.click()
        assert (confirmed, panel.isVisible()) == ([], False)
        panel.ask()
        yes.click()
        assert (confirmed, panel.isVisible()) == ([1], False)

    def test_help_and_keys_hold_their_texts(self, window: QWidget) -> None:
        help_sheet = HelpSheet("help", {"Tanya?": "Jawab."}, window)
        keys = KeySheet("keys", (("Menjual", (KeyLine("F9", "Bayar"),)),), window)
        help_texts = {label.text() for label in help_sheet.findChildren(Label)}
        assert {"Bantuan", "Tanya?", "Jawab."} <= help_texts
        key_texts = {label.text() for label in keys.findChildren(Label)}
        assert {"Tombol", "Menjual", "F9", "Bayar"} <= key_texts


def test_everything_focusable_is_named(qtbot: QtBot) -> None:
    for page in (
        gallery.selling(1024, 768),
        gallery.blocks(1024, 768),
        gallery.pads(1024, 768),
    ):
        qtbot.addWidget(page)
        for widget in page.findChildren(QWidget):
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and type(
                widget
            ).__module__.startswith("pos."):
                assert widget.objectName(), widget
                assert widget.accessibleName(), widget.objectName()
