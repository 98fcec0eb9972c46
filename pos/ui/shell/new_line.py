"""Telling the cashier that this counter's receipts carry another register code from now on."""

from __future__ import annotations

from pos.counter import Counter
from pos.ui.i18n import _
from pos.ui.widgets.notice import Notice, NoticePlace


class NewLine:
    """Looks whether the line being written is another one than before.

    Other counters of the shop open lines, too: their facts come in by sync and are no news here.
    """

    def __init__(self, counter: Counter, notices: NoticePlace) -> None:
        """Remember the line of now."""
        self._counter = counter
        self._notices = notices
        self._device = counter.line.device

    def look(self) -> None:
        """A line was opened somewhere: say so if it is our own."""
        line = self._counter.line
        if line.device == self._device:
            return
        self._device = line.device
        joined = line.reason == "enrolled"

        def text() -> str:
            said = (
                _("Kasir ini kini bernama {register}, dari server toko. Struk berikut memakainya.")
                if joined
                else _(
                    "Data ini hasil salinan, pemulihan, atau pindahan. "
                    "Kode kasir sekarang {register}; beri tahu pemilik."
                )
            )
            return said.format(register=line.register)

        self._notices.tell(
            Notice(
                "new_line",
                text,
                "info" if joined else "warn",
                action=lambda: _("Mengerti"),
                act=lambda: self._notices.solved("new_line"),
            )
        )
