"""The selling screen: scan field, cart, results or tiles at the left; total and acts right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos.customers.accounts import customer
from pos.ui.foundation.layout import selling_layout
from pos.ui.foundation.look import look, looks
from pos.ui.foundation.tokens import Height
from pos.ui.i18n import _, languages
from pos.ui.keys.keymap import ActShortcut, key_named, key_of, keymap
from pos.ui.selling.asking import Asking
from pos.ui.selling.cart_table import STEPS, cart_table, fit_numbers, marks, show_steps
from pos.ui.selling.lines import Lines
from pos.ui.selling.results import results_table
from pos.ui.selling.ringing import Ringing
from pos.ui.selling.tiles import TileGrid
from pos.ui.selling.total_card import TotalCard
from pos.ui.shell.desk import Desk
from pos.ui.shell.news import GOODS, PICTURES, TILES
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, icon_button
from pos.ui.widgets.fields import SearchEdit
from pos.ui.widgets.notice import NoticePlace
from pos.ui.widgets.page import EmptyState


class SellingScreen(QFrame):
    """Rings up; `pay_asked`, `parked_asked`, `more_asked`, `receipt_asked` lead elsewhere."""

    pay_asked = Signal()
    parked_asked = Signal()
    more_asked = Signal()
    lock_asked = Signal()
    receipt_asked = Signal(str)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Build it around the desk's till."""
        super().__init__()
        self.setObjectName("selling")
        self.setProperty("surface", "ground")
        self.desk = desk
        self._window = window
        self.asking = Asking(desk, window, self.focus_scan)
        self.field = SearchEdit(
            "scan",
            lambda: _("Pindai atau cari barang"),
            hint=lambda: _("Pindai, atau ketik nama barang"),
            scan=True,
        )
        self.count = Label("", "section")
        self.cart, self.cart_model = cart_table()
        self.results, self.results_model = results_table()
        self.tiles = TileGrid(desk.counter.db)
        self.empty = EmptyState(
            "cart_empty", "cart", lambda: _("Belum ada barang. Pindai atau ketik nama.")
        )
        self.detail = Label("", "hint", wrap=True)
        self.card = TotalCard()
        self.notices = NoticePlace("notices")
        self.lines = Lines(desk, self.parked_asked.emit)
        self.ringing = Ringing(self)
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        self._stack = QStackedWidget()
        for page in (self.empty, self.cart, self.results, self.tiles):
            self._stack.addWidget(page)
        self.grid_button = icon_button(
            "show_tiles", "grid", lambda: _("Ubin barang"), key=key_of("tiles"), scanning=True
        )
        self.grid_button.setCheckable(True)
        top = QHBoxLayout()
        top.addWidget(self.count)
        top.addWidget(self.field, 1)
        top.addWidget(self.grid_button)
        self._left = QVBoxLayout()
        self._left.addLayout(top)
        self._left.addWidget(self._stack, 1)
        self._left.addWidget(self.detail)
        self._right = QVBoxLayout()
        self._right.addWidget(self.card.frame)
        self.pay = Button(
            "pay",
            lambda: _("Bayar"),
            kind="primary",
            icon="payment",
            key=key_of("pay"),
            scanning=True,
            height=Height.PAY,
            role="title",
        )
        self._right.addWidget(self.pay)
        self._acts = QGridLayout()
        self._buttons: list[Button] = []
        for number, (name, icon, act, text, do) in enumerate(self._actions()):
            key = key_of(act)
            made = Button(name, text, icon=icon, key=key, scanning=True, height=Height.ACTION)
            made.clicked.connect(do)
            self._buttons.append(made)
            self._acts.addWidget(made, number // 2, number % 2)
        self._right.addLayout(self._acts)
        self._right.addWidget(self.notices)
        self._right.addStretch(1)
        self._side = QWidget()
        self._side.setLayout(self._right)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._row = QHBoxLayout(self)
        self._row.addLayout(self._left, 1)
        self._row.addWidget(self._side)

    def _actions(
        self,
    ) -> tuple[tuple[str, str, str, Callable[[], str], Callable[[], None]], ...]:
        """Object name, icon, act, words and what it does; the act says which key."""
        return (
            ("customer", "customer", "customer", lambda: _("Pelanggan"), self.asking.customer),
            ("price_check", "tag", "price_check", lambda: _("Cek harga"), self.asking.price_check),
            ("quantity", "quantity", "quantity", lambda: _("Jumlah"), self.asking.quantity),
            ("park", "park", "park", lambda: _("Parkir"), self.lines.park),
            ("discount", "discount", "discount", lambda: _("Diskon"), self.asking.discount),
            ("more", "grid", "more", lambda: _("Lainnya"), self.more_asked.emit),
        )

    def _connect(self) -> None:
        self.field.installEventFilter(self)
        self.cart.clicked.connect(self._cart_clicked)
        self.grid_button.clicked.connect(self.show_tiles)
        self.pay.clicked.connect(self.pay_asked)
        self.desk.till.changed.append(self.refresh)
        self.desk.changed.connect(self._facts_written)
        languages().changed.connect(self.refresh)
        looks().changed.connect(self._look_changed)
        keymap().changed.connect(self._show_keys)
        for act, do in (
            ("find", self.focus_scan),
            ("parked", self.parked_asked.emit),
            ("pay", self.pay_asked.emit),
            ("lock", self.lock_asked.emit),
            ("tiles", self.grid_button.click),
            ("undo", self.lines.undo),
            ("remove", self.lines.remove),
            ("clear", self.lines.clear),
            ("unit", self.lines.next_unit),
            ("price", self.asking.price),
            ("note", self.asking.note),
            ("new_product", self.ringing.new_product),
            *((made.objectName(), made.click) for made in self._buttons),
        ):
            # Not of the window: a panel over it has keys of its own, and F9 must not pay below.
            ActShortcut(act, self, do)

    def _show_keys(self) -> None:
        """Print the keys in force on the buttons."""
        self.pay.set_key(key_of("pay"))
        self.grid_button.set_key(key_of("tiles"))
        for made in self._buttons:
            made.set_key(key_of(made.objectName()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Del, Ctrl+Z and the like belong to the cart while nothing is typed, not to the field."""
        if watched is not self.field or event.type() != QEvent.Type.ShortcutOverride:
            return False
        if self.field.text() or not isinstance(event, QKeyEvent):
            return False
        if key_named(event) not in keymap().now.values():
            return False
        event.ignore()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape drops a count or an amount that waits for goods."""
        if event.key() != Qt.Key.Key_Escape or not self.ringing.drop_ahead():
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the measures for this size."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Lay everything out for the window's size."""
        window = self._window
        made = selling_layout(window.width(), window.height(), look().scale, touch=look().touch)
        for box in (self._row, self._left, self._right, self._acts):
            box.setSpacing(made.gutter)
        self._row.setContentsMargins(made.gutter, made.gutter, made.gutter, made.gutter)
        self._side.setFixedWidth(made.right)
        self.card.frame.setFixedHeight(made.total_card)
        self.card.total.set_largest(made.total_size)
        self.pay.setFixedHeight(made.pay)
        for button in self._buttons:
            button.setFixedHeight(made.action)
        self.cart.set_row_height(made.row)
        show_steps(self.cart, shown=look().touch)
        self.tiles.set_columns(made.tile_columns)

    def _look_changed(self) -> None:
        self.arrange()
        self.refresh()

    def _cart_clicked(self, index: QModelIndex) -> None:
        self.desk.till.select(index.row())
        if index.column() in STEPS:
            self.lines.step(STEPS[index.column()])

    def refresh(self) -> None:
        """Show the till as it is."""
        till = self.desk.till
        self.cart_model.set_rows(till.priced.lines)
        fit_numbers(self.cart, self.cart_model)
        self.cart.go_to(till.selected)
        name = ""
        if till.cart.customer_id:
            name = customer(self.desk.counter.db, till.cart.customer_id).name
        self.card.show_cart(till.priced, name)
        self.pay.setEnabled(bool(till.cart.lines))
        self._show_ahead()
        self.show_page()

    def _show_ahead(self) -> None:
        mark = self.ringing.ahead()
        self.count.say(mark)
        self.count.setVisible(bool(mark))

    def show_page(self) -> None:
        """Show what goes with what is typed and chosen: results, tiles, cart or its emptiness."""
        if self.field.text().strip():
            self._stack.setCurrentWidget(self.results)
        elif self.grid_button.isChecked():
            self._stack.setCurrentWidget(self.tiles)
        else:
            page = self.cart if self.desk.till.cart.lines else self.empty
            self._stack.setCurrentWidget(page)
        self._show_detail()

    def _show_detail(self) -> None:
        """The current line in full below the cart, where its row has no room for it."""
        till = self.desk.till
        shown = till.line is not None and self._stack.currentWidget() is self.cart
        if shown:
            line = till.priced.lines[till.selected]
            self.detail.say(" · ".join((line.name, *marks(line))))
        self.detail.setVisible(shown)

    def show_tiles(self) -> None:
        """Show the touch grid, or the cart again."""
        if self.grid_button.isChecked():
            self.tiles.refresh()
        self.show_page()

    def _facts_written(self, kinds: frozenset[str]) -> None:
        if kinds & (TILES | PICTURES):
            self.tiles.refresh()
        if kinds & GOODS:
            self.ringing.follow()

    def focus_scan(self) -> None:
        """Put the keys into the scan field."""
        self.field.setFocus()
        self.field.selectAll()
