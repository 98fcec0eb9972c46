"""The list of goods: 100,000 scroll; search, filters, and the ways to one of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.gtin import display_form, normal_form
from pos.ui.catalog.long_list import PAGE, GoodsList, Listed, Shown
from pos.ui.catalog.moving import AdjustPanel, ReceivePanel
from pos.ui.catalog.words import LEVEL_TONES
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import _, ngettext, shown_count
from pos.ui.keys.keymap import shortcut
from pos.ui.shell.desk import Desk
from pos.ui.shell.news import GOODS
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.fields import SearchEdit
from pos.ui.widgets.models import Column, PagedModel
from pos.ui.widgets.page import EmptyState, Page
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

_FILTERS: tuple[tuple[Shown, str, Callable[[], str]], ...] = (
    ("sold", "Alt+1", lambda: _("Dijual")),
    ("low", "Alt+2", lambda: _("Stok kurang")),
    ("archived", "Alt+3", lambda: _("Arsip")),
)


class GoodsPage(Page):
    """`product_asked` carries an id (empty: a new one), `card_asked` an id."""

    product_asked = Signal(bytes)
    card_asked = Signal(bytes)
    import_asked = Signal()

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Build it; `begin` reads the first page."""
        super().__init__("goods", lambda: _("Barang"))
        self.desk = desk
        self._window = window
        self._shown: Shown = "sold"
        self._chips: dict[Shown, Button] = {}
        self.search = SearchEdit(
            "goods_search",
            lambda: _("Cari barang"),
            hint=lambda: _("Nama, kode, atau kode batang"),
        )
        self.model: PagedModel[Listed] = PagedModel(_columns(), PAGE)
        self.table = ListTable(
            "goods_list",
            lambda: _("Barang"),
            self.model,  # type: ignore[arg-type]
        )
        self.counted = Label("", "hint")
        self._build()
        self._connect()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self.search, 1)
        for shown, key, text in _FILTERS:
            made = chip(f"goods_{shown}", text, key=key, checkable=True, height=Height.BUTTON)
            press_by_key(made)
            made.clicked.connect(self._filter(shown))
            self._chips[shown] = made
            row.addWidget(made)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self._first_goods())
        self.nothing = EmptyState("goods_none", "search", "")
        self.stack.addWidget(self.nothing)
        column = QVBoxLayout()
        column.setSpacing(Space.GUTTER)
        column.addLayout(row)
        column.addWidget(self.stack, 1)
        self.set_content(column)
        self.add_head(self.counted)
        for name, text, icon, key, act in self._acts():
            made = Button(name, text, icon=icon, key=key)
            press_by_key(made)
            made.clicked.connect(act)
            self.add_action(made, left=name == "goods_import")
        new = Button("goods_new", lambda: _("Barang baru"), kind="primary", icon="add", key="Ins")
        press_by_key(new)
        new.clicked.connect(lambda: self.product_asked.emit(b""))
        self.add_action(new)

    def _acts(self) -> tuple[tuple[str, Callable[[], str], str, str, Callable[[], None]], ...]:
        return (
            ("goods_import", lambda: _("Impor"), "import", "F4", self.import_asked.emit),
            ("goods_card", lambda: _("Kartu stok"), "history", "F6", self._card),
            ("goods_receive", lambda: _("Terima"), "plus", "F7", self._receive),
            ("goods_adjust", lambda: _("Sesuaikan"), "edit", "F8", self._adjust),
        )

    def _first_goods(self) -> EmptyState:
        action = Button(
            "goods_import_first", lambda: _("Impor dari berkas"), kind="primary", icon="import"
        )
        action.clicked.connect(self.import_asked)
        return EmptyState(
            "goods_empty",
            "box",
            lambda: _("Masukkan barang pertama, atau impor dari Excel."),
            action,
        )

    def _connect(self) -> None:
        self.search.query_changed.connect(lambda _text: self.read())
        self.search.step.connect(self.table.step)
        self.search.accepted.connect(lambda _text: self._open())
        self.table.taken.connect(lambda _row: self._open())
        self.desk.changed.connect(self._facts_written)
        find = shortcut("F2", self, self.search.setFocus)
        find.activated.connect(self.search.selectAll)

    def begin(self) -> None:
        """Read what is shown and put the keys into the search field."""
        self.read()
        self.search.setFocus()
        self.search.selectAll()

    def on_scan(self, text: str) -> None:
        """Look for a scanned code."""
        self.search.setText(display_form(normal_form(text)))
        self.search.setFocus()

    def chosen(self) -> Listed | None:
        """The product that is selected."""
        row = self.table.current_row()
        return self.model.row(row) if 0 <= row < self.model.count() else None

    def read(self, chosen: bytes = b"") -> None:
        """Count and show the list anew, keeping the place where it can be kept: that of the
        `chosen` product, or the same row."""
        before = self.table.current_row()
        text = self.search.text()
        made = GoodsList(self.desk.counter.db, self._shown, text)
        self.model.reset(made.count, made.page)
        place = made.place_of(chosen, before) if chosen else None
        if place is None:
            place = 0 if text.strip() else max(before, 0)
        self.table.go_to(place)
        for shown, button in self._chips.items():
            button.setChecked(shown == self._shown)
        self.counted.say(
            lambda: ngettext("{count} barang", "{count} barang", made.count).format(
                count=shown_count(made.count)
            )
        )
        self._show_stack(made.count, text.strip())

    def _show_stack(self, count: int, text: str) -> None:
        empty = not count and not text and self._shown == "sold"
        if not count and not empty:
            self.nothing.sentence.say(
                (lambda: _('Tidak ada barang yang cocok dengan "{text}".').format(text=text))
                if text
                else (lambda: _("Tidak ada barang di sini."))
            )
        self.stack.setCurrentIndex(0 if count else 1 if empty else 2)

    def _filter(self, shown: Shown) -> Callable[[], None]:
        def choose() -> None:
            self._shown = shown
            self.read()

        return choose

    def _facts_written(self, kinds: frozenset[str]) -> None:
        """Another counter may add goods above the chosen ones, which stay chosen."""
        if kinds & GOODS and self.isVisible():
            # As it was read: the tables hold what was written since.
            chosen = self.model.row_at_hand(self.table.current_row())
            self.read(chosen.id if chosen else b"")

    def _open(self) -> None:
        chosen = self.chosen()
        if chosen is not None:
            self.product_asked.emit(chosen.id)

    def _card(self) -> None:
        chosen = self.chosen()
        if chosen is not None:
            self.card_asked.emit(chosen.id)

    def _receive(self) -> None:
        chosen = self.chosen()
        if chosen is not None:
            ReceivePanel(self.desk, self._window, chosen.id).ask()

    def _adjust(self) -> None:
        chosen = self.chosen()
        if chosen is not None:
            AdjustPanel(self.desk, self._window, chosen.id).ask()


def _columns() -> tuple[Column[Listed], ...]:
    return (
        Column(lambda: _("Barang"), lambda row: row.name),
        Column(lambda: _("Kode"), lambda row: row.code, 120),
        Column(lambda: _("Kategori"), lambda row: row.category, 140),
        Column(
            lambda: _("Stok"),
            lambda row: row.stock,
            120,
            number=True,
            tone=lambda row: LEVEL_TONES.get(row.state, "none"),
        ),
        Column(lambda: _("Satuan"), lambda row: row.unit, 100),
        Column(lambda: _("Harga"), lambda row: row.price, 150, number=True),
    )
