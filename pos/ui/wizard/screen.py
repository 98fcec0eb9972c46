"""The first start: language, shop and owner, goods, printer; two minutes to the first sale."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from core.errors import Refused
from pos.counter import Counter
from pos.failures import as_refusal
from pos.messages import sentence
from pos.shop.founding import found_shop
from pos.shop.sample import add_sample_goods
from pos.ui.foundation.karawo import rule
from pos.ui.foundation.tokens import Height, Size, Space
from pos.ui.i18n import Language, _, language, set_language
from pos.ui.shell.centred import centred
from pos.ui.shell.help import help_sheet
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, chip, icon_button
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.page import Form, FormRow, Page
from pos.ui.widgets.press import press_by_key
from pos.ui.wizard.printer import PrinterStep


class WizardPage(Page):
    """Founds a shop in a folder, then offers a printer; `founded` carries the open counter.

    The shop exists from the first step's end on: whoever closes the window at the second one
    finds it at the next start, and sets the printer up later.
    """

    founded = Signal(object)

    def __init__(self, folder: Path, printer: PrinterStep | None = None) -> None:
        """For an empty data folder; `printer` is the second step."""
        super().__init__("wizard", lambda: _("Selamat datang di Huyula"), has_back=False)
        self._folder = folder
        self._counter: Counter | None = None
        self.printer = printer or PrinterStep()
        self.shop = TextEdit("shop_name", lambda: _("Nama toko"))
        self.owner = TextEdit("owner_name", lambda: _("Nama pemilik"))
        self.pin = TextEdit("owner_pin", lambda: _("PIN pemilik"))
        self.pin.setEchoMode(TextEdit.EchoMode.Password)
        self.pin.setMaxLength(6)
        self.sample = chip(
            "goods_sample", lambda: _("Barang contoh"), checkable=True, height=Height.BUTTON
        )
        self.later = chip(
            "goods_later", lambda: _("Mulai kosong"), checkable=True, height=Height.BUTTON
        )
        self.later.setChecked(True)
        self.goods = chip(
            "goods_import", lambda: _("Impor dari berkas"), checkable=True, height=Height.BUTTON
        )
        for choice in (self.goods, self.sample, self.later):
            choice.clicked.connect(self._chooser_of_goods(choice))
        self.error = Label("", "body", wrap=True, tone="bad")
        self.rows = [
            FormRow(lambda: _("Nama toko"), self.shop),
            FormRow(lambda: _("Nama pemilik"), self.owner),
            FormRow(
                lambda: _("PIN pemilik"),
                self.pin,
                hint=lambda: _("4 sampai 6 angka. Kosongkan bila belum perlu."),
            ),
        ]
        self._build()

    def _build(self) -> None:
        self._chips = self._languages()
        for button in self._chips:
            self.add_head(button)
        form = Form("wizard_form")
        form.add(rule(Size.FORM))
        form.add(Label(lambda: _("Tiga hal saja, lalu printer bila ada."), "body", wrap=True))
        for row in self.rows:
            form.add(row)
        form.section(lambda: _("Barang"))
        form.add(_row([self.goods, self.sample, self.later]))
        form.add(
            Label(
                lambda: _(
                    "Daftar barang dari Excel, LibreOffice, atau CSV dapat diimpor kapan saja: "
                    "sekarang, atau nanti lewat Lainnya (F10)."
                ),
                "hint",
                wrap=True,
            )
        )
        form.add(self.error)
        self.error.hide()
        self.steps = QStackedWidget()
        for step in (form, self.printer):
            self.steps.addWidget(centred(step, Size.FORM + Size.SCROLLBAR + Space.SMALL))
        self.set_content(self.steps)
        self.next = Button(
            "found",
            lambda: _("Lanjut"),
            kind="primary",
            icon="check",
            key="Enter",
            height=Height.PAY,
        )
        self.next.clicked.connect(self._found)
        self.add_action(self.next)
        for button in self.printer.foot():
            self.add_action(button, left=button is self.printer.skip)
            button.hide()
        self.printer.ended.connect(self._hand_over)
        fields = (self.shop, self.owner, self.pin)
        for before, after in pairwise(fields):
            before.returnPressed.connect(after.setFocus)
        self.pin.returnPressed.connect(self._found)
        self.help = icon_button("wizard_help", "help", lambda: _("Bantuan"), key="F1")
        press_by_key(self.help)
        self.help.clicked.connect(lambda: help_sheet("wizard", self).open())
        self.add_head(self.help)

    def _languages(self) -> list[QWidget]:
        made: list[QWidget] = []
        choices: tuple[tuple[Language, str], ...] = (("id", "Bahasa Indonesia"), ("en", "English"))
        for code, name in choices:
            button = chip(f"language_{code}", name, checkable=True, height=Height.BUTTON)
            button.setChecked(language() == code)
            button.clicked.connect(self._chooser(code, made))
            made.append(button)
        return made

    def _chooser(self, code: Language, buttons: list[QWidget]) -> Callable[[], None]:
        def choose() -> None:
            set_language(code)
            for button in buttons:
                if isinstance(button, Button):
                    button.setChecked(button.objectName() == f"language_{code}")

        return choose

    def _chooser_of_goods(self, chosen: Button) -> Callable[[], None]:
        def choose() -> None:
            for choice in (self.goods, self.sample, self.later):
                choice.setChecked(choice is chosen)

        return choose

    def begin(self) -> None:
        """Ready to type."""
        self.shop.setFocus()

    def _found(self) -> None:
        for row in self.rows:
            row.clear_error()
        for field, row in zip((self.shop, self.owner), self.rows, strict=False):
            if not field.text().strip():
                row.show_error(lambda: _("Ini perlu diisi."))
                field.setFocus()
                return
        try:
            self._counter = self._make()
        except Exception as error:
            refusal: Refused = as_refusal(error)
            self.error.say(sentence(refusal, language()))
            self.error.show()
            return
        self._ask_printer(self._counter)

    def _ask_printer(self, counter: Counter) -> None:
        self.title.say(lambda: _("Printer struk"))
        for widget in (*self._chips, self.next):
            widget.hide()
        for button in self.printer.foot():
            button.show()
        self.steps.setCurrentIndex(1)
        self.printer.begin(counter)

    def _hand_over(self) -> None:
        counter, self._counter = self._counter, None
        self.founded.emit(counter)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closed at the printer: the shop is there and is given free for the next start."""
        self.printer.stop()
        if self._counter is not None:
            self._counter.close()
            self._counter = None
        super().closeEvent(event)

    def _make(self) -> Counter:
        counter = found_shop(
            self._folder,
            self.shop.text(),
            self.owner.text(),
            pin=self.pin.text(),
            settings={"language": language()},
        )
        if self.sample.isChecked():
            add_sample_goods(counter)
        return counter


def _row(widgets: list[QWidget]) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.GUTTER)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return made
