"""Every building block on one page, to be looked at: `python -m pos.ui.foundation.gallery`.

Writes a picture a theme and size into the folder that is named (default: `gallery`).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from core.money import format_rupiah
from core.quantity import format_quantity
from pos.ui.foundation import icons, theme
from pos.ui.foundation.layout import SellingLayout, selling_layout
from pos.ui.foundation.look import look
from pos.ui.foundation.tokens import Height, Size, Space
from pos.ui.widgets.bars import StatusBar, TopBar
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.fields import QuantityEdit, SearchEdit, TextEdit
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.money import Money, MoneyEdit
from pos.ui.widgets.notice import Notice, NoticeCard, card
from pos.ui.widgets.overlay import PinPanel
from pos.ui.widgets.pads import NumberPad
from pos.ui.widgets.page import EmptyState, Facts, Form, FormRow, Page
from pos.ui.widgets.sheets import HelpSheet, KeyLine, KeySheet
from pos.ui.widgets.table import ListTable
from pos.ui.widgets.tile import Tile

SIZES = ((1024, 768), (1920, 1080))


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    quantity: int
    price: int


_LINES = (
    _Line("Indomie Goreng 85 g", 3_000, 3_500),
    _Line("Beras Ciheras 5 kg", 1_000, 72_500),
    _Line("Gula pasir curah", 1_250, 17_500),
    _Line("Minyak Bimoli 2 l isi ulang", 2_000, 39_900),
    _Line("Aqua 600 ml", 24_000, 3_000),
)


def _table() -> ListTable:
    model: RowsModel[_Line] = RowsModel(
        (
            Column("Barang", lambda one: one.name),
            Column("Jumlah", lambda one: format_quantity(one.quantity), 90, True),
            Column("Harga", lambda one: format_rupiah(one.price, symbol=False), 110, True),
            Column(
                "Subtotal",
                lambda one: format_rupiah(one.price * one.quantity // 1000, symbol=False),
                130,
                True,
            ),
        )
    )
    model.set_rows(_LINES)
    table = ListTable("lines", "Isi keranjang", model, scanning=True)  # type: ignore[arg-type]
    table.go_to(1)
    return table


def _total(size: int, high: int) -> QFrame:
    made = card()
    made.setFixedHeight(high)
    column = QVBoxLayout(made)
    column.setContentsMargins(Space.MEDIUM, Space.GUTTER, Space.MEDIUM, Space.GUTTER)
    column.setSpacing(0)
    money = Money("total", "Total", size=size)
    money.set_amount(442_900)
    column.addWidget(Label("Total", "label"))
    column.addWidget(money, 1)
    column.addWidget(Label("31 barang, hemat 12.500", "hint"))
    return made


def selling(width: int, height: int) -> QWidget:
    """The selling screen's bones with sample goods, by the layout record."""
    at = selling_layout(width, height, look().scale)
    window = QWidget()
    window.resize(width, height)
    bar = TopBar("top", "Toko Mootilango")
    bar.set_height(at.bar)
    bar.who.say("Yanti · giliran 2")
    status = StatusBar("status")
    status.say("Tersimpan 14.32", "ok", "check")
    status.set_fact("printer", "Printer siap", "printer")
    status.set_fact("clock", "14.32", "clock")
    scan = SearchEdit("scan", "Pindai", hint="Pindai atau ketik nama barang", scan=True)
    left = QVBoxLayout()
    left.setSpacing(at.gutter)
    left.addWidget(scan)
    left.addWidget(_table(), 1)
    middle = QHBoxLayout()
    middle.setContentsMargins(at.gutter, at.gutter, at.gutter, at.gutter)
    middle.setSpacing(at.gutter)
    middle.addLayout(left, 1)
    middle.addWidget(_side(at))
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(bar)
    column.addLayout(middle, 1)
    column.addWidget(status)
    return window


def _side(at: SellingLayout) -> QWidget:
    right = QVBoxLayout()
    right.setSpacing(at.gutter)
    right.addWidget(_total(at.total_size, at.total_card))
    right.addWidget(
        Button(
            "pay", "Bayar", kind="primary", icon="cash", key="F9", height=at.pay,
            role="title", scanning=True,
        )
    )  # fmt: skip
    right.addLayout(_actions(at.action, at.gutter))
    right.addWidget(
        NoticeCard(
            Notice(
                "paper",
                "Kertas struk habis. Struk disimpan, dicetak setelah kertas diganti.",
                "warn",
                action="Coba lagi",
            )
        )
    )
    right.addStretch(1)
    side = QWidget()
    side.setFixedWidth(at.right)
    right.setContentsMargins(0, 0, 0, 0)
    side.setLayout(right)
    return side


