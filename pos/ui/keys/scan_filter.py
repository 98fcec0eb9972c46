"""The one key catcher: takes scans out of the keyboard whatever has the focus.

An event filter on the application. A key of a code reaches a text field at once and is taken
back when the fourth fast one shows that a scanner types; anywhere else it waits `max_gap_ms`.
Whatever is part of a scan, its end key included, presses no button, fires no shortcut and
stays in no field; nor does a control character inside a code (scanners type RS as Ctrl+6). A key
that comes after it finds the scan dealt with: F9 behind a scan pays for the scanned article too,
however busy the window was. So on a watched window bare characters are never QShortcuts: screens
get them through `act`, or in `keyPressEvent`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from pos.ui.keys.burst import GS, NORMAL, Burst, Limits
from pos.ui.keys.text_place import Restore, snapshot

OVERLAYS = "overlays"
"""Property of a window: how many in-window overlays are open; scans are refused meanwhile."""

_ENDS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}
_CONTROL_ENDS = {Qt.Key.Key_J, Qt.Key.Key_M}
_MODIFIERS = {
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock,
}  # fmt: skip
_KEY_EVENTS = {QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride}
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_META = Qt.KeyboardModifier.MetaModifier

Act = Callable[[str], bool]
Clock = Callable[[], int]


def monotonic_ms() -> int:
    """Milliseconds for key events that carry no time of their own."""
    return time.monotonic_ns() // 1_000_000


@dataclass(slots=True)
class _Watched:
    window: QWidget
    home: QLineEdit | None
    act: Act | None


@dataclass(slots=True)
class _Run:
    """The keys that may become a scan, and how to undo what they did."""

    target: QWidget
    watched: _Watched
    restore: Restore | None
    taken: bool
    keys: list[QKeyEvent] = field(default_factory=list)
    acted: set[int] = field(default_factory=set)


class ScanFilter(QObject):
    """Emits `scanned` with each scan's text, in order, none dropped.

    While a modal dialog or an overlay is open the scan goes to `refused` instead; the screen
    says so with a sound and a sentence, or keeps it for later.
    """

    scanned = Signal(str)
    refused = Signal(str)
    _recognised = Signal()

    def __init__(
        self, app: QApplication, limits: Limits = NORMAL, clock: Clock = monotonic_ms
    ) -> None:
        """Listen on the application; nothing is caught before a window is watched."""
        super().__init__(app)
        self._burst = Burst(limits)
        self._clock = clock
        self._windows: list[_Watched] = []
        self._run: _Run | None = None
        self._replaying = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._quiet)
        self._drained = False
        self._waiting: list[tuple[str, bool]] = []
        self._last_char: int | None = None
        self._recognised.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        app.installEventFilter(self)

    def watch(self, window: QWidget, home: QLineEdit | None = None, act: Act | None = None) -> None:
        """Catch scans while `window` is the active one.

        A character typed where there is no text field is offered to `act` (which says whether
        it was a command), then goes to `home`, the scan field.
        """
        self.forget(window)
        self._windows.append(_Watched(window, home, act))

    def forget(self, window: QWidget) -> None:
        """Stop catching on a window, and on windows that no longer exist."""
        self._windows = [
            one
            for one in self._windows
            if shiboken6.isValid(one.window) and one.window is not window
        ]

    def set_limits(self, limits: Limits) -> None:
        """Expect a slower or faster scanner from now on."""
        self._give_back()
        self._burst = Burst(limits)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's door; answers whether the event is kept from everyone else."""
        if self._replaying or event.type() not in _KEY_EVENTS:
            return False
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        # Qt shows a key again for each parent it travels to, and once for the native window.
        if watched is not (QApplication.focusWidget() or watched.window()):
            return False
        place = self._place(watched)
        if place is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._override(event)
        if event.type() == QEvent.Type.KeyRelease:
            return self._release(event)
        return self._press(event, watched, place)

    def _place(self, widget: QWidget) -> _Watched | None:
        window: QWidget | None = widget.window()
        while window is not None:
            for one in self._windows:
                if one.window is window and shiboken6.isValid(one.window):
                    return one
            above = window.parentWidget()
            window = above.window() if above else None
        return None

    def _time(self, event: QKeyEvent) -> int:
        return int(event.timestamp()) or self._clock()

    def _override(self, event: QKeyEvent) -> bool:
        at = self._time(event)
        self._catch_up(at, event)
        in_scan = self._burst.follows(at) or self._burst.after_scan(at)
        char = _character(event)
        if (char and char != GS) or (in_scan and (char == GS or _is_end(event))):
            event.accept()
            return True
        if self._inside_code(event, at):
            event.accept()
            return True
        if not char and not _is_end(event) and event.key() not in _MODIFIERS:
            self._burst.commanded()
        return False

    def _inside_code(self, event: QKeyEvent, at: int) -> bool:
        """Whether this is Ctrl with a key right after a character: no hand is so fast."""
        held = event.modifiers()
        if event.isAutoRepeat() or self._last_char is None or event.key() in _MODIFIERS:
            return False
        control = bool(held & _CTRL) and not held & _ALT
        return control and 0 <= at - self._last_char <= self._burst.limits.max_gap_ms

    def _catch_up(self, at: int, event: QKeyEvent) -> None:
        """Deal with what was scanned before a key at `at`; Qt shows each key here first.

        Only a busy window has something left: the keys of a scan wait in its queue with the key
        that a person presses next, and the timer of silence has not run.
        """
        if self._burst.was_silent(at, end_key=_is_end(event)):
            self._quiet_over()
        self._deliver()

    def _press(self, event: QKeyEvent, target: QWidget, place: _Watched) -> bool:
        if event.key() in _MODIFIERS:
            return False
        # X11 calls a digit that a scanner sends twice within a millisecond a repeat. A key that is
        # really held repeats only after a fifth of a second and more: never within a burst.
        if event.isAutoRepeat() and not self._burst.follows(self._time(event)):
            self._give_back()
            return False
        if _is_end(event):
            return self._end(event)
        char = _character(event)
        if char:
            return self._take(char, event, target, place)
        self._give_back()
        if self._inside_code(event, self._time(event)):
            self._last_char = self._time(event)
            return True
        return False

    def _take(self, char: str, event: QKeyEvent, target: QWidget, place: _Watched) -> bool:
        at = self._last_char = self._time(event)
        if not self._burst.follows(at):
            self._give_back()
        verdict = self._burst.feed(char, at)
        if verdict in ("first", "other") or self._run is None:
            self._give_back(keep_burst=True)
            restore = snapshot(target)
            self._run = _Run(target, place, restore, taken=restore is None)
        run = self._run
        run.keys.append(_copy(event))
        if verdict == "other":
            return self._give_back() if run.taken else self._let_pass()
        if verdict == "burst" and not run.taken and run.restore is not None:
            run.restore()
            run.taken = True
        if run.taken:
            self._wait()
        return run.taken

    def _let_pass(self) -> bool:
        self._run = None
        return False

    def _release(self, event: QKeyEvent) -> bool:
        run = self._run
        if run is None or not run.taken or all(one.key() != event.key() for one in run.keys):
            return False
        run.keys.append(_copy(event))
        return True

    def _end(self, event: QKeyEvent) -> bool:
        at = self._time(event)
        if not self._burst.running:
            return self._burst.after_scan(at)
        # A code that silence would already have ended is a scan still, its late end key too.
        scan = self._burst.end(at)
        if scan is None:
            return self._end_typing(event)
        self._finish(scan)
        return True

    def _end_typing(self, event: QKeyEvent) -> bool:
        run = self._run
        if run is None or not run.taken:
            self._run = None
            return False
        run.keys.append(_copy(event))
        return self._give_back()

    def _wait(self) -> None:
        limits = self._burst.limits
        self._drained = False
        self._timer.start(limits.silence_ms if self._burst.is_burst else limits.max_gap_ms + 1)

    def _quiet(self) -> None:
        """The timer ran out; keys that wait in the queue of a busy window come first."""
        if not self._drained:
            self._drained = True
            self._timer.start(0)
            return
        self._quiet_over()

    def _quiet_over(self) -> None:
        self._last_char = None
        scan = self._burst.silent()
        if scan is None:
            self._give_back()
        else:
            self._finish(scan)

    def _finish(self, scan: str) -> None:
        self._timer.stop()
        self._last_char = None
        run, self._run = self._run, None
        self._waiting.append((scan, run is not None and _blocked(run)))
        self._recognised.emit()

    def _deliver(self) -> None:
        while self._waiting:
            scan, blocked = self._waiting.pop(0)
            (self.refused if blocked else self.scanned).emit(scan)

    def _give_back(self, *, keep_burst: bool = False) -> bool:
        """It was typing: hand on the keys that were held. Always True: the key was dealt with."""
        self._timer.stop()
        if not keep_burst:
            self._burst.forget()
        run, self._run = self._run, None
        if run is not None and run.taken:
            self._replaying = True
            try:
                for key in run.keys:
                    self._type(key, run)
            finally:
                self._replaying = False
        return True

    def _type(self, key: QKeyEvent, run: _Run) -> None:
        target = run.target
        if run.restore is None and not _blocked(run):
            if _was_command(key, run):
                return
            home = run.watched.home
            if home is not None and home.isVisible() and home.isEnabled():
                home.setFocus(Qt.FocusReason.OtherFocusReason)
                target = home
        if shiboken6.isValid(target):
            QCoreApplication.sendEvent(target, key)


