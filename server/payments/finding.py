"""Payments that a provider knows and this server has forgotten: it went back to an older database.

The order's id is in the key that the provider has, and the numbers of attempts follow each other:
so whoever still has the order (the database, or a counter that brings it back) can ask whether the
next attempt is there. What is found is written down as a row, and then asked about as any other.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select

from core.errors import Refused
from server.db.schema import SHOP
from server.db.schema.journal import feed_epoch
from server.db.schema.orders import shop_order
from server.db.schema.payments import order_payment
from server.db.transaction import ShopTx
from server.payments import rows
from server.payments.accounts import Known, access_to, accounts_of
from server.payments.asking import LONGEST_S, order_key
from server.payments.looking import look
from server.payments.midtrans import NAME
from server.payments.paying import Paying
from server.payments.provider import Method, Said
from server.payments.rows import Payment, Place
from server.payments.states import OPEN
from server.services import Services

LOOKED_FOR_MS: Final = 30 * 86_400_000
"""So long after the fall: counters that bring orders back may have been without a network."""

_OLDEST_MS: Final = LOOKED_FOR_MS + 2 * LONGEST_S * 1000
_PAGE: Final = 500
_METHODS: Final[dict[str, Method]] = {
    "qris": "qris", "gopay": "gopay", "bank_transfer": "bank_transfer", "echannel": "bank_transfer",
}  # fmt: skip
_FELL = select(func.max(feed_epoch.c.at_ms)).where(
    feed_epoch.c.shop_id == SHOP, feed_epoch.c.epoch > 1
)
_ORDERS = (
    select(shop_order.c.order_id, func.max(order_payment.c.attempt).label("attempt"))
    .select_from(
        shop_order.outerjoin(
            order_payment,
            (order_payment.c.shop_id == SHOP) & (order_payment.c.order_id == shop_order.c.order_id),
        )
    )
    .where(
        shop_order.c.shop_id == SHOP,
        shop_order.c.pay_way == "gateway",
        shop_order.c.placed_ms >= bindparam("oldest"),
        shop_order.c.placed_ms <= bindparam("fell"),
        shop_order.c.order_id > bindparam("after"),
    )
    .group_by(shop_order.c.order_id)
    .order_by(shop_order.c.order_id)
    .limit(_PAGE)
)
_ORDER = select(shop_order.c.payment).where(
    shop_order.c.shop_id == SHOP, shop_order.c.order_id == bindparam("order")
)
_log = logging.getLogger("huyula.payments")


class _Key(NamedTuple):
    """What an order key says."""

    order_id: bytes
    attempt: int


def fell_lately(tx: ShopTx, now_ms: int) -> int | None:
    """When the shop's server last went back to an older database; None: not lately."""
    fell_ms: int | None = tx.scalar(_FELL)
    return fell_ms if fell_ms is not None and fell_ms > now_ms - LOOKED_FOR_MS else None


def look_for_lost(services: Services, shop_id: bytes) -> int:
    """Have the schedule ask for attempts that the fall may have taken; returns how many are new.

    Each key is asked about once: that it was, the directory knows.
    """
    now_ms, after, count = services.now_ms(), bytes(16), 0
    while True:
        with services.store.reading_shop(shop_id) as tx:
            fell = fell_lately(tx, now_ms)
            if fell is None or not accounts_of(tx):
                return count
            found = tx.rows(_ORDERS, oldest=fell - _OLDEST_MS, fell=fell, after=after)
        keys = [order_key(row.order_id, (row.attempt or 0) + 1) for row in found]
        with services.store.directory() as directory:
            count += sum(rows.claim_new(directory, NAME, key, shop_id, now_ms) for key in keys)
        if len(found) < _PAGE:
            return count
        after = found[-1].order_id


def find_lost(paying: Paying, place: Place) -> Payment | None:
    """Ask the provider about an attempt that nobody here knows, and take it in; None: nobody there
    knows it either.

    Raises:
        ProviderSilent, ProviderKeyWrong: it did not say.
    """
    key = _read(place.order_key)
    if key is None:
        return None
    with paying.services.store.reading_shop(place.shop) as tx:
        if tx.one(_ORDER, order=key.order_id) is None:
            return None
        accounts = sorted(accounts_of(tx), key=lambda one: not one.is_active)
    for account in accounts:
        said = _asked(paying, place, account)
        if said is not None:
            return _taken_in(paying, place, key, account, said)
    _nobody_knows(paying, place, key)
    return None


def _asked(paying: Paying, place: Place, account: Known) -> Said | None:
    with paying.services.store.reading_shop(place.shop) as tx:
        access = access_to(paying.services, tx, account.provider, account.environment)
    return paying.connect(access).status(place.order_key)


def _taken_in(
    paying: Paying, place: Place, key: _Key, account: Known, said: Said
) -> Payment | None:
    now_ms = paying.services.now_ms()

    def write(tx: ShopTx) -> bytes | None:
        if rows.find_by_key(tx, account.provider, place.order_key) is not None:
            return None
        others = rows.payments_of(tx, key.order_id)
        # An order has one open attempt: another one is a code whose time is over, and money that
        # still comes by it is found by the schedule.
        state = "expired" if any(one.state in OPEN for one in others) else "asking"
        made = _payment(tx, place, key, account, said, now_ms)._replace(state=state)  # type: ignore[arg-type]
        if not rows.add_payment(tx, made):
            return None
        rows.note(tx, made.id, "found", said.raw, now_ms)
        return made.id

    payment_id = paying.services.store.in_shop(place.shop, write)
    if payment_id is None:
        return None
    _log.warning("a payment was found that this server had forgotten: %s", place.order_key)
    with paying.services.store.directory() as directory:
        following = order_key(key.order_id, key.attempt + 1)
        rows.claim_new(directory, account.provider, following, place.shop, now_ms)
    return look(paying, place.shop, payment_id)


def _payment(
    tx: ShopTx, place: Place, key: _Key, account: Known, said: Said, now_ms: int
) -> Payment:
    made = hashlib.sha256(b"huyula payment found\n" + tx.shop_id + place.order_key.encode())
    return Payment(
        id=made.digest()[:16],
        order_id=key.order_id,
        attempt=key.attempt,
        provider=account.provider,
        environment=account.environment,
        provider_key=place.order_key,
        transaction_id=said.transaction_id,
        method=_METHODS.get(said.channel, "snap"),
        channel=said.channel,
        amount=said.amount,
        created_ms=now_ms,
        expires_ms=max(said.expires_ms or now_ms, now_ms),
        next_poll_ms=now_ms,
    )


def _nobody_knows(paying: Paying, place: Place, key: _Key) -> None:
    """A counter brought back that somebody was asked to pay, and no attempt is left: the order is
    to be paid as before."""
    now_ms = paying.services.now_ms()

    def write(tx: ShopTx) -> None:
        others = rows.payments_of(tx, key.order_id)
        row = tx.one(_ORDER, order=key.order_id)
        if row is not None and row.payment == "asked" and not any(o.state in OPEN for o in others):
            paying.door.failed(tx, key.order_id, now_ms)

    try:
        paying.services.store.in_shop(place.shop, write)
    except Refused as refusal:
        _log.warning("an order that nobody asks about did not go on: %s", refusal)


def _read(text: str) -> _Key | None:
    parts = text.split("-")
    if len(parts) != 3 or parts[0] != "HY" or len(parts[1]) != 32 or not parts[2].isdigit():
        return None
    try:
        return _Key(bytes.fromhex(parts[1]), int(parts[2]))
    except ValueError:
        return None
