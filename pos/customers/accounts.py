"""What customers owe, and whether they may owe more."""

from __future__ import annotations

from typing import NamedTuple

from core.errors import Refused
from pos.counter import Counter
from pos.db.database import Database
from pos.db.merged import meant
from pos.staff.people import may


class CreditLimitExceeded(Refused):
    """The kasbon would pass the customer's limit; somebody with permission may allow it."""

    code = "credit_limit_exceeded"


class CreditShareExceeded(CreditLimitExceeded):
    """The kasbon is within the limit, but would pass what this counter may lend by itself: the rest
    of the limit is other counters'. Somebody with permission may allow it."""

    code = "credit_share_exceeded"


class BalanceLimitExceeded(Refused):
    """The member's purchases on payroll deduction would pass this month's limit."""

    code = "balance_limit_exceeded"


class UnknownCustomer(Refused):
    """There is no such customer."""

    code = "unknown_customer"


class AmbiguousCustomer(Refused):
    """More than one customer answers to this name."""

    code = "ambiguous_customer"


class Customer(NamedTuple):
    """A customer as stored; limits and debt in rupiah."""

    id: bytes
    name: str
    phone: str
    note: str
    credit_limit: int
    member_no: str
    balance_limit: int
    active: bool
    debt: int


_QUERY = (
    "SELECT id, name, phone, note, credit_limit, member_no, balance_limit, active, debt"
    " FROM customer"
)


def _customer(row: tuple[object, ...]) -> Customer:
    values = list(row)
    values[0] = bytes(values[0])  # type: ignore[call-overload]
    values[7] = bool(values[7])
    return Customer(*values)  # type: ignore[arg-type]


def customer(db: Database, customer_id: bytes) -> Customer:
    """A customer by id; of two that were merged, the one that stayed.

    Raises:
        UnknownCustomer: there is none.
    """
    row = db.one(f"{_QUERY} WHERE id=?", (meant(db, "customer", customer_id),))
    if row is None:
        raise UnknownCustomer(name="")
    return _customer(row)


def find_customers(db: Database, text: str = "", limit: int = 50) -> list[Customer]:
    """Active customers whose name, number or phone holds the text, by name.

    Who was merged into another is found by the old name, too: as the one that stayed.
    """
    from core.text import fold

    folded = fold(text)
    escaped = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = db.rows(
        f"{_QUERY} WHERE active=1 AND (?1='' OR sort_name LIKE ?2 OR phone LIKE ?3 ESCAPE '\\'"
        " OR member_no LIKE ?4 ESCAPE '\\' OR id IN (SELECT m.target FROM merged m JOIN customer o"
        " ON o.id=m.source WHERE m.table_name='customer' AND o.sort_name LIKE ?2))"
        " ORDER BY sort_name, id LIMIT ?5",
        (text.strip(), f"%{folded}%" if folded else "\x00", f"%{escaped}%", f"{escaped}%", limit),
    )
    return [_customer(row) for row in rows]


def customer_named(db: Database, name: str) -> Customer:
    """The one customer of exactly that name (whatever the case), member number or id.

    Raises:
        UnknownCustomer: none answers.
        AmbiguousCustomer: several do.
    """
    wanted = " ".join(name.split())
    rows = db.rows(
        f"{_QUERY} WHERE active=1 AND (lower(name)=lower(?) OR (member_no<>'' AND member_no=?)"
        " OR lower(hex(id))=lower(?))",
        (wanted, wanted, wanted),
    )
    if not rows:
        raise UnknownCustomer(name=wanted)
    if len(rows) > 1:
        raise AmbiguousCustomer(name=wanted)
    return _customer(rows[0])


def balance_used(db: Database, customer_id: bytes, month: str) -> int:
    """What a member has bought on payroll deduction in a month (YYYY-MM), in rupiah."""
    return int(
        db.scalar(
            "SELECT coalesce(sum(amount), 0) FROM debt_movement WHERE customer_id=?"
            " AND account='balance' AND day>=? AND day<=? AND amount>0",
            (customer_id, f"{month}-01", f"{month}-31"),
        )
        or 0
    )


def balance_debt(db: Database, customer_id: bytes) -> int:
    """What a member owes on payroll deduction over all months, in rupiah."""
    return int(
        db.scalar(
            "SELECT coalesce(sum(amount), 0) FROM debt_movement WHERE customer_id=?"
            " AND account='balance'",
            (customer_id,),
        )
        or 0
    )


def lendable(db: Database, who: Customer) -> int:
    """What this counter may still lend to a customer by itself, in rupiah.

    One counter has the whole limit. Of several each has its share, so that they cannot exceed the
    limit together while there is no network; what it lent since, unknown to the others, is off it.
    """
    free = who.credit_limit - who.debt
    if _counters(db) < 2:
        return free
    share = db.scalar(
        "SELECT a.amount FROM allotment a JOIN own_line o ON o.device=a.device"
        " WHERE a.customer_id=? ORDER BY o.place LIMIT 1",
        (who.id,),
    )
    lent = db.scalar(
        "SELECT sum(d.amount) FROM debt_movement d JOIN waiting w ON w.pos=d.pos"
        " WHERE d.customer_id=? AND d.account='credit' AND d.amount>0",
        (who.id,),
    )
    return min(free, int(share or 0) - int(lent or 0))


def _counters(db: Database) -> int:
    """How many counters are of the shop: one that goes on in a newer line is, whoever revoked an
    older one."""
    rows = db.rows("SELECT device, parent, left_reason FROM register")
    parents = {bytes(row[0]): bytes(row[1]) for row in rows}
    firsts: dict[bytes, bytes] = {}
    return len({_first(parents, firsts, bytes(row[0])) for row in rows if not row[2]})


def _first(parents: dict[bytes, bytes], firsts: dict[bytes, bytes], device: bytes) -> bytes:
    """The line that a counter began with; what is found is kept in `firsts`, since a counter may
    have had a thousand lines and this is asked while somebody waits at it."""
    path: dict[bytes, None] = {}
    while device not in firsts and device not in path and parents.get(device):
        path[device] = None
        device = parents[device]
    first = firsts.get(device, device)
    firsts.update(dict.fromkeys(path, first))
    return first


def check_accounts(counter: Counter, customer_id: bytes, credit: int, balance: int) -> None:
    """Insist that a customer may owe so much more on each account; limits are inclusive.

    Raises:
        CreditLimitExceeded, CreditShareExceeded: and neither the acting person nor the approver
            may pass it.
        BalanceLimitExceeded: the month's limit, which nobody at the counter may pass.
    """
    who = customer(counter.db, customer_id)
    if credit > 0 and credit > (left := lendable(counter.db, who)):
        approver = counter.approver_id
        if not may(counter, "credit_over_limit") and not (
            approver and may(counter, "credit_over_limit", staff_id=approver)
        ):
            is_split = credit <= who.credit_limit - who.debt
            refusal = CreditShareExceeded if is_split else CreditLimitExceeded
            raise refusal(
                name=who.name,
                limit=who.credit_limit,
                debt=who.debt,
                asked=credit,
                left=max(0, left),
            )
    if balance > 0:
        used = balance_used(counter.db, who.id, counter.today()[:7])
        if used + balance > who.balance_limit:
            raise BalanceLimitExceeded(
                name=who.name, limit=who.balance_limit, used=used, asked=balance
            )
