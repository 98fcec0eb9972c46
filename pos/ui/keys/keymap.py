"""The keys in force in the window, and shortcuts that follow them and have their twins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from pos.shop.keys import STANDARD, in_force, original, twin

_NAMED = re.compile(
    r"(?<![\w+])(?:" + "|".join(sorted(map(re.escape, STANDARD.values()), key=len, reverse=True))
    + r")(?![\w+])"
)  # fmt: skip
_ACT_OF = {key: act for act, key in STANDARD.items()}


class Keymap(QObject):
    """Which key does which act now; `changed` after every choice."""

    changed = Signal()

    def __init__(self) -> None:
        """The standard keys."""
        super().__init__()
        self.now: dict[str, str] = dict(STANDARD)

    def put(self, chosen: Mapping[str, str]) -> None:
        """Let these choices be in force over the standard."""
        wanted = in_force(chosen)
        if wanted != self.now:
            self.now = wanted
            self.changed.emit()


_maps: list[Keymap] = []


def keymap() -> Keymap:
    """The one keymap of the program."""
    if not _maps:
        _maps.append(Keymap())
    return _maps[0]


def key_of(act: str) -> str:
    """The key of an act now."""
    return keymap().now[act]


def told_keys(text: str) -> str:
    """A sentence that names standard keys, with the keys in force in their places."""
    return _NAMED.sub(lambda found: key_of(_ACT_OF[found.group()]), text)


def with_twin(key: str) -> list[QKeySequence]:
    """A key and the Ctrl+digit that does the same."""
    other = twin(key)
    return [QKeySequence(one) for one in (key, other) if one]


def key_named(event: QKeyEvent) -> str:
    """What a pressed key is called: "F9", "Ctrl+E"; a Ctrl+digit is called by its F-key."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return original(QKeySequence(event.key() | held.value).toString())


def shortcut(
    key: str, owner: QWidget, act: Callable[[], object], *, window: bool = True
) -> QShortcut:
    """Let a key and its twin do something once a press, in the whole window or in `owner` alone."""
    made = QShortcut(owner)
    made.setKeys(with_twin(key))
    if not window:
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.setAutoRepeat(False)
    made.activated.connect(act)
    return made


class ActShortcut(QObject):
    """A shortcut of an act: it changes when the act's key does. It lives in its owner."""

    def __init__(self, act: str, owner: QWidget, do: Callable[[], object]) -> None:
        """Heard in `owner` and what is in it, not in panels that lie over it."""
        super().__init__(owner)
        self._act = act
        self._shortcut = shortcut(key_of(act), owner, do, window=False)
        keymap().changed.connect(self._changed)

    def _changed(self) -> None:
        if shiboken6.isValid(self):
            self._shortcut.setKeys(with_twin(key_of(self._act)))
