"""A manager allows one act at the counter; the cashier stays logged in, the cart untouched."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from core.errors import Refused
from core.money import format_rupiah
from pos.failures import as_refusal
from pos.messages import sentence
from pos.staff.people import everybody, may
from pos.staff.pins import identify
from pos.ui.i18n import _, language
from pos.ui.selling.words import act_name
from pos.ui.shell.desk import Desk
from pos.ui.widgets.overlay import PinPanel


class Override(PinPanel):
    """Asks for the PIN of anybody who may do the act, then does it again in their name."""

    def __init__(
        self, desk: Desk, window: QWidget, refusal: Refused, again: Callable[[], object]
    ) -> None:
        """`again` runs the command once more while the approval holds."""
        self._act = str(refusal.details.get("act", "credit_over_limit"))
        self._amount = int(refusal.details.get("amount", 0))
        self._desk = desk
        self._again = again
        super().__init__(
            "override",
            lambda: _("Perlu izin manajer"),
            lambda: self._prompt(refusal),
            window,
        )
        self.entered.connect(self._entered)
        self.closed.connect(self.deleteLater)

    def _prompt(self, refusal: Refused) -> str:
        if refusal.code != "needs_manager":
            return sentence(refusal, language())
        name = act_name(self._act)
        if self._act == "discount":
            percent = f"{self._amount / 100:g} %".replace(".", ",")
            return _("Izin: {act} {amount}. PIN manajer:").format(act=name, amount=percent)
        if self._amount:
            amount = format_rupiah(self._amount)
            return _("Izin: {act} {amount}. PIN manajer:").format(act=name, amount=amount)
        return _("Izin: {act}. PIN manajer:").format(act=name)

    def _entered(self, pin: str) -> None:
        """The PIN says who it is among everybody who may do the act."""
        counter = self._desk.counter
        candidates = [
            who.id
            for who in everybody(counter.db)
            if who.has_pin and may(counter, self._act, self._amount, staff_id=who.id)
        ]
        if not candidates:
            self.refuse(lambda: _("Belum ada manajer yang punya PIN."))
            return
        try:
            manager = identify(counter, candidates, pin)
        except Exception as error:
            self._desk.sound("unknown")
            self.refuse(sentence(as_refusal(error), language()))
            return
        self.close_panel()
        with counter.approved(manager):
            self._again()
