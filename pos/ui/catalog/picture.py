"""A product's picture in its form: chosen, shown, taken away; decoded beside the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QDir, QMimeData, QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos.catalog.pictures import picture_data, picture_from
from pos.failures import as_refusal
from pos.sync.memory import server
from pos.sync.picture_memory import refused_pictures
from pos.ui.catalog.job import Job
from pos.ui.foundation.tokens import Size, Space
from pos.ui.i18n import Text, _
from pos.ui.shell.desk import Desk
from pos.ui.shell.news import PICTURES
from pos.ui.widgets.base import Label, name_widget
from pos.ui.widgets.button import Button
from pos.ui.widgets.picture import fitted
from pos.ui.widgets.press import press_by_key

PATTERNS = "*.png *.jpg *.jpeg *.webp"


class PicturePiece(QWidget):
    """`name` is what the record keeps; `data` a new picture that is not saved yet, or empty."""

    def __init__(self, desk: Desk) -> None:
        """No picture yet."""
        super().__init__()
        self.setObjectName("product_picture")
        self.setAcceptDrops(True)
        self.desk = desk
        self.name = b""
        self.data = b""
        self.job: Job | None = None
        self._turn = 0
        self.shown = QLabel()
        name_widget(self.shown, "picture_shown", lambda: _("Gambar barang"))
        self.hint = Label("", "hint", wrap=True)
        self.choose = Button(
            "picture_choose", lambda: _("Pilih gambar"), icon="camera", key="F7", kind="quiet"
        )
        press_by_key(self.choose)
        self.choose.clicked.connect(self._browse)
        self.drop = Button(
            "picture_drop", lambda: _("Hapus gambar"), icon="delete", key="F8", kind="quiet"
        )
        press_by_key(self.drop)
        self.drop.clicked.connect(lambda: self.show_picture(b""))
        self._build()
        self.show_picture(b"")
        desk.changed.connect(self._facts_written)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Label(lambda: _("Gambar"), "strong"), 1)
        head.addWidget(self.choose)
        below = QHBoxLayout()
        below.setSpacing(Space.MEDIUM)
        below.addWidget(self.shown)
        below.addWidget(self.hint, 1)
        below.addStretch(0)
        below.addWidget(self.drop, 0, Qt.AlignmentFlag.AlignTop)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(Space.HAIR)
        whole.addLayout(head)
        whole.addLayout(below)

    def show_picture(self, name: bytes) -> None:
        """Show what the record names; nothing that was chosen before stays."""
        self._turn += 1
        self.name, self.data = name, b""
        self._show(picture_data(self.desk.counter.db, name))

    def _facts_written(self, kinds: frozenset[str]) -> None:
        """The picture may have come from another counter; what was chosen here stays."""
        if kinds & PICTURES and self.name and not self.data and self.job is None:
            self._show(picture_data(self.desk.counter.db, self.name))

    def _show(self, data: bytes) -> None:
        drawn = fitted(data, QSize(2 * Size.TILE_HEIGHT, Size.TILE_HEIGHT), self._scale())
        self.shown.setPixmap(drawn)
        self.shown.setVisible(not drawn.isNull())
        self.drop.setVisible(bool(self.name or self.data))
        self.hint.setVisible(drawn.isNull())
        if self.name and not self.data and drawn.isNull():
            self.hint.say(self._absent(), "none" if self._is_on_its_way() else "warn")
        else:
            self.hint.say(lambda: _("PNG, JPG, atau WebP; tampil di ubin barang."))

    def _is_on_its_way(self) -> bool:
        db = self.desk.counter.db
        return server(db) is not None and self.name not in refused_pictures(db)

    def _absent(self) -> Text:
        if self._is_on_its_way():
            return lambda: _("Gambarnya sedang dalam perjalanan dari kasir lain.")
        return lambda: _("Gambarnya belum ada di komputer ini.")

    def _scale(self) -> float:
        return self.devicePixelRatioF()

    def take(self, file: Path) -> None:
        """Read a picture file beside the window and show it; saved with the form only."""
        self._turn += 1
        turn = self._turn
        self.hint.setVisible(True)
        self.hint.say(lambda: _("Membaca gambar ..."))
        job = self.job = Job(lambda progress, cancelled: picture_from(file), self)

        def done(data: bytes) -> None:
            # The form may show another product by now, or a picture chosen later.
            if turn == self._turn:
                self.data = data
                self._show(data)

        def failed(error: Exception) -> None:
            if turn == self._turn:
                self._show(self.data or picture_data(self.desk.counter.db, self.name))
                self.desk.refuse(as_refusal(error))

        job.done.connect(self._finisher(job, done))
        job.failed.connect(self._finisher(job, failed))
        job.start()

    def _finisher(self, job: Job, then: Any) -> Any:
        def finished(answer: Any) -> None:
            job.wait()
            if self.job is job:
                self.job = None
            then(answer)
            job.deleteLater()

        return finished

    def _browse(self) -> None:
        dialog = QFileDialog(self.window(), _("Pilih gambar"), QDir.homePath())
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{_('Gambar')} ({PATTERNS})")
        dialog.fileSelected.connect(lambda name: self.take(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped."""
        if _dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the dropped file."""
        self.take(Path(_dropped(event.mimeData())))


def _dropped(data: QMimeData) -> str:
    return next((url.toLocalFile() for url in data.urls() if url.isLocalFile()), "")
