"""The settings page: the shop at the left, QRIS, money, day and screen at the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from pos.shop.founding import change_settings
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import _
from pos.ui.settings.look import LookChoices
from pos.ui.settings.pieces import LogoPiece, QrisPiece
from pos.ui.settings.shop import ShopFields
from pos.ui.shell.desk import Desk
from pos.ui.widgets.button import Button
from pos.ui.widgets.page import Form, Page
from pos.ui.widgets.press import press_by_key


class SettingsPage(Page):
    """Fields of the shop are kept by "Simpan"; what concerns the screen acts at once."""

    keys_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        """Build it; `begin` reads what is in force."""
        super().__init__("settings", lambda: _("Pengaturan"))
        self.desk = desk
        self.fields = ShopFields()
        self.logo = LogoPiece(desk)
        self.qris = QrisPiece(desk)
        self.look = LookChoices(desk)
        left, right = Form("settings_shop"), Form("settings_more")
        self.fields.add_shop(left)
        self.fields.add_footer(left)
        left.add(self.logo)
        self.qris.add_to(left)
        self.look.add_to(right)
        self.fields.add_money(right)
        self.fields.add_day(right)
        row = QHBoxLayout()
        row.setSpacing(Space.WIDE)
        row.addWidget(left, 1)
        row.addWidget(right, 1)
        self.set_content(row)
        keys = Button("settings_keys", lambda: _("Tombol papan ketik"), icon="keyboard", key="F6")
        press_by_key(keys, "F6")
        keys.clicked.connect(self.keys_asked)
        self.add_action(keys, left=True)
        save = Button("settings_save", lambda: _("Simpan"), kind="primary", icon="save", key="F9")
        press_by_key(save, "F9")
        save.clicked.connect(self._save)
        self.add_action(save)

    def begin(self) -> None:
        """Show what is in force."""
        now = self.desk.counter.settings
        self.fields.show_settings(now)
        self.logo.show_logo(now.receipt_logo)
        self.qris.show_code(now.qris_code, with_amount=now.qris_with_amount)
        self.look.show_choices()
        self.fields.name.setFocus()

    def _values(self) -> dict[str, Any]:
        return {
            **self.fields.values(self.desk.counter.settings),
            "receipt_logo": self.logo.png,
            "qris_code": self.qris.value(),
            "qris_with_amount": self.qris.with_amount.isChecked(),
        }

    def _save(self) -> None:
        counter = self.desk.counter

        def done(_result: object) -> None:
            self.desk.say(_("Pengaturan tersimpan."), "ok")
            self.begin()

        self.desk.run(lambda: change_settings(counter, **self._values()), done)
