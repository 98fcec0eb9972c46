"""What the reports share: a row of buttons, saving a document, and printing one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from core.errors import Refused
from core.receipt import Document
from pos.printing.enqueue import default_printer, queue_document
from pos.printing.rendering import render
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import Text, _
from pos.ui.shell.desk import Desk
from pos.ui.widgets.button import Button
from pos.ui.widgets.paper import COLUMNS
from pos.ui.widgets.press import press_by_key


class CannotWrite(Refused):
    """The file could not be written there."""

    code = "cannot_write"


def buttons(parts: Sequence[tuple[str, Text, str, str, Callable[[], None]]]) -> QHBoxLayout:
    """Buttons side by side at the right: name, words, icon, key, what they do."""
    row = QHBoxLayout()
    row.setSpacing(Space.GUTTER)
    row.addStretch(1)
    for name, text, icon, key, act in parts:
        made = Button(name, text, icon=icon, key=key)
        if key:
            press_by_key(made, key)
        made.clicked.connect(act)
        row.addWidget(made)
    return row


def print_document(desk: Desk, kind: str, ref: str, document: Document | None = None) -> None:
    """Queue a report on the default printer; says so where there is none."""
    counter = desk.counter
    if default_printer(counter.db.raw) is None:
        desk.say(_("Belum ada printer untuk struk. Tambah di Lainnya, Printer."), "warn")
        return

    def queue() -> None:
        with counter.db.transaction():
            queue_document(counter.db.raw, kind, ref, counter.clock.now_ms(), document)
        counter.announce(frozenset({"print_job"}))

    if desk.run(queue):
        desk.say(_("Laporan masuk antrean cetak."), "ok")


def ask_file(parent: QWidget, name: str, kinds: str, then: Callable[[Path], None]) -> None:
    """Let a person choose where to write; the window goes on meanwhile."""
    dialog = QFileDialog(parent, _("Simpan sebagai"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(kinds)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def save_pdf(desk: Desk, document: Document, file: Path) -> None:
    """Write a document as PDF and say where."""

    def write() -> None:
        try:
            file.write_bytes(render(document, "pdf", COLUMNS))
        except OSError as error:
            raise CannotWrite(file=str(file), why=error.strerror or "") from error

    if desk.run(write):
        desk.say(_("Tersimpan di {file}.").format(file=file), "ok")
