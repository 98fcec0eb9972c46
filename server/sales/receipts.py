"""Receipts: found by day, counter, hour, way of paying or number, and one of them whole."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select

from core.contract import UnknownFact, UnreadableFact
from core.facts.selling import SaleCompleted
from core.ids import hash_mark
from core.sync.feed import FLAGGED, verdict_codes, verdict_word
from server.db.schema import SHOP
from server.db.schema.journal import entry
from server.db.schema.people import customer, register, staff
from server.db.schema.trade import line_mark, payment, sale, sale_line, sale_mark
from server.db.tied import meets, tied
from server.db.transaction import ShopTx
from server.rates import HOUR_MS
from server.sync.fold.stored import fact_of_row

PAGE: Final = 50
SOLD: Final = "sold"
"""Sales and exchanges: what a day counts as its receipts."""


class Wanted(NamedTuple):
    """Which receipts: business days `first` to `last` (both included), and what narrows them.

    `kind` is a type of sale, or `SOLD`; `discounted`: only those on which something was taken off.
    `hour` is one of the shop's clock (0 to 23), with how many milliseconds that is ahead of UTC: as
    the day's chart counts it, whichever date it was on; `before` is what a page gave to find older
    ones.
    """

    first: str
    last: str
    device: bytes = b""
    kind: str = ""
    tender: str = ""
    text: str = ""
    hour: tuple[int, int] | None = None
    before: tuple[int, int] | None = None
    discounted: bool = False


class ReceiptRow(NamedTuple):
    """A receipt in a list; `total` in rupiah before cash rounding, negative for a refund."""

    n: int
    receipt: str
    type: str
    day: str
    at_ms: int
    total: int
    refunded: int
    register: str
    staff: str
    customer: str
    flags: tuple[str, ...]


class ReceiptPage(NamedTuple):
    """Some receipts, newest first; `before` finds older ones. Sums are over all pages."""

    rows: list[ReceiptRow]
    before: tuple[int, int] | None
    count: int  # type: ignore[assignment]  # hides tuple.count
    total: int


class Line(NamedTuple):
    """A line as it was printed: `gross` less its own `discount`, without its share of what came off
    the whole cart. `returned`: thousandths of its unit that came back since."""

    name: str
    unit: str
    qty: int
    price: int
    gross: int
    discount: int
    note: str
    product_id: bytes
    cost: int
    returned: int


class Paid(NamedTuple):
    """A way of paying, and the rupiah as printed: of cash what was handed over, before change."""

    kind: str
    amount: int
    reference: str


class Receipt(NamedTuple):
    """A receipt whole, in the figures of its paper: `subtotal` of the lines, `discount` off the
    whole cart. `proof`: the four characters of its fact's hash that are printed on it."""

    row: ReceiptRow
    lines: list[Line]
    payments: list[Paid]
    subtotal: int
    discount: int
    tax: int
    rounding: int
    change: int
    cost: int
    copies: int
    tax_included: bool
    reason: str
    note: str
    proof: str
    customer_id: bytes | None

    @property
    def due(self) -> int:
        """What was to be paid, after cash rounding."""
        return self.row.total + self.rounding


def receipts(tx: ShopTx, wanted: Wanted) -> ReceiptPage:
    """A page of receipts."""
    # The page's numbers first, from one index: what else a row shows is looked up for it alone.
    listed = _narrowed(_NUMBERS, wanted, older=True).order_by(*_NEWEST).limit(PAGE + 1)
    numbers = [row.n for row in tx.rows(listed)]
    rows = [_row(row) for row in tx.rows(_LIST, numbers=numbers)] if numbers else []
    sums = tx.one(_narrowed(_SUMS, wanted, older=False))
    assert sums is not None
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    before = (last.at_ms, last.n) if last else None
    return ReceiptPage(rows[:PAGE], before, sums.many, int(sums.total))


def receipt(tx: ShopTx, n: int) -> Receipt | None:
    """The receipt of the fact at a feed number, None where there is none."""
    found = tx.one(_ONE, at=n)
    if found is None:
        return None
    fact = _fact(tx, n)
    marks = tx.one(_MARK, at=n)
    lines, given = _lines(tx, n, fact), _given(tx, n, fact)
    subtotal = sum(one.gross - one.discount for one in lines)
    return Receipt(
        _row(found),
        lines,
        [Paid(one.kind, cash or one.amount, one.reference) for one, cash in given],
        subtotal,
        subtotal - (found.gross - found.discount),
        found.tax,
        found.rounding,
        # A swap of the tender takes what was given away, and with it the change.
        fact.change if fact and any(cash for _, cash in given) else 0,
        found.cost,
        marks.copies if marks else 0,
        fact.tax_included if fact else True,
        fact.reason if fact else "",
        fact.note if fact else "",
        hash_mark(found.hash),
        found.customer_id,
    )


def of_place(tx: ShopTx, device: bytes, seq: int) -> int | None:
    """The feed number of the sale that a counter wrote at a place of its journal."""
    n: int | None = tx.scalar(_PLACE, device=device, seq=seq)
    return n


