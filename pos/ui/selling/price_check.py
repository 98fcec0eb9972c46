"""The panel that only answers what something costs."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.errors import Refused
from core.money import format_rupiah
from pos.catalog.goods import one_goods, search, stock_of
from pos.catalog.scan import ScannedProduct, read_scan
from pos.messages import sentence
from pos.ui.i18n import _, language, shown_quantity
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.fields import SearchEdit
from pos.ui.widgets.overlay import Overlay


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
            least = shown_quantity(tier.min_qty)
            lines.append(
                _("mulai {qty} {unit}: {price}").format(
                    qty=least, unit=goods.base_unit, price=format_rupiah(tier.price)
                )
            )
        stock = stock_of(self._desk.counter.db, product_id)
        self.name.say(goods.name)
        self.prices.say("\n".join(lines))
        self.stock.say(
            _("Stok: {qty} {unit}").format(qty=shown_quantity(stock), unit=goods.base_unit)
        )
        self.search.clear()
