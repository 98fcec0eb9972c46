"""Small panels over the selling screen: quantity, price, discount, note, customer, new product."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.cart import Discount
from core.errors import Refused
from core.facts.catalog import BarcodeRecord, ProductRecord
from core.money import format_rupiah, parse_rupiah
from core.quantity import format_quantity, parse_quantity
from pos.catalog.goods import one_goods, search, stock_of
from pos.catalog.products import add_product
from pos.catalog.scan import ScannedProduct, read_scan
from pos.customers.accounts import Customer, find_customers
from pos.customers.people import add_customer
from pos.messages import sentence
from pos.ui.foundation.tokens import Height, Size
from pos.ui.i18n import _, language
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.fields import QuantityEdit, SearchEdit, TextEdit
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.money import MoneyEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable


class FieldPanel(Overlay):
    """One field and one button: Enter does it, Escape leaves everything as it was."""

    def __init__(
        self, name: str, title: Callable[[], str], label: Callable[[], str], field: QWidget,
        done: Callable[[], None], window: QWidget,
    ) -> None:  # fmt: skip
        """`done` is called at Enter; it closes the panel itself where it succeeded."""
        super().__init__(name, title, window)
        self.row = FormRow(label, field)
        self.body.addWidget(self.row)
        self._field = field
        self._done = done
        save = Button(f"{name}_save", lambda: _("Simpan"), kind="primary", key="Enter")
        save.clicked.connect(done)
        self.add_action(save)
        signal = getattr(field, "returnPressed", None)
        if signal is not None:
            signal.connect(done)

    def ask(self) -> None:
        """Open with the field selected, so that typing replaces."""
        self.row.clear_error()
        self.open(self._field)
        select = getattr(self._field, "selectAll", None)
        if select is not None:
            select()


def quantity_panel(desk: Desk, window: QWidget) -> FieldPanel | None:
    """Set the selected line's quantity."""
    line = desk.till.line
    if line is None:
        return None
    field = QuantityEdit("quantity_field", lambda: _("Jumlah"))
    field.set_quantity(line.qty)

    def done() -> None:
        qty = field.quantity()
        if qty is None:
            panel.row.show_error(lambda: _("Tulis jumlahnya, misalnya 2 atau 0,25."))
        elif desk.run(lambda: desk.till.set_quantity(qty)):
            panel.close_panel()

    panel = FieldPanel(
        "quantity_panel",
        lambda: f"{line.goods.name} ({line.unit})",
        lambda: _("Jumlah"),
        field,
        done,
        window,
    )
    return panel


def price_panel(desk: Desk, window: QWidget) -> FieldPanel | None:
    """Set a hand-made price for one unit of the selected line."""
    line = desk.till.line
    if line is None:
        return None
    field = MoneyEdit("price_field", lambda: _("Harga per satuan"))
    field.set_amount(desk.till.priced.lines[desk.till.selected].unit_price)

    def done() -> None:
        amount = field.amount()
        if amount is None:
            panel.row.show_error(lambda: _("Tulis harganya dalam rupiah."))
        elif desk.run(lambda: desk.till.set_price(amount)):
            panel.close_panel()

    panel = FieldPanel(
        "price_panel",
        lambda: f"{line.goods.name} ({line.unit})",
        lambda: _("Harga per satuan"),
        field,
        done,
        window,
    )
    return panel


def note_panel(desk: Desk, window: QWidget) -> FieldPanel | None:
    """Write a note on the selected line."""
    line = desk.till.line
    if line is None:
        return None
    field = TextEdit("note_field", lambda: _("Catatan"))
    field.setText(line.note)

    def done() -> None:
        desk.run(lambda: desk.till.set_note(field.text()))
        panel.close_panel()

    panel = FieldPanel(
        "note_panel", lambda: line.goods.name, lambda: _("Catatan"), field, done, window
    )
    return panel


