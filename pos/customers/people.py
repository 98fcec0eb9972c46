"""Customers and members: written down, changed, and what they pay back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from core.errors import Refused
from core.facts.base import FieldChange
from core.facts.customers import Account, CustomerAdded, CustomerChanged, CustomerRecord, DebtRepaid
from core.facts.selling import TenderPart
from core.ids import receipt_number
from core.text import clean_name
from pos.counter import Counter
from pos.customers.accounts import balance_debt, customer
from pos.printing.enqueue import queue_receipt
from pos.shifts.open_shift import open_shift_id
from pos.staff.people import require

MAX_LIMIT = 999_999_999_999


class BadCustomer(Refused):
    """The customer cannot be written like this; `why` names the rule."""

    code = "bad_customer"


class NothingOwed(Refused):
    """There is no such debt, or the amount is more than is owed."""

    code = "nothing_owed"


class Repaid(NamedTuple):
    """A repayment's number, and what is still owed (rupiah)."""

    receipt: str
    amount: int
    left: int


def add_customer(
    counter: Counter,
    name: str,
    *,
    phone: str = "",
    note: str = "",
    credit_limit: int | None = None,
    member_no: str = "",
    balance_limit: int = 0,
) -> bytes:
    """Write a customer down; only the name is needed. Returns the id.

    A limit other than the shop's own for new customers needs the permission for it.

    Raises:
        BadCustomer, NeedsManager.
    """
    require(counter, "customers")
    default = counter.settings.default_credit_limit
    limit = default if credit_limit is None else credit_limit
    if limit > default or balance_limit > 0:
        require(counter, "credit_over_limit", limit)
    record = CustomerRecord(
        counter.new_id(),
        clean_name(name),
        clean_name(phone),
        clean_name(note),
        limit,
        clean_name(member_no),
        balance_limit,
    )
    if not record.name:
        raise BadCustomer(why="name_empty")
    _check_limits(limit, balance_limit)
    with counter.transaction() as tx:
        tx.append(CustomerAdded(record))
    return record.customer_id


def _check_limits(*limits: int) -> None:
    if any(not 0 <= limit <= MAX_LIMIT for limit in limits):
        raise BadCustomer(why="limit")


def change_customer(counter: Counter, customer_id: bytes, **fields: Any) -> None:
    """Change fields of a customer; raising a limit needs the permission for it.

    Raises:
        BadCustomer, NeedsManager, UnknownCustomer.
    """
    require(counter, "customers")
    old = customer(counter.db, customer_id)
    for name in ("name", "phone", "note", "member_no"):
        if name in fields:
            fields[name] = clean_name(fields[name])
    if "name" in fields and not fields["name"]:
        raise BadCustomer(why="name_empty")
    for name in ("credit_limit", "balance_limit"):
        if name in fields:
            _check_limits(fields[name])
            if fields[name] > getattr(old, name):
                require(counter, "credit_over_limit", fields[name])
    changes = tuple(
        FieldChange(name, _json(getattr(old, name)), _json(value))
        for name, value in fields.items()
        if getattr(old, name) != value
    )
    if changes:
        with counter.transaction() as tx:
            tx.append(CustomerChanged(old.id, changes))


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def repay(
    counter: Counter,
    customer_id: bytes,
    amount: int,
    tenders: Sequence[TenderPart] | None = None,
    *,
    account: Account = "credit",
    note: str = "",
) -> Repaid:
    """Take money for what a customer owes; without tenders it is cash.

    It has a number and receipt of its own and counts in the open shift's cash. A payroll
    deduction (account "balance" without tenders given as cash) is repaid the same way.

    Raises:
        NothingOwed: nothing, or less, is owed.
        NoShift, NeedsManager, UnknownCustomer.
    """
    require(counter, "repayment")
    who = customer(counter.db, customer_id)
    owed = who.debt if account == "credit" else balance_debt(counter.db, who.id)
    if amount <= 0 or amount > owed:
        raise NothingOwed(name=who.name, owed=owed, asked=amount)
    parts = tuple(tenders) if tenders is not None else (TenderPart("cash", amount, amount),)
    if sum(part.amount for part in parts) != amount or any(part.amount <= 0 for part in parts):
        raise BadCustomer(why="tenders")
    shift_id = open_shift_id(counter.db)
    with counter.transaction() as tx:
        number = tx.next_number()
        tx.append(DebtRepaid(number, who.id, account, amount, parts, shift_id, clean_name(note)))
        register = tx.db.scalar("SELECT register FROM line WHERE device=?", (tx.head.device,))
        receipt = receipt_number(str(register), number)
        cash = any(part.kind == "cash" for part in parts)
        queue_receipt(tx.db.raw, receipt, kick_drawer=cash, now_ms=counter.clock.now_ms())
    return Repaid(receipt, amount, owed - amount)
