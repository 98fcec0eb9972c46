"""A founded shop with sample goods; the window on it is that of the office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.facts.catalog import ProductRecord
from pos.catalog.products import add_product
from pos.counter import Counter
from pos.shop.founding import found_shop
from pos.shop.sample import add_sample_goods
from tests.helpers.office import window

__all__ = ["window"]


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """An open shop; its owner is in."""
    made = found_shop(tmp_path / "shop", "Toko Limboto", "Fatmawati", pin="1379")
    add_sample_goods(made)
    yield made
    made.close()


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
