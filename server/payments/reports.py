"""A provider's settlement reports against what is known here: fees booked once, differences named.

A line belongs to a payment by the order's key or the provider's own id. Lines are kept as they
came and never changed; what differs is worked out when it is read, so that a payment that is
learned of later makes its line agree.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from sqlalchemy import and_, bindparam, case, func, or_, select

from server.db.schema import SHOP
from server.db.schema.orders import shop_order
from server.db.schema.payments import (
    order_payment,
    settlement_line,
    settlement_report,
)
from server.db.transaction import AnyRow, ShopTx
from server.payments import books, rows
from server.payments.looking import look_soon
from server.payments.midtrans import NAME
from server.payments.paying import Paying
from server.payments.payout_asides import ASIDE
from server.payments.payout_lines import Settled, settle_lines
from server.payments.payout_rows import RECORDED
from server.payments.report_reading import Line, read_report
from server.payments.rows import Payment
from server.payments.states import MONEY_CAME

WITHIN_DAYS: Final = 7
"""A provider settles within days: a payment that no report has by then is missing."""

MOST_SHOWN: Final = 200
_AT_ONCE: Final = 100
_DAY_MS: Final = 86_400_000
_MOST_NAME: Final = 100
_CAME: Final = tuple(sorted(MONEY_CAME))
_line, _report, _payment = settlement_line, settlement_report, order_payment
Why = Literal[
    "agrees", "unknown", "unpaid", "amount", "refund", "fee", "payout", "payout_amount", "aside"
]
"""unknown: no payment here; unpaid: here it was not paid, or the refund not made; amount, fee,
refund: another one than here. payout: not recorded; payout_amount: recorded with another amount;
aside: a payout that the owner set aside, which is no difference."""

_BY_KEYS = select(_payment).where(
    _payment.c.shop_id == SHOP,
    or_(
        _payment.c.provider_key.in_(bindparam("keys", expanding=True)),
        and_(
            _payment.c.transaction_id != "",
            _payment.c.transaction_id.in_(bindparam("ids", expanding=True)),
        ),
    ),
)
_HAS_REPORT = select(_report.c.report_id).where(
    _report.c.shop_id == SHOP, _report.c.report_id == bindparam("report")
)
_THERE = select(_line.c.line_id).where(
    _line.c.shop_id == SHOP, _line.c.line_id.in_(bindparam("lines", expanding=True))
)
_REPORTS = (
    select(_report)
    .where(_report.c.shop_id == SHOP)
    .order_by(_report.c.added_ms.desc(), _report.c.report_id)
    .limit(20)
)
_refunds = (
    select(_line.c.provider_key, func.sum(_line.c.amount).label("amount"))
    .where(_line.c.shop_id == SHOP, _line.c.kind == "refund")
    .group_by(_line.c.provider_key)
    .subquery("refunds_reported")
)
_is_payout = _line.c.kind == "payout"
_why = case(
    (and_(_is_payout, RECORDED.c.amount.is_(None), ASIDE.c.line_id.is_not(None)), "aside"),
    (and_(_is_payout, RECORDED.c.amount.is_(None)), "payout"),
    (and_(_is_payout, RECORDED.c.amount != _line.c.amount), "payout_amount"),
    (_is_payout, "agrees"),
    (_payment.c.payment_id.is_(None), "unknown"),
    (and_(_line.c.kind == "payment", _payment.c.state.not_in(_CAME)), "unpaid"),
    (and_(_line.c.kind == "payment", _line.c.amount != _payment.c.amount), "amount"),
    (and_(_line.c.kind == "refund", _payment.c.refunded != _refunds.c.amount), "refund"),
    (and_(_line.c.kind == "chargeback", _payment.c.state != "charged_back"), "unpaid"),
    (_line.c.trouble == "fee", "fee"),
    else_="agrees",
).label("why")
_lines = (
    _line.outerjoin(
        _payment, and_(_payment.c.shop_id == SHOP, _payment.c.provider_key == _line.c.provider_key)
    )
    .outerjoin(RECORDED, RECORDED.c.line_id == _line.c.line_id)
    .outerjoin(ASIDE, ASIDE.c.line_id == _line.c.line_id)
    .outerjoin(_refunds, _refunds.c.provider_key == _line.c.provider_key)
    .outerjoin(
        shop_order, and_(shop_order.c.shop_id == SHOP, shop_order.c.order_id == _payment.c.order_id)
    )
)
# Reports of another portal or period have a payment once more: in sums it is counted once, by the
# line that says a fee.
_whose = case((_line.c.provider_key != "", _line.c.provider_key), else_=_line.c.transaction_id)
_nth = (
    func.row_number()
    .over(
        partition_by=(_whose, _line.c.kind, _why),
        order_by=(_line.c.fee.desc(), _line.c.line_id),
    )
    .label("nth")
)
_judged = (
    select(
        _why, _line.c.kind, _line.c.provider_key, _line.c.transaction_id, _line.c.amount,
        _line.c.fee, _line.c.settled_ms, _payment.c.order_id, shop_order.c.number,
        func.coalesce(RECORDED.c.amount, _payment.c.amount).label("ours"), _payment.c.refunded,
        _payment.c.state, _line.c.line_id, _nth,
    )
    .select_from(_lines)
    .where(_line.c.shop_id == SHOP)
)  # fmt: skip
_each = _judged.subquery("judged")
_is_counted = and_(_each.c.kind == "payment", _each.c.nth == 1)
_SUMS = select(
    _each.c.why,
    func.count().label("lines"),
    func.sum(case((_is_counted, _each.c.amount), else_=0)).label("amount"),
    func.sum(case((_is_counted, _each.c.fee), else_=0)).label("fee"),
).group_by(_each.c.why)
_DIFFER = (
    select(_each).where(_each.c.why.not_in(("agrees", "aside")))
    .order_by(_each.c.settled_ms.desc(), _each.c.line_id).limit(bindparam("most"))
)  # fmt: skip
_ALL = select(_each).order_by(_each.c.settled_ms, _each.c.line_id).limit(bindparam("most"))
_OF_LINE = and_(_line.c.shop_id == SHOP, _line.c.provider_key == _payment.c.provider_key)
_FROM = (
    select(_payment.c.environment, func.min(_payment.c.paid_ms).label("first"))
    .select_from(_payment.join(_line, _OF_LINE))
    .where(_payment.c.shop_id == SHOP, _payment.c.paid_ms.is_not(None))
    .group_by(_payment.c.environment)
)
_MISSING = (
    select(
        _payment.c.order_id, _payment.c.provider_key, _payment.c.transaction_id,
        _payment.c.amount, _payment.c.paid_ms, shop_order.c.number,
    )
    .select_from(
        _payment.outerjoin(
            shop_order,
            and_(shop_order.c.shop_id == SHOP, shop_order.c.order_id == _payment.c.order_id),
        )
    )
    .where(
        _payment.c.shop_id == SHOP,
        _payment.c.environment == bindparam("of"),
        _payment.c.state.in_(_CAME),
        _payment.c.paid_ms >= bindparam("first"),
        _payment.c.paid_ms < bindparam("last"),
        ~select(_line.c.line_id).where(_OF_LINE, _line.c.kind == "payment").exists(),
    )
    .order_by(_payment.c.paid_ms)
    .limit(bindparam("most"))
)  # fmt: skip


class Taken(NamedTuple):
    """What a file brought: lines that were new, fees (rupiah) that were booked by them, and payouts
    that were recorded."""

    lines: int
    new: int
    fees: int
    payouts: Settled = Settled()


class Differing(NamedTuple):
    """A line with why it differs. `ours`: the payment's amount, or what was given back (rupiah)."""

    why: Why
    kind: str
    number: int | None
    order_id: bytes | None
    provider_key: str
    transaction_id: str
    amount: int
    fee: int
    settled_ms: int | None
    ours: int
    line_id: bytes


