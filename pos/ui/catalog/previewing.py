"""The preview of an import: filters with counts, the rows, and the chosen one in full."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from pos.ui.catalog.preview import FILTERS, Filter, Preview, Shown
from pos.ui.catalog.words import VERDICT_WORDS
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import _, shown_count
from pos.ui.widgets.base import Label, frame
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.models import Column, PagedModel
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

_PAGE = 200


class PreviewStep(QFrame):
    """Rows of a file and what each would do; Space or Enter ticks."""

    def __init__(self, ticked: Callable[[], None]) -> None:
        """`ticked` hears that what would be taken has changed."""
        super().__init__()
        self.setProperty("surface", "plain")
        self.preview: Preview | None = None
        self._ticked = ticked
        self.read_as = Label("", "hint", wrap=True)
        self.asks = Label("", "body", wrap=True, tone="warn")
        self.said = Label("", "body", wrap=True)
        self.said.setObjectName("import_said")
        self.model: PagedModel[Shown] = PagedModel(_columns(), _PAGE)
        self.table = ListTable(
            "import_rows",
            lambda: _("Baris berkas"),
            self.model,  # type: ignore[arg-type]
        )
        self._chips: dict[Filter, Button] = {}
        self._build()
        self.table.current_changed.connect(lambda _row: self._show_said())
        self.table.taken.connect(self._tick)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        for number, name in enumerate(FILTERS, 1):
            made = chip(f"import_{name}", "", checkable=True, height=Height.BUTTON)
            press_by_key(made, f"Alt+{number}")
            made.clicked.connect(self._chooser(name))
            self._chips[name] = made
            row.addWidget(made)
        row.addStretch(1)
        foot = frame("card")
        inside = QVBoxLayout(foot)
        inside.setContentsMargins(Space.GUTTER, Space.SMALL, Space.GUTTER, Space.SMALL)
        inside.addWidget(self.said)
        foot.setMinimumHeight(Height.NOTICE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.read_as)
        column.addLayout(row)
        column.addWidget(self.asks)
        column.addWidget(self.table, 1)
        column.addWidget(foot)

    def show_preview(self, preview: Preview) -> None:
        """Show another plan."""
        self.preview = preview
        samples = preview.samples()
        self.read_as.say(
            (lambda: _("Harga dibaca begini: {samples}").format(samples=samples)) if samples else ""
        )
        self.read_as.setVisible(bool(samples))
        self.choose("all")
        self.table.setFocus()

    def choose(self, name: Filter) -> None:
        """Show only rows of one kind."""
        if self.preview is None:
            return
        preview = self.preview
        preview.choose(name)
        self.model.reset(preview.count(), lambda number: preview.page(number, _PAGE))
        for key, button in self._chips.items():
            button.setChecked(key == name)
            button.say(self._words(key))
            button.setEnabled(key == "all" or bool(preview.counted(key)))
        self.table.go_to(0)
        self._show_said()
        self._renew()

    def tick_shown(self) -> None:
        """Take all shown rows, or leave them all out."""
        if self.preview is not None:
            self.preview.tick_shown()
            self._renew()

    def _tick(self, at: int) -> None:
        if self.preview is not None and 0 <= at < self.preview.count():
            self.preview.tick(at)
            self._renew()

    def _renew(self) -> None:
        self.model.refresh()
        asking = self.preview.asking() if self.preview is not None else 0
        self.asks.say(
            lambda: _(
                "{count} baris berharga janggal dan belum ikut. Centang yang memang benar."
            ).format(count=asking)
        )
        self.asks.setVisible(bool(asking))
        self._ticked()

    def _show_said(self) -> None:
        at = self.table.current_row()
        if self.preview is None or not 0 <= at < self.preview.count():
            self.said.say("")
            return
        shown = self.preview.shown(self.preview.planned(at))
        self.said.say(f"{shown.name}: {shown.said}" if shown.said else shown.name)

    def _words(self, name: Filter) -> Callable[[], str]:
        def words() -> str:
            count = self.preview.counted(name) if self.preview is not None else 0
            word = _("Semua") if name == "all" else VERDICT_WORDS[name]()
            return f"{word} {shown_count(count)}"

        return words

    def _chooser(self, name: Filter) -> Callable[[], None]:
        return lambda: self.choose(name)


def _columns() -> tuple[Column[Shown], ...]:
    return (
        Column(lambda: _("Ambil"), lambda row: row.tick, 72),
        Column(lambda: _("Baris"), lambda row: str(row.row), 84, number=True),
        Column(lambda: _("Status"), lambda row: row.status, 140, tone=lambda row: row.tone),
        Column(lambda: _("Barang"), lambda row: row.name),
        Column(lambda: _("Harga"), lambda row: row.price, 150, number=True),
        Column(lambda: _("Keterangan"), lambda row: row.said),
    )
