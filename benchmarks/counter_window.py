"""A counter as a process of its own: the whole program, told what to do by lines of JSON.

`{"price": n}` changes the price of the shop's first product by the counter's own command. What the
list of goods in the window shows as that product's price is written down whenever it has changed:
`{"shows": n, "at_ns": t}` by the machine's monotonic clock, `{"wrote": n, "at_ns": t}` when a
command begins. Whenever the bell for orders is heard, `{"rings": n, "at_ns": t}`: so many orders
want an answer.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import cast

import msgspec
from PySide6.QtCore import QSocketNotifier

from pos.app import Program, application
from pos.catalog.products import change_product, product_record
from pos.orders.reading import to_answer
from pos.staff.people import everybody
from pos.ui.catalog.goods import GoodsPage
from pos.ui.shell.window import MainWindow


class CounterWindow:
    """The window with its list of goods open, and whoever asks through the standard input."""

    def __init__(self, folder: Path) -> None:
        """Open the shop; its first person is in."""
        self.app = application("light")
        self._program = Program(self.app, folder)
        self._program.open()
        window = self._program.window
        assert isinstance(window, MainWindow)
        self._desk = window.desk
        self._desk.counter.staff_id = everybody(self._desk.counter.db)[0].id
        window.ways.goods()
        self._sound, self._desk.sound = self._desk.sound, self._hear  # type: ignore[method-assign]
        self._page = cast("GoodsPage", window.pages.currentWidget())
        self._shown = 0
        # After the page's own reading: slots are called in the order in which they came.
        self._desk.changed.connect(lambda _kinds: self._look())
        self._asked = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._asked.activated.connect(self._obey)

    def run(self) -> None:
        """Until the standard input ends."""
        self._look()
        self.app.exec()
        self._program.close()

    def _obey(self) -> None:
        line = sys.stdin.buffer.readline()
        if not line:
            self.app.quit()
            return
        price = int(msgspec.json.decode(line)["price"])
        counter = self._desk.counter
        _say(wrote=price)
        first = self._page.model.row(0).id
        record = msgspec.structs.replace(product_record(counter.db, first), price=price)
        assert self._desk.run(lambda: change_product(counter, record)), "the price was not taken"

    def _hear(self, name: str) -> None:
        if name == "order":
            _say(rings=to_answer(self._desk.counter.db))
        self._sound(name)

    def _look(self) -> None:
        if not self._page.model.count():
            return
        text = self._page.model.row(0).price
        price = int("".join(letter for letter in text if letter.isdigit()))
        if price != self._shown:
            self._shown = price
            _say(shows=price)


def _say(**what: int) -> None:
    print(msgspec.json.encode({**what, "at_ns": time.monotonic_ns()}).decode(), flush=True)


if __name__ == "__main__":
    CounterWindow(Path(sys.argv[1])).run()
