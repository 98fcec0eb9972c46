"""Look and keys with which every test of a window begins, and the end of what it left."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from pos.ui.foundation import theme
from pos.ui.foundation.look import look, looks
from pos.ui.i18n import set_language
from pos.ui.keys.keymap import keymap
from pos.ui.keys.scan_filter import ScanFilter


def daylight(app: QApplication) -> None:
    """Light theme, normal size, no touch, standard keys, Bahasa Indonesia.

    A look in force already is not put on again.
    Putting a look on goes through every widget of the process, so it costs seconds where many
    tests have left theirs.
    """
    now = look()
    if now.dark or now.scale != "normal" or not app.styleSheet():
        theme.apply(app, "light")
    looks().set_touch(False)
    keymap().put({})
    set_language("id")


def clear_windows(app: QApplication) -> None:
    """Delete the windows that a test has left open or only hidden, and who listened to their keys.

    A key catcher that is left sees every event of every later test: a hundred of them make a test
    of a window twenty times as long.
    """
    for catcher in app.findChildren(ScanFilter):
        app.removeEventFilter(catcher)
        catcher.deleteLater()
    for widget in app.topLevelWidgets():
        widget.hide()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
