"""Who works here: list, new people, role, PIN, and what each may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.facts.shop import Role
from pos.staff.people import Person, add_staff, change_staff, everybody, person
from pos.staff.pins import set_pin
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import Text, _
from pos.ui.shell.desk import Desk
from pos.ui.staff.permissions import PermissionList
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.choice import Choice, Switch
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.overlay import Overlay, PinPanel
from pos.ui.widgets.page import FormRow, Page
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

ROLES: tuple[tuple[Role, Text], ...] = (
    ("cashier", lambda: _("Kasir")),
    ("manager", lambda: _("Manajer")),
    ("owner", lambda: _("Pemilik")),
)


def role_name(role: str) -> str:
    """A role in words."""
    words: dict[Role, Text] = dict(ROLES)
    text = words.get(cast("Role", role), role)
    return text if isinstance(text, str) else text()


class NewPersonPanel(Overlay):
    """A name and a role; `saved` is called with the new id."""

    def __init__(self, desk: Desk, window: QWidget, saved: Callable[[bytes], None]) -> None:
        """An empty form."""
        super().__init__("new_staff", lambda: _("Karyawan baru"), window)
        self.desk = desk
        self._saved = saved
        self.name = TextEdit("new_staff_name", lambda: _("Nama"))
        self.role: Choice[Role] = Choice("new_staff_role", lambda: _("Peran"), ROLES)
        self.row = FormRow(lambda: _("Nama"), self.name)
        self.body.addWidget(self.row)
        self.body.addWidget(FormRow(lambda: _("Peran"), self.role))
        save = Button("new_staff_save", lambda: _("Simpan"), kind="primary", key="Enter")
        save.clicked.connect(self._save)
        self.name.returnPressed.connect(self._save)
        self.add_action(save)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Open it at the name."""
        self.open(self.name)

    def _save(self) -> None:
        if not self.name.text().strip():
            self.row.show_error(lambda: _("Isi namanya."))
            return
        counter = self.desk.counter
        self.desk.run(lambda: add_staff(counter, self.name.text(), self.role.value()), self._done)

    def _done(self, staff_id: bytes) -> None:
        self.close_panel()
        self._saved(staff_id)


