"""The list of goods as the window pages through it: counted, then read by key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from core.money import format_rupiah
from core.stock_level import SHORT_SQL, stock_level
from core.text import fold
from pos.db.database import Database
from pos.search.lookup import find
from pos.ui.i18n import shown_quantity

Shown = Literal["sold", "low", "archived"]
PAGE = 200
MOST_FOUND = 200

_WHERE: dict[Shown, str] = {
    "sold": "active=1",
    "low": f"active=1 AND {SHORT_SQL}",
    "archived": "active=0",
}


class Listed(NamedTuple):
    """A product as the list shows it: everything is text already, painting only picks."""

    id: bytes
    name: str
    code: str
    category: str
    unit: str
    stock: str
    price: str
    state: str


class GoodsList:
    """One view of the goods: a filter and a text.

    The keys at the starts of pages are learned while scrolling; a jump counts on from the
    nearest one known, which costs some milliseconds at the end of 100,000.
    """

    def __init__(self, db: Database, shown: Shown = "sold", text: str = "") -> None:
        """Count the rows; nothing else is read yet."""
        self._db = db
        self._where = _WHERE[shown]
        self._starts: dict[int, tuple[str, bytes]] = {}
        self._found: list[bytes] | None = None
        if text.strip():
            self._found = self._search(shown, text)
            self.count = len(self._found)
        else:
            self.count = int(db.scalar(f"SELECT count(*) FROM product WHERE {self._where}") or 0)

    def _search(self, shown: Shown, text: str) -> list[bytes]:
        if shown == "archived":
            rows = self._db.rows(
                "SELECT id FROM product WHERE active=0 AND instr(sort_name, ?) > 0"
                " ORDER BY sort_name, id LIMIT ?",
                (fold(text), MOST_FOUND),
            )
            return [row[0] for row in rows]
        ids = find(self._db.raw, text, MOST_FOUND)
        marks = ",".join("?" * len(ids))
        kept = self._db.rows(f"SELECT id FROM product WHERE id IN ({marks}) AND {self._where}", ids)
        there = {row[0] for row in kept}
        return [one for one in ids if one in there]

    def page(self, number: int) -> Sequence[Listed]:
        """The rows of a page of `PAGE`."""
        if self._found is not None:
            return self._by_ids(self._found[number * PAGE : (number + 1) * PAGE])
        start = self._start(number)
        if start is None:
            return []
        rows = self._db.rows(
            f"{_COLUMNS} WHERE (sort_name, id) >= (?, ?) AND {self._where}"
            " ORDER BY sort_name, id LIMIT ?",
            (*start, PAGE + 1),
        )
        if len(rows) > PAGE:
            self._starts[number + 1] = (rows[PAGE][7], rows[PAGE][0])
        return [_listed(row) for row in rows[:PAGE]]

    def place_of(self, product_id: bytes, row: int) -> int | None:
        """The row of a product, looked for within a page of where it was; None elsewhere.

        These pages are read by key once the first one's start is known, which the list needs as
        well; counting all that stands before a product takes as long again at the end of 100,000.
        """
        if self._found is not None:
            return self._found.index(product_id) if product_id in self._found else None
        first = max(0, row // PAGE - 1)
        for number in range(first, first + 3):
            for at, one in enumerate(self.page(number)):
                if one.id == product_id:
                    return number * PAGE + at
        return None

    def _start(self, number: int) -> tuple[str, bytes] | None:
        if number in self._starts:
            return self._starts[number]
        known = max((at for at in self._starts if at < number), default=0)
        row = self._db.one(
            f"SELECT sort_name, id FROM product WHERE (sort_name, id) >= (?, ?) AND {self._where}"
            " ORDER BY sort_name, id LIMIT 1 OFFSET ?",
            (*self._starts.get(known, ("", b"")), (number - known) * PAGE),
        )
        if row is None:
            return None
        self._starts[number] = (row[0], row[1])
        return self._starts[number]

    def _by_ids(self, ids: Sequence[bytes]) -> list[Listed]:
        marks = ",".join("?" * len(ids))
        by_id = {row[0]: row for row in self._db.rows(f"{_COLUMNS} WHERE id IN ({marks})", ids)}
        return [_listed(by_id[one]) for one in ids if one in by_id]


_COLUMNS = (
    "SELECT id, name, code, category, unit, stock, price, sort_name, min_stock, active FROM product"
)


def _listed(row: Sequence[object]) -> Listed:
    product_id, name, code, category, unit, stock, price, _sort, least, active = row
    assert isinstance(product_id, bytes)
    assert isinstance(stock, int) and isinstance(price, int) and isinstance(least, int)
    return Listed(
        product_id,
        str(name),
        str(code),
        str(category),
        str(unit),
        shown_quantity(stock),
        format_rupiah(price, symbol=False),
        _state(stock, least, bool(active)),
    )


def _state(stock: int, least: int, active: bool) -> str:
    """ "archived", "negative", "out", "low" or "ok"."""
    return stock_level(stock, least) if active else "archived"
