"""Payments that a provider knows and this server has forgotten: it went back to an older database.

The order's id is in the key that the provider has, and the numbers of attempts follow each other:
so whoever still has the order (the database, or a counter that brings it back) can ask whether the
next attempt is there. What is found is written down as a row, and then asked about as any other.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Executable, bindparam, exists, func, or_, select, update

from core.errors import Refused
from core.orders.standing import ENDS
from server.db.schema import SHOP
from server.db.schema.journal import feed_epoch
from server.db.schema.orders import order_event, shop_order
from server.db.schema.payments import order_payment
from server.db.schema.shops import shop_feed
from server.db.transaction import AnyRow, ShopTx, Tx
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
_WHOLE_EVERY_MS: Final = 86_400_000
_CLOCKS_DIFFER_MS: Final = 3_600_000
_METHODS: Final[dict[str, Method]] = {
    "qris": "qris", "gopay": "gopay", "bank_transfer": "bank_transfer", "echannel": "bank_transfer",
}  # fmt: skip
_FELL = select(func.max(feed_epoch.c.at_ms)).where(
    feed_epoch.c.shop_id == SHOP, feed_epoch.c.epoch > 1
)
_lately = (
    feed_epoch.c.shop_id == SHOP,
    feed_epoch.c.epoch > 1,
    feed_epoch.c.at_ms > bindparam("lately"),
)
_FALLS = select(
    func.max(feed_epoch.c.at_ms).label("fell_ms"),
    func.min(feed_epoch.c.at_ms).label("first_ms"),
    func.min(feed_epoch.c.n).label("first_n"),
    func.min(feed_epoch.c.looked_n).label("looked_n"),
    func.min(feed_epoch.c.looked_ms).label("looked_ms"),
    (func.count() - func.count(feed_epoch.c.looked_n)).label("new"),
).where(*_lately)
_LOOKED = update(feed_epoch).where(*_lately).values(
    looked_n=bindparam("at_n"), looked_ms=bindparam("now_ms")
)  # fmt: skip
_HEAD = select(shop_feed.c.next_n).where(shop_feed.c.shop_id == SHOP)
_attempt = (
    select(func.max(order_payment.c.attempt))
    .where(order_payment.c.shop_id == SHOP, order_payment.c.order_id == shop_order.c.order_id)
    .scalar_subquery()
)
_changed = or_(
    shop_order.c.n > bindparam("since_n"),
    exists().where(
        order_event.c.shop_id == SHOP,
        order_event.c.order_id == shop_order.c.order_id,
        order_event.c.n > bindparam("since_n"),
    ),
    exists().where(
        order_payment.c.shop_id == SHOP,
        order_payment.c.order_id == shop_order.c.order_id,
        order_payment.c.created_ms >= bindparam("since_ms"),
    ),
)
_IN_WINDOW = (
    select(shop_order.c.order_id, _attempt.label("attempt"))
    .where(
        shop_order.c.shop_id == SHOP,
        shop_order.c.pay_way == "gateway",
        shop_order.c.placed_ms >= bindparam("oldest"),
        shop_order.c.placed_ms <= bindparam("fell"),
        shop_order.c.order_id > bindparam("after"),
    )
    .order_by(shop_order.c.order_id)
    .limit(_PAGE)
)
_CHANGED = _IN_WINDOW.where(_changed)
# Of an order that was over in the older database, and of which nothing came back since, nobody was
# asked for money after that.
_ALIVE_OR_CHANGED = _IN_WINDOW.where(or_(shop_order.c.state.not_in(sorted(ENDS)), _changed))
_ORDER = select(shop_order.c.payment).where(
    shop_order.c.shop_id == SHOP, shop_order.c.order_id == bindparam("order")
)
_log = logging.getLogger("huyula.payments")


class _Look(NamedTuple):
    """Which orders a look asks for; `head_n`: where the feed stands."""

    asked: Executable
    params: dict[str, int]
    fell_ms: int
    head_n: int
    is_whole: bool


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

    Each key is asked about once after a fall: that it was, the directory knows. All orders that
    are not over are looked at after a fall and once a day; in between those that changed since,
    because a counter brought them back or somebody asks for money again.
    """
    now_ms, after, count = services.now_ms(), bytes(16), 0
    with services.store.reading_shop(shop_id) as tx:
        look = _next_look(tx, now_ms)
    while look is not None:
        with services.store.reading_shop(shop_id) as tx:
            found = tx.rows(look.asked, after=after, **look.params)
        if found:
            claim = partial(_claim, look=look, found=found, shop_id=shop_id, now_ms=now_ms)
            count += services.store.in_directory(claim)
        if len(found) < _PAGE:
            break
        after = found[-1].order_id
    if look is not None and look.is_whole:
        seen = {"at_n": look.head_n, "now_ms": now_ms, "lately": now_ms - LOOKED_FOR_MS}
        services.store.in_shop(shop_id, lambda tx: tx.run(_LOOKED, **seen))
    return count


def _claim(directory: Tx, look: _Look, found: Sequence[AnyRow], shop_id: bytes, now_ms: int) -> int:
    keys = [order_key(row.order_id, (row.attempt or 0) + 1) for row in found]
    return rows.claim_lost(directory, NAME, keys, shop_id, look.fell_ms, now_ms)


def _next_look(tx: ShopTx, now_ms: int) -> _Look | None:
    """Which orders are to be looked at now; None: the server did not fall lately, or the shop has
    no account with a provider."""
    falls = tx.one(_FALLS, lately=now_ms - LOOKED_FOR_MS)
    if falls is None or falls.fell_ms is None or not accounts_of(tx):
        return None
    is_whole = bool(falls.new) or falls.looked_ms + _WHOLE_EVERY_MS <= now_ms
    since_n, since_ms = (
        (falls.first_n, falls.first_ms) if is_whole else (falls.looked_n, falls.looked_ms)
    )
    return _Look(
        asked=_ALIVE_OR_CHANGED if is_whole else _CHANGED,
        params={
            "oldest": falls.fell_ms - _OLDEST_MS, "fell": falls.fell_ms,
            "since_n": since_n, "since_ms": since_ms - _CLOCKS_DIFFER_MS,
        },
        fell_ms=falls.fell_ms,
        # Read before the orders: what is written meanwhile counts as changed the next time.
        head_n=int(tx.scalar(_HEAD) or 1) - 1,
        is_whole=is_whole,
    )  # fmt: skip


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
