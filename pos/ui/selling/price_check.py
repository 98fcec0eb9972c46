"""The panel that only answers what something costs."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.cart import Goods
from core.errors import Refused
from core.money import format_rupiah
from pos.catalog.goods import goods, one_goods, search, stock_of
from pos.catalog.scan import ScannedProduct, read_scan
from pos.messages import sentence
from pos.ui.i18n import _, language, shown_quantity
from pos.ui.shell.desk import Desk
from pos.ui.shell.news import GOODS
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
        self._shown = b""
        self.search.accepted.connect(self._typed)
        desk.changed.connect(self._facts_written)

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
            self._shown = b""
            self.name.say(said)
            self.prices.say("")
            self.stock.say("")
            return
        if isinstance(found, ScannedProduct):
            self._desk.sound("found")
            self._show(found.product_id)

    def _facts_written(self, kinds: frozenset[str]) -> None:
        """Another counter may change the price while a buyer looks at it."""
        if kinds & GOODS and self._shown and self.isVisible():
            for one in goods(self._desk.counter.db, [self._shown]).values():
                self._say_of(one)

    def _show(self, product_id: bytes) -> None:
        self._shown = product_id
        self._say_of(one_goods(self._desk.counter.db, product_id))
        self.search.clear()

    def _say_of(self, one: Goods) -> None:
        lines = [f"{one.base_unit}: {format_rupiah(one.price)}"]
        for unit in one.units:
            amount = unit.price if unit.price is not None else one.price * unit.factor
            lines.append(f"{unit.unit} ({unit.factor} {one.base_unit}): {format_rupiah(amount)}")
        for tier in one.tiers:
            least = shown_quantity(tier.min_qty)
            lines.append(
                _("mulai {qty} {unit}: {price}").format(
                    qty=least, unit=one.base_unit, price=format_rupiah(tier.price)
                )
            )
        stock = stock_of(self._desk.counter.db, one.product_id)
        self.name.say(one.name)
        self.prices.say("\n".join(lines))
        self.stock.say(
            _("Stok: {qty} {unit}").format(qty=shown_quantity(stock), unit=one.base_unit)
        )
