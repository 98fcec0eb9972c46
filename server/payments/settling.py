"""What a provider said, taken in: the payment, its refunds, the books and the order move together.

Locks come in one order: the payment, then what the order's door takes (the shop's feed), then the
books; so the door is called before each posting. What was heard before changes nothing, and what
is behind is ignored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import bindparam, select

from core.errors import Refused
from core.orders.standing import CALLED_OFF
from server.db.schema.orders import shop_order
from server.db.tied import tied
from server.db.transaction import ShopTx
from server.failures import DatabaseBusy, DatabaseUnreachable, OutcomeUnknown
from server.payments import books, rows
from server.payments.door import OrderDoor
from server.payments.provider import RefundSaid, Said, Shown
from server.payments.rows import Payment, Refund
from server.payments.schedule import next_check, next_poll
from server.payments.states import CAME_TO_NOTHING, MONEY_CAME, OPEN, State, further

_MOST_MISSING: Final = 2
_ORDER: Final = select(shop_order.c.state).where(
    tied(shop_order), shop_order.c.order_id == bindparam("order")
)
Done = TypeVar("Done")
_PASSING: Final = frozenset(
    {"unanswered", "wrong_amount", "other_order", "provider_key_wrong", "sealed_unopened"}
)
"""Troubles that end with an answer that makes sense."""


class OrderRefuses(Refused):
    """The orders' side did not take what became of a payment; `by` is its code."""

    code = "order_refuses"


def take_in(
    tx: ShopTx,
    door: OrderDoor,
    at: Payment,
    said: Said | None,
    now_ms: int,
    *,
    shown: Shown | None = None,
) -> Payment:
    """Write down what was said of a payment (None: the provider does not know it), and all that
    follows from it; returns how it stands now. `shown`: what the buyer needs, where that came too.

    Raises:
        OrderRefuses: nothing is to be written.
    """
    if said is None:
        after = _missing(at, now_ms)
    elif why := _is_odd(at, said):
        after = at._replace(trouble=why)
    else:
        after = _told(tx, door, at, said, now_ms)
    is_over = at.state in OPEN and after.state in CAME_TO_NOTHING
    if is_over and not is_paid_otherwise(tx, at):
        _through(lambda: door.failed(tx, at.order_id, now_ms))
    return _kept(tx, at, _scheduled(tx, after._replace(shown=shown or after.shown), now_ms))


def is_paid_otherwise(tx: ShopTx, at: Payment) -> bool:
    """Whether another attempt paid the order."""
    return any(
        one.id != at.id and one.state in MONEY_CAME - {"charged_back", "refunded"}
        for one in rows.payments_of(tx, at.order_id)
    )


def is_unwanted(tx: ShopTx, at: Payment) -> bool:
    """Whether nobody is to pay this attempt any more: another one paid, or the order was called
    off while its buyer was on the provider's page."""
    state = tx.scalar(_ORDER, order=at.order_id)
    return state in CALLED_OFF or is_paid_otherwise(tx, at)


def fail(tx: ShopTx, door: OrderDoor, at: Payment, now_ms: int) -> Payment:
    """The provider said no to a charge: there is nothing to wait for."""
    if at.state != "asking":
        return at
    _through(lambda: door.failed(tx, at.order_id, now_ms))
    return _kept(tx, at, at._replace(state="failed", next_poll_ms=None))


def mark(tx: ShopTx, at: Payment, trouble: str) -> Payment:
    """Put a payment on the list for a person; it is asked about no more."""
    return _kept(tx, at, at._replace(trouble=trouble, next_poll_ms=None))


def _kept(tx: ShopTx, before: Payment, after: Payment) -> Payment:
    # Only what was learned makes older answers void, not that it was asked.
    if after._replace(next_poll_ms=before.next_poll_ms, missing=before.missing) != before:
        after = after._replace(version=before.version + 1)
    if after != before:
        rows.keep_payment(tx, after)
    return after


def _missing(at: Payment, now_ms: int) -> Payment:
    """The provider does not know it: never asked, or (Snap) the buyer has not chosen yet."""
    after = at._replace(missing=min(at.missing + 1, 1000))
    if at.state == "asking" and after.missing >= _MOST_MISSING:
        return after._replace(state="failed")
    # The provider's own end comes in batches: only well after it nobody can choose any more.
    if at.state == "pending" and now_ms > at.expires_ms:
        return after._replace(state="expired")
    return after


def _is_odd(at: Payment, said: Said) -> str:
    """Why an answer is not about this payment as we know it."""
    if said.order_key != at.provider_key and said.transaction_id != at.transaction_id:
        return "other_order"
    return "wrong_amount" if said.amount != at.amount else ""


def _told(tx: ShopTx, door: OrderDoor, at: Payment, said: Said, now_ms: int) -> Payment:
    after = at._replace(missing=0, trouble="" if at.trouble in _PASSING else at.trouble)
    if at.state not in MONEY_CAME:
        # A buyer who was refused may try again on the provider's page: by another transaction.
        after = after._replace(
            transaction_id=said.transaction_id or at.transaction_id,
            channel=said.channel or at.channel,
        )
    to = at.state if said.state is None else further(at.state, said.state)
    if to in MONEY_CAME and at.state not in MONEY_CAME:
        after = _received(tx, door, after, said, now_ms)
    if to in MONEY_CAME:
        after = _refunded(tx, door, after, said, now_ms)
    if to == "charged_back" and at.state != "charged_back":
        after = _charged_back(tx, door, after, now_ms)
    if to in ("part_refunded", "refunded"):
        to = _as_refunded(after)
    if said.fee and to in MONEY_CAME:
        books.post_fees(tx, [books.Fee(after, said.fee, said.settled_ms or now_ms)], now_ms)
    return after._replace(state=to)


