"""A counter as a process of its own: the whole program, told what to do by lines of JSON.

`{"look": place}` opens one of `counter_places`, `{"do": act, "value": n}` does one of
`counter_acts`. It answers with `{"looks": place, "value": 0}` once that is open and
`{"began": act, "value": n}` when a command begins. What the window shows at the open place is said
whenever it has changed: `{"shows": what, "value": n}`; and whenever the bell for orders is heard,
`{"rings": "orders", "value": n}`: so many orders want an answer. Each has the instant, `at_ns`, by
the machine's monotonic clock.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QMetaObject, QObject, QSocketNotifier

from benchmarks.counter_acts import ACTS
from benchmarks.counter_places import PLACES, Place
from pos.app import Program, application
from pos.orders.reading import to_answer
from pos.staff.people import everybody
from pos.ui.shell.window import MainWindow


class CounterWindow:
    """The window with one place open, and whoever asks through the standard input."""

    def __init__(self, folder: Path) -> None:
        """Open the shop; its first person is in, and looks at the list of goods."""
        self.app = application("light")
        self._program = Program(self.app, folder)
        self._program.open()
        window = self._program.window
        assert isinstance(window, MainWindow)
        self._window, self._desk = window, window.desk
        self._desk.counter.staff_id = everybody(self._desk.counter.db)[0].id
        self._sound, self._desk.sound = self._desk.sound, self._hear  # type: ignore[method-assign]
        self._shown: dict[str, int] = {}
        self._hears: QMetaObject.Connection | None = None
        self._place = self._open("goods")
        self._asked = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._asked.activated.connect(self._obey)

    def run(self) -> None:
        """Until the standard input ends."""
        self._look()
        self.app.exec()
        self._program.close()

    def _open(self, name: str) -> Place:
        if self._hears is not None:
            QObject.disconnect(self._hears)
        place = PLACES[name](self._window)
        # After the place's own reading: slots are called in the order in which they came.
        self._hears = self._desk.changed.connect(lambda _kinds: self._look())
        return place

    def _obey(self) -> None:
        line = sys.stdin.buffer.readline()
        if not line:
            self.app.quit()
            return
        asked: dict[str, Any] = msgspec.json.decode(line)
        if "look" in asked:
            self._place = self._open(asked["look"])
            self._look()
            _say("looks", asked["look"], 0)
            return
        act, value = asked["do"], asked["value"]
        _say("began", act, value)
        assert self._desk.run(lambda: ACTS[act](self._desk.till, value)), f"{act} was refused"

    def _hear(self, name: str) -> None:
        if name == "order":
            _say("rings", "orders", to_answer(self._desk.counter.db))
        self._sound(name)

    def _look(self) -> None:
        for what, value in self._place.read().items():
            if self._shown.get(what) != value:
                self._shown[what] = value
                _say("shows", what, value)


def _say(word: str, what: str, value: int) -> None:
    said = {word: what, "value": value, "at_ns": time.monotonic_ns()}
    print(msgspec.json.encode(said).decode(), flush=True)


if __name__ == "__main__":
    CounterWindow(Path(sys.argv[1])).run()
