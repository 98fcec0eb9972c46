"""Receipts of kasbon repaid: read whole, listed beside the sales, and copied.

A repayment counts in the receipts' own sequence, so every list of receipts holds it too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from core.contract import decode_body
from core.facts.customers import DebtRepaid
from core.facts.selling import ReceiptCopied, TenderPart
from pos.db.database import Database
from pos.receipts.naming import REGISTER, repayment_place


class Repayment(NamedTuple):
    """A repayment's row (id, device, seq, receipt, day, ...) with the names on its paper.

    `before` is what was owed just before it, in rupiah; `tenders` are the fact's own, for the
    table keeps the first one only.
    """

    row: Any
    before: int
    tenders: tuple[TenderPart, ...]


_QUERY = (
    "SELECT r.*, j.device, j.seq, coalesce(c.name, '') AS customer, coalesce(f.name, '') AS staff,"
    f" {REGISTER.format(device='j.device')} AS register"
    " FROM repayment r JOIN journal j ON j.pos=r.id LEFT JOIN customer c ON c.id=r.customer_id"
    " LEFT JOIN staff f ON f.id=r.staff_id"
)


def repayment(db: Database, receipt: str) -> Repayment | None:
    """A repayment by its receipt's reference; None where no kasbon was repaid by it."""
    row = db.one(f"{_QUERY} WHERE r.id=?", (repayment_place(db, receipt),))
    if row is None:
        return None
    before = owed_before(db, row.customer_id, row.account, row.id)
    return Repayment(row, before, _tenders(db, row.id))


def owed_before(db: Database, customer_id: bytes, account: str, pos: int) -> int:
    """What a customer owed on an account just before the fact at `pos`, in rupiah."""
    found = db.scalar(
        "SELECT sum(amount) FROM debt_movement WHERE customer_id=? AND account=? AND pos<?",
        (customer_id, account, pos),
    )
    return int(found or 0)


def _tenders(db: Database, pos: int) -> tuple[TenderPart, ...]:
    row = db.one("SELECT kind, version, body FROM journal WHERE pos=?", (pos,))
    fact = decode_body(row.kind, row.version, row.body)[1] if row is not None else None
    return fact.tenders if isinstance(fact, DebtRepaid) else ()


def copies_printed(db: Database, found: Repayment) -> int:
    """How many copies of a repayment's receipt were printed, counted from their facts."""
    copies = 0
    for row in db.rows(
        "SELECT kind, version, body FROM journal WHERE pos>? AND kind=?",
        (found.row.id, ReceiptCopied.KIND),
    ):
        fact = decode_body(row.kind, row.version, row.body)[1]
        if isinstance(fact, ReceiptCopied):
            copies += (fact.device, fact.seq) == (bytes(found.row.device), found.row.seq)
    return copies


def find_repayments(
    db: Database,
    *,
    number: str,
    first: str,
    last: str,
    amount: int | None,
    before: int | None,
    limit: int,
) -> list[Any]:
    """Repayments newest first, each given condition holding: `number` is a LIKE pattern.

    Empty texts and None ask nothing; a negative `limit` is none.
    """
    return db.rows(
        f"{_QUERY} WHERE (?1='' OR r.receipt LIKE ?1 ESCAPE '\\') AND (?2='' OR r.day>=?2)"
        " AND (?3='' OR r.day<=?3) AND (?4 IS NULL OR r.amount=?4) AND (?5 IS NULL OR r.id<?5)"
        " ORDER BY r.id DESC LIMIT ?6",
        (number, first, last, amount, before, limit),
    )