def _received(tx: ShopTx, door: OrderDoor, at: Payment, said: Said, now_ms: int) -> Payment:
    # A provider's clock that runs ahead must not book on a day that has not come.
    paid_ms = min(said.settled_ms or now_ms, now_ms)
    _through(lambda: door.settled(tx, at.order_id, at.amount, now_ms))
    books.post_received(tx, at, paid_ms, now_ms)
    reported = rows.reported_fee(tx, at.provider_key)
    if reported is not None:
        fee, settled_ms = reported
        books.post_fees(tx, [books.Fee(at, fee, min(settled_ms or now_ms, now_ms))], now_ms)
    return at._replace(state="paid", paid_ms=paid_ms, trouble="")


def _refunded(tx: ShopTx, door: OrderDoor, at: Payment, said: Said, now_ms: int) -> Payment:
    known = {one.key: one for one in rows.refunds_of(tx, at.id)}
    for one in _listed(at, said):
        ours = known.get(one.key)
        if ours is not None and ours.state == "done":
            continue
        if one.amount > at.amount - at.refunded or (ours and ours.amount != one.amount):
            return at._replace(trouble="unknown_refund")
        at = _one_refunded(tx, door, at, ours, one, now_ms)
    return at


def _listed(at: Payment, said: Said) -> tuple[RefundSaid, ...]:
    """The refunds that were made; one that is whole and not listed is what was left."""
    if said.refunds or said.state != "refunded" or at.refunded == at.amount:
        return said.refunds
    return (RefundSaid("whole", at.amount - at.refunded),)


def _one_refunded(
    tx: ShopTx,
    door: OrderDoor,
    at: Payment,
    ours: Refund | None,
    said: RefundSaid,
    now_ms: int,
) -> Payment:
    owed = _through(lambda: door.refunded(tx, at.order_id, said.amount, now_ms))
    if ours is not None and ours.state == "asking":
        books.post_held_refund(tx, at, said.key, said.amount, now_ms)
    else:
        # Made on the provider's own pages, or one that it had refused first.
        books.post_refunded(tx, at, said.key, said.amount, now_ms)
    if ours is None:
        made = Refund(_id_of(at, said.key), at.id, said.key, said.amount, "", "done", "", now_ms)
        rows.add_refund(tx, made)
    else:
        rows.end_refund(tx, ours.id, "done", "", now_ms)
    trouble = at.trouble or ("refunded_beyond" if owed < said.amount else "")
    return at._replace(refunded=at.refunded + said.amount, trouble=trouble)


def _as_refunded(at: Payment) -> State:
    if not at.refunded:
        return "paid"
    return "refunded" if at.refunded == at.amount else "part_refunded"


def _charged_back(tx: ShopTx, door: OrderDoor, at: Payment, now_ms: int) -> Payment:
    left = at.amount - at.refunded
    if left:
        _through(lambda: door.charged_back(tx, at.order_id, left, now_ms))
        books.post_charged_back(tx, at, left, now_ms)
    # Whether all of it or a part was taken is only on the provider's pages.
    return at._replace(trouble="charged_back")


def _scheduled(tx: ShopTx, at: Payment, now_ms: int) -> Payment:
    then = asked_next(tx, at, now_ms)
    is_owed = then.is_last and at.state not in CAME_TO_NOTHING
    trouble = at.trouble or ("unanswered" if is_owed else "")
    return at._replace(next_poll_ms=then.at_ms, trouble=trouble)


class Next(NamedTuple):
    """When a payment is asked about next (None: no more). `is_awaited`: something hangs on the
    answer, as it does not where money that is here is only looked after; `is_last`: the schedule of
    asking for that has come to its end."""

    at_ms: int | None
    is_awaited: bool
    is_last: bool


def asked_next(tx: ShopTx, at: Payment, now_ms: int) -> Next:
    """When a payment is asked about after this instant."""
    if at.state not in MONEY_CAME:
        # Also what came to nothing: money may come after its time, and word of it be lost.
        then = next_poll(at.created_ms, at.expires_ms, now_ms)
        return Next(then, True, then is None)
    waiting = [one for one in rows.refunds_of(tx, at.id) if one.state == "asking"]
    newest = max((one.created_ms for one in waiting), default=0)
    refund = next_poll(newest, newest, now_ms) if waiting else None
    check = None
    if at.state in ("paid", "part_refunded"):
        check = next_check(at.paid_ms or at.created_ms, now_ms, at.id)
    times = [one for one in (refund, check) if one is not None]
    return Next(min(times, default=None), bool(waiting), bool(waiting) and refund is None)


def _id_of(at: Payment, key: str) -> bytes:
    return hashlib.sha256(b"huyula refund elsewhere\n" + at.id + key.encode()).digest()[:16]


def _through(door_call: Callable[[], Done]) -> Done:
    try:
        return door_call()
    except (DatabaseBusy, DatabaseUnreachable, OutcomeUnknown):
        raise
    except Refused as refusal:
        raise OrderRefuses(by=refusal.code) from refusal
