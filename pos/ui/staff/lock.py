"""The lock: who works now, then their PIN. The cart stays as it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.errors import Refused
from pos.failures import as_refusal
from pos.messages import sentence
from pos.staff.people import Person, everybody
from pos.staff.pins import check_pin
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import _, language
from pos.ui.shell.centred import TWO_COLUMNS, centred
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.pads import PinPad
from pos.ui.widgets.page import Page


class LockPage(Page):
    """Choose a name, type the PIN; `opened` when somebody is in."""

    opened = Signal()

    def __init__(self, desk: Desk) -> None:
        """Build it; `begin` shows who may work."""
        super().__init__("lock", lambda: _("Siapa yang bekerja?"), has_back=False)
        self.desk = desk
        self._chosen: Person | None = None
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.GUTTER)
        names = QVBoxLayout()
        names.addLayout(self._grid)
        names.addStretch(1)
        self.pad = PinPad("lock_pin", lambda: _("PIN"))
        self.pad.entered.connect(self._entered)
        self.who = Label("", "section")
        self.who.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._pin_side = QWidget()
        pins = QVBoxLayout(self._pin_side)
        pins.addWidget(self.who)
        pins.addWidget(self.pad)
        pins.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(Space.WIDE)
        row.addLayout(names, 1)
        row.addWidget(self._pin_side, 1)
        self.set_content(centred(row, TWO_COLUMNS, lower=True))

    def begin(self) -> None:
        """Nobody is in; show the names."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        people = everybody(self.desk.counter.db)
        for number, who in enumerate(people):
            made = Button(f"staff_{number}", who.name, icon="customer", height=Height.PAY)
            made.clicked.connect(self._chooser(who))
            self._grid.addWidget(made, number // 2, number % 2)
        self._pin_side.setVisible(False)
        if len(people) == 1:
            self.choose(people[0])

    def _chooser(self, who: Person) -> Callable[[], None]:
        return lambda: self.choose(who)

    def choose(self, who: Person) -> None:
        """Somebody says that it is them; without a PIN they are in at once."""
        self._chosen = who
        if not who.has_pin:
            self._enter(who)
            return
        self.who.say(who.name)
        self.pad.clear()
        self._pin_side.setVisible(True)
        self.pad.setFocus()

    def _entered(self, pin: str) -> None:
        who = self._chosen
        if who is None:
            return
        try:
            check_pin(self.desk.counter, who.id, pin)
        except Exception as error:
            refusal: Refused = as_refusal(error)
            self.desk.sound("unknown")
            self.pad.clear(sentence(refusal, language()))
            return
        self._enter(who)

    def _enter(self, who: Person) -> None:
        self.desk.counter.staff_id = who.id
        self._chosen = None
        self.opened.emit()
