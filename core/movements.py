"""What a fact does to stock, cash and debts: decided once, for counter and server alike.

Pure: a fact goes in, movements come out. Who stores them, and where, is not decided here.
"""

from __future__ import annotations

from typing import NamedTuple

from core.facts.base import Fact
from core.facts.catalog import CatalogImported, ImportTakenBack, OpeningStock, ProductAdded
from core.facts.customers import DebtRepaid
from core.facts.selling import SaleCompleted, SaleLine, TenderSwapped
from core.facts.shifts import CashMoved, ShiftOpened
from core.facts.stock import StockAdjusted, StockReceived


class StockMove(NamedTuple):
    """Goods moved: `qty` thousandths of the base unit (negative: out).

    `value` in rupiah where the fact says it; None where it follows from the value pool.
    `line_no` is the sale line that moved them, 0 elsewhere.
    """

    product_id: bytes
    kind: str
    qty: int
    value: int | None = None
    line_no: int = 0


class CashMove(NamedTuple):
    """Rupiah into (positive) or out of a shift's drawer."""

    shift_id: bytes
    kind: str
    amount: int


class DebtMove(NamedTuple):
    """Rupiah added to (positive) or taken off what a customer owes on an account."""

    customer_id: bytes
    account: str
    amount: int


class Movements(NamedTuple):
    """All that one fact moves."""

    stock: tuple[StockMove, ...] = ()
    cash: tuple[CashMove, ...] = ()
    debt: tuple[DebtMove, ...] = ()


ACCOUNTS = ("credit", "balance")
NOTHING = Movements()


def movements(fact: Fact) -> Movements:
    """What a fact moves; most move nothing."""
    match fact:
        case SaleCompleted():
            return _sale(fact)
        case DebtRepaid():
            return _repaid(fact)
        case ShiftOpened():
            return Movements(cash=(CashMove(fact.shift_id, "float", fact.float_amount),))
        case CashMoved():
            signed = fact.amount if fact.direction == "in" else -fact.amount
            return Movements(cash=(CashMove(fact.shift_id, fact.direction, signed),))
        case ProductAdded():
            return _opening((fact.opening,) if fact.opening else ())
        case CatalogImported():
            return _opening(fact.opening)
        case ImportTakenBack():
            return Movements(
                stock=tuple(
                    StockMove(line.product_id, "import_taken_back", line.qty, line.value)
                    for line in fact.lines
                )
            )
        case StockReceived():
            return Movements(
                stock=tuple(
                    StockMove(line.product_id, "received", line.qty, line.value)
                    for line in fact.lines
                )
            )
        case StockAdjusted():
            kind = f"adjusted:{fact.reason}"
            return Movements(
                stock=tuple(
                    StockMove(line.product_id, kind, line.qty, line.value) for line in fact.lines
                )
            )
        case _:
            return NOTHING


def swap_moves(fact: TenderSwapped, shift_id: bytes, amount: int, customer: bytes) -> Movements:
    """What swapping a sale's tender of `amount` moves; `customer` had the old credit."""
    cash: list[CashMove] = []
    debt: list[DebtMove] = []
    for kind, signed, who in (
        (fact.old_kind, -amount, customer),
        (fact.new_kind, amount, fact.customer_id or customer),
    ):
        if kind == "cash":
            cash.append(CashMove(shift_id, "swap", signed))
        elif kind in ACCOUNTS:
            debt.append(DebtMove(who, kind, signed))
    return Movements(cash=tuple(cash), debt=tuple(debt))


def _opening(lines: tuple[OpeningStock, ...]) -> Movements:
    return Movements(
        stock=tuple(StockMove(line.product_id, "opening", line.qty, line.value) for line in lines)
    )


def _line_moves(line_no: int, line: SaleLine) -> list[StockMove]:
    qty = line.qty * line.factor
    kind = "refund" if line.refers else "sale"
    moves = [StockMove(line.product_id, kind, -qty, None, line_no)]
    if line.back_to == "waste":
        moves.append(StockMove(line.product_id, "adjusted:waste", qty, None, 0))
    return moves


def _sale(fact: SaleCompleted) -> Movements:
    stock = [
        move for number, line in enumerate(fact.lines, 1) for move in _line_moves(number, line)
    ]
    cash = tuple(
        CashMove(fact.shift_id, "sale" if tender.amount >= 0 else "refund", tender.amount)
        for tender in fact.tenders
        if tender.kind == "cash"
    )
    debt = tuple(
        DebtMove(fact.customer_id, tender.kind, tender.amount)
        for tender in fact.tenders
        if tender.kind in ACCOUNTS
    )
    return Movements(tuple(stock), cash, debt)


def _repaid(fact: DebtRepaid) -> Movements:
    cash = tuple(
        CashMove(fact.shift_id, "repaid", tender.amount)
        for tender in fact.tenders
        if tender.kind == "cash" and fact.shift_id
    )
    return Movements(cash=cash, debt=(DebtMove(fact.customer_id, fact.account, -fact.amount),))
