"""Keys of buttons that act at once, only while nothing lies over the page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from pos.ui.keys.keymap import shortcut
from pos.ui.keys.scan_filter import OVERLAYS
from pos.ui.widgets.button import Button
from pos.ui.widgets.overlay import Overlay


def press_by_key(button: Button, key: str = "") -> None:
    """Let a key (its own hint where none is given) and its twin click a button.

    `QAbstractButton.setShortcut` would not do: its click comes 100 ms late, and the next
    `setText`, as at a change of language, takes the shortcut away. The shortcut lives in the
    button, so that it sleeps while the button is hidden.
    """

    def pressed() -> None:
        covered = int(button.window().property(OVERLAYS) or 0)
        if not covered or _over_page(button):
            button.click()

    shortcut(key or button.key_hint(), button, pressed)


def _over_page(widget: QWidget) -> bool:
    above: QWidget | None = widget
    while above is not None and not isinstance(above, Overlay):
        above = above.parentWidget()
    return above is not None
