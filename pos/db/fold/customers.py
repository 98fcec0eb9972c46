"""Folding facts about customers and what they owe."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from core.facts.customers import CustomerAdded, CustomerChanged, DebtRepaid
from core.ids import receipt_number
from core.movements import DebtMove, movements
from core.text import fold as fold_text
from pos.db.fold.drawer import move_cash, use_number
from pos.db.fold.folding import Folding, update_fields

_COLUMNS = frozenset(
    {
        "name",
        "sort_name",
        "phone",
        "note",
        "credit_limit",
        "member_no",
        "balance_limit",
        "active",
    }
)


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


def customer_changed(at: Folding, fact: CustomerChanged) -> None:
    """Fields of a customer."""
    changes: dict[str, object] = {}
    for change in fact.changes:
        value = msgspec.json.decode(change.new)
        changes[change.field] = int(value) if isinstance(value, bool) else value
    if "name" in changes:
        changes["sort_name"] = fold_text(str(changes["name"]))
    update_fields(at, "customer", fact.customer_id, changes, _COLUMNS)


def move_debt(at: Folding, moves: Sequence[DebtMove]) -> None:
    """Store what is owed more or less; kasbon is also summed on the customer."""
    at.db.many(
        "INSERT INTO debt_movement (pos, n, customer_id, account, amount, day)"
        " VALUES (?,?,?,?,?,?)",
        [
            (at.pos, n, move.customer_id, move.account, move.amount, at.header.day)
            for n, move in enumerate(moves, 1)
        ],
    )
    at.db.many(
        "UPDATE customer SET debt=debt+? WHERE id=?",
        [(move.amount, move.customer_id) for move in moves if move.account == "credit"],
    )


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
