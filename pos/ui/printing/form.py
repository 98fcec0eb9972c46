"""Setting a printer up, or changing one: a panel with everything that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from pos.printing.finding import Found
from pos.printing.printers import Printer, add_printer
from pos.printing.profile import Cutter
from pos.staff.people import require
from pos.ui.foundation.tokens import Size, Space
from pos.ui.i18n import Text, _
from pos.ui.printing.words import KINDS, address_hint
from pos.ui.shell.desk import Desk
from pos.ui.widgets.button import Button
from pos.ui.widgets.choice import Choice, Switch
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow

_CUTTERS: tuple[tuple[Cutter, Text], ...] = (
    ("none", lambda: _("Sobek sendiri")),
    ("partial", lambda: _("Potong, sisa satu titik")),
    ("full", lambda: _("Potong putus")),
)
_WIDTHS: tuple[tuple[int, Text], ...] = (
    (32, lambda: _("32 huruf (58 mm)")),
    (42, lambda: _("42 huruf (80 mm)")),
    (48, lambda: _("48 huruf (80 mm)")),
)


class PrinterPanel(Overlay):
    """`saved` carries the printer's name once it is written down."""

    saved = Signal(str)

    def __init__(
        self, desk: Desk, window: QWidget, old: Printer | None, found: Sequence[Found] = ()
    ) -> None:
        """`old` is the printer to change, None for a new one; `found` is offered to choose from."""
        super().__init__(
            "printer_panel",
            lambda: _("Ubah printer") if old else _("Printer baru"),
            window,
            width=Size.PANEL_WIDE,
        )
        self.desk = desk
        self._old = old
        self.name = TextEdit("printer_name", lambda: _("Nama printer"))
        self.kind: Choice[str] = Choice("printer_kind", lambda: _("Sambungan"), KINDS)
        self.address = TextEdit("printer_address", lambda: _("Alamat"))
        self.columns: Choice[int] = Choice("printer_columns", lambda: _("Lebar kertas"), _WIDTHS)
        self.cutter: Choice[Cutter] = Choice("printer_cutter", lambda: _("Pemotong"), _CUTTERS)
        self.drawer = Switch("printer_drawer", lambda: _("Laci kas di printer ini"))
        self.default = Switch("printer_default", lambda: _("Struk dicetak di sini"))
        self.found: Choice[str] = Choice(
            "printer_found",
            lambda: _("Printer yang ditemukan"),
            [("", lambda: _("Pilih, atau isi sendiri di bawah"))]
            + [(one.connection, f"{one.name} ({one.connection})") for one in found],
        )
        self.name_row = FormRow(lambda: _("Nama printer"), self.name)
        self.address_row = FormRow(
            lambda: _("Alamat"), self.address, hint=lambda: address_hint(self.kind.value())
        )
        self._build(bool(found))
        self._fill()

    def _build(self, has_found: bool) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.MEDIUM)
        grid.setVerticalSpacing(Space.GUTTER)
        if has_found:
            grid.addWidget(FormRow(lambda: _("Ditemukan"), self.found), 0, 0, 1, 2)
        grid.addWidget(self.name_row, 1, 0)
        grid.addWidget(FormRow(lambda: _("Sambungan"), self.kind), 1, 1)
        grid.addWidget(self.address_row, 2, 0, 1, 2)
        grid.addWidget(FormRow(lambda: _("Lebar kertas"), self.columns), 3, 0)
        grid.addWidget(FormRow(lambda: _("Pemotong"), self.cutter), 3, 1)
        grid.addWidget(self.drawer, 4, 0)
        grid.addWidget(self.default, 4, 1)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)
        save = Button("printer_save", lambda: _("Simpan"), kind="primary", icon="save", key="Enter")
        save.clicked.connect(self._save)
        self.add_action(save)
        for before, after in pairwise((self.name, self.address)):
            before.returnPressed.connect(after.setFocus)
        self.address.returnPressed.connect(self._save)
        self.kind.currentIndexChanged.connect(lambda _at: self.address_row.clear_error())
        self.found.activated.connect(lambda _at: self._take_found())
        self.closed.connect(self.deleteLater)

    def _fill(self) -> None:
        old = self._old
        self.default.setChecked(old.is_default if old else True)
        if old is None:
            return
        # A printer is known by its name, so that stays.
        self.name.setText(old.name)
        self.name.setEnabled(False)
        self.name.setCursorPosition(0)
        self._connection(old.connection)
        self.columns.set_value(old.columns)
        self.cutter.set_value(old.cutter)
        self.drawer.setChecked(old.drawer)

    def _connection(self, text: str) -> None:
        kind, _colon, rest = text.partition(":")
        self.kind.set_value(kind)
        self.address.setText(rest)

    def _take_found(self) -> None:
        chosen = self.found.value()
        if not chosen:
            return
        self._connection(chosen)
        if not self.name.text().strip():
            self.name.setText(_("Kasir"))
            self.name.selectAll()
        self.name.setFocus()

    def ask(self) -> None:
        """Open it at the name."""
        self.open(self.address if self._old else self.name)

    def _save(self) -> None:
        for row in (self.name_row, self.address_row):
            row.clear_error()
        if not self.name.text().strip():
            self.name_row.show_error(lambda: _("Beri nama, misalnya Kasir atau Dapur."))
            self.name.setFocus()
            return
        if not self.address.text().strip():
            self.address_row.show_error(lambda: _("Isi alamat printernya."))
            self.address.setFocus()
            return
        self.desk.run(self._write, self._written)

    def _write(self) -> str:
        counter = self.desk.counter
        require(counter, "printers")
        name, old = self.name.text().strip(), self._old
        add_printer(
            counter.db,
            name,
            f"{self.kind.value()}:{self.address.text().strip()}",
            columns=self.columns.value(),
            cutter=self.cutter.value(),
            drawer=self.drawer.isChecked(),
            default=self.default.isChecked(),
            profile=old.profile if old else "",
        )
        counter.announce(frozenset({"printers_changed"}))
        return name

    def _written(self, name: str) -> None:
        self.close_panel()
        self.saved.emit(name)