class StaffPage(Page):
    """The list at the left; the chosen person's role, PIN and permissions at the right."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Build it; `begin` reads the people."""
        super().__init__("staff", lambda: _("Karyawan"))
        self.desk = desk
        self._window = window
        self._who: Person | None = None
        self.model: RowsModel[Person] = RowsModel(
            (
                Column(lambda: _("Nama"), lambda who: who.name),
                Column(lambda: _("Peran"), lambda who: role_name(who.role), 110),
                Column(lambda: _("PIN"), _state, 130, tone=_tone),
            )
        )
        self.table = ListTable(
            "staff_list",
            lambda: _("Karyawan"),
            self.model,  # type: ignore[arg-type]
        )
        self.name = TextEdit("staff_name", lambda: _("Nama"))
        self.name_row = FormRow(lambda: _("Nama"), self.name)
        self.role: Choice[Role] = Choice("staff_role", lambda: _("Peran"), ROLES)
        self.active = Switch("staff_active", lambda: _("Masih bekerja di sini"))
        self.rights = PermissionList()
        self._build()

    def _build(self) -> None:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.GUTTER)
        top = QHBoxLayout()
        top.setSpacing(Space.GUTTER)
        top.addWidget(self.name_row, 3)
        top.addWidget(FormRow(lambda: _("Peran"), self.role), 2)
        column.addLayout(top)
        column.addWidget(self.active)
        column.addWidget(Label(lambda: _("Yang boleh dilakukan sendiri"), "section"))
        column.addWidget(self.rights, 1)
        row = QHBoxLayout()
        row.setSpacing(Space.LARGE)
        row.addWidget(self.table, 4)
        row.addWidget(side, 5)
        self.set_content(row)
        new = Button("staff_new", lambda: _("Karyawan baru"), icon="add", key="Ins")
        press_by_key(new, "Ins")
        new.clicked.connect(self._new)
        pin = Button("staff_pin", lambda: _("Atur PIN"), icon="lock", key="F6")
        press_by_key(pin, "F6")
        pin.clicked.connect(self.ask_pin)
        save = Button("staff_save", lambda: _("Simpan"), kind="primary", icon="save", key="F9")
        press_by_key(save, "F9")
        save.clicked.connect(self._save)
        for button in (new, pin, save):
            self.add_action(button, left=button is new)
        self.table.current_changed.connect(lambda _row: self._show())
        self.role.currentIndexChanged.connect(lambda _at: self._role_changed())
        self.name.returnPressed.connect(self._save)

    def begin(self) -> None:
        """Read the people; the first is chosen."""
        self._read(None)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self, chosen: bytes | None) -> None:
        people = everybody(self.desk.counter.db, active_only=False)
        self.model.set_rows(people)
        at = [number for number, who in enumerate(people) if who.id == chosen]
        self.table.go_to(at[0] if at else 0)
        self._show()

    def _show(self) -> None:
        row = self.table.current_row()
        if not 0 <= row < self.model.count():
            return
        who = self._who = self.model.row(row)
        self.name_row.clear_error()
        self.name.setText(who.name)
        self.role.set_value(cast("Role", who.role))
        self.active.setChecked(who.active)
        self.rights.show_rights(who.role, who.permissions)

    def _role_changed(self) -> None:
        """Another role begins with what that role may; what was changed for the person stays."""
        if self._who is not None:
            self.rights.show_rights(self.role.value(), self._who.permissions)

    def _new(self) -> None:
        NewPersonPanel(self.desk, self._window, self._added).ask()

    def _added(self, staff_id: bytes) -> None:
        self._read(staff_id)
        self.ask_pin()

    def ask_pin(self) -> None:
        """Have a new PIN typed twice."""
        who = self._who
        if who is None:
            return
        panel = PinPanel(
            "staff_pin_panel",
            lambda: _("PIN {name}").format(name=who.name),
            lambda: _("Ketik PIN baru, 4 sampai 6 angka."),
            self._window,
        )
        first: list[str] = []

        def entered(pin: str) -> None:
            if not first:
                first.append(pin)
                panel.pad.clear()
                panel.title.say(lambda: _("Ketik sekali lagi"))
            elif first.pop() != pin:
                panel.title.say(lambda: _("PIN {name}").format(name=who.name))
                panel.refuse(lambda: _("Keduanya tidak sama. Mulai lagi."))
            elif self.desk.run(lambda: set_pin(self.desk.counter, who.id, pin)):
                panel.close_panel()
                self.desk.say(_("PIN {name} tersimpan.").format(name=who.name), "ok")
                self._read(who.id)
            else:
                panel.close_panel()

        panel.entered.connect(entered)
        panel.closed.connect(panel.deleteLater)
        panel.ask()

    def _save(self) -> None:
        who = self._who
        if who is None:
            return
        rights = self.rights.rights()
        if rights is None:
            self.desk.say(_("Tulis batasnya sebagai angka."), "warn")
            return
        counter = self.desk.counter

        def done(_result: object) -> None:
            self.desk.say(_("{name} tersimpan.").format(name=self.name.text().strip()), "ok")
            self._read(who.id)

        self.desk.run(
            lambda: change_staff(
                counter,
                who.id,
                name=self.name.text(),
                role=self.role.value(),
                active=self.active.isChecked(),
                permissions=rights,
            ),
            done,
        )

    def chosen(self) -> Person | None:
        """The person that is shown, as stored now."""
        return person(self.desk.counter.db, self._who.id) if self._who else None


def _state(who: Person) -> str:
    if not who.active:
        return _("tidak aktif")
    return _("ada") if who.has_pin else _("belum ada")


def _tone(who: Person) -> str:
    return "none" if who.has_pin and who.active else "warn"
