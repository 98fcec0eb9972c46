"""One product: everything that is written of it, on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from core.facts.catalog import ProductRecord
from core.gtin import display_form, normal_form
from core.halal import OWN_NUMBER, choice_of, halal_number
from pos.catalog.products import (
    add_product,
    archive_product,
    change_product,
    product_record,
)
from pos.staff.people import may
from pos.ui.catalog.lines import Cell, LinesEdit
from pos.ui.catalog.picture import PicturePiece
from pos.ui.catalog.record import NEW, Written, record_of
from pos.ui.catalog.words import HALAL_WORDS, TAX_WORDS
from pos.ui.foundation.tokens import Size, Space
from pos.ui.i18n import Text, _
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import follow_language, name_widget
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import QuantityEdit, TextEdit
from pos.ui.widgets.money import MoneyEdit
from pos.ui.widgets.page import Form, FormRow, Page
from pos.ui.widgets.press import press_by_key


class ProductPage(Page):
    """Write a product down or change it; `saved` carries its id, `card_asked` too."""

    saved = Signal(bytes)
    card_asked = Signal(bytes)

    def __init__(self, desk: Desk) -> None:
        """Build the form; `begin` fills it."""
        super().__init__("product", lambda: _("Barang"))
        self.desk = desk
        self._record = NEW
        self._active = True
        self._fields()
        self._lists()
        self._build()
        self._actions()

    def _fields(self) -> None:
        self.name = TextEdit("product_name", lambda: _("Nama barang"))
        self.code = TextEdit("product_code", lambda: _("Kode"))
        self.category = TextEdit("product_category", lambda: _("Kategori"))
        self.brand = TextEdit("product_brand", lambda: _("Merek"))
        self.unit = TextEdit("product_unit", lambda: _("Satuan dasar"))
        self.price = MoneyEdit("product_price", lambda: _("Harga jual"))
        self.cost = MoneyEdit("product_cost", lambda: _("Harga beli"))
        self.opening = QuantityEdit("product_opening", lambda: _("Stok awal"))
        self.least = QuantityEdit("product_least", lambda: _("Stok minimum"))
        self.tax = _choice("product_tax", lambda: _("Golongan pajak"), TAX_WORDS)
        self.halal = _choice("product_halal", lambda: _("Halal"), HALAL_WORDS)
        self.halal_number = TextEdit("product_halal_number", lambda: _("Nomor sertifikat halal"))
        self.halal.currentIndexChanged.connect(self._show_number)
        self.favourite = QCheckBox()
        name_widget(self.favourite, "product_favourite", lambda: _("Ubin favorit"))
        follow_language(
            self.favourite,
            lambda: self.favourite.setText(_("Ubin favorit")),
        )
        self.online = QCheckBox()
        name_widget(self.online, "product_online", lambda: _("Dijual online"))
        follow_language(
            self.online,
            lambda: self.online.setText(_("Dijual online")),
        )

    def _show_number(self) -> None:
        """A number is asked for where there is one."""
        self.rows["halal_number"].setVisible(self.halal.currentData() == OWN_NUMBER)

    def _lists(self) -> None:
        self.barcodes = LinesEdit(
            "product_barcodes",
            lambda: _("Kode batang"),
            lambda: _("Pindai kemasannya, atau tambah dan ketik."),
            (
                Cell(lambda: _("Kode batang"), 3, _text(lambda: _("Kode batang"))),
                Cell(lambda: _("Satuan"), 2, _text(lambda: _("Satuan kode batang"))),
            ),
            lambda: _("Tambah"),
        )
        self.units = LinesEdit(
            "product_units",
            lambda: _("Satuan lain"),
            lambda: _("Dus, pak, atau lusin: isi dan harganya sendiri."),
            (
                Cell(lambda: _("Satuan"), 2, _text(lambda: _("Nama satuan"))),
                Cell(lambda: _("Isi"), 2, _quantity(lambda: _("Isi satuan"))),
                Cell(lambda: _("Harga (Rp)"), 3, _money(lambda: _("Harga satuan"))),
            ),
            lambda: _("Tambah"),
        )
        self.tiers = LinesEdit(
            "product_tiers",
            lambda: _("Harga grosir"),
            lambda: _("Mulai jumlah tertentu, satu buah lebih murah."),
            (
                Cell(lambda: _("Mulai"), 2, _quantity(lambda: _("Mulai jumlah"))),
                Cell(lambda: _("Harga per satuan (Rp)"), 3, _money(lambda: _("Harga grosir"))),
            ),
            lambda: _("Tambah"),
        )

    def _build(self) -> None:
        self.rows = {
            "name": FormRow(lambda: _("Nama barang"), self.name),
            "code": FormRow(lambda: _("Kode"), self.code),
            "category": FormRow(lambda: _("Kategori"), self.category),
            "brand": FormRow(lambda: _("Merek"), self.brand),
            "unit": FormRow(lambda: _("Satuan dasar"), self.unit),
            "price": FormRow(lambda: _("Harga jual"), self.price, before="Rp"),
            "cost": FormRow(lambda: _("Harga beli"), self.cost, before="Rp"),
            "least": FormRow(lambda: _("Stok minimum"), self.least),
            "opening": FormRow(lambda: _("Stok awal"), self.opening),
            "tax": FormRow(lambda: _("Golongan pajak"), self.tax),
            "halal": FormRow(lambda: _("Halal"), self.halal),
            "halal_number": FormRow(lambda: _("Nomor sertifikat halal"), self.halal_number),
        }
        left, right = Form("product_form"), Form("product_lists")
        left.add(self.rows["name"])
        for pair in (("unit", "price"), ("code", "cost"), ("category", "brand")):
            left.add(_beside(*(self.rows[one] for one in pair)))
        left.add(_beside(self.rows["least"], self.rows["tax"]))
        left.add(self.rows["opening"])
        left.add(_beside(self.favourite, self.online))
        self.picture = PicturePiece(self.desk)
        for piece in (self.barcodes, self.units, self.tiers, self.picture):
            right.add(piece)
        for name in ("halal", "halal_number"):
            right.add(self.rows[name])
        both = QHBoxLayout()
        both.setSpacing(Space.LARGE)
        for form in (left, right):
            form.setMaximumWidth(Size.FORM + Space.LARGE)
            both.addWidget(form, 1)
        both.addStretch(0)
        self.set_content(both)
        order = (self.name, self.unit, self.price, self.code, self.category, self.brand)
        for before, after in pairwise(order):
            before.returnPressed.connect(after.setFocus)

    def _actions(self) -> None:
        self.archive = Button("product_archive", "", icon="box", kind="quiet")
        self.archive.clicked.connect(self._archive)
        self.card = Button("product_card", lambda: _("Kartu stok"), icon="history", key="F6")
        press_by_key(self.card)
        self.card.clicked.connect(lambda: self.card_asked.emit(self._record.product_id))
        save = Button("product_save", lambda: _("Simpan"), kind="primary", icon="save", key="F9")
        press_by_key(save)
        save.clicked.connect(self.save)
        self.add_action(self.archive, left=True)
        self.add_action(self.card)
        self.add_action(save)

    def begin(self, product_id: bytes = b"") -> None:
        """Show a product, or an empty form for a new one.

        Raises:
            BadProduct: it is not here.
        """
        db = self.desk.counter.db
        self._record = product_record(db, product_id) if product_id else NEW
        self._active = not product_id or bool(
            db.scalar("SELECT active FROM product WHERE id=?", (product_id,))
        )
        new = not product_id
        self.title.say((lambda: _("Barang baru")) if new else (lambda: _("Ubah barang")))
        self.rows["opening"].setVisible(new)
        self.rows["cost"].setVisible(may(self.desk.counter, "see_cost"))
        self.archive.setVisible(not new)
        self.archive.say((lambda: _("Arsipkan")) if self._active else (lambda: _("Jual lagi")))
        self.card.setVisible(not new)
        for row in self.rows.values():
            row.clear_error()
        self._fill(self._record)
        self.name.setFocus()

    def _fill(self, record: ProductRecord) -> None:
        for field, text in (
            (self.name, record.name),
            (self.code, record.code),
            (self.category, record.category),
            (self.brand, record.brand),
            (self.unit, record.unit),
        ):
            field.setText(text)
            field.setCursorPosition(0)
        self.price.set_amount(record.price if record.product_id else None)
        self.cost.set_amount(record.cost)
        self.least.set_quantity(record.min_stock or None)
        self.opening.set_quantity(None)
        self.tax.setCurrentIndex(self.tax.findData(record.tax_class))
        chosen, number = choice_of(record.halal)
        self.halal.setCurrentIndex(self.halal.findData(chosen))
        self.halal_number.setText(number)
        self._show_number()
        self.favourite.setChecked(record.favourite)
        self.online.setChecked(record.online)
        self.picture.show_picture(record.picture)
        for lists in (self.barcodes, self.units, self.tiers):
            lists.clear()
        for code in record.barcodes:
            _put(self.barcodes, display_form(code.code), code.unit)
        for unit in record.units:
            _put(self.units, unit.unit, unit.factor * 1000, unit.price)
        for tier in record.tiers:
            _put(self.tiers, tier.min_qty, tier.price)

    def on_scan(self, text: str) -> None:
        """A scanned code becomes a barcode of this product."""
        code = normal_form(text)
        if all(normal_form(fields[0].text()) != code for fields in self.barcodes.lines()):
            _put(self.barcodes, display_form(code), self.unit.text())
        self.desk.sound("found")

    def written(self) -> Written:
        """What stands in the form."""
        return Written(
            self.name.text(),
            self.code.text(),
            self.category.text(),
            self.brand.text(),
            self.unit.text(),
            self.price.amount(),
            self.cost.amount(),
            str(self.tax.currentData()),
            self.least.quantity(),
            self.favourite.isChecked(),
            [(code.text(), unit.text()) for code, unit in self.barcodes.lines()],
            [
                (name.text(), _thousandths(factor), _rupiah(price))
                for name, factor, price in self.units.lines()
            ],
            [(_thousandths(least), _rupiah(price)) for least, price in self.tiers.lines()],
            self.picture.name,
            self.online.isChecked(),
            self._halal(),
        )

    def _halal(self) -> str:
        chosen = str(self.halal.currentData())
        return self.halal_number.text() if chosen == OWN_NUMBER else chosen

    def save(self) -> None:
        """Save; what is missing is said at its field."""
        if self.picture.job is not None:
            self.desk.say(_("Gambarnya masih dibaca. Tunggu sebentar, lalu simpan lagi."), "warn")
            return
        for name in ("name", "price", "halal_number"):
            self.rows[name].clear_error()
        if not self.name.text().strip():
            self.rows["name"].show_error(lambda: _("Isi nama barangnya."))
            self.name.setFocus()
            return
        if self.price.amount() is None:
            self.rows["price"].show_error(lambda: _("Isi harganya."))
            self.price.setFocus()
            return
        if self.halal.currentData() == OWN_NUMBER and not halal_number(self.halal_number.text()):
            self.rows["halal_number"].show_error(
                lambda: _("Salin nomornya dari kemasan, misalnya ID75110000012341024.")
            )
            self.halal_number.setFocus()
            return
        self.desk.run(self._save, self._saved)

    def _save(self) -> bytes:
        counter = self.desk.counter
        record = record_of(self._record, self.written(), with_cost=self.cost.isVisible())
        picture = self.picture.data
        if record.product_id:
            change_product(counter, record, picture=picture)
            return record.product_id
        return add_product(counter, record, self.opening.quantity() or 0, picture=picture)

    def _saved(self, product_id: bytes) -> None:
        self.desk.say(_("{name} tersimpan.").format(name=self.name.text().strip()), "ok")
        self.saved.emit(product_id)

    def _archive(self) -> None:
        product_id, active = self._record.product_id, not self._active
        counter = self.desk.counter

        def done(_nothing: object) -> None:
            word = _("{name} dijual lagi.") if active else _("{name} diarsipkan; riwayatnya tetap.")
            self.desk.say(word.format(name=self._record.name), "ok")
            self.saved.emit(product_id)

        self.desk.run(lambda: archive_product(counter, product_id, active=active), done)


def _choice(name: str, spoken: Text, words: Mapping[str, Callable[[], str]]) -> QComboBox:
    made = QComboBox()
    name_widget(made, name, spoken)
    for one, word in words.items():
        made.addItem(word(), one)

    def translate() -> None:
        for at, word in enumerate(words.values()):
            made.setItemText(at, word())

    follow_language(made, translate)
    return made


def _text(spoken: Text) -> Callable[[str], QLineEdit]:
    return lambda name: TextEdit(name, spoken)


def _quantity(spoken: Text) -> Callable[[str], QLineEdit]:
    return lambda name: QuantityEdit(name, spoken)


def _money(spoken: Text) -> Callable[[str], QLineEdit]:
    return lambda name: MoneyEdit(name, spoken)


def _thousandths(field: QLineEdit) -> int | None:
    return field.quantity() if isinstance(field, QuantityEdit) else None


def _rupiah(field: QLineEdit) -> int | None:
    return field.amount() if isinstance(field, MoneyEdit) else None


def _put(lists: LinesEdit, *values: str | int | None) -> None:
    for field, value in zip(lists.add_line(), values, strict=True):
        if isinstance(field, MoneyEdit):
            field.set_amount(value if isinstance(value, int) else None)
        elif isinstance(field, QuantityEdit):
            field.set_quantity(value if isinstance(value, int) else None)
        else:
            field.setText(str(value))


def _beside(*widgets: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.GUTTER)
    for widget in widgets:
        row.addWidget(widget, 1)
    return made
