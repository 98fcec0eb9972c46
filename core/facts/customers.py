"""Facts about customers and members: who they are, what they paid back."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from core.facts.base import Fact, FieldChange
from core.facts.selling import TenderPart

Account = Literal["credit", "balance"]


class CustomerRecord(msgspec.Struct, frozen=True, array_like=True):
    """A customer as written when added. Limits in rupiah; `balance_limit` is a month's."""

    customer_id: bytes
    name: str
    phone: str = ""
    note: str = ""
    credit_limit: int = 0
    member_no: str = ""
    balance_limit: int = 0


class CustomerAdded(Fact, frozen=True, array_like=True):
    """A customer was written down."""

    KIND: ClassVar[str] = "customer_added"
    VERSION: ClassVar[int] = 1

    customer: CustomerRecord


class CustomerChanged(Fact, frozen=True, array_like=True):
    """Fields of a customer changed."""

    KIND: ClassVar[str] = "customer_changed"
    VERSION: ClassVar[int] = 1

    customer_id: bytes
    changes: tuple[FieldChange, ...]


class DebtRepaid(Fact, frozen=True, array_like=True):
    """A customer paid back kasbon, or a month's payroll deduction arrived.

    `number` counts in the receipts' own sequence; `amount` in rupiah is positive and equals
    the tenders' sum. `shift_id` is empty for a payroll deduction, which moves no drawer.
    """

    KIND: ClassVar[str] = "debt_repaid"
    VERSION: ClassVar[int] = 1

    number: int
    customer_id: bytes
    account: Account
    amount: int
    tenders: tuple[TenderPart, ...]
    shift_id: bytes = b""
    note: str = ""
