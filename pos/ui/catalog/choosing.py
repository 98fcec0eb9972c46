"""The first step of an import: which file, and the imports that were."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout

from pos.catalog.importing import ImportInfo, imports
from pos.db.database import Database
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import _
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.page import FormRow
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

PATTERNS = "*.xlsx *.xlsm *.xls *.ods *.csv *.txt *.tsv"


class ChooseStep(QFrame):
    """A path that is typed, chosen or dropped; `chosen` carries it."""

    chosen = Signal(str)

    def __init__(self) -> None:
        """Build it; `read` fills the list of imports."""
        super().__init__()
        self.setProperty("surface", "plain")
        self.setAcceptDrops(True)
        self.path = TextEdit(
            "import_path",
            lambda: _("Berkas daftar barang"),
            hint=lambda: _("Letak berkas, misalnya /home/toko/daftar.xlsx"),
        )
        self.browse = Button("import_browse", lambda: _("Pilih berkas"), icon="file", key="F4")
        press_by_key(self.browse)
        self.browse.clicked.connect(self._browse)
        self.row = FormRow(
            lambda: _("Berkas daftar barang"),
            self.path,
            hint=lambda: _(
                "Excel, LibreOffice, atau CSV, dengan judul kolom apa saja. "
                "Anda melihat hasilnya dulu sebelum ada yang disimpan."
            ),
        )
        self.model: RowsModel[ImportInfo] = RowsModel(
            (
                Column(lambda: _("Berkas"), lambda one: one.file_name),
                Column(lambda: _("Baru"), lambda one: str(one.products), 120, number=True),
                Column(lambda: _("Berubah"), lambda one: str(one.changes), 120, number=True),
                Column(lambda: _("Keadaan"), _state, 160, tone=_tone),
            )
        )
        self.table = ListTable(
            "import_list",
            lambda: _("Impor sebelumnya"),
            self.model,  # type: ignore[arg-type]
        )
        self.before = Label("", "section")
        self._build()
        self.path.returnPressed.connect(self._typed)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.GUTTER)
        row.addWidget(self.row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.GUTTER)
        column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.addWidget(self.browse)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.before)
        column.addWidget(self.table, 1)
        self._rest = QVBoxLayout()
        self._rest.addStretch(1)
        column.addLayout(self._rest)

    def read(self, db: Database) -> None:
        """Show the imports that were carried out, newest first."""
        rows = imports(db)
        self.model.set_rows(rows)
        self.table.go_to(0)
        self.table.setVisible(bool(rows))
        self.before.say((lambda: _("Impor sebelumnya")) if rows else "")

    def selected(self) -> ImportInfo | None:
        """The import that is selected in the list."""
        at = self.table.current_row()
        return self.model.row(at) if 0 <= at < self.model.count() else None

    def say_wrong(self, sentence: str) -> None:
        """Say why the file cannot be taken, where it was named."""
        self.row.show_error(sentence)
        self.path.setFocus()
        self.path.selectAll()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped."""
        if _dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the dropped file."""
        self.take(_dropped(event.mimeData()))

    def take(self, path: str) -> None:
        """Go on with a file."""
        self.path.setText(path)
        self._typed()

    def _typed(self) -> None:
        text = self.path.text().strip().strip("\"'")
        if not text:
            self.say_wrong(_("Tulis letak berkasnya, atau tekan F4 untuk memilih."))
            return
        self.row.clear_error()
        self.chosen.emit(str(Path(text).expanduser()))

    def _browse(self) -> None:
        dialog = QFileDialog(self.window(), _("Pilih berkas"), QDir.homePath())
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [_("Daftar barang ({patterns})").format(patterns=PATTERNS), _("Semua berkas (*)")]
        )
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _dropped(data: QMimeData) -> str:
    return next((url.toLocalFile() for url in data.urls() if url.isLocalFile()), "")


def _state(one: ImportInfo) -> str:
    return _("dibatalkan") if one.taken_back else _("berlaku")


def _tone(one: ImportInfo) -> str:
    return "warn" if one.taken_back else "ok"
