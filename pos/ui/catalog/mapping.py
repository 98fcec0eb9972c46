"""Which column holds what: a panel of choices over the preview."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QScrollArea, QSizePolicy, QWidget

from pos.importing.headings import FIELDS, check_mapping
from pos.importing.model import CellValue, Mapping, Row, Table
from pos.ui.catalog.words import FIELD_WORDS
from pos.ui.foundation.tokens import Height, Size, Space
from pos.ui.i18n import Text, _
from pos.ui.widgets.base import name_widget
from pos.ui.widgets.button import Button
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow
from pos.ui.widgets.press import press_by_key

_HEADING_ROWS = 30
_LONGEST = 28
_NONE = -1


class MappingPanel(Overlay):
    """Sheet, heading row, and a column for each field; `chosen` carries the `Mapping`."""

    chosen = Signal(object)

    def __init__(self, table: Table, mapping: Mapping | None, window: QWidget) -> None:
        """Begin with what was found, or with nothing chosen."""
        super().__init__("mapping", lambda: _("Cocokkan kolom"), window, width=Size.PANEL_WIDE)
        self._table = table
        self._start = mapping or Mapping(0, 1, {})
        self.sheet = _combo("mapping_sheet", lambda: _("Lembar"))
        self.heading = _combo("mapping_heading", lambda: _("Baris judul"))
        self.fields = {field: _combo(f"mapping_{field}", FIELD_WORDS[field]) for field in FIELDS}
        self._rows = {
            field: FormRow(FIELD_WORDS[field], combo) for field, combo in self.fields.items()
        }
        self._build()
        for number, sheet in enumerate(table.sheets):
            self.sheet.addItem(sheet.name or str(number + 1), number)
        self.sheet.setCurrentIndex(self._start.sheet)
        self._new_sheet()
        self.sheet.currentIndexChanged.connect(lambda _index: self._new_sheet())
        self.heading.currentIndexChanged.connect(lambda _index: self._new_heading())
        self.closed.connect(self.deleteLater)

    def _build(self) -> None:
        inside = QFrame()
        inside.setProperty("surface", "plain")
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, Space.GUTTER, 0)
        grid.setHorizontalSpacing(Space.MEDIUM)
        grid.setVerticalSpacing(Space.GUTTER)
        top: list[FormRow] = [
            FormRow(lambda: _("Lembar"), self.sheet),
            FormRow(lambda: _("Baris judul"), self.heading),
        ]
        for number, row in enumerate((*top, *self._rows.values())):
            grid.addWidget(row, number // 2, number % 2, Qt.AlignmentFlag.AlignTop)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(Height.FIELD * 8)
        self.body.addWidget(area)
        save = Button("mapping_save", lambda: _("Pakai kolom ini"), kind="primary", key="F10")
        press_by_key(save)
        save.clicked.connect(self.save)
        self.add_action(save)

    def ask(self) -> None:
        """Open it at the name's column."""
        self.open(self.fields["name"])

    def mapping(self) -> Mapping:
        """What is chosen now."""
        columns = {
            field: int(combo.currentData())
            for field, combo in self.fields.items()
            if int(combo.currentData()) != _NONE
        }
        return Mapping(int(self.sheet.currentData()), int(self.heading.currentData()), columns)

    def save(self) -> None:
        """Use it, or say what is missing."""
        made = self.mapping()
        for row in self._rows.values():
            row.clear_error()
        if "name" not in made.columns:
            self._rows["name"].show_error(lambda: _("Pilih kolom yang berisi nama barang."))
            self.fields["name"].setFocus()
            return
        twice = _chosen_twice(made)
        if twice:
            self._rows[twice].show_error(lambda: _("Kolom ini sudah dipilih di atas."))
            self.fields[twice].setFocus()
            return
        check_mapping(self._table, made)
        self.close_panel()
        self.chosen.emit(made)

    def _sheet_rows(self) -> tuple[Row, ...]:
        return self._table.sheets[int(self.sheet.currentData())].rows

    def _new_sheet(self) -> None:
        self.heading.blockSignals(True)
        self.heading.clear()
        self.heading.addItem(_("Tanpa judul"), 0)
        for number, row in enumerate(self._sheet_rows()[:_HEADING_ROWS], 1):
            words = ", ".join(_short(cell) for cell in row if cell is not None)
            self.heading.addItem(_short(f"{number}: {words}"), number)
        same = self._start.sheet == int(self.sheet.currentData())
        at = self.heading.findData(self._start.heading_row if same else 1)
        self.heading.setCurrentIndex(max(at, 0))
        self.heading.blockSignals(False)
        self._new_heading(self._start.columns if same else {})

    def _new_heading(self, columns: dict[str, int] | None = None) -> None:
        rows = self._sheet_rows()
        at = int(self.heading.currentData())
        names = rows[at - 1] if at and at <= len(rows) else ()
        width = max((len(row) for row in rows[:_HEADING_ROWS]), default=0)
        for field, combo in self.fields.items():
            before = combo.currentData() if columns is None else columns.get(field, _NONE)
            combo.clear()
            combo.addItem(_("(tidak ada)"), _NONE)
            for column in range(width):
                cell = names[column] if column < len(names) else None
                combo.addItem(f"{letters(column)}  {_short(cell)}".rstrip(), column)
            combo.setCurrentIndex(max(combo.findData(before), 0))


def letters(column: int) -> str:
    """A column's name as spreadsheets show it: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _chosen_twice(mapping: Mapping) -> str:
    seen: set[int] = set()
    for field in FIELDS:
        column = mapping.columns.get(field)
        if column is None:
            continue
        if column in seen:
            return field
        seen.add(column)
    return ""


def _short(cell: CellValue) -> str:
    text = "" if cell is None else " ".join(str(cell).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _combo(name: str, spoken: Text) -> QComboBox:
    made = QComboBox()
    name_widget(made, name, spoken)
    # A long heading must not widen the panel beyond the window.
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(1)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made