def _actions(high: int, gutter: int) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(gutter)
    for number, (name, icon, key) in enumerate(
        (
            ("Pelanggan", "customer", "F3"),
            ("Cek harga", "tag", "F4"),
            ("Jumlah", "quantity", "F5"),
            ("Tahan", "park", "F6"),
            ("Diskon", "discount", "F8"),
            ("Lainnya", "grid", "F10"),
        )
    ):
        made = Button(f"action_{key}", name, icon=icon, key=key, height=high, scanning=True)
        grid.addWidget(made, number // 2, number % 2)
    return grid


def blocks(width: int, height: int) -> QWidget:
    """Buttons, fields, tiles, notices and icons on one page."""
    page = Page("gallery", "Bahan bangunan")
    page.resize(width, height)
    page.add_action(Button("delete", "Hapus", kind="danger", icon="delete"), left=True)
    page.add_action(Button("cancel", "Batal", key="Esc"))
    page.add_action(Button("save", "Simpan", kind="primary", icon="save", key="F9"))
    columns = QHBoxLayout()
    columns.setSpacing(Space.LARGE)
    columns.addWidget(_form(), 3)
    columns.addLayout(_middle(), 4)
    page.set_content(columns)
    return page


def pads(width: int, height: int) -> QWidget:
    """Number pad, icons and an empty state."""
    page = Page("pads", "Papan dan tanda")
    page.resize(width, height)
    columns = QHBoxLayout()
    columns.setSpacing(Space.LARGE)
    columns.addLayout(_last(), 1)
    action = Button("empty_add", "Tambah barang", kind="primary", icon="add", height=Height.ACTION)
    sentence = "Belum ada barang. Pindai atau ketik nama."
    columns.addWidget(EmptyState("empty", "cart", sentence, action), 1)
    page.set_content(columns)
    return page


def _form() -> Form:
    form = Form("form")
    form.section("Barang")
    name = TextEdit("name", "Nama")
    name.setText("Kopi Pinogu 200 g")
    form.add(FormRow("Nama", name))
    price = MoneyEdit("price", "Harga jual")
    price.set_amount(38_500)
    form.add(FormRow("Harga jual", price, before="Rp", hint="Harga untuk satu bungkus."))
    stock = QuantityEdit("stock", "Stok")
    stock.set_quantity(12_500)
    row = FormRow("Stok", stock, unit="kg")
    form.add(row)
    row.show_error("Paling banyak tiga angka di belakang koma.")
    tick = QCheckBox("Tampilkan di layar sentuh")
    tick.setChecked(True)
    form.add(tick)
    choice = QRadioButton("Kena pajak")
    choice.setChecked(True)
    form.add(choice)
    form.add(Button("disabled", "Tidak tersedia", icon="lock"))
    form.findChild(Button, "disabled").setEnabled(False)  # type: ignore[union-attr]
    return form


def _middle() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(Space.GUTTER)
    for tone, text in (
        ("ok", "Uang diterima. Kembali 7.100."),
        ("info", "Dua barang baru diimpor."),
        ("bad", "Setoran kurang 5.000. Hitung ulang sebelum tutup giliran."),
    ):
        column.addWidget(NoticeCard(Notice(tone, text, tone)))  # type: ignore[arg-type]
    tiles = QGridLayout()
    tiles.setSpacing(Space.GUTTER)
    for number, one in enumerate(_LINES[:4]):
        tiles.addWidget(Tile(f"tile_{number}", one.name, one.price), number // 2, number % 2)
    column.addLayout(tiles)
    chips = QHBoxLayout()
    for amount in ("50.000", "100.000"):
        chips.addWidget(chip(f"chip_{amount}", amount, checkable=True))
    column.addLayout(chips)
    facts = Facts("facts")
    facts.set_rows((("Penjualan", "Rp 4.250.000"), ("Tunai", "Rp 3.900.000")))
    column.addWidget(facts)
    column.addStretch(1)
    return column


def _last() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(Space.GUTTER)
    pad = NumberPad("pad")
    column.addWidget(pad)
    grid = QGridLayout()
    for number, name in enumerate(icons.names()):
        sign = QLabel()
        sign.setPixmap(icons.pixmap(name, look().colours.ink, Size.ICON_LARGE))
        grid.addWidget(sign, number // 12, number % 12)
    column.addLayout(grid)
    column.addStretch(1)
    return column


def panels(width: int, height: int) -> list[tuple[str, QWidget]]:
    """The overlays, each open over a selling screen."""
    made: list[tuple[str, QWidget]] = []
    window = selling(width, height)
    pin = PinPanel("pin", "Izin diperlukan", "PIN pemilik untuk mengubah harga", window)
    window.show()
    pin.ask()
    pin.pad.type_text("12345")
    made.append(("pin", window))
    window = selling(width, height)
    keys = KeySheet(
        "keys",
        (
            ("Menjual", (KeyLine("F2", "Cari barang"), KeyLine("F9", "Bayar"))),
            ("Keranjang", (KeyLine("Del", "Hapus baris"), KeyLine("3*", "Tiga kali"))),
        ),
        window,
    )
    window.show()
    keys.open()
    made.append(("keys", window))
    window = selling(width, height)
    sheet = HelpSheet(
        "help",
        {"Barang tanpa kode?": "Ketik sebagian namanya, lalu pilih dengan panah dan Enter."},
        window,
    )
    window.show()
    sheet.open()
    made.append(("help", window))
    return made


def save(folder: Path) -> list[Path]:
    """Write all pictures; the files written."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for dark in (False, True):
        theme.apply(app, "dark" if dark else "light")
        for width, height in SIZES:
            shown = [("selling", selling(width, height)), ("blocks", blocks(width, height))]
            shown.append(("pads", pads(width, height)))
            for name, widget in (*shown, *panels(width, height)):
                file = folder / f"{name}-{'dark' if dark else 'light'}-{width}x{height}.png"
                widget.show()
                QCoreApplication.sendPostedEvents()
                widget.grab().save(str(file))
                written.append(file)
                widget.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return written


def main() -> int:
    """Write the pictures into the folder named on the command line."""
    for file in save(Path(sys.argv[1] if len(sys.argv) > 1 else "gallery")):
        print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
