"""Laying a snapshot's rows into the tables: what folding the feed up to its number would give.

Whole entries get their places in journal and feed and leave what only entries leave (receipts,
shifts, numbers used); what they moved comes with them, and documents come as they stand. Own
entries that wait are unknown to the server, so their documents are others; only settings can
meet, and there what waits is on top.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from core.facts.base import Header
from core.sync import snapshot as rows_of
from core.sync.snapshot import SOLD
from core.text import fold as fold_text
from pos.db.base import Base
from pos.db.database import Database
from pos.db.fold.fields import Change, change_fields
from pos.db.fold.folding import Folding
from pos.db.fold.stock import count_sold
from pos.journal.laying_entries import Entries
from pos.journal.laying_sums import BEFORE, Meanings, Sums

_PRODUCT: Final = (
    "INSERT INTO product (id, code, name, sort_name, category, brand, unit, price, cost,"
    " tax_class, min_stock, favourite, fractional, online, active, picture, import_id, halal,"
    " sold, stock, stock_value) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)


class Layer:
    """Lays rows of a snapshot into `db`, group by group, in the caller's transactions.

    `new`: whole entries also get their rows in journal and feed; else those are there.
    """

    def __init__(self, db: Database, base: Base, *, new: bool) -> None:
        """Go on after the rows that are laid."""
        self._db = db
        self.entries = Entries(db, base, new=new)
        self._at = Folding(db, BEFORE, b"", 0, Header(0, b"", 0, ""), b"", "accepted")
        sums = Sums(db)
        self._lays: dict[str, Callable[[Sequence[Any]], None]] = {
            "head": self._heads,
            "identity": self._identities,
            "day": self._days,
            "setting": self._settings,
            "person": self._staff,
            "merged": self._merged,
            "early": self._early,
            "customer": self._customers,
            "product": self._products,
            "share": self._shares,
            "stock": sums.stock,
            "debt": sums.debts,
            "cash": sums.cash,
            "entry": self.entries.lay,
        }

    def lay(self, group: str, rows: Sequence[Any]) -> None:
        """Lay rows of one group.

        Raises:
            BadRow: an entry does not follow the one before.
            sqlite3.IntegrityError: what they name is here otherwise.
        """
        self._lays[group](rows)

    # -- documents

    def _heads(self, rows: Sequence[rows_of.Head]) -> None:
        self._many("base_head", [(row.device, row.seq, row.hash) for row in rows])

    def _identities(self, rows: Sequence[rows_of.Identity]) -> None:
        self._many("base_identity", [(row.hash,) for row in rows])

    def _days(self, rows: Sequence[rows_of.Day]) -> None:
        self._many(
            "past_day",
            [
                (
                    row.day, row.sales, row.gross, row.discount, row.tax, row.rounding,
                    row.total, row.cost,
                )
                for row in rows
            ],
        )  # fmt: skip

    def _settings(self, rows: Sequence[rows_of.Setting]) -> None:
        for row in rows:
            change_fields(self._at, "setting", b"", (Change(row.name, None, row.value),))

    def _staff(self, rows: Sequence[rows_of.Person]) -> None:
        self._db.many(
            "INSERT INTO staff (id, name, role, active, permissions) VALUES (?,?,?,?,?)",
            [(row.id, row.name, row.role, int(row.active), row.permissions) for row in rows],
        )

    def _merged(self, rows: Sequence[rows_of.Merged]) -> None:
        self._many("merged", [(row.table, row.source, row.target) for row in rows])

    def _early(self, rows: Sequence[rows_of.Early]) -> None:
        for row in rows:
            if row.field == SOLD:
                count_sold(self._at, [(int(row.value), row.document)])
            else:
                change = Change(row.field, None, row.value)
                change_fields(self._at, row.table, row.document, (change,))

    def _customers(self, rows: Sequence[rows_of.Customer]) -> None:
        self._db.many(
            "INSERT INTO customer (id, name, sort_name, phone, note, credit_limit, member_no,"
            " balance_limit, active, debt) VALUES (?,?,?,?,?,?,?,?,?,0)",
            [
                (
                    row.id, row.name, fold_text(row.name), row.phone, row.note, row.credit_limit,
                    row.member_no, row.balance_limit, int(row.active),
                )
                for row in rows
            ],
        )  # fmt: skip

    def _products(self, rows: Sequence[rows_of.Product]) -> None:
        self._db.many(_PRODUCT, [_product_row(row) for row in rows])
        self._db.many(
            "INSERT INTO product_unit (product_id, unit, factor, price) VALUES (?,?,?,?)",
            [(row.id, one.unit, one.factor, one.price) for row in rows for one in row.units],
        )
        self._db.many(
            "INSERT INTO product_tier (product_id, min_qty, price) VALUES (?,?,?)",
            [(row.id, one.min_qty, one.price) for row in rows for one in row.tiers],
        )
        self._db.many(
            "INSERT INTO product_barcode (barcode, product_id, unit) VALUES (?,?,?)",
            [(one.code, row.id, one.unit) for row in rows for one in row.barcodes],
        )

    def _shares(self, rows: Sequence[rows_of.Share]) -> None:
        # Merged since the snapshot was made, while its rows were laid down: what was dealt out for
        # that customer is gone (pos.db.fold.sync.documents_merged).
        meant = Meanings(self._db)
        self._many(
            "allotment",
            [
                (row.customer_id, row.device, row.amount)
                for row in rows
                if meant.of("customer", row.customer_id) == row.customer_id
            ],
        )

    def _many(self, table: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            self._db.many(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)


def _product_row(row: rows_of.Product) -> tuple[object, ...]:
    return (
        row.id,
        row.code,
        row.name,
        fold_text(row.name),
        row.category,
        row.brand,
        row.unit,
        row.price,
        row.cost,
        row.tax_class,
        row.min_stock,
        int(row.favourite),
        int(row.fractional),
        int(row.online),
        int(row.active),
        row.picture,
        row.import_id,
        row.halal,
        row.sold,
        row.qty,
        row.value,
    )
