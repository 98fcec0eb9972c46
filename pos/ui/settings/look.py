"""How this counter looks: language of the shop; theme, size and touch of this counter alone."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from pos.shop.founding import change_settings
from pos.shop.preferences import Preferences, Scale, Theme, load_preferences, save_preferences
from pos.ui.foundation import theme as themes
from pos.ui.foundation.look import looks
from pos.ui.i18n import Language, Text, _, language, set_language
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.choice import Choice, Switch
from pos.ui.widgets.page import Form, FormRow

_LANGUAGES: tuple[tuple[Language, Text], ...] = (("id", "Bahasa Indonesia"), ("en", "English"))
_THEMES: tuple[tuple[Theme, Text], ...] = (
    ("system", lambda: _("Ikut sistem")),
    ("light", lambda: _("Terang")),
    ("dark", lambda: _("Gelap")),
)
_SCALES: tuple[tuple[Scale, Text], ...] = (
    ("small", lambda: _("Kecil")),
    ("normal", lambda: _("Biasa")),
    ("large", lambda: _("Besar")),
)


class LookChoices:
    """Choices that take effect at once."""

    def __init__(self, desk: Desk) -> None:
        """For a counter."""
        self.desk = desk
        self.language: Choice[Language] = Choice("set_language", lambda: _("Bahasa"), _LANGUAGES)
        self.theme: Choice[Theme] = Choice("set_theme", lambda: _("Tema"), _THEMES)
        self.scale: Choice[Scale] = Choice("set_scale", lambda: _("Ukuran huruf"), _SCALES)
        self.touch = Switch("set_touch", lambda: _("Layar sentuh"))
        self.language.activated.connect(lambda _at: self._speak())
        self.theme.activated.connect(lambda _at: self._look())
        self.scale.activated.connect(lambda _at: self._look())
        self.touch.clicked.connect(self._look)

    def add_to(self, form: Form) -> None:
        """Put the choices into a form."""
        form.section(lambda: _("Layar"))
        form.add(FormRow(lambda: _("Bahasa"), self.language))
        form.add(
            FormRow(lambda: _("Tema"), self.theme, hint=lambda: _("Hanya di komputer kasir ini."))
        )
        form.add(FormRow(lambda: _("Ukuran huruf"), self.scale))
        form.add(self.touch)
        form.add(
            Label(
                lambda: _("Baris lebih tinggi, daftar digeser jari, tombol kurang dan tambah."),
                "hint",
                wrap=True,
            )
        )

    def show_choices(self) -> None:
        """Show what is in force."""
        chosen = load_preferences(self.desk.counter.db)
        self.language.set_value(language())
        self.theme.set_value(chosen.theme)
        self.scale.set_value(chosen.scale)
        self.touch.setChecked(chosen.touch)

    def _speak(self) -> None:
        wanted, counter = self.language.value(), self.desk.counter
        if self.desk.run(lambda: change_settings(counter, language=wanted)):
            set_language(wanted)
        else:
            self.language.set_value(language())

    def _look(self) -> None:
        db = self.desk.counter.db
        chosen = replace(
            load_preferences(db),
            theme=self.theme.value(),
            scale=self.scale.value(),
            touch=self.touch.isChecked(),
        )
        if self.desk.run(lambda: save_preferences(db, chosen)):
            put_look(chosen)
        else:
            self.show_choices()


def put_look(chosen: Preferences) -> None:
    """Let the whole program look as chosen."""
    app = QApplication.instance()
    looks().set_touch(chosen.touch)
    themes.apply(cast("QApplication", app), chosen.theme, chosen.scale)
