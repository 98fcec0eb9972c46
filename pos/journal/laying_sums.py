"""What entries moved that are not here: sums at no entry's place, less what comes afterwards.

Each sum has a number of its own that follows from what it is of, as the server named it then: so
it is found again, whatever was merged since. Where nothing is left of it it is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from core.sync.snapshot import Cash, Debt, Stock
from pos.db.database import Database

BEFORE: Final = 0
"""Where movements lie whose entries are not here."""

_STOCK: Final = (
    "INSERT INTO stock_movement (pos, n, product_id, kind, qty, value, line_no)"
    " VALUES (0,?,?,'before',?,?,0)"
)
_DEBT: Final = (
    "INSERT INTO debt_movement (pos, n, customer_id, account, amount, day) VALUES (0,?,?,?,?,?)"
)
_CASH: Final = (
    "INSERT INTO cash_movement (pos, n, shift_id, kind, amount, reason) VALUES (0,?,?,?,?,'')"
)
_AMOUNTS: Final = ("sales", "gross", "discount", "tax", "rounding", "total", "cost")
_SOLD: Final = (
    f"UPDATE past_day SET {', '.join(f'{name}=past_day.{name}-s.{name}' for name in _AMOUNTS)}"
    " FROM (SELECT day AS of, 1 AS sales, gross, discount, tax, rounding, total, cost FROM sale"
    " WHERE id=?) AS s WHERE day=s.of"
)
_GONE_DAYS: Final = f"DELETE FROM past_day WHERE {' AND '.join(f'{name}=0' for name in _AMOUNTS)}"


class Meanings:
    """Which product or customer is meant now by one that a row names."""

    def __init__(self, db: Database) -> None:
        """Read what was merged."""
        self._targets = {
            (row[0], bytes(row[1])): bytes(row[2])
            for row in db.raw.execute("SELECT table_name, source, target FROM merged")
        }

    def of(self, table: str, document: bytes) -> bytes:
        """The one that is meant."""
        for _ in range(len(self._targets)):
            further = self._targets.get((table, document))
            if further is None:
                break
            document = further
        return document


class Sums:
    """The sums in `db`, changed in the caller's transactions."""

    def __init__(self, db: Database) -> None:
        """Of this database."""
        self._db = db

    def stock(self, rows: Sequence[Stock]) -> None:
        """Lay down what goods moved."""
        meant = Meanings(self._db)
        self._db.many(_STOCK, sorted(_stock_row(row, meant, 1) for row in rows))

    def debts(self, rows: Sequence[Debt]) -> None:
        """Lay down what was lent and repaid."""
        meant = Meanings(self._db)
        self._db.many(_DEBT, sorted(_debt_row(row, meant, 1) for row in rows))
        add_debts(self._db, rows, meant)

    def cash(self, rows: Sequence[Cash]) -> None:
        """Lay down what went into and out of drawers."""
        self._db.many(_CASH, sorted(_cash_row(row, 1) for row in rows))

    def take_out(
        self, stock: Iterable[Stock], debts: Iterable[Debt], cash: Iterable[Cash], meant: Meanings
    ) -> None:
        """What an entry moved is no longer among the sums: the entry is here now."""
        goods = [_stock_row(row, meant, -1) for row in stock]
        lent = [_debt_row(row, meant, -1) for row in debts]
        drawers = [_cash_row(row, -1) for row in cash]
        self._add("stock_movement", _STOCK, goods, "qty", "value")
        self._add("debt_movement", _DEBT, lent, "amount")
        self._add("cash_movement", _CASH, drawers, "amount")

    def take_out_sale(self, pos: int) -> None:
        """The sale at a place is no longer among the sums of its day."""
        self._db.run(_SOLD, (pos,))
        self._db.run(_GONE_DAYS)

    def _add(self, table: str, insert: str, rows: Sequence[tuple[Any, ...]], *amounts: str) -> None:
        if not rows:
            return
        add = ", ".join(f"{name}={name}+excluded.{name}" for name in amounts)
        self._db.many(f"{insert} ON CONFLICT (pos, n) DO UPDATE SET {add}", rows)
        none = " AND ".join(f"{name}=0" for name in amounts)
        self._db.many(
            f"DELETE FROM {table} WHERE pos=0 AND n=? AND {none}", [(row[0],) for row in rows]
        )


def add_debts(db: Database, rows: Iterable[Debt], meant: Meanings) -> None:
    """What customers owe, with these."""
    db.many(
        "UPDATE customer SET debt=debt+? WHERE id=?",
        [
            (row.amount, meant.of("customer", row.customer_id))
            for row in rows
            if row.account == "credit"
        ],
    )


def _stock_row(row: Stock, meant: Meanings, sign: int) -> tuple[int, bytes, int, int]:
    product = row.product_id
    return _number(product), meant.of("product", product), sign * row.qty, sign * row.value


def _debt_row(row: Debt, meant: Meanings, sign: int) -> tuple[int, bytes, str, int, str]:
    number = _number(row.customer_id, row.account.encode(), row.day.encode())
    return number, meant.of("customer", row.customer_id), row.account, sign * row.amount, row.day


def _cash_row(row: Cash, sign: int) -> tuple[int, bytes, str, int]:
    return _number(row.shift_id, row.kind.encode()), row.shift_id, row.kind, sign * row.amount


def _number(*of: bytes) -> int:
    """A number of 62 bits: two of them are not the same in any shop's life."""
    return int.from_bytes(hashlib.sha256(b"\0".join(of)).digest()[:8]) >> 2
