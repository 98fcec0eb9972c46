"""After the sale: the change in the largest figures, then the next buyer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from core.money import format_rupiah
from pos.selling.sales import SaleDone
from pos.ui.foundation.tokens import Height
from pos.ui.i18n import Text, _, say
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.money import Money
from pos.ui.widgets.page import Page


class DonePage(Page):
    """The change in the largest figures; the next scan or key starts the next sale."""

    again = Signal()

    def __init__(self) -> None:
        """Build it; `show_sale` fills it."""
        super().__init__("sale_done", lambda: _("Penjualan selesai"), has_back=False)
        self.change = Money("change", lambda: _("Kembali"), role="change", tone="ok")
        self.change.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.label = Label(lambda: _("Kembali"), "section")
        self.receipt = Label("", "body")
        column = QVBoxLayout()
        column.addStretch(1)
        for widget in (self.label, self.change, self.receipt):
            if isinstance(widget, Label):
                widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(widget)
        column.addStretch(1)
        self.set_content(column)
        next_sale = Button(
            "next_sale",
            lambda: _("Penjualan berikut"),
            kind="primary",
            key="Enter",
            height=Height.PAY,
        )
        next_sale.clicked.connect(self.again)
        self.add_action(next_sale)
        self._next = next_sale

    def show_sale(self, sale: SaleDone) -> None:
        """Show a sale that is saved."""
        self.title.say(lambda: _("Penjualan selesai"))
        self.label.say(lambda: _("Kembali"))
        self.change.set_amount(sale.change, "ok")
        self.receipt.say(lambda: _sale_words(sale))
        self._next.setFocus()

    def show_refund(self, sale: SaleDone, ways: Text = "") -> None:
        """Show money that goes back to the buyer; `ways` says how where not in cash."""
        self.title.say(lambda: _("Pengembalian selesai"))
        back = -(sale.total + sale.rounding)
        self.label.say(lambda: _("Kembalikan kepada pembeli"))
        self.change.set_amount(back, "warn")
        self.receipt.say(
            lambda: _with(_("Pengembalian {receipt} tersimpan.").format(receipt=sale.receipt), ways)
        )
        self._next.setFocus()

    def show_exchange(self, sale: SaleDone, ways: Text) -> None:
        """Show an exchange's one difference: change, money that goes back, or neither.

        `ways` says how it goes back where that is not in cash.
        """
        self.title.say(lambda: _("Penukaran selesai"))
        due = sale.total + sale.rounding
        self.label.say(lambda: _("Kembalikan kepada pembeli") if due < 0 else _("Kembali"))
        self.change.set_amount(-due if due < 0 else sale.change, "warn" if due < 0 else "ok")
        self.receipt.say(lambda: _with(_exchange_words(sale, due), ways))
        self._next.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Escape goes on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            if not event.isAutoRepeat():
                self.again.emit()
            return
        super().keyPressEvent(event)


def _with(saved: str, ways: Text) -> str:
    return "\n".join(filter(None, (saved, say(ways))))


def _sale_words(sale: SaleDone) -> str:
    due = sale.total + sale.rounding
    online = due - (sale.paid - sale.change)
    said = (
        _("Struk {receipt} tersimpan. Total {total}, dibayar online {online}, diterima {paid}.")
        if online > 0
        else _("Struk {receipt} tersimpan. Total {total}, diterima {paid}.")
    )
    return said.format(
        receipt=sale.receipt,
        total=format_rupiah(due),
        online=format_rupiah(online),
        paid=format_rupiah(sale.paid),
    )


def _exchange_words(sale: SaleDone, due: int) -> str:
    saved = _("Penukaran {receipt} tersimpan.").format(receipt=sale.receipt)
    if due < 0:
        return saved
    if due == 0:
        return " ".join((saved, _("Tidak ada selisih.")))
    paid = _("Selisih {total}, diterima {paid}.").format(
        total=format_rupiah(due), paid=format_rupiah(sale.paid)
    )
    return f"{saved} {paid}"
