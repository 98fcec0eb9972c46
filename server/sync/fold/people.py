"""Folding facts about customers, staff, settings, drawers and the lines themselves."""

from __future__ import annotations

from core.facts.customers import CustomerAdded, CustomerChanged
from core.facts.shifts import CashMoved, ShiftClosed, ShiftOpened
from core.facts.shop import LineOpened, SettingsChanged, StaffAdded, StaffChanged
from core.facts.sync import (
    DocumentsMerged,
    FieldDecided,
    KasbonAllotted,
    RegisterJoined,
    RegisterLeft,
)
from core.movements import DebtMove, movements
from server.sync.fold.at import At
from server.sync.fold.books import Books
from server.sync.fold.documents import birth_of_customer, birth_of_staff
from server.sync.fold.fields import SETTINGS
from server.sync.fold.goods import product_decided, products_merged
from server.sync.fold.selling import ticked


def customer_added(books: Books, at: At, fact: CustomerAdded) -> None:
    """A new customer."""
    books.documents.get("customer", fact.customer.customer_id).born(
        birth_of_customer(fact.customer)
    )
    books.debts.debt(fact.customer.customer_id)


def customer_changed(books: Books, at: At, fact: CustomerChanged) -> None:
    """Fields of a customer."""
    books.documents.change(at, "customer", fact.customer_id, fact.changes)
    books.debts.debt(fact.customer_id)


def _customers_merged(books: Books, at: At, fact: DocumentsMerged) -> None:
    source, target = books.customer(fact.source), books.customer(fact.target)
    if source == target:
        return
    owed = books.debts.debt(source)
    moves = [
        move
        for account, amount in (("credit", owed.debt), ("balance", owed.balance))
        if amount
        for move in (DebtMove(source, account, -amount), DebtMove(target, account, amount))
    ]
    books.debts.move(at, moves, b"", lends=False)
    for counter in list(owed.shares):
        owed.allot(counter, -owed.shares[counter])
    books.merge("customer", source, target, at.n)
    books.documents.set_plainly(at, "customer", source, "active", "false")


def documents_merged(books: Books, at: At, fact: DocumentsMerged) -> None:
    """Two records of one thing."""
    if fact.table == "product":
        products_merged(books, at, fact)
    else:
        _customers_merged(books, at, fact)


def field_decided(books: Books, at: At, fact: FieldDecided) -> None:
    """The value that stands where a field was changed at two places."""
    if fact.table == "product":
        product_decided(books, at, fact)
    else:
        books.documents.decided(at, fact)


def kasbon_allotted(books: Books, at: At, fact: KasbonAllotted) -> None:
    """What is left of a limit, dealt out."""
    debt = books.debts.debt(books.customer(fact.customer_id))
    for part in fact.parts:
        debt.allot(books.registers.root(part.device), part.amount)


def line_opened(books: Books, at: At, fact: LineOpened) -> None:
    """A new line: the code on its receipts."""
    line = books.registers.get(at.device)
    line.name_receipts()
    line.printed = fact.register


def register_joined(books: Books, at: At, fact: RegisterJoined) -> None:
    """A line belongs to the shop."""
    line = books.registers.get(fact.device)
    line.name_receipts()
    line.register, line.name = fact.register, fact.name
    line.before_seq, line.joined_n, line.left_n = fact.before_seq, at.n, 0
    if fact.parent and fact.device not in books.registers.ancestors(fact.parent):
        line.parent = fact.parent
        line.root = books.registers.root(fact.parent)


def register_left(books: Books, at: At, fact: RegisterLeft) -> None:
    """A line was revoked."""
    line = books.registers.get(fact.device)
    line.left_n = at.n
    line.changed = True


def settings_changed(books: Books, at: At, fact: SettingsChanged) -> None:
    """Settings take their new values; those from before joining are past."""
    if not at.joined:
        books.documents.change(at, "setting", SETTINGS, fact.changes)


def staff_added(books: Books, at: At, fact: StaffAdded) -> None:
    """A new staff member."""
    books.documents.get("staff", fact.staff_id).born(birth_of_staff(fact.name, fact.role))


def staff_changed(books: Books, at: At, fact: StaffChanged) -> None:
    """A staff member's fields."""
    books.documents.change(at, "staff", fact.staff_id, fact.changes)


def shift_opened(books: Books, at: At, fact: ShiftOpened) -> None:
    """A shift begins."""
    row = books.shift(fact.shift_id)
    row.update(
        shift_id=fact.shift_id,
        n=at.n,
        device=at.device,
        day=at.header.day,
        opened_ms=at.at_ms,
        opened_by=at.header.by or None,
    )
    for name in _CLOSING:
        row.setdefault(name, None)
    books.move_cash(at, movements(fact).cash)


_CLOSING = ("closed_n", "closed_ms", "closed_by", "z_number", "counted", "expected")


def shift_closed(books: Books, at: At, fact: ShiftClosed) -> None:
    """A shift ends, also where its opening is still to come."""
    row = books.shift(fact.shift_id)
    if not row:
        row.update(
            shift_id=fact.shift_id,
            n=0,
            device=at.device,
            day=at.header.day,
            opened_ms=at.at_ms,
            opened_by=None,
        )
        at.flags.add("unknown_reference")
    row.update(
        closed_n=at.n,
        closed_ms=at.at_ms,
        closed_by=at.header.by or None,
        z_number=fact.z_number,
        counted=fact.counted,
        expected=fact.expected,
    )
    ticked(books, at, fact)


def cash_moved(books: Books, at: At, fact: CashMoved) -> None:
    """Cash in or out."""
    books.move_cash(at, movements(fact).cash)
