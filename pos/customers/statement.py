"""A customer's statement: each movement of a debt with what it came from, and the sum after it."""

from __future__ import annotations

from typing import NamedTuple

from core.facts.customers import Account
from pos.db.database import Database


class StatementRow(NamedTuple):
    """One movement in rupiah; `source` is sale, refund, repayment or swap, `left` the debt then."""

    day: str
    source: str
    receipt: str
    amount: int
    left: int


def statement(db: Database, customer_id: bytes, account: Account = "credit") -> list[StatementRow]:
    """All movements of an account, newest first."""
    rows = db.rows(
        "SELECT m.day, CASE WHEN r.id IS NOT NULL THEN 'repayment' WHEN s.type='refund' THEN"
        " 'refund' WHEN s.id IS NOT NULL THEN 'sale' ELSE 'swap' END,"
        " coalesce(r.receipt, s.receipt, ''), m.amount,"
        " sum(m.amount) OVER (ORDER BY m.pos, m.n) FROM debt_movement m"
        " LEFT JOIN sale s ON s.id=m.pos"
        " LEFT JOIN repayment r ON r.id=m.pos"
        " WHERE m.customer_id=? AND m.account=? ORDER BY m.pos DESC, m.n DESC",
        (customer_id, account),
    )
    return [StatementRow(*row) for row in rows]
