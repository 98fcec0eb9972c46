"""A customer's statement: each movement of a debt with what it came from, and the sum after it."""

from __future__ import annotations

from typing import NamedTuple

from core.facts.customers import Account
from pos.db.database import Database

# Sums of what is older than the entries that are here come first (at place 0), by their days.
_ORDER = "m.pos<>0, CASE WHEN m.pos=0 THEN m.day ELSE '' END, m.pos, m.n"


class StatementRow(NamedTuple):
    """One movement in rupiah; `source` is sale, refund, repayment or swap, `left` the debt then.

    Where `source` is before, it is a day's sum: the entries behind it are not here yet.
    """

    day: str
    source: str
    receipt: str
    amount: int
    left: int


def statement(db: Database, customer_id: bytes, account: Account = "credit") -> list[StatementRow]:
    """All movements of an account, newest first."""
    rows = db.rows(
        "SELECT m.day, CASE WHEN m.pos=0 THEN 'before' WHEN r.id IS NOT NULL THEN 'repayment'"
        " WHEN s.type='refund' THEN 'refund' WHEN s.id IS NOT NULL THEN 'sale' ELSE 'swap' END,"
        " coalesce(r.receipt, s.receipt, ''), m.amount,"
        f" sum(m.amount) OVER (ORDER BY {_ORDER}) FROM debt_movement m"
        " LEFT JOIN sale s ON s.id=m.pos"
        " LEFT JOIN repayment r ON r.id=m.pos"
        f" WHERE m.customer_id=? AND m.account=? ORDER BY {_ORDER}",
        (customer_id, account),
    )
    return [StatementRow(*row) for row in reversed(rows)]
