"""Giving money back through the provider that brought it.

What the order owes its buyer is held in the books first, so that it cannot be given back twice;
then the provider is asked with a key of its own for each refund: the same key is the same refund,
however often it is asked.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from core.errors import Refused
from server.db.transaction import ShopTx
from server.payments import books, rows
from server.payments.looking import NoPayment, follow, look
from server.payments.midtrans import is_direct
from server.payments.paying import Paying
from server.payments.provider import ProviderSilent
from server.payments.rows import Payment, Refund
from server.payments.schedule import FIRST_MS

_DAY_MS: Final = 86_400_000
_MOST_REASON: Final = 200
WINDOW_DAYS: Final[dict[str, int]] = {
    "qris": 45,
    "gopay": 45,
    "dana": 45,
    "ovo": 7,
    "shopeepay": 365,
    "credit_card": 365,
}
"""How long a way of paying can give back at most. A provider may refuse sooner: QRIS paid from
another bank's app after 7 days."""


class CannotRefund(Refused):
    """It cannot be given back so; `why`: state (nothing is there), channel (this way of paying
    knows no way back: pay it back by transfer), window (it was too long ago), amount, other (the
    id was used for something else)."""

    code = "cannot_refund"


class Wish(NamedTuple):
    """A refund that is wanted; `refund_id` is made by whoever wants it, before asking."""

    refund_id: bytes
    payment_id: bytes
    amount: int
    reason: str


def refund_key(refund_id: bytes) -> str:
    """What a provider knows a refund by."""
    return f"HYR-{refund_id.hex()}"


def refund(paying: Paying, shop_id: bytes, wish: Wish) -> Refund:
    """Give back, once; asked again, how it stands. Where the provider is silent it says "asking",
    and is asked for again by itself.

    Raises:
        NoPayment: there is none.
        CannotRefund: it cannot be given back so.
        BelowFloor: the order does not owe its buyer so much.
    """
    now_ms = paying.services.now_ms()
    made, at = paying.services.store.in_shop(shop_id, lambda tx: _begin(tx, wish, now_ms))
    if made.state != "asking":
        return made
    follow(paying, at)
    return press(paying, shop_id, at, made)


def press(paying: Paying, shop_id: bytes, at: Payment, made: Refund) -> Refund:
    """Ask the provider for a refund that was written down; returns how it stands then."""
    with paying.services.store.reading_shop(shop_id) as tx:
        provider = paying.provider_of(tx, at)
    said = ""
    try:
        provider.refund(
            at.provider_key, made.key, made.amount, made.reason, direct=is_direct(at.channel)
        )
    except ProviderSilent:
        return made
    except Refused as refusal:
        said = f"{refusal.code}: {refusal.details.get('said', '')}"
    try:
        # What it says of the payment decides: a refund that it refuses now may be one that it
        # made when it was asked before.
        look(paying, shop_id, at.id)
    except Refused:
        return made
    return _after(paying, shop_id, made, said)


def _begin(tx: ShopTx, wish: Wish, now_ms: int) -> tuple[Refund, Payment]:
    at = rows.find_payment(tx, wish.payment_id, lock=True)
    if at is None:
        raise NoPayment()
    found = rows.find_refund(tx, wish.refund_id)
    if found is not None:
        if (found.payment_id, found.amount) != (wish.payment_id, wish.amount):
            raise CannotRefund(why="other")
        return found, at
    _check(at, wish, rows.refunds_of(tx, at.id), now_ms)
    made = Refund(
        wish.refund_id,
        at.id,
        refund_key(wish.refund_id),
        wish.amount,
        wish.reason[:_MOST_REASON],
        "asking",
        "",
        now_ms,
    )
    books.hold_refund(tx, at, made.key, made.amount, now_ms)
    rows.add_refund(tx, made)
    soon_ms = now_ms + FIRST_MS
    at = at._replace(next_poll_ms=min(at.next_poll_ms or soon_ms, soon_ms), version=at.version + 1)
    rows.keep_payment(tx, at)
    rows.note(tx, at.id, "refund", f"{made.key} {made.amount} {made.reason}", now_ms)
    return made, at


def _check(at: Payment, wish: Wish, others: list[Refund], now_ms: int) -> None:
    if at.state not in ("paid", "part_refunded"):
        raise CannotRefund(why="state")
    days = WINDOW_DAYS.get(at.channel)
    if days is None:
        raise CannotRefund(why="channel")
    if now_ms > (at.paid_ms or at.created_ms) + days * _DAY_MS:
        raise CannotRefund(why="window")
    waiting = sum(one.amount for one in others if one.state == "asking")
    if not 0 < wish.amount <= at.amount - at.refunded - waiting:
        raise CannotRefund(why="amount")


def _after(paying: Paying, shop_id: bytes, made: Refund, said: str) -> Refund:
    """How a refund stands after the provider was asked; refused, what was held is free again."""
    now_ms = paying.services.now_ms()

    def write(tx: ShopTx) -> Refund:
        at = rows.find_payment(tx, made.payment_id, lock=True)
        now = rows.find_refund(tx, made.id)
        assert at is not None and now is not None
        if now.state != "asking" or not said:
            return now
        books.let_go(tx, at, made.key, now_ms)
        rows.end_refund(tx, made.id, "refused", said, now_ms)
        rows.note(tx, at.id, "refund_refused", f"{made.key} {said}", now_ms)
        return now._replace(state="refused", said=said)

    return paying.services.store.in_shop(shop_id, write)
