"""Which receipt: one number that receipts of several registers bear, from before they met."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from core.dates import format_clock, format_day
from core.money import format_rupiah
from pos.receipts.naming import Named
from pos.ui.foundation.tokens import Height, Size
from pos.ui.i18n import _, language
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.overlay import Overlay


class WhichReceipt(Overlay):
    """Shows each receipt with register, time and total; `chosen` is told which was meant."""

    def __init__(
        self, found: Sequence[Named], zone: str, window: QWidget, chosen: Callable[[Named], None]
    ) -> None:
        """`zone` is where the shop's clock is read."""
        super().__init__(
            "which_receipt", lambda: _("Struk yang mana?"), window, width=Size.PANEL_WIDE
        )
        self._zone = zone
        self._told = chosen
        number = found[0].receipt
        self.body.addWidget(
            Label(
                lambda: _(
                    "Nomor {number} ada pada beberapa struk. Cocokkan tanggal dan totalnya, atau "
                    "empat huruf di samping nomor."
                ).format(number=number),
                "body",
                wrap=True,
            )
        )
        self._buttons = [self._button(place, one) for place, one in enumerate(found, 1)]
        self.closed.connect(self.deleteLater)

    def _button(self, place: int, one: Named) -> Button:
        made = Button(
            f"which_{place}",
            lambda: self._words(one),
            icon="receipt",
            key=str(place) if place < 10 else "",
            height=Height.PAY,
        )
        made.clicked.connect(lambda: self._choose(one))
        self.body.addWidget(made)
        return made

    def _words(self, one: Named) -> str:
        when = (
            f"{format_day(one.day, language())} {format_clock(one.at_ms, self._zone, language())}"
        )
        first = "   ".join(filter(None, (when, format_rupiah(one.due), one.mark)))
        return f"{first}\n{one.register}"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit chooses."""
        pressed = [
            one for one in self._buttons if one.key_hint() and one.key_hint() == event.text()
        ]
        if pressed and not event.isAutoRepeat():
            pressed[0].click()
        else:
            super().keyPressEvent(event)

    def ask(self) -> None:
        """Open it at the first."""
        self.open(self._buttons[0])

    def _choose(self, one: Named) -> None:
        self.close_panel()
        self._told(one)
