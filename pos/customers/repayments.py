"""Receipts of kasbon repaid: read whole, listed beside the sales, and copied.

A repayment counts in the receipts' own sequence, so every list of receipts holds it too.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from core.contract import UnknownFact, UnreadableFact
from core.facts.customers import DebtRepaid
from core.facts.selling import ReceiptCopied, TenderPart
from core.facts.sync import Carried
from pos.db.database import Database
from pos.db.fold.folding import folding_of
from pos.receipts.naming import REGISTER, repayment_place


class Repayment(NamedTuple):
    """A repayment's row (id, receipt, day, ...) with the names on its paper.

    `before` is what was owed just before it, in rupiah; `tenders` are the fact's own, for the
    table keeps the first one only. `device` and `seq` are the entry's own, also where another line
    carried it here.
    """

    row: Any
    before: int
    tenders: tuple[TenderPart, ...]
    device: bytes
    seq: int


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
    at, fact = folding_of(db, row.id)
    assert isinstance(fact, DebtRepaid), "the fact of a repayment's row"
    return Repayment(row, before, fact.tenders, at.device, at.seq)


def owed_before(db: Database, customer_id: bytes, account: str, pos: int) -> int:
    """What a customer owed on an account just before the fact at `pos`, in rupiah.

    Sums of entries that are not here yet are of what was before all that is here.
    """
    found = db.scalar(
        "SELECT sum(amount) FROM debt_movement WHERE customer_id=? AND account=?"
        " AND (pos<? OR pos=0)",
        (customer_id, account, pos),
    )
    return int(found or 0)


def copies_printed(db: Database, found: Repayment) -> int:
    """How many copies of a repayment's receipt were printed, counted from their facts.

    A copy's fact that was carried, too, and is here in both forms counts once.
    """
    names = {(found.device, found.seq), (bytes(found.row.device), int(found.row.seq))}
    copies: set[bytes] = set()
    for row in db.rows(
        "SELECT pos FROM journal WHERE pos>? AND kind IN (?, ?)",
        (found.row.id, ReceiptCopied.KIND, Carried.KIND),
    ):
        with suppress(UnknownFact, UnreadableFact):
            at, fact = folding_of(db, row.pos)
            if isinstance(fact, ReceiptCopied) and (fact.device, fact.seq) in names:
                copies.add(at.hash)
    return len(copies)


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
