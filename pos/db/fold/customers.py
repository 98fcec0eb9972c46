"""Folding facts about customers and what they owe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.facts.base import Fact
from core.facts.customers import CustomerAdded, CustomerChanged, DebtRepaid
from core.facts.selling import SaleCompleted, TenderSwapped
from core.ids import receipt_number
from core.movements import DebtMove, movements
from core.text import fold as fold_text
from pos.db.database import Database
from pos.db.fold.drawer import move_cash, use_number
from pos.db.fold.fields import Change, change_fields, take_earlier
from pos.db.fold.folding import Folding, target_of


def customer_added(at: Folding, fact: CustomerAdded) -> None:
    """A new customer, owing nothing."""
    who = fact.customer
    at.db.run(
        "INSERT INTO customer (id, name, sort_name, phone, note, credit_limit, member_no,"
        " balance_limit, active, debt) VALUES (?,?,?,?,?,?,?,?,1,0)",
        (
            who.customer_id,
            who.name,
            fold_text(who.name),
            who.phone,
            who.note,
            who.credit_limit,
            who.member_no,
            who.balance_limit,
        ),
    )
    if at.standing != "alone":
        # Debts whose facts came before the customer's own.
        at.db.run(
            "UPDATE customer SET debt=(SELECT coalesce(sum(amount), 0) FROM debt_movement"
            " WHERE customer_id=?1 AND account='credit') WHERE id=?1",
            (who.customer_id,),
        )
    take_earlier(at, "customer", (who.customer_id,))


def customer_changed(at: Folding, fact: CustomerChanged) -> None:
    """Fields of a customer."""
    changes = [Change(change.field, change.old, change.new) for change in fact.changes]
    change_fields(at, "customer", fact.customer_id, changes)


def move_debt(at: Folding, moves: Sequence[DebtMove], *, lends: bool = False) -> None:
    """Store what is owed more or less; kasbon is also summed on the customer.

    `lends` says that kasbon comes off the counter's share of the customer's limit.
    """
    if at.laid:
        return
    moves = [
        move._replace(customer_id=target_of(at, "customer", move.customer_id)) for move in moves
    ]
    at.db.many(
        "INSERT INTO debt_movement (pos, n, customer_id, account, amount, day) SELECT ?1,"
        " coalesce(max(n), 0) + 1,?2,?3,?4,?5 FROM debt_movement WHERE pos=?1",
        [(at.pos, move.customer_id, move.account, move.amount, at.header.day) for move in moves],
    )
    kasbon = [(move.amount, move.customer_id) for move in moves if move.account == "credit"]
    at.db.many("UPDATE customer SET debt=debt+? WHERE id=?", kasbon)
    if lends and at.standing == "accepted":
        _lend(at, [(customer_id, amount) for amount, customer_id in kasbon if amount > 0])


def accept_lending(at: Folding, fact: Fact) -> None:
    """A sale on kasbon that waited is accepted: it comes off the counter's share."""
    if isinstance(fact, SaleCompleted | TenderSwapped):
        rows = at.db.rows(
            "SELECT customer_id, amount FROM debt_movement WHERE pos=? AND account='credit'"
            " AND amount>0",
            (at.pos,),
        )
        _lend(at, rows)


def _lend(at: Folding, lent: Sequence[tuple[bytes, int]]) -> None:
    for customer_id, amount in lent:
        at.db.run(
            "UPDATE allotment SET amount=max(0, amount-?) WHERE customer_id=? AND device=?",
            (amount, customer_id, first_line(at.db, at.device)),
        )


# A counter may have had a thousand lines: they are followed in one query.
_FIRST_LINE: Final = (
    "WITH RECURSIVE older (device) AS (SELECT ?1 UNION SELECT g.parent FROM older o"
    " CROSS JOIN register g ON g.device=o.device WHERE g.parent<>x'')"
    " SELECT o.device FROM older o LEFT JOIN register g ON g.device=o.device"
    " WHERE coalesce(g.parent, x'')=x''"
)


def first_line(db: Database, device: bytes) -> bytes:
    """The first line of the counter that a line is of: shares are dealt out to it."""
    return bytes(db.scalar(_FIRST_LINE, (device,)) or device)


def debt_repaid(at: Folding, fact: DebtRepaid) -> None:
    """A repayment with its number."""
    register = use_number(at, fact.number)
    tender = fact.tenders[0] if fact.tenders else None
    at.db.run(
        "INSERT INTO repayment (id, receipt, customer_id, account, amount, day, at_ms, staff_id,"
        " shift_id, kind, reference, note) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            at.pos,
            receipt_number(register, fact.number),
            fact.customer_id,
            fact.account,
            fact.amount,
            at.header.day,
            at.header.at_ms,
            at.header.by,
            fact.shift_id,
            tender.kind if tender else "payroll",
            tender.reference if tender else "",
            fact.note,
        ),
    )
    moved = movements(fact)
    move_debt(at, moved.debt)
    move_cash(at, moved.cash, "")
