"""Stock: what lies on the shelf and is worth, and every movement of a product."""

from __future__ import annotations

from typing import NamedTuple

from core.stock_level import Level, stock_level
from pos.db.database import Database


class StockRow(NamedTuple):
    """A product's stock. Thousandths of the base unit; value in rupiah."""

    id: bytes
    code: str
    name: str
    category: str
    unit: str
    stock: int
    value: int
    min_stock: int

    @property
    def state(self) -> Level:
        """How it stands against the minimum."""
        return stock_level(self.stock, self.min_stock)


class CardRow(NamedTuple):
    """A movement on a product's card, with the balance after it."""

    pos: int
    kind: str
    qty: int
    value: int
    balance: int
    receipt: str
    day: str


def report_stock(db: Database) -> list[StockRow]:
    """All active goods by name, and archived ones of which something is left or owed.

    So the values add up to what the stock is worth, whatever was archived.
    """
    rows = db.rows(
        "SELECT id, code, name, category, unit, stock, stock_value, min_stock FROM product"
        " WHERE active=1 OR stock<>0 OR stock_value<>0 ORDER BY sort_name, id"
    )
    return [StockRow(bytes(row[0]), *row[1:]) for row in rows]


def stock_card(db: Database, product_id: bytes, limit: int = 500) -> list[CardRow]:
    """The newest movements of a product, newest first, each with the balance after it."""
    balance = int(db.scalar("SELECT stock FROM product WHERE id=?", (product_id,)) or 0)
    card: list[CardRow] = []
    for row in db.rows(
        "SELECT m.pos, m.kind, m.qty, m.value, coalesce(s.receipt, ''), coalesce(s.day, '')"
        " FROM stock_movement m LEFT JOIN sale s ON s.id=m.pos WHERE m.product_id=?"
        " ORDER BY m.pos=0, m.pos DESC, m.n DESC LIMIT ?",
        (product_id, limit),
    ):
        card.append(CardRow(row[0], row[1], row[2], row[3], balance, row[4], row[5]))
        balance -= row[2]
    return card