class Missing(NamedTuple):
    """A payment that was paid days ago, and that no report has."""

    number: int | None
    order_id: bytes
    provider_key: str
    transaction_id: str
    amount: int
    paid_ms: int


class Sum(NamedTuple):
    """So many lines, and what they say was paid, and the fees (rupiah), each payment once."""

    lines: int = 0
    amount: int = 0
    fee: int = 0


class File(NamedTuple):
    """A file that was brought."""

    name: str
    lines: int
    added_ms: int


class Compared(NamedTuple):
    """Reports against payments: how many lines agree, and what does not."""

    files: tuple[File, ...]
    sums: dict[Why, Sum]
    differing: tuple[Differing, ...]
    missing: tuple[Missing, ...]


def take_report(paying: Paying, shop_id: bytes, name: str, data: bytes, by: bytes) -> Taken:
    """Take in a file: keep its lines, book fees and payouts, and have the provider asked about what
    is not paid or not given back here. A line that came before, in any file, does nothing.

    Raises:
        BadReport: it cannot be read as one; nothing was taken in.
    """
    lines = read_report(data)
    now_ms = paying.services.now_ms()
    report_id = _hash(b"report", data)
    ids = _ids_of(lines)

    def keep(tx: ShopTx) -> None:
        if tx.one(_HAS_REPORT, report=report_id) is None:
            tx.insert_new(
                _report, report_id=report_id, provider=NAME, name=name[:_MOST_NAME] or "csv",
                lines=len(lines), by_account=by, added_ms=now_ms,
            )  # fmt: skip

    store, new, fees = paying.services.store, 0, 0
    store.in_shop(shop_id, keep)
    to_ask: set[bytes] = set()
    # In parts: a month of lines must not keep the shop's payments locked. Whoever stops in between
    # brings the file once more.
    each = list(zip(ids, lines, strict=True))
    for part in (each[at : at + _AT_ONCE] for at in range(0, len(each), _AT_ONCE)):
        count, booked, odd = store.in_shop(
            shop_id,
            lambda tx, part=part: _take(tx, report_id, part, now_ms),  # type: ignore[misc]
        )
        new, fees = new + count, fees + booked
        to_ask |= odd
    for payment_id in to_ask:
        look_soon(paying, shop_id, payment_id)
    return Taken(len(lines), new, fees, settle_lines(paying.services, shop_id, by))


