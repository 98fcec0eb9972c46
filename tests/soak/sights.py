"""What a cashier sees at a counter, read beside its process: costs no process of its own.

That the command lines tell the same is looked at in the end (`tests.soak.proof`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from pos.catalog.listing import ProductRow, product_rows
from pos.customers.accounts import Customer, find_customers
from pos.opening import read_only
from pos.receipts.listing import find_receipts
from tests.helpers.process import Machine

RECENT = 60


class Sights(NamedTuple):
    """A counter's goods, customers and newest sales (of all counters of its shop)."""

    goods: list[ProductRow]
    people: list[Customer]
    sales: list[str]


def look(machine: Machine) -> Sights:
    """As it stands now; nothing else writes in between."""
    db = read_only(machine.data)
    try:
        newest = find_receipts(db, limit=RECENT)
        return Sights(
            [one for one in product_rows(db) if one.active],
            find_customers(db, "", 1_000),
            [one.receipt for one in newest if one.type == "sale"],
        )
    finally:
        db.close()


def field_of(machine: Machine, product: bytes, column: str) -> Any:
    """What a field of a product is at a counter; None where that does not know it."""
    db = read_only(machine.data)
    try:
        return db.scalar(f"SELECT {column} FROM product WHERE id=?", (product,))
    finally:
        db.close()


def held(machine: Machine) -> set[bytes]:
    """The hashes of all that a counter holds."""
    db = read_only(machine.data)
    try:
        rows = db.raw.execute("SELECT hash FROM journal UNION SELECT hash FROM carried").fetchall()
        return {bytes(row[0]) for row in rows}
    finally:
        db.close()
