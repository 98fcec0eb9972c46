"""QRIS: the shop's own code, its merchant name and NMID, and how the cashier knows it came."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.errors import Refused
from core.qris import parse, with_amount
from pos.ui.foundation.tokens import Size, Space
from pos.ui.i18n import _
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.money import Money
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.press import press_by_key

CODE_SIDE = 300


def code_pixmap(text: str, side: int) -> QPixmap:
    """A QR code, black on white in both themes, so that every phone reads it."""
    import segno

    matrix = segno.make(text, error="m", micro=False).matrix
    quiet = 4
    size = len(matrix) + 2 * quiet
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                image.setPixel(x + quiet, y + quiet, 0xFF000000)
    scale = max(1, side // size)
    return QPixmap.fromImage(image.scaled(size * scale, size * scale))


class QrisPanel(Overlay):
    """Shows what is to be paid. `confirmed` carries "seen" or "heard"; `waits`: not yet."""

    confirmed = Signal(str)
    waits = Signal()

    def __init__(self, desk: Desk, window: QWidget, amount: int) -> None:
        """For so many rupiah."""
        super().__init__(
            "qris_panel", lambda: _("Bayar dengan QRIS"), window, width=Size.PANEL_WIDE
        )
        money = Money("qris_amount", lambda: _("Harus dibayar"), role="amount")
        money.set_amount(amount)
        row = QHBoxLayout()
        row.setSpacing(Space.LARGE)
        column = QVBoxLayout()
        column.addWidget(money)
        settings = desk.counter.settings
        if settings.qris_code:
            row.addWidget(self._code(desk, amount))
            self._merchant(column, settings.qris_code)
        else:
            column.addWidget(
                Label(lambda: _("Pakai stiker QRIS toko Anda, lalu tunggu bukti masuk."), wrap=True)
            )
        column.addWidget(
            Label(
                lambda: _(
                    "Layar pembeli bukan bukti. Percaya hanya pada HP atau kotak suara toko."
                ),
                "hint",
                wrap=True,
            )
        )
        column.addStretch(1)
        row.addLayout(column, 1)
        self.body.addLayout(row)
        self._answers()

    def _code(self, desk: Desk, amount: int) -> QLabel:
        settings = desk.counter.settings
        text = settings.qris_code
        if settings.qris_with_amount:
            try:
                text = with_amount(text, amount)
            except Refused as refusal:
                desk.refuse(refusal)
        shown = QLabel()
        shown.setObjectName("qris_code")
        shown.setAccessibleName(_("Kode QRIS"))
        shown.setPixmap(code_pixmap(text, CODE_SIDE))
        return shown

    def _merchant(self, column: QVBoxLayout, code: str) -> None:
        """Name and NMID out of the code itself: a stranger's sticker shows a stranger's name."""
        try:
            read = parse(code)
        except Refused:
            column.addWidget(Label(lambda: _("Kode QRIS toko rusak. Pasang lagi di Pengaturan.")))
            return
        column.addWidget(Label(read.merchant_name, "section", wrap=True))
        column.addWidget(Label(f"NMID {read.nmid or '-'}", "body"))

    def _answers(self) -> None:
        for name, text, key, kind, how in (
            ("qris_wait", lambda: _("Belum masuk"), "F6", "secondary", ""),
            ("qris_heard", lambda: _("Terdengar di kotak suara"), "F8", "secondary", "heard"),
            ("qris_seen", lambda: _("Terlihat di HP toko"), "F9", "primary", "seen"),
        ):
            made = Button(name, text, key=key, kind=kind)  # type: ignore[arg-type]
            press_by_key(made)
            made.clicked.connect(self._answer(how))
            self.add_action(made)

    def _answer(self, how: str) -> Callable[[], None]:
        def answered() -> None:
            self.close_panel()
            if how:
                self.confirmed.emit(how)
            else:
                self.waits.emit()

        return answered

    def ask(self) -> None:
        """Open it."""
        self.open()
