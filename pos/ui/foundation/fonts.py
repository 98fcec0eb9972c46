"""Plus Jakarta Sans from its package, its weights, and digits of one width.

The package holds one variable font. Qt picks a weight of such a font only through its `wght`
axis: asked by `setWeight` it draws the regular cut, thickened, and closes the dots of the i.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QWidget

from pos.ui.foundation.look import look
from pos.ui.foundation.tokens import SMALLEST_TYPE, TYPES, Type, TypeRole

_PACKAGE = "fontpkg_plus_jakarta_sans"
_FILE = "files/PlusJakartaSans[wght].ttf"
_WEIGHT = QFont.Tag("wght")
_TABULAR = QFont.Tag("tnum")
_KEPT_BY_QT = "_q_styleSheetWidgetFont"


def font_file() -> Path | None:
    """The variable font of the installed package, or None where it is missing."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        return None
    file = Path(found.origin).parent / _FILE
    return file if file.is_file() else None


@lru_cache(maxsize=1)
def load() -> str | None:
    """Register the font once; its family, or None where the system's own must serve."""
    file = font_file()
    number = QFontDatabase.addApplicationFont(str(file)) if file else -1
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families[0] if families else None


def _font(size: int, weight: int) -> QFont:
    family = load()
    if family is None:
        font = QFont(QGuiApplication.font().family())
        font.setWeight(QFont.Weight(weight))
    else:
        font = QFont(family)
        font.setVariableAxis(_WEIGHT, weight)
        font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    font.setPixelSize(max(size, 1))
    return font


def text_font(size: int, weight: int = 500) -> QFont:
    """A font for words, `size` in units as drawn (the size setting already applied)."""
    return _font(size, weight)


def number_font(size: int, weight: int = 500) -> QFont:
    """The same for numbers: every digit as wide as the next, so that columns stand still."""
    font = _font(size, weight)
    font.setFeature(_TABULAR, 1)
    return font


def make_font(kind: Type, size: int | None = None) -> QFont:
    """A type token's font at the size setting in force, `size` units in place of its own."""
    units = max(look().units(size or kind.size), SMALLEST_TYPE)
    return number_font(units, kind.weight) if kind.tabular else text_font(units, kind.weight)


def role_font(role: TypeRole) -> QFont:
    """The font of a type role at the size setting in force."""
    return make_font(TYPES[role])


def set_type(widget: QWidget, role: TypeRole) -> None:
    """Give a widget a type role: its font now and after each change of size, its colour.

    A stylesheet can say neither the axis nor the digits, so the font is set on the widget.
    """
    widget.setProperty("type", role)
    put_font(widget, role_font(role))
    restyle(widget)


def put_font(widget: QWidget, font: QFont) -> None:
    """Give a widget a font that stays.

    Under a stylesheet Qt keeps the font that a widget had when it was first polished and gives
    it back whenever it is polished again (shown in another window, a property changed). So the
    kept one is replaced too.
    """
    widget.setFont(font)
    widget.setProperty(_KEPT_BY_QT, font)


def restyle(widget: QWidget) -> None:
    """Let the stylesheet see a property that was changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def set_tone(widget: QWidget, tone: str) -> None:
    """Give a widget a tone (none, ok, warn, bad, info); the stylesheet colours it."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        restyle(widget)
