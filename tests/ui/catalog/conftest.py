"""A founded shop with sample goods, and the counter's window on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.facts.catalog import ProductRecord
from pos.catalog.products import add_product
from pos.counter import Counter
from pos.shop.founding import found_shop
from pos.shop.sample import add_sample_goods
from pos.ui.foundation import theme
from pos.ui.foundation.sounds import Sounds
from pos.ui.i18n import set_language
from pos.ui.shell.desk import Desk
from pos.ui.shell.window import MainWindow


@pytest.fixture(autouse=True)
def _start(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    set_language("id")
    yield
    set_language("id")


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """An open shop; its owner is in."""
    made = found_shop(tmp_path / "shop", "Toko Limboto", "Fatmawati", pin="1379")
    add_sample_goods(made)
    yield made
    made.close()


@pytest.fixture
def window(counter: Counter, qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The active window, nothing shown but the selling screen."""
    made = MainWindow(Desk(counter, Sounds(tmp_path / "sounds", "off")))
    made.resize(1024, 768)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    # Held until here: else the collector takes it away in the middle of its painting.
    made.hide()


@pytest.fixture
def add(counter: Counter) -> Callable[..., bytes]:
    """Write a product down; gives its id."""

    def added(name: str, **fields: object) -> bytes:
        values: dict[str, object] = {"code": "", "category": "", "brand": "", "unit": "pcs"}
        values |= {"price": 1_000, **fields}
        return add_product(counter, ProductRecord(product_id=b"", name=name, **values))  # type: ignore[arg-type]

    return added


@pytest.fixture
def dirty() -> Path:
    """A goods list as a shop had it: titles, wrong prices, a TOTAL row."""
    return Path(__file__).parents[2] / "data" / "warung_kotor.xlsx"
