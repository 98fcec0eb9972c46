"""The places of a counter's window at which others' changes are looked for, read as numbers."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Final, cast

from pos.ui.catalog.goods import GoodsPage
from pos.ui.customers.screen import CustomersPage
from pos.ui.selling.parked import ParkedPanel
from pos.ui.shell.window import MainWindow


class Place(ABC):
    """A list that is open in the window."""

    @abstractmethod
    def read(self) -> dict[str, int]:
        """What it shows now, by what that is; nothing of a list that is empty."""


class Goods(Place):
    """Price (rupiah) and stock (pieces) of the first goods; the highest number of new ones."""

    def __init__(self, window: MainWindow) -> None:
        """Open the list."""
        window.ways.goods()
        self._page = cast("GoodsPage", window.pages.currentWidget())

    def read(self) -> dict[str, int]:
        """See the class."""
        model = self._page.model
        if not model.count():
            return {}
        rows = [model.row(at) for at in range(model.count())]
        return {
            "price": _digits(rows[0].price),
            "stock": _digits(rows[0].stock),
            "good": _highest("Baru", (row.name for row in rows)),
        }


class People(Place):
    """Of the first customer the number in the name, the debt and what this counter may lend
    (rupiah); the highest number of new ones."""

    def __init__(self, window: MainWindow) -> None:
        """Open the list; the first one is chosen."""
        window.ways.customers()
        self._page = cast("CustomersPage", window.pages.currentWidget())

    def read(self) -> dict[str, int]:
        """See the class."""
        model = self._page.model
        if not model.count():
            return {}
        names = [model.data(model.index(at, 0)) for at in range(model.count())]
        return {
            "customer": _highest("Pelanggan", names),
            "rename": _digits(names[0]),
            "debt": _digits(model.data(model.index(0, 1))),
            "share": self._share(),
        }

    def _share(self) -> int:
        """What the line of it says; without one all that is left of the limit."""
        first, *more = self._page.facts.text().splitlines()
        owed, limit = (_digits(part) for part in first.split(","))
        return next((_digits(line) for line in more if "Kasir ini" in line), limit - owed)


class Carts(Place):
    """The highest number of a parked cart."""

    def __init__(self, window: MainWindow) -> None:
        """Open the list over the selling screen, once something is parked."""
        window.sell()
        window.show_parked()
        self._panel = next(one for one in window.findChildren(ParkedPanel) if one.isVisible())

    def read(self) -> dict[str, int]:
        """See the class."""
        model = self._panel.model
        names = (model.data(model.index(at, 1)) for at in range(model.count()))
        return {"cart": _highest("Meja", names)}


PLACES: Final[dict[str, type[Goods] | type[People] | type[Carts]]] = {
    "goods": Goods,
    "people": People,
    "carts": Carts,
}


def _digits(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


def _highest(word: str, names: Iterable[str]) -> int:
    return max((_digits(name) for name in names if name.startswith(word)), default=0)