def _take(
    tx: ShopTx, report_id: bytes, part: Sequence[tuple[bytes, Line]], now_ms: int
) -> tuple[int, int, set[bytes]]:
    """How many lines were new, the fees that were booked, and what is to be asked about."""
    known = {row.line_id for row in tx.rows(_THERE, lines=[key for key, _ in part])}
    fresh = [(key, line) for key, line in part if key not in known]
    if not fresh:
        return 0, 0, set()
    payments = _payments(tx, [line for _, line in fresh])
    fees: dict[bytes, books.Fee] = {}
    troubled: set[bytes] = set()
    to_ask: set[bytes] = set()
    for key, line in fresh:
        at = _at(payments, line)
        if at is None:
            continue
        if _is_news(at, line):
            to_ask.add(at.id)
        elif line.kind == "payment" and line.fee is not None:
            settled_ms = min(line.settled_ms or now_ms, now_ms)
            given = fees.setdefault(at.id, books.Fee(at, line.fee, settled_ms))
            if given.amount != line.fee:
                troubled.add(key)
    others = books.post_fees(tx, list(fees.values()), now_ms)
    for key, line in fresh:
        at = _at(payments, line)
        is_other = at is not None and at.id in others and line.kind == "payment"
        is_other = is_other and line.fee is not None
        _keep(tx, report_id, key, line, at, "fee" if is_other or key in troubled else "")
    booked = sum(one.amount for one in fees.values() if one.payment.id not in others)
    return len(fresh), booked, to_ask


