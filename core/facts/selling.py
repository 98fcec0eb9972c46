"""Facts of the sale: completed, tender swapped, copy printed, carts parked."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from core.facts.base import Fact

SaleType = Literal["sale", "refund", "exchange"]


class Refers(msgspec.Struct, frozen=True, array_like=True):
    """The line of an earlier sale that a negative line gives back.

    `mark`: the first bytes of the sale's hash, here as in every fact about an earlier sale: what a
    place in a line means, two copies of a counter may not agree on (`core.facts.references`).
    """

    device: bytes
    seq: int
    line_no: int
    mark: bytes = b""


class SaleLine(msgspec.Struct, frozen=True, array_like=True):
    """One line as sold. Amounts in rupiah, `qty` in thousandths of `unit`.

    A line that gives back has a negative quantity and amounts, `refers` to what was sold and
    says where the goods went (`back_to`).
    """

    product_id: bytes
    name: str
    unit: str
    factor: int
    qty: int
    unit_price: int
    list_price: int
    gross: int
    line_discount: int
    cart_discount: int
    net: int
    tax: int
    tax_class: str = "kena"
    note: str = ""
    price_reason: str = ""
    refers: Refers | None = None
    back_to: Literal["", "stock", "waste"] = ""


class TenderPart(msgspec.Struct, frozen=True, array_like=True):
    """A tender's part of the total in rupiah (cash: after change); negative when paid out.

    `given` is what the buyer handed over in cash. `confirmed` says how the cashier knew:
    "seen", "heard", or empty where nothing needs confirming.
    """

    kind: str
    amount: int
    given: int = 0
    reference: str = ""
    confirmed: str = ""


class SaleCompleted(Fact, frozen=True, array_like=True):
    """A sale, a refund or an exchange: its lines, what was paid, and its gapless number."""

    KIND: ClassVar[str] = "sale_completed"
    VERSION: ClassVar[int] = 1

    number: int
    shift_id: bytes
    type: SaleType
    lines: tuple[SaleLine, ...]
    tenders: tuple[TenderPart, ...]
    total: int
    rounding: int
    change: int
    tax_included: bool
    customer_id: bytes = b""
    ref: str = ""
    note: str = ""
    reason: str = ""


class TenderSwapped(Fact, frozen=True, array_like=True):
    """A sale was paid another way than was keyed in; only while its shift is open."""

    KIND: ClassVar[str] = "tender_swapped"
    VERSION: ClassVar[int] = 1

    device: bytes
    seq: int
    tender_no: int
    old_kind: str
    new_kind: str
    reference: str
    reason: str
    customer_id: bytes = b""
    mark: bytes = b""


class ReceiptCopied(Fact, frozen=True, array_like=True):
    """A copy of a receipt was asked for."""

    KIND: ClassVar[str] = "receipt_copied"
    VERSION: ClassVar[int] = 1

    device: bytes
    seq: int
    mark: bytes = b""


class RefundSettled(Fact, frozen=True, array_like=True):
    """Money that a refund owed by card, QRIS or transfer has been sent back."""

    KIND: ClassVar[str] = "refund_settled"
    VERSION: ClassVar[int] = 1

    device: bytes
    seq: int
    tender_no: int
    reference: str
    mark: bytes = b""


class CartParked(Fact, frozen=True, array_like=True):
    """A cart was put aside; `cart` is its encoded content."""

    KIND: ClassVar[str] = "cart_parked"
    VERSION: ClassVar[int] = 1

    cart_id: bytes
    name: str
    cart: bytes
    waits_for: str = ""


class CartFetched(Fact, frozen=True, array_like=True):
    """A parked cart was taken up again or dropped."""

    KIND: ClassVar[str] = "cart_fetched"
    VERSION: ClassVar[int] = 1

    cart_id: bytes
    dropped: bool
    reason: str = ""