class DiscountPanel(Overlay):
    """A discount in rupiah or percent, on the selected line or the whole cart."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Begin with the whole cart, in rupiah."""
        super().__init__("discount_panel", lambda: _("Diskon"), window)
        self._desk = desk
        self.whole = chip("discount_whole", lambda: _("Seluruh belanja"), checkable=True)
        self.one = chip("discount_line", lambda: _("Baris ini"), checkable=True)
        self.rupiah = chip("discount_rupiah", lambda: _("Rupiah"), checkable=True)
        self.percent = chip("discount_percent", lambda: _("Persen"), checkable=True)
        _either(self.whole, self.one)
        _either(self.rupiah, self.percent)
        for pair in ((self.whole, self.one), (self.rupiah, self.percent)):
            row = QHBoxLayout()
            for one in pair:
                row.addWidget(one)
            self.body.addLayout(row)
        self.one.setEnabled(desk.till.line is not None)
        self.field = TextEdit("discount_field", lambda: _("Besarnya diskon"))
        self.row = FormRow(lambda: _("Besarnya"), self.field, hint=lambda: _("0 menghapus diskon."))
        self.body.addWidget(self.row)
        self.field.returnPressed.connect(self._done)
        save = Button("discount_save", lambda: _("Simpan"), kind="primary", key="Enter")
        save.clicked.connect(self._done)
        self.add_action(save)

    def ask(self) -> None:
        """Open it."""
        self.open(self.field)

    def _value(self) -> Discount | None:
        try:
            if self.percent.isChecked():
                return Discount("percent", parse_quantity(self.field.text() or "0") // 10)
            return Discount("rupiah", parse_rupiah(self.field.text() or "0"))
        except Refused:
            return None

    def _done(self) -> None:
        value = self._value()
        if value is None:
            self.row.show_error(lambda: _("Tulis angka, misalnya 2.000 atau 5."))
            return
        discounts = (value,) if value.value else ()
        till = self._desk.till
        if self.whole.isChecked():
            done = self._desk.run(lambda: till.discount_cart(discounts))
        else:
            done = self._desk.run(lambda: till.discount_line(discounts))
        if done:
            self.close_panel()


def _either(first: Button, second: Button) -> None:
    first.setChecked(True)

    def choose(chosen: Button, other: Button) -> None:
        chosen.setChecked(True)
        other.setChecked(False)

    first.clicked.connect(lambda: choose(first, second))
    second.clicked.connect(lambda: choose(second, first))


class CustomerPanel(Overlay):
    """Choose who buys, or write a new customer down: three letters and Enter."""

    def __init__(
        self, desk: Desk, window: QWidget, chosen: Callable[[Customer | None], None]
    ) -> None:
        """`chosen` hears the customer, or None for nobody."""
        super().__init__("customer_panel", lambda: _("Pelanggan"), window, width=Size.PANEL_WIDE)
        self._desk = desk
        self._chosen = chosen
        self.search = SearchEdit(
            "customer_search", lambda: _("Cari pelanggan"), hint=lambda: _("Nama atau nomor")
        )
        self.model: RowsModel[Customer] = RowsModel(
            (
                Column(lambda: _("Nama"), lambda who: who.name),
                Column(
                    lambda: _("Utang"),
                    lambda who: format_rupiah(who.debt, symbol=False),
                    130,
                    number=True,
                ),
                Column(
                    lambda: _("Batas"),
                    lambda who: format_rupiah(who.credit_limit, symbol=False),
                    130,
                    number=True,
                ),
            )
        )
        self.table = ListTable(
            "customer_list",
            lambda: _("Pelanggan"),
            self.model,  # type: ignore[arg-type]
        )
        self.table.setMinimumHeight(Height.ROW * 6)
        self.body.addWidget(self.search)
        self.body.addWidget(self.table)
        self.search.query_changed.connect(self._find)
        self.search.step.connect(self.table.step)
        self.search.accepted.connect(lambda _text: self._take(self.table.current_row()))
        self.table.taken.connect(self._take)
        none = Button("customer_none", lambda: _("Tanpa pelanggan"))
        none.clicked.connect(lambda: self._choose(None))
        new = Button("customer_new", lambda: _("Pelanggan baru"), icon="add", key="Ctrl+N")
        press_by_key(new, "Ctrl+N")
        new.clicked.connect(self._new)
        self.add_action(none)
        self.add_action(new)
        self._find("")

    def _find(self, text: str) -> None:
        self.model.set_rows(find_customers(self._desk.counter.db, text, 50))
        self.table.go_to(0)

    def _take(self, row: int) -> None:
        if 0 <= row < self.model.count():
            self._choose(self.model.row(row))

    def _new(self) -> None:
        name = self.search.text().strip()
        if not name:
            self._desk.say(_("Tulis nama pelanggan baru di kolom cari dulu."), "warn")
            return
        desk = self._desk
        desk.run(lambda: add_customer(desk.counter, name), lambda _id: self._find(name))

    def _choose(self, who: Customer | None) -> None:
        self.close_panel()
        self._chosen(who)


class NewProductPanel(Overlay):
    """Write an unknown product down on the spot: name and price, then it is in the cart."""

    def __init__(self, desk: Desk, window: QWidget, code: str) -> None:
        """`code` is what was scanned."""
        super().__init__("new_product_panel", lambda: _("Barang baru"), window)
        self._desk = desk
        self._code = code
        self.name = TextEdit("new_product_name", lambda: _("Nama barang"))
        self.unit = TextEdit("new_product_unit", lambda: _("Satuan"))
        self.unit.setText("pcs")
        self.price = MoneyEdit("new_product_price", lambda: _("Harga jual"))
        self.body.addWidget(Label(code, "section"))
        self.rows = [
            FormRow(lambda: _("Nama barang"), self.name),
            FormRow(lambda: _("Satuan"), self.unit),
            FormRow(lambda: _("Harga jual"), self.price, before="Rp"),
        ]
        for row in self.rows:
            self.body.addWidget(row)
        self.name.returnPressed.connect(self.price.setFocus)
        self.unit.returnPressed.connect(self.price.setFocus)
        self.price.returnPressed.connect(self._save)
        save = Button("new_product_save", lambda: _("Simpan dan jual"), kind="primary", key="Enter")
        save.clicked.connect(self._save)
        self.add_action(save)

    def ask(self) -> None:
        """Open it at the name."""
        self.open(self.name)

    def _save(self) -> None:
        price = self.price.amount()
        if not self.name.text().strip():
            self.rows[0].show_error(lambda: _("Isi nama barangnya."))
            self.name.setFocus()
            return
        if price is None:
            self.rows[2].show_error(lambda: _("Isi harganya."))
            return
        unit = self.unit.text().strip() or "pcs"
        record = ProductRecord(
            b"",
            "",
            self.name.text(),
            "",
            "",
            unit,
            price,
            barcodes=(BarcodeRecord(self._code, unit),),
        )
        desk = self._desk
        desk.run(lambda: add_product(desk.counter, record), self._added)

    def _added(self, product_id: bytes) -> None:
        till = self._desk.till
        # Before closing: whoever hears that looks at what is still unknown.
        if self._code in till.unknown:
            till.unknown.remove(self._code)
        self.close_panel()
        till.pick(product_id)
        self._desk.sound("found")


class PriceCheckPanel(Overlay):
    """What something costs: name, all units and tiers, stock; nothing is sold."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Wait for a scan or a typed name."""
        super().__init__("price_check", lambda: _("Cek harga"), window)
        self._desk = desk
        self.search = SearchEdit(
            "price_check_search",
            lambda: _("Pindai atau cari barang"),
            hint=lambda: _("Pindai atau ketik, lalu Enter"),
        )
        self.name = Label(lambda: _("Pindai barangnya."), "section", wrap=True)
        self.prices = Label("", "body", wrap=True)
        self.stock = Label("", "hint", wrap=True)
        for widget in (self.search, self.name, self.prices, self.stock):
            self.body.addWidget(widget)
        self.search.accepted.connect(self._typed)

    def ask(self) -> None:
        """Open it."""
        self.open(self.search)

    def _typed(self, text: str) -> None:
        if not text.strip():
            return
        found = search(self._desk.counter.db, text, 1)
        if found:
            self._show(found[0].id)
        else:
            self.scan(text)

    def scan(self, text: str) -> None:
        """Show what a scanned code costs."""
        try:
            found = read_scan(self._desk.counter, text)
        except Refused as refusal:
            said = sentence(refusal, language())
            self._desk.sound("unknown")
            self.name.say(said)
            self.prices.say("")
            self.stock.say("")
            return
        if isinstance(found, ScannedProduct):
            self._desk.sound("found")
            self._show(found.product_id)

    def _show(self, product_id: bytes) -> None:
        goods = one_goods(self._desk.counter.db, product_id)
        lines = [f"{goods.base_unit}: {format_rupiah(goods.price)}"]
        for unit in goods.units:
            amount = unit.price if unit.price is not None else goods.price * unit.factor
            lines.append(f"{unit.unit} ({unit.factor} {goods.base_unit}): {format_rupiah(amount)}")
        for tier in goods.tiers:
            least = format_quantity(tier.min_qty)
            lines.append(
                _("mulai {qty} {unit}: {price}").format(
                    qty=least, unit=goods.base_unit, price=format_rupiah(tier.price)
                )
            )
        stock = stock_of(self._desk.counter.db, product_id)
        self.name.say(goods.name)
        self.prices.say("\n".join(lines))
        self.stock.say(
            _("Stok: {qty} {unit}").format(qty=format_quantity(stock), unit=goods.base_unit)
        )
        self.search.clear()
