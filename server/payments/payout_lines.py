"""Payouts that a provider's report has: each is one that was recorded, or is recorded by it.

A line is matched by what the provider calls it, else by amount and day. What cannot be recorded
without a person waits for one, and is tried again with the next report: by then the payments that
it is of may be known. What a person records meanwhile is matched with the lines that wait. A line
that is none of this shop's is set aside by a person: it waits no longer and is not tried again.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select

from core.errors import Refused
from core.text import clean_name
from server.db.schema import SHOP
from server.db.schema.payments import order_payment, provider_payout_line, settlement_line
from server.db.transaction import AnyRow, ShopTx
from server.http.problems import NotFound
from server.payments import payout_asides, payout_rows
from server.payments.accounts import NoProviderAccount, accounts_of
from server.payments.midtrans import NAME
from server.payments.payout_asides import ASIDE
from server.payments.payout_rows import RECORDED, Payout
from server.payments.payouts import (
    MOST_REFERENCE,
    Arrived,
    PayoutDoubtful,
    calendar_day,
    made_id,
    near,
    usual_account,
    write_payout,
)
from server.services import Services
from server.shops.reading import shop_here

MOST_REASON: Final = 120
_MOST_AT_ONCE: Final = 500
_PROVIDERS_ZONE: Final = timedelta(hours=7)
_line, _link, _payment = settlement_line, provider_payout_line, order_payment
_LINE = select(_line).where(
    _line.c.shop_id == SHOP, _line.c.line_id == bindparam("line"), _line.c.kind == "payout"
)
_NEW = (
    select(_line.c.line_id)
    .select_from(_line.outerjoin(ASIDE, ASIDE.c.line_id == _line.c.line_id))
    .where(
        _line.c.shop_id == SHOP,
        _line.c.kind == "payout",
        ASIDE.c.line_id.is_(None),
        ~select(_link.c.line_id)
        .where(_link.c.shop_id == SHOP, _link.c.line_id == _line.c.line_id)
        .exists(),
    )
    .order_by(_line.c.settled_ms, _line.c.line_id)
    .limit(_MOST_AT_ONCE)
)
JUDGED: Final = _line.outerjoin(RECORDED, RECORDED.c.line_id == _line.c.line_id).outerjoin(
    ASIDE, ASIDE.c.line_id == _line.c.line_id
)
"""Lines, each beside the payout that it is and the word by which it was set aside."""

WAITS: Final = and_(
    _line.c.shop_id == SHOP,
    _line.c.kind == "payout",
    RECORDED.c.line_id.is_(None),
    ASIDE.c.line_id.is_(None),
)
"""Whether such a line is a payout of the shop that waits for a person."""

_WAITING = (
    select(_line.c.line_id)
    .select_from(JUDGED)
    .where(
        WAITS,
        or_(
            _line.c.amount == bindparam("arrived"),
            and_(_line.c.transaction_id == bindparam("said"), _line.c.transaction_id != ""),
        ),
    )
    .order_by(_line.c.settled_ms, _line.c.line_id)
    .limit(_MOST_AT_ONCE)
)
_LINKED = select(_link.c.payout_id).where(
    _link.c.shop_id == SHOP, _link.c.line_id == bindparam("line")
)
_OF_REPORT = (
    select(_payment.c.environment, func.count())
    .select_from(
        _payment.join(
            _line, and_(_line.c.shop_id == SHOP, _line.c.provider_key == _payment.c.provider_key)
        )
    )
    .where(_payment.c.shop_id == SHOP, _line.c.report_id == bindparam("report"))
    .group_by(_payment.c.environment)
)


class AsideReasonNeeded(Refused):
    """Whoever looks at it later wants to know why it was set aside."""

    code = "payout_aside_reason_needed"


class Settled(NamedTuple):
    """How many payouts were recorded by a report, and what arrived by them (rupiah)."""

    payouts: int = 0
    amount: int = 0


def settle_lines(services: Services, shop_id: bytes, by: bytes) -> Settled:
    """Find or record the payout of every line that never had one."""
    with services.store.reading_shop(shop_id) as tx:
        waiting = [row.line_id for row in tx.rows(_NEW)]
    found = [_settle(services, shop_id, line_id, by) for line_id in waiting]
    new = [one for one in found if one is not None]
    return Settled(len(new), sum(one.amount for one in new))


def match_lines(services: Services, shop_id: bytes, made: Payout) -> None:
    """Lines that wait are about what a person recorded since they came, where it fits them."""
    with services.store.reading_shop(shop_id) as tx:
        found = tx.rows(_WAITING, arrived=made.amount, said=made.reference)
        waiting = [row.line_id for row in found]
    now_ms = services.now_ms()

    def match(tx: ShopTx, line_id: bytes) -> None:
        found = _to_judge(tx, line_id, now_ms)
        if found is not None and not payout_asides.is_aside(tx, line_id):
            _matched(tx, *found)

    for line_id in waiting:
        services.store.in_shop(shop_id, partial(match, line_id=line_id))


def record_line(services: Services, shop_id: bytes, line_id: bytes, by: bytes) -> None:
    """Record a line that waits for a person, who has seen what is doubtful in it. What was recorded
    by hand since the line came is it, and not recorded once more.

    Raises:
        NotFound: there is no such line.
        NoProviderAccount: the shop has no merchant account.
    """
    now_ms = services.now_ms()

    def write(tx: ShopTx) -> None:
        found = _to_judge(tx, line_id, now_ms)
        if found is None:
            return
        row, wish = found
        payout_asides.put_word(tx, line_id, "", by, now_ms, aside=False)
        if _matched(tx, row, wish) is None:
            payout = write_payout(tx, wish, by, now_ms, sure=True)
            payout_rows.link(tx, line_id, payout.id)

    services.store.in_shop(shop_id, write)


def set_aside(services: Services, shop_id: bytes, line_id: bytes, reason: str, by: bytes) -> None:
    """A line is none of this shop's, and why: it waits no longer. One that is recorded stays so.

    Raises:
        AsideReasonNeeded: no reason was given.
        NotFound: there is no such line.
        NoProviderAccount: the shop has no merchant account.
    """
    said = clean_name(reason)[:MOST_REASON]
    if not said:
        raise AsideReasonNeeded()
    now_ms = services.now_ms()

    def write(tx: ShopTx) -> None:
        if _to_judge(tx, line_id, now_ms) is not None:
            payout_asides.put_word(tx, line_id, said, by, now_ms, aside=True)

    services.store.in_shop(shop_id, write)


def bring_back(services: Services, shop_id: bytes, line_id: bytes, by: bytes) -> None:
    """A line that was set aside waits again, or is what was recorded by hand meanwhile.

    Raises:
        NotFound: there is no such line.
        NoProviderAccount: the shop has no merchant account.
    """
    now_ms = services.now_ms()

    def write(tx: ShopTx) -> None:
        found = _to_judge(tx, line_id, now_ms)
        if found is not None and payout_asides.is_aside(tx, line_id):
            payout_asides.put_word(tx, line_id, "", by, now_ms, aside=False)
            _matched(tx, *found)

    services.store.in_shop(shop_id, write)


def _to_judge(tx: ShopTx, line_id: bytes, now_ms: int) -> tuple[AnyRow, Arrived] | None:
    """A line of which no payout stands, with the payout that it would be; None where one stands.

    The merchant account is locked from here on: two people who judge a line wait for each other.
    """
    row = tx.one(_LINE, line=line_id)
    if row is None:
        raise NotFound()
    first = _wish(tx, row, 0, now_ms)
    payout_rows.lock_account(tx, first.provider, first.environment)
    before = _standing(tx, line_id)
    return None if before is None else (row, _wish(tx, row, before, now_ms))


def _standing(tx: ShopTx, line_id: bytes) -> int | None:
    """How many payouts a line had that were all taken back; None where one stands."""
    payouts = payout_rows.some(tx, [one.payout_id for one in tx.rows(_LINKED, line=line_id)])
    return len(payouts) if all(one.is_undone for one in payouts) else None


def _settle(services: Services, shop_id: bytes, line_id: bytes, by: bytes) -> Payout | None:
    """The payout that was recorded by a line; None where it was known before, or a person must say
    something to it."""
    now_ms = services.now_ms()

    def write(tx: ShopTx) -> Payout | None:
        row = tx.one(_LINE, line=line_id)
        if row is None or tx.rows(_LINKED, line=line_id):
            return None
        wish = _wish(tx, row, 0, now_ms)
        payout_rows.lock_account(tx, wish.provider, wish.environment)
        if payout_asides.is_aside(tx, line_id) or _matched(tx, row, wish) is not None:
            return None
        if payout_rows.unreported(tx, _alike(tx, wish)):
            # Recorded by hand by another name, it may be the bank's for the same money.
            raise PayoutDoubtful(why="twice", amount=wish.amount)
        payout = write_payout(tx, wish, by, now_ms, is_other=True)
        payout_rows.link(tx, line_id, payout.id)
        return payout

    try:
        return services.store.in_shop(shop_id, write)
    except (PayoutDoubtful, NoProviderAccount):
        return None


def _wish(tx: ShopTx, row: AnyRow, before: int, now_ms: int) -> Arrived:
    here, account = shop_here(tx), usual_account(accounts_of(tx))
    if account is None or here is None:
        raise NoProviderAccount()
    own = tx.rows(_OF_REPORT, report=row.report_id)
    environment = own[0].environment if len(own) == 1 else account.environment
    day = provider_day(row.settled_ms or now_ms)
    return Arrived(
        made_id(tx.shop_id, row.line_id, bytes([before])), row.amount,
        min(day, calendar_day(here.zone, now_ms)),
        reference=clean_name(row.transaction_id)[:MOST_REFERENCE],
        environment=environment, fee=row.fee, provider=NAME,
    )  # fmt: skip


def provider_day(at_ms: int) -> str:
    """The day of an instant (UTC ms) as a provider's reports count it, whatever the shop's is."""
    return (datetime.fromtimestamp(at_ms / 1000, UTC) + _PROVIDERS_ZONE).date().isoformat()


def _matched(tx: ShopTx, row: AnyRow, wish: Arrived) -> Payout | None:
    """The payout that a line is about, if it was recorded: then the line is linked with it. The
    merchant account is locked."""
    known = _known(tx, row, wish)
    if known is not None:
        payout_rows.link(tx, row.line_id, known.id)
    return known


def _alike(tx: ShopTx, wish: Arrived) -> list[Payout]:
    found = payout_rows.alike(tx, wish.provider, wish.reference, wish.amount, *near(wish.day))
    return [one for one in found if one.environment == wish.environment]


def _known(tx: ShopTx, row: AnyRow, wish: Arrived) -> Payout | None:
    found = _alike(tx, wish)
    same = [one for one in found if wish.reference and one.reference == wish.reference]
    if same:
        return same[0]
    reports = payout_rows.reports_of(tx, found)
    for one in found:
        if one.reference and wish.reference:
            continue
        # One that no report had yet is the shop's own, and banks are late; else the day must be it.
        is_same_day = one.day == wish.day and row.report_id not in reports[one.id]
        if not reports[one.id] or is_same_day:
            return one
    return None
