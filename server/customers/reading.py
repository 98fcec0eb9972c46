"""Customers and what they owe."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from core.text import fold
from server.db.schema.journal import entry
from server.db.schema.people import allotment, customer, customer_debt, register
from server.db.schema.trade import debt_movement, repayment, sale
from server.db.tied import meets, tied
from server.db.transaction import ShopTx
from server.shops.merged import by_former_name

PAGE: Final = 50


def _owed(name: str) -> ColumnElement[int]:
    """What a customer owes on an account, looked up row by row (as `server.stock.reading` does)."""
    found = (
        select(customer_debt.c[name])
        .where(tied(customer_debt), customer_debt.c.customer_id == customer.c.customer_id)
        .correlate(customer)
        .scalar_subquery()
    )
    return func.coalesce(found, 0)


_debt = _owed("debt")
_balance = _owed("balance")


class CustomerFields(NamedTuple):
    """What the web lets a customer's shop change; limits in rupiah."""

    name: str
    phone: str
    note: str
    member_no: str
    credit_limit: int
    balance_limit: int
    active: bool


class CustomerRow(NamedTuple):
    """A customer with what they owe as kasbon (`debt`) and by payroll (`balance`), in rupiah."""

    customer_id: bytes
    name: str
    phone: str
    member_no: str
    credit_limit: int
    active: bool
    debt: int
    balance: int


class CustomerPage(NamedTuple):
    """Some customers; `skip` finds those that follow, 0 at the end."""

    rows: list[CustomerRow]
    skip: int
    count: int  # type: ignore[assignment]  # hides tuple.count


class DebtSums(NamedTuple):
    """What all customers owe together, and how many owe something or more than their limit."""

    debt: int
    debtors: int
    over: int


class DebtMove(NamedTuple):
    """A debt grew (positive) or was paid back; `receipt` of the sale or repayment."""

    n: int
    account: str
    amount: int
    day: str
    at_ms: int
    register: str
    sale: str
    repayment: str


class Share(NamedTuple):
    """What is left of a register's share of a limit, in rupiah."""

    register: str
    amount: int


_FROM: Final = (
    select(
        customer.c.customer_id,
        customer.c.name,
        customer.c.phone,
        customer.c.member_no,
        customer.c.credit_limit,
        customer.c.active,
        _debt.label("debt"),
        _balance.label("balance"),
    )
    .select_from(customer)
    .where(tied(customer))
)
_FIELDS: Final = select(*(customer.c[name] for name in CustomerFields._fields)).where(
    tied(customer), customer.c.customer_id == bindparam("key")
)
_OWING: Final = (
    select(_debt.label("debt"), customer.c.credit_limit).where(tied(customer)).subquery()
)
_SUMS: Final = select(
    func.coalesce(func.sum(_OWING.c.debt), 0).label("debt"),
    func.count().label("debtors"),
    func.count().filter(_OWING.c.debt > _OWING.c.credit_limit).label("over"),
).where(_OWING.c.debt > 0)
_MOVES: Final = (
    select(
        debt_movement.c.n,
        debt_movement.c.account,
        debt_movement.c.amount,
        debt_movement.c.day,
        entry.c.at_ms,
        register.c.register,
        sale.c.receipt.label("sale"),
        repayment.c.receipt.label("repayment"),
    )
    .select_from(debt_movement)
    .join(entry, meets(entry, entry.c.n == debt_movement.c.n))
    .join(register, meets(register, register.c.device == entry.c.device), isouter=True)
    .join(sale, meets(sale, sale.c.n == debt_movement.c.n), isouter=True)
    .join(repayment, meets(repayment, repayment.c.n == debt_movement.c.n), isouter=True)
    .where(tied(debt_movement), debt_movement.c.customer_id == bindparam("key"))
    .order_by(entry.c.at_ms.desc(), debt_movement.c.n.desc(), debt_movement.c.i.desc())
    .limit(PAGE)
)
_SHARES: Final = (
    select(register.c.register, allotment.c.amount)
    .select_from(allotment)
    .join(register, meets(register, register.c.device == allotment.c.device))
    .where(
        tied(allotment),
        allotment.c.customer_id == bindparam("key"),
        register.c.left_n == 0,
    )
    .order_by(register.c.register)
)
_NAMES: Final = select(customer.c.customer_id, customer.c.name).where(
    tied(customer), customer.c.customer_id.in_(bindparam("keys", expanding=True))
)


def customers(
    tx: ShopTx, text: str = "", *, owing: bool = False, archived: bool = False, skip: int = 0
) -> CustomerPage:
    """A page of customers by name; those who owe, the largest debt first."""
    conditions: list[Any] = [] if archived else [or_(customer.c.active, _debt != 0)]
    if owing:
        conditions.append(or_(_debt > 0, _balance > 0))
    if text.strip():
        words = fold(text).split()
        by_number = or_(
            customer.c.phone.contains(text.strip()), customer.c.member_no == text.strip()
        )
        by_name = and_(*(customer.c.sort_name.contains(word) for word in words))
        former = customer.c.customer_id.in_(by_former_name("customer", words))
        conditions.append(or_(by_name, by_number, former) if words else by_number)
    order: list[Any] = [customer.c.sort_name, customer.c.customer_id]
    if owing:
        order.insert(0, _debt.desc())
    found = tx.rows(_FROM.where(*conditions).order_by(*order).limit(PAGE + 1).offset(max(0, skip)))
    count = select(func.count()).select_from(_FROM.where(*conditions).subquery())
    rows = [CustomerRow(*row) for row in found[:PAGE]]
    more = skip + PAGE if len(found) > PAGE else 0
    return CustomerPage(rows, more, int(tx.scalar(count)))


def one_customer(tx: ShopTx, customer_id: bytes) -> tuple[CustomerRow, CustomerFields] | None:
    """A customer, None where the shop has none of that id."""
    row = tx.one(_FROM.where(customer.c.customer_id == customer_id))
    fields = tx.one(_FIELDS, key=customer_id)
    if row is None or fields is None:
        return None
    return CustomerRow(*row), CustomerFields(*fields)


def customer_names(tx: ShopTx, customer_ids: Collection[bytes]) -> dict[bytes, str]:
    """The names of customers, of those that are known."""
    if not customer_ids:
        return {}
    return {row.customer_id: row.name for row in tx.rows(_NAMES, keys=sorted(customer_ids))}


def debt_sums(tx: ShopTx) -> DebtSums:
    """What is owed in all."""
    row = tx.one(_SUMS)
    assert row is not None
    return DebtSums(int(row.debt), row.debtors, row.over)


def debt_moves(tx: ShopTx, customer_id: bytes) -> list[DebtMove]:
    """The latest movements of what a customer owes, newest first."""
    return [
        DebtMove(
            row.n,
            row.account,
            row.amount,
            row.day,
            row.at_ms,
            row.register or "",
            row.sale or "",
            row.repayment or "",
        )
        for row in tx.rows(_MOVES, key=customer_id)
    ]


def shares_of(tx: ShopTx, customer_id: bytes) -> list[Share]:
    """How much of the limit each register may still lend by itself; empty with one register."""
    return [Share(row.register, row.amount) for row in tx.rows(_SHARES, key=customer_id)]
