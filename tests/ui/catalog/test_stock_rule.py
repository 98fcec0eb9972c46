"""Stock at its minimum is low in the report, the list of goods, its filter and search alike."""

from __future__ import annotations

import pytest

from pos.catalog.goods import Tile
from pos.counter import Counter
from pos.reports.stock import report_stock
from pos.ui.catalog.long_list import GoodsList
from pos.ui.selling.results import _tone
from tests.helpers.counter import add_goods


def _tile(stock: int, minimum: int) -> Tile:
    names = Tile._fields
    values = dict.fromkeys(names) | {"stock": stock, "min_stock": minimum}
    return Tile(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stock", "minimum", "state", "tone"),
    [
        (5_000, 5_000, "low", "warn"),
        (5_001, 5_000, "ok", "none"),
        (0, 0, "out", "warn"),
        (1_000, 0, "ok", "none"),
    ],
)
def test_every_place_says_the_same(
    counter: Counter, stock: int, minimum: int, state: str, tone: str
) -> None:
    product_id = add_goods(counter, "Gula uji", qty=stock, min_stock=minimum)
    assert {row.state for row in report_stock(counter.db) if row.id == product_id} == {state}
    listed = GoodsList(counter.db, text="gula uji").page(0)
    assert [one.state for one in listed if one.id == product_id] == [state]
    low = GoodsList(counter.db, "low", text="gula uji").page(0)
    assert (product_id in [one.id for one in low]) == (state != "ok")
    assert _tone(_tile(stock, minimum)) == tone
