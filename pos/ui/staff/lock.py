"""The lock: who works now, then their PIN. The cart stays as it is.

Who has a PIN at another counter only sets one here, once somebody of this counter allows it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.errors import Refused
from pos.failures import as_refusal
from pos.messages import sentence
from pos.staff.first_pin import FirstPin
from pos.staff.people import Person, everybody
from pos.staff.pins import check_pin, pin_elsewhere
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import Text, _, language
from pos.ui.shell.centred import TWO_COLUMNS, centred
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.pads import PinPad
from pos.ui.widgets.page import Page
from pos.ui.widgets.press import press_by_key


class LockPage(Page):
    """Choose a name, type the PIN; `opened` when somebody is in."""

    opened = Signal()

    def __init__(self, desk: Desk) -> None:
        """Build it; `begin` shows who may work."""
        super().__init__("lock", lambda: _("Siapa yang bekerja?"), has_back=False)
        self.desk = desk
        self._chosen: Person | None = None
        self._first: FirstPin | None = None
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.GUTTER)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
        names = QVBoxLayout()
        names.addLayout(self._grid)
        names.addStretch(1)
        self.pad = PinPad("lock_pin", lambda: _("PIN"))
        self.pad.entered.connect(self._entered)
        self.who = Label("", "section")
        self.note = Label("", "body", wrap=True)
        for label in (self.who, self.note):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.go_on = Button("first_pin_go", lambda: _("Lanjut"), kind="primary", key="Enter")
        self.go_on.clicked.connect(self._go_on)
        self.cancel = Button("first_pin_cancel", lambda: _("Batal"), key="Esc")
        press_by_key(self.cancel)
        self.cancel.clicked.connect(self._cancelled)
        # At the head: beside the pad there is no room for it on the smallest screen.
        self.add_head(self.cancel)
        row = QHBoxLayout()
        row.setSpacing(Space.WIDE)
        row.addLayout(names, 1)
        row.addWidget(self._side(), 1)
        self.set_content(centred(row, TWO_COLUMNS, lower=True))

    def _side(self) -> QWidget:
        self._pin_side = QWidget()
        column = QVBoxLayout(self._pin_side)
        column.setSpacing(Space.GUTTER)
        for widget in (self.who, self.note, self.pad, self.go_on):
            column.addWidget(widget)
        column.addStretch(1)
        return self._pin_side

    def begin(self, last: bytes = b"") -> None:
        """Nobody is in; show the names, marked the one of who was in `last`, else the first."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._chosen = self._first = None
        self._pin_side.setVisible(False)
        self.cancel.setVisible(False)
        people = everybody(self.desk.counter.db)
        names = [self._name(number, who, people) for number, who in enumerate(people)]
        if len(people) == 1:
            self.choose(people[0])
        elif names:
            # Enter must find a name whatever had the keyboard before.
            marked = next((n for n, who in enumerate(people) if who.id == last), 0)
            names[marked].setFocus()

    def _name(self, number: int, who: Person, people: list[Person]) -> Button:
        made = Button(
            f"staff_{number}", self._namer(who, people), icon="customer", height=Height.PAY
        )
        made.clicked.connect(self._chooser(who))
        self._grid.addWidget(made, number // 2, number % 2)
        made.show()
        return made

    def _namer(self, who: Person, people: list[Person]) -> Text:
        """Two counters may both have had somebody of one name before they met."""
        alike = [one for one in people if one.name.casefold() == who.name.casefold()]
        if len(alike) > 1 and pin_elsewhere(self.desk.counter.db, who):
            return lambda: _("{name} (kasir lain)").format(name=who.name)
        return who.name

    def _chooser(self, who: Person) -> Callable[[], None]:
        return lambda: self.choose(who)

    def choose(self, who: Person) -> None:
        """Somebody says that it is them; without a PIN they are in at once."""
        self._chosen = who
        elsewhere = pin_elsewhere(self.desk.counter.db, who)
        if not who.has_pin and not elsewhere:
            self._enter(who)
            return
        self._first = FirstPin(self.desk.counter, who) if elsewhere else None
        self.who.say(who.name)
        self._pin_side.setVisible(True)
        self._ask()

    def _ask(self, error: Text = "") -> None:
        """Ask for what comes next: the person's PIN, or a step of the first one here."""
        first = self._first
        step = first.step if first is not None else ""
        self.pad.setVisible(step not in ("open", "nobody"))
        self.go_on.setVisible(step == "open")
        self.who.setVisible(first is None)
        for widget in (self.note, self.cancel):
            widget.setVisible(first is not None)
        self.note.say(self._why if first is not None else "")
        self.pad.ask(self._prompt)
        self.pad.clear(error)
        shown = {"open": self.go_on, "nobody": self.cancel}.get(step, self.pad)
        shown.setFocus()

    def _why(self) -> str:
        first = self._first
        if first is None:
            return ""
        if first.step == "nobody":
            return sentence(first.nobody(), language())
        said = _("{name}, Anda belum punya PIN di kasir ini.").format(name=first.who.name)
        if first.step == "open":
            name = first.allowing[0].name
            return f"{said} " + _(
                "{name} tidak memakai PIN, jadi Anda boleh langsung membuatnya."
            ).format(name=name)
        return said

    def _prompt(self) -> str:
        first = self._first
        if first is None:
            return _("PIN")
        if first.step == "approve":
            if first.who.role == "owner":
                return _("Pemilik kasir ini mengizinkan dengan PIN-nya:")
            return _("Pemilik atau manajer kasir ini mengizinkan dengan PIN-nya:")
        if first.step == "again":
            return _("Ketik sekali lagi")
        return _("Ketik PIN baru, 4 sampai 6 angka.")

    def _go_on(self) -> None:
        if self._first is not None:
            self._first.go_on()
            self._ask()

    def _cancelled(self) -> None:
        self.begin(self._chosen.id if self._chosen else b"")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter says who works, and goes on where nothing is to be typed."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat()
        focused = self.focusWidget()
        if enter and self.go_on.isVisible():
            self._go_on()
        elif enter and isinstance(focused, Button) and self._grid.indexOf(focused) >= 0:
            focused.click()
        else:
            super().keyPressEvent(event)

    def _entered(self, pin: str) -> None:
        who = self._chosen
        if who is None:
            return
        try:
            inside = self._try(who, pin)
        except Exception as error:
            refusal: Refused = as_refusal(error)
            self.desk.sound("unknown")
            self._ask(sentence(refusal, language()))
            return
        if inside:
            self._enter(who)
        else:
            self._ask()

    def _try(self, who: Person, pin: str) -> bool:
        if self._first is not None:
            return self._first.enter(pin)
        check_pin(self.desk.counter, who.id, pin)
        return True

    def _enter(self, who: Person) -> None:
        self.desk.counter.staff_id = who.id
        self._chosen = self._first = None
        self.opened.emit()
