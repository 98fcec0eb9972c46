"""When goods run short: at the minimum already, and the same rule in SQL."""

from __future__ import annotations

import sqlite3

import pytest

from core.stock_level import SHORT_SQL, stock_level


@pytest.mark.parametrize(
    ("stock", "minimum", "level"),
    [
        (5_001, 5_000, "ok"),
        (5_000, 5_000, "low"),
        (1, 5_000, "low"),
        (0, 5_000, "out"),
        (-1, 5_000, "negative"),
        (1, 0, "ok"),
        (0, 0, "out"),
        (-1, 0, "negative"),
    ],
)
def test_the_minimum_is_where_to_buy(stock: int, minimum: int, level: str) -> None:
    assert stock_level(stock, minimum) == level
    row = sqlite3.connect(":memory:").execute(
        f"SELECT {SHORT_SQL} FROM (SELECT ? AS stock, ? AS min_stock)", (stock, minimum)
    )
    assert bool(row.fetchone()[0]) == (level != "ok")
