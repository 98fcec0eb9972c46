"""What an entry is about, in a few words: by them an owner decides whether it happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.facts.base import Fact, FieldChange
from core.facts.catalog import CatalogImported, ProductAdded, ProductChanged
from core.facts.customers import CustomerAdded, CustomerChanged, DebtRepaid
from core.facts.selling import SaleCompleted
from core.facts.shifts import CashMoved, ShiftClosed, ShiftOpened
from core.facts.shop import SettingsChanged, StaffAdded, StaffChanged
from core.facts.stock import StockAdjusted, StockReceived
from core.ids import receipt_number
from server.web.showing import Show

_MOST = 3
"""So many lines or fields are named; more are three dots."""


def goods_of(facts: Iterable[Fact | None]) -> set[bytes]:
    """The goods whose names these facts do not say themselves."""
    found: set[bytes] = set()
    for fact in facts:
        if isinstance(fact, ProductChanged):
            found.add(fact.product_id)
        elif isinstance(fact, StockReceived | StockAdjusted):
            found.update(line.product_id for line in fact.lines[:_MOST])
    return found


def customers_of(facts: Iterable[Fact | None]) -> set[bytes]:
    """The customers whose names these facts do not say themselves."""
    named = (SaleCompleted, DebtRepaid, CustomerChanged)
    return {one.customer_id for one in facts if isinstance(one, named) and one.customer_id}


def paper(fact: Fact | None, register: str) -> str:
    """The number that stands on the paper of a sale or a repayment; empty for other facts."""
    if not isinstance(fact, SaleCompleted | DebtRepaid) or not register or fact.number < 1:
        return ""
    return receipt_number(register, fact.number)


def new_goods(facts: Iterable[Fact | None]) -> dict[bytes, str]:
    """Names of goods that are born in these facts and may be nowhere else yet."""
    born = [one.product for one in facts if isinstance(one, ProductAdded)]
    return {one.product_id: one.name for one in born}


def summary(show: Show, fact: Fact | None, names: Mapping[bytes, str]) -> str:
    """What a fact says; empty where its kind says all. `names` are those of `goods_of`
    and `customers_of`."""
    one: Any = fact
    match one:
        case SaleCompleted():
            goods = f"{show.rupiah(one.total)}: {_some([line.name for line in one.lines])}"
            return _after(names.get(one.customer_id, ""), goods)
        case DebtRepaid():
            return _after(names.get(one.customer_id, ""), show.rupiah(one.amount))
        case ProductAdded():
            return f"{one.product.name}: {show.rupiah(one.product.price)}"
        case CatalogImported():
            return str(one.file_name)
        case CustomerAdded():
            return str(one.customer.name)
        case StaffAdded():
            return str(one.name)
        case CashMoved():
            amount = one.amount if one.direction == "in" else -one.amount
            return _after(show.rupiah(amount), one.reason)
        case ShiftOpened():
            return show.rupiah(one.float_amount)
        case ShiftClosed():
            return show.rupiah(one.counted)
        case ProductChanged():
            return _after(names.get(one.product_id, ""), _changed(show, one.changes))
        case CustomerChanged():
            return _after(names.get(one.customer_id, ""), _changed(show, one.changes))
        case StaffChanged() | SettingsChanged():
            return _changed(show, one.changes)
        case StockReceived() | StockAdjusted():
            return _some(
                [f"{names.get(line.product_id, '')} {show.signed(line.qty)}" for line in one.lines]
            )
    return ""


def _changed(show: Show, changes: Iterable[FieldChange]) -> str:
    return _some(
        [
            f"{show.field(one.field)} {show.value(one.field, one.old)} \u2192"
            f" {show.value(one.field, one.new)}"
            for one in changes
        ]
    )


def _some(parts: list[str]) -> str:
    return ", ".join(part.strip() for part in parts[:_MOST]) + ("\u2026" if parts[_MOST:] else "")


def _after(name: str, text: str) -> str:
    return ": ".join(filter(None, (name, text)))
