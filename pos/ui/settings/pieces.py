"""Two larger settings: the logo on the receipt, and the shop's own QRIS code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.errors import Refused
from core.qris import read_sticker
from pos.messages import sentence
from pos.ui.foundation.tokens import Size, Space
from pos.ui.i18n import _, language
from pos.ui.settings.pictures import code_in, logo_from
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label, name_widget
from pos.ui.widgets.button import Button
from pos.ui.widgets.choice import Switch
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.page import Form, FormRow

_PICTURES = "*.png *.jpg *.jpeg *.bmp *.gif *.webp"


def ask_picture(parent: QWidget, then: Callable[[Path], None]) -> None:
    """Let a person choose a picture file."""
    dialog = QFileDialog(parent, _("Pilih gambar"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(f"{_('Gambar')} ({_PICTURES})")
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


class LogoPiece(QWidget):
    """The logo as it will be printed; `png` is empty where there is none."""

    def __init__(self, desk: Desk) -> None:
        """No logo yet."""
        super().__init__()
        self.desk = desk
        self.png = b""
        self.picture = QLabel()
        name_widget(self.picture, "logo_picture", lambda: _("Logo di struk"))
        self.none = Label(lambda: _("Belum ada logo."), "hint")
        choose = Button("logo_choose", lambda: _("Pilih gambar"), icon="file")
        choose.clicked.connect(lambda: ask_picture(self, self.take))
        self.drop = Button("logo_drop", lambda: _("Tanpa logo"), icon="delete")
        self.drop.clicked.connect(lambda: self.show_logo(b""))
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.GUTTER)
        buttons.addWidget(choose)
        buttons.addWidget(self.drop)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(Label(lambda: _("Logo"), "label"))
        column.addWidget(self.none)
        column.addWidget(self.picture)
        column.addLayout(buttons)

    def take(self, file: Path) -> None:
        """Make a picture file fit for paper and show it."""
        self.desk.run(lambda: logo_from(file), self.show_logo)

    def show_logo(self, png: bytes) -> None:
        """Show a logo, black on white as on paper."""
        self.png = png
        self.none.setVisible(not png)
        self.picture.setVisible(bool(png))
        self.drop.setVisible(bool(png))
        if png:
            shown = QPixmap()
            shown.loadFromData(png)
            tall = Size.TILE_HEIGHT
            if shown.height() > tall:
                shown = shown.scaledToHeight(tall, Qt.TransformationMode.SmoothTransformation)
            self.picture.setPixmap(shown)


class QrisPiece:
    """The sticker's code, whose it is, and whether the amount is put in."""

    def __init__(self, desk: Desk) -> None:
        """Nothing yet."""
        self.desk = desk
        self.code = TextEdit(
            "set_qris",
            lambda: _("Kode QRIS toko"),
            hint=lambda: _("Pindai stiker, atau tempel teksnya"),
        )
        self.row = FormRow(lambda: _("Kode QRIS toko"), self.code)
        self.merchant = Label("", "strong", wrap=True)
        self.merchant.setObjectName("qris_merchant")
        self.photo = Button("qris_photo", lambda: _("Baca dari foto"), icon="qr")
        self.photo.clicked.connect(lambda: ask_picture(self.photo.window(), self.take))
        self.with_amount = Switch("set_qris_amount", lambda: _("Tampilkan kode dengan jumlahnya"))
        self.code.textChanged.connect(lambda _text: self._read())

    def add_to(self, form: Form) -> None:
        """Put the fields into a form."""
        form.section(lambda: _("QRIS"))
        form.add(self.row)
        form.add(self.merchant)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.photo)
        line.addStretch(1)
        form.add(holder)
        form.add(self.with_amount)
        form.add(
            Label(
                lambda: _(
                    "Jumlah diisikan Huyula ke kode Anda sendiri; sebagian bank belum "
                    "menerimanya, jadi coba sekali dengan pembayaran kecil."
                ),
                "hint",
                wrap=True,
            )
        )

    def take(self, file: Path) -> None:
        """Read the code out of a photo of the sticker."""
        self.desk.run(lambda: code_in(file), self.code.setText)

    def show_code(self, code: str, *, with_amount: bool) -> None:
        """Show what is in force."""
        self.code.setText(code)
        self.code.setCursorPosition(0)
        self.with_amount.setChecked(with_amount)
        self._read()

    def _read(self) -> None:
        text = self.code.text().strip()
        self.row.clear_error()
        self.merchant.say("")
        self.merchant.setVisible(False)
        if not text:
            return
        try:
            read = read_sticker(text)
        except Refused as refusal:
            self.row.show_error(sentence(refusal, language()))
            return
        self.merchant.setVisible(True)
        self.merchant.say(f"{read.merchant_name}, {read.city}\nNMID {read.nmid or '-'}", "ok")

    def value(self) -> str:
        """The code, checked.

        Raises:
            Refused: it is not a sticker's code.
        """
        text = self.code.text().strip()
        return read_sticker(text).text if text else ""
