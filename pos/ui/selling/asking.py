"""The panels that the selling screen opens: one at a time, the focus back to the scan field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from pos.customers.accounts import Customer
from pos.ui.i18n import _
from pos.ui.selling import panels
from pos.ui.selling.buyer import CustomerPanel
from pos.ui.selling.discount import DiscountPanel
from pos.ui.selling.new_product import NewProductPanel
from pos.ui.selling.price_check import PriceCheckPanel
from pos.ui.shell.desk import Desk
from pos.ui.widgets.overlay import Overlay


class Asking:
    """Opens panels over the window; `after` is called when one has closed."""

    def __init__(self, desk: Desk, window: QWidget, after: Callable[[], None]) -> None:
        """Nothing is open yet."""
        self._desk = desk
        self._window = window
        self._after = after
        self.panel: Overlay | None = None

    def _opened(self, panel: Overlay) -> None:
        self.panel = panel
        panel.closed.connect(self._closed)

    def _closed(self) -> None:
        if self.panel is not None:
            self.panel.deleteLater()
        self.panel = None
        self._after()

    def _ask(self, panel: panels.FieldPanel | None) -> None:
        if panel is None:
            self._desk.say(_("Pilih barang di keranjang dulu."))
            return
        self._opened(panel)
        panel.ask()

    def quantity(self) -> None:
        """Ask for the current line's quantity."""
        self._ask(panels.quantity_panel(self._desk, self._window))

    def price(self) -> None:
        """Ask for a hand-made price."""
        self._ask(panels.price_panel(self._desk, self._window))

    def note(self) -> None:
        """Ask for a note."""
        self._ask(panels.note_panel(self._desk, self._window))

    def discount(self) -> None:
        """Ask for a discount."""
        if not self._desk.till.cart.lines:
            self._desk.say(_("Keranjang masih kosong."))
            return
        panel = DiscountPanel(self._desk, self._window)
        self._opened(panel)
        panel.ask()

    def customer(self) -> None:
        """Ask who buys."""

        def chosen(who: Customer | None) -> None:
            self._desk.till.set_customer(who.id if who else None)

        panel = CustomerPanel(self._desk, self._window, chosen)
        self._opened(panel)
        panel.open(panel.search)

    def price_check(self) -> None:
        """Show what something costs; nothing is sold."""
        panel = PriceCheckPanel(self._desk, self._window)
        self._opened(panel)
        panel.ask()

    def new_product(self, code: str, solved: Callable[[], None]) -> None:
        """Write an unknown code down as a product."""
        panel = NewProductPanel(self._desk, self._window, code)
        panel.closed.connect(solved)
        self._opened(panel)
        panel.ask()

    def scan(self, text: str) -> None:
        """A scan while a panel is open: the price check takes it, others say why not."""
        if isinstance(self.panel, PriceCheckPanel):
            self.panel.scan(text)
        else:
            self._desk.sound("attention")
            self._desk.say(_("Tutup kotak ini dulu (Esc), lalu pindai lagi."), "warn")
