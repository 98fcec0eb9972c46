"""Exchange: what comes back is chosen already; goods that go out are added; one difference."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.money import format_rupiah
from pos.catalog.goods import search
from pos.selling.exchange import ExchangeTill
from pos.selling.till import Outcome
from pos.selling.typed import typed_ahead
from pos.ui.foundation.look import look, looks
from pos.ui.foundation.tokens import Height, Size, Space
from pos.ui.i18n import _, languages, shown_quantity
from pos.ui.receipts.balance import BalanceCard
from pos.ui.selling.cart_table import STEPS, cart_table, fit_numbers, show_steps
from pos.ui.selling.panels import FieldPanel
from pos.ui.selling.results import results_table
from pos.ui.selling.tiles import TileGrid
from pos.ui.shell.centred import centred
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, icon_button
from pos.ui.widgets.fields import QuantityEdit, SearchEdit
from pos.ui.widgets.page import EmptyState, Page
from pos.ui.widgets.press import press_by_key

MOST_RESULTS = 20
TILES_ACROSS = 3
WIDTH = 2 * Size.READING
CART_KEYS = tuple(QKeySequence(key) for key in ("Del", "Ctrl+Z", "Ctrl+U"))
"""Keys that a text field would take for itself."""


class ExchangePage(Page):
    """Goods that go out for those that come back; `settled` says that nothing is missing.

    It carries the till: what is the buyer's to pay is asked for elsewhere, the rest is written.
    """

    settled = Signal(object)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Build it; `begin` takes an exchange."""
        super().__init__("exchange_page", lambda: _("Tukar barang"))
        self.desk = desk
        self._window = window
        self.till: ExchangeTill | None = None
        self.field = SearchEdit(
            "exchange_scan",
            lambda: _("Pindai atau cari barang pengganti"),
            hint=lambda: _("Pindai, atau ketik nama barang pengganti"),
            scan=True,
        )
        self.count = Label("", "section")
        self.cart, self.cart_model = cart_table()
        self.results, self.results_model = results_table()
        self.tiles = TileGrid(desk.counter.db)
        self.tiles.set_columns(TILES_ACROSS)
        self.empty = EmptyState(
            "exchange_empty",
            "exchange",
            lambda: _("Belum ada barang pengganti. Pindai atau ketik namanya."),
        )
        self.card = BalanceCard()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._stack = QStackedWidget()
        for page in (self.empty, self.cart, self.results, self.tiles):
            self._stack.addWidget(page)
        self.grid_button = icon_button(
            "exchange_tiles", "grid", lambda: _("Ubin barang"), key="Ctrl+T", scanning=True
        )
        self.grid_button.setCheckable(True)
        top = QHBoxLayout()
        top.setSpacing(Space.GUTTER)
        top.addWidget(self.count)
        top.addWidget(self.field, 1)
        top.addWidget(self.grid_button)
        left = QVBoxLayout()
        left.setSpacing(Space.GUTTER)
        left.addLayout(top)
        left.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        row.addLayout(left, 3)
        row.addWidget(self.card.frame, 2)
        self.set_content(centred(row, WIDTH))
        self.less = Button("exchange_less", "−", spoken=lambda: _("Satu kurang"), key="-",
                           scanning=True)  # fmt: skip
        self.more = Button("exchange_more", "+", spoken=lambda: _("Satu lebih"), key="+",
                           scanning=True)  # fmt: skip
        self.quantity = Button(
            "exchange_quantity", lambda: _("Jumlah"), icon="quantity", key="F5", scanning=True
        )
        self.drop = Button(
            "exchange_remove", lambda: _("Hapus"), icon="delete", key="Del", scanning=True
        )
        self.now = Button(
            "exchange_now",
            lambda: _("Tukar"),
            kind="primary",
            icon="exchange",
            key="F9",
            scanning=True,
            height=Height.PAY,
        )
        for made in (self.less, self.more, self.quantity, self.drop, self.now):
            self.add_action(made)

    def _connect(self) -> None:
        self.field.installEventFilter(self)
        self.field.query_changed.connect(self._typed)
        self.field.accepted.connect(self._accepted)
        self.field.step.connect(self._step)
        self.results.taken.connect(self._take_result)
        # With touch a tap already takes.
        self.results.clicked.connect(
            lambda index: None if look().touch else self._take_result(index.row())
        )
        self.cart.clicked.connect(self._touched)
        looks().changed.connect(self._look_changed)
        self.tiles.picked.connect(self._pick)
        self.grid_button.clicked.connect(self._show_tiles)
        self.less.clicked.connect(lambda: self._by(-1))
        self.more.clicked.connect(lambda: self._by(1))
        self.quantity.clicked.connect(self._ask_quantity)
        self.drop.clicked.connect(self.remove)
        self.now.clicked.connect(self._settle)
        for button in (self.grid_button, self.quantity, self.drop, self.now):
            press_by_key(button)
        for key, act in (
            ("F2", self.field.setFocus),
            ("Ctrl+Z", self._undo),
            ("Ctrl+U", self._next_unit),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(act)
        languages().changed.connect(self._language_changed)

    def begin(self, till: ExchangeTill) -> None:
        """Show an exchange as it is."""
        self.till = till
        till.changed[:] = [self.refresh]
        self.field.clear()
        self.grid_button.setChecked(False)
        self.refresh()
        self.field.setFocus()

    def _the_till(self) -> ExchangeTill:
        assert self.till is not None
        return self.till

    def _language_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _look_changed(self) -> None:
        show_steps(self.cart, shown=look().touch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Del and Ctrl+Z belong to the goods while nothing is typed, not to the field."""
        if watched is not self.field or event.type() != QEvent.Type.ShortcutOverride:
            return False
        if self.field.text() or not isinstance(event, QKeyEvent):
            return False
        if QKeySequence(event.keyCombination()) not in CART_KEYS:
            return False
        event.ignore()
        return True

    def refresh(self) -> None:
        """Show what goes out, what comes back and the difference."""
        till = self._the_till()
        self.cart_model.set_rows(till.priced.lines)
        fit_numbers(self.cart, self.cart_model)
        self.cart.go_to(till.selected)
        self.card.show_exchange(till)
        self.now.say(self.card.act)
        self.now.setEnabled(bool(till.cart.lines))
        for button in (self.less, self.more, self.quantity, self.drop):
            button.setEnabled(till.line is not None)
        mark = _ahead(till)
        self.count.say(mark)
        self.count.setVisible(bool(mark))
        self._show_page()

    def _show_page(self) -> None:
        if self.field.text().strip():
            self._stack.setCurrentWidget(self.results)
        elif self.grid_button.isChecked():
            self._stack.setCurrentWidget(self.tiles)
        else:
            lines = self._the_till().cart.lines
            self._stack.setCurrentWidget(self.cart if lines else self.empty)

    def _show_tiles(self) -> None:
        if self.grid_button.isChecked():
            self.tiles.refresh()
        self._show_page()
        self.field.setFocus()

    def on_scan(self, text: str) -> None:
        """A code from the scanner, whatever has the focus."""
        self.field.clear()
        self._tell(self._the_till().scan(text))

    def _tell(self, outcome: Outcome) -> None:
        if outcome.kind == "added":
            self.field.flash("ok")
            self.desk.sound("found")
            self.desk.say("")
            return
        self.field.flash("bad")
        if outcome.refusal is not None:
            self.desk.refuse(outcome.refusal)
        else:
            self.desk.sound("attention")
            self.desk.say(_("Itu struk. Pindai barang penggantinya."), "warn")

    def _typed(self, text: str) -> None:
        till = self._the_till()
        ahead = typed_ahead(text)
        if ahead is not None:
            self.field.clear()
            keep = till.set_asked if ahead.kind == "money" else till.set_multiplier
            self.desk.run(lambda: keep(ahead.text))
            return
        if text in ("+", "-") and till.line is not None:
            self.field.clear()
            self._by(1 if text == "+" else -1)
            return
        if text.strip():
            self.results_model.set_rows(search(self.desk.counter.db, text, MOST_RESULTS))
            fit_numbers(self.results, self.results_model)
            self.results.go_to(0)
        self._show_page()

    def _accepted(self, text: str) -> None:
        if not text.strip():
            return
        if self.results_model.count():
            self._take_result(max(0, self.results.current_row()))
        else:
            self.on_scan(text.strip())

    def _take_result(self, row: int) -> None:
        if 0 <= row < self.results_model.count():
            self._pick(self.results_model.row(row).id)

    def _pick(self, product_id: bytes) -> None:
        self.field.clear()
        self._tell(self._the_till().pick(product_id))

    def _step(self, by: int) -> None:
        if self.field.text().strip():
            self.results.step(by)
        else:
            till = self._the_till()
            till.select(max(0, till.selected + by))

    def _touched(self, index: QModelIndex) -> None:
        self._the_till().select(index.row())
        pieces = STEPS.get(index.column())
        if pieces is not None:
            self._by(pieces)

    def _by(self, pieces: int) -> None:
        till = self._the_till()
        self.desk.run(lambda: till.step_quantity(pieces))

    def _ask_quantity(self) -> None:
        till = self._the_till()
        line = till.line
        if line is None:
            return
        field = QuantityEdit("exchange_qty_field", lambda: _("Jumlah"))
        field.set_quantity(line.qty)

        def done() -> None:
            qty = field.quantity()
            if qty is None:
                panel.row.show_error(lambda: _("Tulis jumlahnya, misalnya 2 atau 0,25."))
            elif self.desk.run(lambda: till.set_quantity(qty)):
                panel.close_panel()

        panel = FieldPanel(
            "exchange_qty",
            lambda: f"{line.goods.name} ({line.unit})",
            lambda: _("Jumlah"),
            field,
            done,
            self._window,
        )
        panel.closed.connect(panel.deleteLater)
        panel.ask()

    def remove(self) -> None:
        """Take the current line out."""
        till = self._the_till()
        if till.line is not None and self.desk.run(till.remove):
            self.desk.say(_("Baris dihapus. Ctrl+Z mengembalikannya."))

    def _undo(self) -> None:
        till = self._the_till()

        def undone(done: bool) -> None:
            if not done:
                self.desk.say(_("Tidak ada yang dapat dibatalkan."))

        self.desk.run(till.undo, undone)

    def _next_unit(self) -> None:
        self.desk.run(self._the_till().next_unit)

    def _settle(self) -> None:
        if self._the_till().cart.lines:
            self.settled.emit(self.till)


def _ahead(till: ExchangeTill) -> str:
    """What waits for the next goods: "3 x", "Rp 5.000", or nothing."""
    if till.asked is not None:
        return format_rupiah(till.asked)
    return f"{shown_quantity(till.multiplier)} x" if till.multiplier else ""
