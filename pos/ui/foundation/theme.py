"""Putting a look in force: Fusion, palette, one stylesheet, the fonts of type roles."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from pos.ui.foundation.fonts import put_font, role_font
from pos.ui.foundation.look import Look, looks
from pos.ui.foundation.stylesheet import stylesheet
from pos.ui.foundation.tokens import DARK, LIGHT, TYPES, Colours, ScaleName, ThemeName

_follower: list[_Follower] = []


def apply(app: QApplication, theme: ThemeName = "system", scale: ScaleName = "normal") -> None:
    """Give the whole program a look, at start and whenever the setting changes.

    "system" follows the desktop's light or dark, also when that changes while running.
    """
    if not _follower:
        _follower.append(_Follower(app))
    _follower[0].choose(theme, scale)


class _Follower(QObject):
    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._chosen: tuple[ThemeName, ScaleName] = ("system", "normal")
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    def choose(self, theme: ThemeName, scale: ScaleName) -> None:
        self._chosen = (theme, scale)
        self._put(dark=self._is_dark(theme), scale=scale)

    def _system_changed(self) -> None:
        theme, scale = self._chosen
        if theme == "system":
            self._put(dark=self._is_dark(theme), scale=scale)

    def _is_dark(self, theme: ThemeName) -> bool:
        if theme == "system":
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return theme == "dark"

    def _put(self, *, dark: bool, scale: ScaleName) -> None:
        holder = looks()
        holder.now = Look(DARK if dark else LIGHT, scale, dark, holder.now.touch)
        self._app.setPalette(make_palette(holder.now.colours))
        self._app.setFont(role_font("body"))
        self._app.setStyleSheet(stylesheet(holder.now))
        for widget in self._app.allWidgets():
            role = widget.property("type")
            if role in TYPES:
                put_font(widget, role_font(role))
        holder.changed.emit()


def make_palette(colours: Colours) -> QPalette:
    """The palette of a theme's colours; what is disabled is paler."""
    role = QPalette.ColorRole
    palette = QPalette()
    for where, value in (
        (role.Window, colours.ground),
        (role.WindowText, colours.ink),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.ground),
        (role.Text, colours.ink),
        (role.Button, colours.surface),
        (role.ButtonText, colours.ink),
        (role.BrightText, colours.bad),
        (role.Highlight, colours.primary),
        (role.HighlightedText, colours.on_primary),
        (role.Accent, colours.primary),
        (role.PlaceholderText, colours.ink3),
        (role.Link, colours.primary),
        (role.Mid, colours.line),
        (role.ToolTipBase, colours.ink),
        (role.ToolTipText, colours.surface),
    ):
        palette.setColor(where, QColor(value))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours.disabled))
    return palette