def _at(payments: Mapping[str, Payment], line: Line) -> Payment | None:
    """The payment that a line is about."""
    if line.kind == "payout":
        return None
    return payments.get(line.order_key) or payments.get(line.transaction_id)


def _is_news(at: Payment, line: Line) -> bool:
    """Whether the line says what nobody here has heard: then the provider is asked."""
    if line.kind == "payment":
        return at.state not in MONEY_CAME
    if line.kind == "refund":
        return not at.refunded
    return at.state != "charged_back"


def _keep(
    tx: ShopTx, report_id: bytes, key: bytes, line: Line, at: Payment | None, trouble: str
) -> None:
    tx.insert_new(
        _line, line_id=key, report_id=report_id,
        provider_key=line.order_key if at is None else at.provider_key,
        transaction_id=line.transaction_id, kind=line.kind,
        amount=line.amount, fee=line.fee or 0, settled_ms=line.settled_ms, trouble=trouble,
    )  # fmt: skip


def _payments(tx: ShopTx, lines: Sequence[Line]) -> dict[str, Payment]:
    keys = [one.order_key for one in lines if one.order_key] or [""]
    ids = [one.transaction_id for one in lines if one.transaction_id] or [""]
    found = [rows.payment_of(row) for row in tx.rows(_BY_KEYS, keys=keys, ids=ids)]
    by_id = {one.transaction_id: one for one in found if one.transaction_id}
    return {**by_id, **{one.provider_key: one for one in found}}


def _ids_of(lines: Sequence[Line]) -> list[bytes]:
    """Lines by what they say; two alike in one file are two (refunds of the same amount)."""
    seen: Counter[bytes] = Counter()
    ids = []
    for line in lines:
        told = _hash(b"line", repr(line[1:]).encode())
        seen[told] += 1
        ids.append(_hash(b"line", told + seen[told].to_bytes(4)))
    return ids


def _hash(what: bytes, data: bytes) -> bytes:
    return hashlib.sha256(b"huyula settlement " + what + b"\n" + data).digest()[:16]


def compare(tx: ShopTx, now_ms: int) -> Compared:
    """All reports of a shop against its payments; some of what differs, the newest first."""
    files = tuple(File(row.name, row.lines, row.added_ms) for row in tx.rows(_REPORTS))
    sums: dict[Why, Sum] = {
        row.why: Sum(int(row.lines), int(row.amount), int(row.fee)) for row in tx.rows(_SUMS)
    }
    differing = tuple(_differing(row) for row in tx.rows(_DIFFER, most=MOST_SHOWN))
    return Compared(files, sums, differing, missing(tx, now_ms))


def missing(tx: ShopTx, now_ms: int, *, most: int = MOST_SHOWN) -> tuple[Missing, ...]:
    """Payments that no report has, since the oldest one that a report has."""
    last = now_ms - WITHIN_DAYS * _DAY_MS
    found = [
        row
        for since in tx.rows(_FROM)
        for row in tx.rows(_MISSING, of=since.environment, first=since.first, last=last, most=most)
    ]
    return tuple(
        Missing(r.number, r.order_id, r.provider_key, r.transaction_id, r.amount, r.paid_ms)
        for r in found
    )


def every_line(tx: ShopTx, most: int) -> list[Differing]:
    """All lines, the oldest first."""
    return [_differing(row) for row in tx.rows(_ALL, most=most)]


def _differing(row: AnyRow) -> Differing:
    ours = (row.refunded if row.kind == "refund" else row.ours) or 0
    return Differing(
        row.why, row.kind, row.number, row.order_id, row.provider_key, row.transaction_id,
        int(row.amount), int(row.fee), row.settled_ms, int(ours), row.line_id,
    )  # fmt: skip