# By the shop's clock: counters that were without network bring theirs later.
_NEWEST: Final = (sale.c.at_ms.desc(), sale.c.n.desc())
_COLUMNS: Final = (
    sale.c.n,
    sale.c.receipt,
    sale.c.type,
    sale.c.day,
    sale.c.at_ms,
    sale.c.total,
    func.coalesce(sale_mark.c.refunded, 0).label("refunded"),
    register.c.register,
    staff.c.name.label("staff"),
    customer.c.name.label("customer"),
    entry.c.verdict,
)


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*_COLUMNS, *columns)
        .select_from(sale)
        .join(entry, meets(entry, entry.c.n == sale.c.n))
        .join(sale_mark, meets(sale_mark, sale_mark.c.n == sale.c.n), isouter=True)
        .join(register, meets(register, register.c.device == sale.c.device), isouter=True)
        .join(staff, meets(staff, staff.c.staff_id == sale.c.staff_id), isouter=True)
        .join(customer, meets(customer, customer.c.customer_id == sale.c.customer_id), isouter=True)
        .where(tied(sale))
    )


_NUMBERS: Final = select(sale.c.n).where(tied(sale))
_LIST: Final = (
    _joined().where(sale.c.n.in_(bindparam("numbers", expanding=True))).order_by(*_NEWEST)
)
_ONE: Final = _joined(
    sale.c.gross,
    sale.c.discount,
    sale.c.tax,
    sale.c.rounding,
    sale.c.cost,
    sale.c.customer_id,
    entry.c.hash,
).where(sale.c.n == bindparam("at"))
_SUMS: Final = select(
    func.count().label("many"), func.coalesce(func.sum(sale.c.total), 0).label("total")
).where(tied(sale))
_ENTRY: Final = select(entry).where(tied(entry), entry.c.n == bindparam("at"))
_MARK: Final = select(sale_mark.c.copies).where(tied(sale_mark), sale_mark.c.n == bindparam("at"))
_PAYMENTS: Final = (
    select(payment.c.i, payment.c.kind, payment.c.amount, payment.c.reference)
    .where(tied(payment), payment.c.n == bindparam("at"))
    .order_by(payment.c.i)
)
_LINES: Final = (
    select(sale_line, func.coalesce(line_mark.c.qty, 0).label("returned"))
    .select_from(sale_line)
    .join(
        line_mark,
        meets(
            line_mark,
            line_mark.c.n == sale_line.c.n,
            line_mark.c.line_no == sale_line.c.line_no,
        ),
        isouter=True,
    )
    .where(tied(sale_line), sale_line.c.n == bindparam("at"))
    .order_by(sale_line.c.line_no)
)
_PLACE: Final = select(sale.c.n).where(
    tied(sale), sale.c.device == bindparam("device"), sale.c.seq == bindparam("seq")
)


def _narrowed(statement: Select[Any], wanted: Wanted, *, older: bool) -> Select[Any]:
    conditions: list[Any] = [sale.c.day.between(wanted.first, wanted.last)]
    if wanted.device:
        conditions.append(sale.c.device == wanted.device)
    if wanted.kind == SOLD:
        conditions.append(sale.c.type != "refund")
    elif wanted.kind:
        conditions.append(sale.c.type == wanted.kind)
    if wanted.tender:
        conditions.append(
            exists().where(
                payment.c.shop_id == SHOP,
                payment.c.n == sale.c.n,
                payment.c.kind == wanted.tender,
            )
        )
    if wanted.text:
        # A line's code has small letters, too ("K1b7q"), and is typed in any.
        conditions.append(
            func.upper(sale.c.receipt).like(f"%{_literal(wanted.text)}%", escape="\\")
        )
    if wanted.discounted:
        conditions.append(sale.c.discount != 0)
    if wanted.hour:
        hour, ahead_ms = wanted.hour
        conditions.append((sale.c.at_ms + ahead_ms) // HOUR_MS % 24 == hour)
    if older and wanted.before:
        at_ms, n = wanted.before
        earlier = and_(sale.c.at_ms == at_ms, sale.c.n < n)
        conditions.append(or_(sale.c.at_ms < at_ms, earlier))
    return statement.where(*conditions)


def _literal(text: str) -> str:
    """Text in which LIKE finds nothing special."""
    upper = text.strip().upper()
    return upper.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _row(row: Any) -> ReceiptRow:
    flagged = verdict_word(row.verdict) == FLAGGED
    return ReceiptRow(
        row.n,
        row.receipt,
        row.type,
        row.day,
        row.at_ms,
        row.total,
        row.refunded,
        row.register or "",
        row.staff or "",
        row.customer or "",
        verdict_codes(row.verdict) if flagged else (),
    )


def _fact(tx: ShopTx, n: int) -> SaleCompleted | None:
    row = tx.one(_ENTRY, at=n)
    try:
        fact = fact_of_row(row)[1] if row else None
    except (UnknownFact, UnreadableFact, ValueError):
        return None
    return fact if isinstance(fact, SaleCompleted) else None


def _given(tx: ShopTx, n: int, fact: SaleCompleted | None) -> list[tuple[Any, int]]:
    """Payments as they stand, each with the cash that was handed over for it (0: not said, or
    another way of paying was written down since)."""
    said = dict(enumerate(fact.tenders, 1)) if fact else {}
    return [
        (row, said[row.i].given if row.i in said and said[row.i].kind == row.kind else 0)
        for row in tx.rows(_PAYMENTS, at=n)
    ]


def _lines(tx: ShopTx, n: int, fact: SaleCompleted | None) -> list[Line]:
    """What was printed comes from the fact, what became of it since from the tables."""
    printed = fact.lines if fact else ()
    found = []
    for row in tx.rows(_LINES, at=n):
        said = printed[row.line_no - 1] if row.line_no <= len(printed) else None
        found.append(
            Line(
                said.name if said else "?",
                said.unit if said else "",
                row.qty,
                said.unit_price if said else 0,
                row.gross,
                said.line_discount if said else row.discount,
                said.note if said else "",
                row.product_id,
                row.cost,
                row.returned,
            )
        )
    return found
