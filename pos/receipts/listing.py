"""Finding receipts, of sales and of repaid kasbon, and seeing a sale's whole."""

from __future__ import annotations

from typing import Any, NamedTuple

from core.errors import Refused
from pos.customers.repayments import find_repayments
from pos.db.database import Database
from pos.receipts.naming import REGISTER, number_of, receipts_named, sale_place

MAX_INTEGER = 2**63 - 1
"""The largest integer that SQLite holds."""


class UnknownReceipt(Refused):
    """There is no receipt of this number."""

    code = "unknown_receipt"


class ReceiptRow(NamedTuple):
    """A receipt as lists show it. Rupiah.

    `type` is sale, refund, exchange or repayment; `sale_id` the position of its fact. `total` is
    what the goods came to (or what was repaid), before cash rounding. `register` is the code of
    the counter that wrote it.
    """

    sale_id: int
    receipt: str
    type: str
    day: str
    at_ms: int
    total: int
    rounding: int
    refunded: int
    staff: str
    customer: str
    register: str = ""

    @property
    def due(self) -> int:
        """What was to be paid: the total after cash rounding, the one large on the paper."""
        return self.total + self.rounding


_QUERY = (
    "SELECT s.id, s.receipt, s.type, s.day, s.at_ms, s.total, s.rounding, s.refunded,"
    " coalesce(f.name, ''), coalesce(c.name, ''),"
    f" {REGISTER.format(device='s.device')}"
    " FROM sale s LEFT JOIN staff f ON f.id=s.staff_id"
    " LEFT JOIN customer c ON c.id=s.customer_id"
)


def find_receipts(
    db: Database,
    *,
    number: str = "",
    first: str = "",
    last: str = "",
    amount: int | None = None,
    product: str = "",
    before: int | None = None,
    limit: int = 100,
) -> list[ReceiptRow]:
    """Receipts, newest first; each given condition must hold. `before` continues a list.

    Repaid kasbon is among them, except where a product is asked for. A negative `limit` is none.
    `number` is a part of the number, or a reference (`pos.receipts.naming`) to one of several.

    `amount` in rupiah is the total with or without cash rounding, whichever way the money went:
    people search for what stands on the paper.
    """
    if "@" in number:
        meant = {one.pos for one in receipts_named(db, number)}
        alike = find_receipts(
            db, number=number_of(number), first=first, last=last, amount=amount, product=product,
            before=before, limit=-1,
        )  # fmt: skip
        return [row for row in alike if row.sale_id in meant][: limit if limit >= 0 else None]
    conditions: list[str] = []
    values: list[Any] = []
    for condition, value in (
        ("s.receipt LIKE ? ESCAPE '\\'", _like(number)),
        ("s.day>=?", first),
        ("s.day<=?", last),
        ("? IN (abs(s.total), abs(s.total + s.rounding))", _within(amount)),
        ("s.id<?", before),
        (
            "s.id IN (SELECT sale_id FROM sale_line WHERE name LIKE ? ESCAPE '\\')",
            _like(product),
        ),
    ):
        if value not in ("", None):
            conditions.append(condition)
            values.append(value)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = db.rows(f"{_QUERY}{where} ORDER BY s.id DESC LIMIT ?", (*values, limit))
    found = [ReceiptRow(*row) for row in rows]
    if _like(product):
        return found
    repaid = find_repayments(
        db,
        number=_like(number),
        first=first,
        last=last,
        amount=_within(amount),
        before=before,
        limit=limit,
    )
    found = sorted([*found, *map(_repaid, repaid)], key=lambda row: -row.sale_id)
    return found if limit < 0 else found[:limit]


def _repaid(row: Any) -> ReceiptRow:
    return ReceiptRow(
        row.id,
        row.receipt,
        "repayment",
        row.day,
        row.at_ms,
        row.amount,
        0,
        0,
        row.staff,
        row.customer,
        row.register,
    )


def _within(amount: int | None) -> int | None:
    return None if amount is None else min(abs(amount), MAX_INTEGER)


def _like(text: str) -> str:
    clean = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{clean}%" if clean else ""


class ReceiptView(NamedTuple):
    """One receipt whole: the sale's row, its lines and payments as stored."""

    head: ReceiptRow
    sale: Any
    lines: list[Any]
    payments: list[Any]


def receipt_view(db: Database, receipt: str) -> ReceiptView:
    """A receipt, by its reference, with everything on it.

    Raises:
        UnknownReceipt.
    """
    row = db.one(f"{_QUERY} WHERE s.id=?", (sale_place(db, receipt),))
    if row is None:
        raise UnknownReceipt(receipt=receipt)
    return ReceiptView(
        ReceiptRow(*row),
        db.one("SELECT * FROM sale WHERE id=?", (row[0],)),
        db.rows("SELECT * FROM sale_line WHERE sale_id=? ORDER BY line_no", (row[0],)),
        db.rows("SELECT * FROM payment WHERE sale_id=? ORDER BY n", (row[0],)),
    )
