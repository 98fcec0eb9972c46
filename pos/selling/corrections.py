"""What is put right after a sale: a wrong tender, a copy, money sent back at last."""

from __future__ import annotations

from typing import Any, NamedTuple

from core.errors import Refused
from core.facts.selling import ReceiptCopied, RefundSettled, TenderSwapped
from core.tender import TenderKind
from core.text import clean_name
from pos.counter import Counter
from pos.customers.accounts import check_accounts
from pos.customers.repayments import copies_printed, repayment
from pos.db.database import Database
from pos.printing.enqueue import queue_receipt
from pos.receipts.naming import mark_at, reference_at, sale_place
from pos.selling.refunds import UnknownSale
from pos.selling.sales import CustomerNeeded
from pos.shifts.drawer import ReasonNeeded
from pos.shifts.open_shift import open_shift
from pos.staff.people import require


class SwapTooLate(Refused):
    """The shift of this sale is closed: its tenders stay as they were counted."""

    code = "swap_too_late"


class SameTender(Refused):
    """The tender is that already."""

    code = "same_tender"


class NoSuchTender(Refused):
    """The receipt was not paid by this tender."""

    code = "no_such_tender"


class TenderUnclear(Refused):
    """The receipt was paid by this tender more than once; `numbers` says which they are."""

    code = "tender_unclear"


class SwapToAccount(Refused):
    """Money that was given back cannot become kasbon or a member's balance."""

    code = "swap_to_account"


class PaidBy(NamedTuple):
    """One tender of a receipt: its number on it, and rupiah (negative where given back)."""

    number: int
    kind: str
    amount: int
    reference: str


class Owed(NamedTuple):
    """Money of a refund by card, QRIS or transfer that somebody must send back."""

    receipt: str
    sale_id: int
    tender_no: int
    kind: str
    amount: int
    day: str


def _sale(db: Database, receipt: str) -> Any:
    row = db.one(
        "SELECT id, device, seq, shift_id, customer_id FROM sale WHERE id=?",
        (sale_place(db, receipt),),
    )
    if row is None:
        raise UnknownSale(receipt=receipt)
    return row


def tenders_of(db: Database, receipt: str) -> list[PaidBy]:
    """How a receipt was paid, in order; empty where no money moved.

    Raises:
        UnknownSale.
    """
    rows = db.rows(
        "SELECT n, kind, amount, reference FROM payment WHERE sale_id=? ORDER BY n",
        (_sale(db, receipt).id,),
    )
    return [PaidBy(*row) for row in rows]


def buyer_of(db: Database, receipt: str) -> bytes:
    """Who a receipt was written for; empty for nobody.

    Raises:
        UnknownSale.
    """
    return bytes(_sale(db, receipt).customer_id)


def tender_number(db: Database, receipt: str, kind: str, number: int | None = None) -> int:
    """Which tender of a receipt is meant by a kind; `number` decides where there are several.

    Raises:
        UnknownSale, NoSuchTender, TenderUnclear.
    """
    numbers = [part.number for part in tenders_of(db, receipt) if part.kind == kind]
    if number is not None:
        numbers = [one for one in numbers if one == number]
    if not numbers:
        raise NoSuchTender(receipt=receipt, kind=kind)
    if len(numbers) > 1:
        raise TenderUnclear(receipt=receipt, kind=kind, numbers=", ".join(map(str, numbers)))
    return numbers[0]


def swap_tender(
    counter: Counter,
    receipt: str,
    tender_no: int,
    new_kind: TenderKind,
    reason: str,
    *,
    reference: str = "",
    customer_id: bytes = b"",
) -> None:
    """Correct how a sale was paid, while its shift is open.

    Raises:
        UnknownSale, NoSuchTender, SwapTooLate, SameTender, SwapToAccount, ReasonNeeded,
        NeedsManager, CustomerNeeded and the limits of accounts.
    """
    require(counter, "swap_tender")
    if not clean_name(reason):
        raise ReasonNeeded()
    sale = _sale(counter.db, receipt)
    shift = open_shift(counter.db)
    if shift is None or shift.id != bytes(sale.shift_id):
        raise SwapTooLate(receipt=receipt)
    payment = counter.db.one(
        "SELECT kind, amount FROM payment WHERE sale_id=? AND n=?", (sale.id, tender_no)
    )
    if payment is None:
        raise NoSuchTender(receipt=receipt, kind=str(tender_no))
    if TenderKind.ONLINE in (payment.kind, new_kind):
        raise NoSuchTender(receipt=receipt, kind=str(new_kind))  # it came with its order
    if payment.kind == new_kind:
        raise SameTender(kind=str(new_kind))
    if payment.amount < 0 and new_kind in ("credit", "balance"):
        raise SwapToAccount()
    who = customer_id or bytes(sale.customer_id)
    if new_kind in ("credit", "balance"):
        if not who:
            raise CustomerNeeded()
        amount = max(payment.amount, 0)
        credit = amount if new_kind == "credit" else 0
        if credit > 0:
            require(counter, "credit", credit)
        check_accounts(counter, who, credit, amount - credit)
    with counter.transaction() as tx:
        tx.append(
            TenderSwapped(
                bytes(sale.device),
                sale.seq,
                tender_no,
                payment.kind,
                str(new_kind),
                clean_name(reference),
                clean_name(reason),
                customer_id,
                mark_at(counter.db, sale.id),
            )
        )


def reprint(counter: Counter, receipt: str) -> int:
    """Print a copy of a receipt, marked as such and counted; returns which copy it is.

    Raises:
        UnknownSale: neither a sale nor repaid kasbon has this number.
        NeedsManager.
    """
    require(counter, "reprint")
    sale = counter.db.one(
        "SELECT id, device, seq, copies FROM sale WHERE id=?", (sale_place(counter.db, receipt),)
    )
    if sale is not None:
        place, device, seq = int(sale.id), bytes(sale.device), int(sale.seq)
        before = int(sale.copies)
    else:
        repaid = repayment(counter.db, receipt)
        if repaid is None:
            raise UnknownSale(receipt=receipt)
        place, device, seq = repaid.row.id, repaid.device, repaid.seq
        before = copies_printed(counter.db, repaid)
    copy = before + 1
    with counter.transaction() as tx:
        tx.append(ReceiptCopied(device, seq, mark_at(tx.db, place)))
        queue_receipt(
            tx.db.raw, receipt.strip(), kick_drawer=False, now_ms=counter.clock.now_ms(), copy=copy
        )
    return copy


def owed_refunds(db: Database) -> list[Owed]:
    """Money of refunds that was noted but not ticked as sent, oldest first."""
    rows = db.rows(
        "SELECT s.receipt, s.id, p.n, p.kind, -p.amount, s.day FROM payment p"
        " JOIN sale s ON s.id=p.sale_id WHERE p.amount<0 AND p.settled=0"
        " AND p.kind IN ('qris','card','ewallet','transfer') ORDER BY s.id, p.n"
    )
    return [Owed(*row) for row in rows]


def settle_refund(counter: Counter, owed: Owed, reference: str = "") -> None:
    """Tick that a refund's money was sent back.

    Raises:
        UnknownSale, NeedsManager.
    """
    require(counter, "refund", owed.amount)
    sale = _sale(counter.db, reference_at(counter.db, owed.receipt, owed.sale_id))
    with counter.transaction() as tx:
        mark, said = mark_at(tx.db, sale.id), clean_name(reference)
        tx.append(RefundSettled(bytes(sale.device), sale.seq, owed.tender_no, said, mark))
