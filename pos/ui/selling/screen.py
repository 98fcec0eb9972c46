"""The selling screen: scan field, cart, results or tiles at the left; total and acts right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.errors import Refused
from core.quantity import format_quantity
from pos.catalog.goods import search
from pos.customers.accounts import customer
from pos.messages import sentence
from pos.selling.till import Outcome
from pos.ui.foundation.layout import selling_layout
from pos.ui.foundation.look import look
from pos.ui.foundation.tokens import Height
from pos.ui.i18n import _, language, languages
from pos.ui.selling.asking import Asking
from pos.ui.selling.cart_table import cart_table, fit_numbers, marks
from pos.ui.selling.results import results_table
from pos.ui.selling.tiles import TileGrid
from pos.ui.selling.total_card import TotalCard
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, icon_button
from pos.ui.widgets.fields import SearchEdit
from pos.ui.widgets.notice import Notice, NoticePlace
from pos.ui.widgets.page import EmptyState

MULTIPLIER_MS = 10_000
CART_KEYS = tuple(
    QKeySequence(key) for key in ("Del", "Ctrl+Del", "Ctrl+Z", "Ctrl+U", "Ctrl+E", "Ctrl+K")
)
"""Keys that a text field would take for itself."""
MOST_RESULTS = 20


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
        self._drop = QTimer(self)
        self._drop.setSingleShot(True)
        self._drop.timeout.connect(lambda: self._multiply(""))
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        self._stack = QStackedWidget()
        for page in (self.empty, self.cart, self.results, self.tiles):
            self._stack.addWidget(page)
        self.grid_button = icon_button(
            "show_tiles", "grid", lambda: _("Ubin barang"), key="Ctrl+T", scanning=True
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
            key="F9",
            scanning=True,
            height=Height.PAY,
            role="title",
        )
        self._right.addWidget(self.pay)
        self._acts = QGridLayout()
        self._buttons: list[Button] = []
        for number, (name, icon, key, text, act) in enumerate(self._actions()):
            made = Button(name, text, icon=icon, key=key, scanning=True, height=Height.ACTION)
            made.clicked.connect(act)
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
        return (
            ("customer", "customer", "F3", lambda: _("Pelanggan"), self.asking.customer),
            ("price_check", "tag", "F4", lambda: _("Cek harga"), self.asking.price_check),
            ("quantity", "quantity", "F5", lambda: _("Jumlah"), self.asking.quantity),
            ("park", "park", "F6", lambda: _("Parkir"), self.park),
            ("discount", "discount", "F8", lambda: _("Diskon"), self.asking.discount),
            ("more", "grid", "F10", lambda: _("Lainnya"), self.more_asked.emit),
        )

    def _connect(self) -> None:
        self.field.installEventFilter(self)
        self.field.query_changed.connect(self._typed)
        self.field.accepted.connect(self._accepted)
        self.field.step.connect(self._step)
        self.results.taken.connect(self._take_result)
        self.results.clicked.connect(lambda index: self._take_result(index.row()))
        self.cart.clicked.connect(lambda index: self.desk.till.select(index.row()))
        self.tiles.picked.connect(self._pick)
        self.grid_button.clicked.connect(self.show_tiles)
        self.pay.clicked.connect(self.pay_asked)
        self.desk.till.changed.append(self.refresh)
        self.desk.changed.connect(self._facts_written)
        languages().changed.connect(self.refresh)
        for key, act in (
            ("F2", self.focus_scan),
            ("F7", self.parked_asked.emit),
            ("F9", self.pay_asked.emit),
            ("F12", self.lock_asked.emit),
            ("Ctrl+T", self.grid_button.click),
            ("Ctrl+Z", self.undo),
            ("Del", self.remove),
            ("Ctrl+Del", self.clear),
            ("Ctrl+U", self.next_unit),
            ("Ctrl+E", self.asking.price),
            ("Ctrl+K", self.asking.note),
            ("Ins", self.new_product),
            *((made.key_hint(), made.click) for made in self._buttons),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            # Not of the window: a panel over it has keys of its own, and F9 must not pay below.
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(act)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Del, Ctrl+Z and the like belong to the cart while nothing is typed, not to the field."""
        if watched is not self.field or event.type() != QEvent.Type.ShortcutOverride:
            return False
        if self.field.text() or not isinstance(event, QKeyEvent):
            return False
        if QKeySequence(event.keyCombination()) not in CART_KEYS:
            return False
        event.ignore()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the measures for this size."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Lay everything out for the window's size."""
        window = self._window
        made = selling_layout(window.width(), window.height(), look().scale)
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
        self.tiles.set_columns(made.tile_columns)

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
        self._show_count()
        self._show_page()

    def _show_count(self) -> None:
        count = self.desk.till.multiplier
        mark = f"{format_quantity(count)} x" if count else ""
        self.count.say(mark)
        self.count.setVisible(bool(mark))

    def _show_page(self) -> None:
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
        self._show_page()

    def _facts_written(self, kinds: frozenset[str]) -> None:
        if kinds & {"product_added", "product_changed", "catalog_imported", "import_taken_back"}:
            self.tiles.refresh()

    def focus_scan(self) -> None:
        """Put the keys into the scan field."""
        self.field.setFocus()
        self.field.selectAll()

    def on_scan(self, text: str) -> None:
        """A code from the scanner, whatever has the focus."""
        self.field.clear()
        self._tell(self.desk.till.scan(text))

    def _tell(self, outcome: Outcome) -> None:
        self._show_count()
        if outcome.kind == "added":
            self.field.flash("ok")
            self.desk.sound("found")
            self.desk.say("")
        elif outcome.kind == "receipt":
            self.receipt_asked.emit(outcome.text)
        elif outcome.kind == "unknown":
            self._unknown(outcome)
        elif outcome.refusal is not None:
            self.field.flash("bad")
            self.desk.refuse(outcome.refusal)

    def _unknown(self, outcome: Outcome) -> None:
        self.field.flash("bad")
        self.desk.sound("unknown")
        refusal = outcome.refusal or Refused()

        def text() -> str:
            waiting = len(self.desk.till.unknown)
            more = _(" Belum dikenal: {count}.").format(count=waiting) if waiting > 1 else ""
            return sentence(refusal, language()) + more

        self.notices.tell(
            Notice(
                "unknown",
                text,
                "warn",
                action=lambda: _("Barang baru"),
                act=self.new_product,
                shortcut="Ins",
            )
        )

    def new_product(self) -> None:
        """Write the last unknown code down as a product."""
        unknown = self.desk.till.unknown
        if unknown:
            self.asking.new_product(unknown[-1], self._unknown_solved)

    def _unknown_solved(self) -> None:
        if not self.desk.till.unknown:
            self.notices.solved("unknown")

    def _typed(self, text: str) -> None:
        if text.endswith("*"):
            self._multiply(text[:-1])
            return
        if text in ("+", "-") and self.desk.till.line is not None:
            self.field.clear()
            self.act(text)
            return
        if text.strip():
            self.results_model.set_rows(search(self.desk.counter.db, text, MOST_RESULTS))
            fit_numbers(self.results, self.results_model)
            self.results.go_to(0)
        self._show_page()

    def _multiply(self, text: str) -> None:
        self.field.clear()
        if self.desk.run(lambda: self.desk.till.set_multiplier(text.strip())) and text:
            self._drop.start(MULTIPLIER_MS)

    def _accepted(self, text: str) -> None:
        if not text.strip():
            return
        if self.results_model.count():
            self._take_result(max(0, self.results.current_row()))
        else:
            self.field.clear()
            self._tell(self.desk.till.scan(text.strip()))

    def _take_result(self, row: int) -> None:
        if 0 <= row < self.results_model.count():
            self._pick(self.results_model.row(row).id)

    def _pick(self, product_id: bytes) -> None:
        self.field.clear()
        self._tell(self.desk.till.pick(product_id))

    def _step(self, by: int) -> None:
        if self.field.text().strip():
            self.results.step(by)
        else:
            till = self.desk.till
            till.select(max(0, till.selected + by))

    def act(self, char: str) -> bool:
        """A character typed outside a text field: plus and minus change the current line."""
        if char in "+-" and self.desk.till.line is not None and not self.field.text():
            self.desk.run(lambda: self.desk.till.step_quantity(1 if char == "+" else -1))
            return True
        return False

    def undo(self) -> None:
        """Take the last change back."""
        if not self.desk.till.undo():
            self.desk.say(_("Tidak ada yang dapat dibatalkan."))

    def remove(self) -> None:
        """Take the current line out."""
        if self.desk.till.line is not None:
            self.desk.till.remove()
            self.desk.say(_("Baris dihapus. Ctrl+Z mengembalikannya."))

    def clear(self) -> None:
        """Empty the cart; a parked copy is kept."""
        if self.desk.till.cart.lines:
            self.desk.run(self.desk.till.clear)
            self.desk.say(_("Keranjang dikosongkan. Salinannya diparkir (F7)."))

    def park(self) -> None:
        """Put the cart aside."""
        till = self.desk.till
        if not till.cart.lines:
            self.parked_asked.emit()
            return
        self.desk.run(till.park)
        self.desk.say(_("Keranjang diparkir. Tekan F7 untuk mengambilnya."), "ok")

    def next_unit(self) -> None:
        """Sell the current line in its next unit."""
        self.desk.run(self.desk.till.next_unit)