def _was_command(key: QKeyEvent, run: _Run) -> bool:
    """Offer a key to the screen; the release of a key that was a command belongs to it."""
    act, char = run.watched.act, _character(key)
    if key.type() == QEvent.Type.KeyPress and act and char and act(char):
        run.acted.add(key.key())
        return True
    return key.key() in run.acted


def _blocked(run: _Run) -> bool:
    """Whether a dialog or an overlay is open above the watched window."""
    modal = QApplication.activeModalWidget()
    window = run.watched.window
    other = shiboken6.isValid(run.target) and run.target.window() is not window
    return other or bool(window.property(OVERLAYS)) or (modal is not None and modal is not window)


def _is_end(event: QKeyEvent) -> bool:
    if event.modifiers() & _CTRL:
        return event.key() in _CONTROL_ENDS
    return event.key() in _ENDS


def _character(event: QKeyEvent) -> str:
    """The printable character of a key, GS for Ctrl+], or nothing."""
    held = event.modifiers()
    if held & _CTRL and not held & _ALT:
        return GS if event.key() == Qt.Key.Key_BracketRight else ""
    if held & _META or (held & _ALT and not held & _CTRL):
        return ""
    text = event.text()
    return text if len(text) == 1 and text.isprintable() else ""


def _copy(event: QKeyEvent) -> QKeyEvent:
    return QKeyEvent(event.type(), event.key(), event.modifiers(), event.text())
