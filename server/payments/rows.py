"""Rows of payments: found, locked, written; and where in the world an order key belongs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple, cast

import msgspec
from sqlalchemy import bindparam, or_, select, union, update

from server.db.schema import SHOP
from server.db.schema.directory import provider_order
from server.db.schema.payments import (
    order_payment,
    order_payment_refund,
    order_payment_said,
    settlement_line,
)
from server.db.transaction import AnyRow, ShopTx, Tx
from server.payments.provider import Method, Shown
from server.payments.states import State

_MOST_BODY: Final = 64 * 1024
_reported = settlement_line
_payment, _refund, _said, _order = (
    order_payment,
    order_payment_refund,
    order_payment_said,
    provider_order,
)
_ONE = select(_payment).where(
    _payment.c.shop_id == SHOP, _payment.c.payment_id == bindparam("payment")
)
_LOCKED = _ONE.with_for_update(key_share=True)
_BY_KEY = select(_payment).where(
    _payment.c.shop_id == SHOP,
    _payment.c.provider == bindparam("of"),
    _payment.c.provider_key == bindparam("order_key"),
)
_OF_ORDER = (
    select(_payment)
    .where(_payment.c.shop_id == SHOP, _payment.c.order_id == bindparam("order"))
    .order_by(_payment.c.attempt)
)
_TROUBLED = (
    select(_payment)
    .where(_payment.c.shop_id == SHOP, _payment.c.trouble != "")
    .order_by(_payment.c.created_ms)
    .limit(200)
)
_REFUNDS = (
    select(_refund)
    .where(_refund.c.shop_id == SHOP, _refund.c.payment_id == bindparam("payment"))
    .order_by(_refund.c.created_ms, _refund.c.refund_id)
)
_REFUND = select(_refund).where(
    _refund.c.shop_id == SHOP, _refund.c.refund_id == bindparam("refund")
)
_SAID = (
    select(_said)
    .where(_said.c.shop_id == SHOP, _said.c.payment_id == bindparam("payment"))
    .order_by(_said.c.at_ms)
)
_FEES = (
    select(_reported.c.fee, _reported.c.settled_ms)
    .where(
        _reported.c.shop_id == SHOP,
        _reported.c.provider_key == bindparam("order_key"),
        _reported.c.kind == "payment",
    )
    # One report has no fees, another one has.
    .order_by(_reported.c.fee.desc(), _reported.c.line_id)
    .limit(1)
)
_PLACE = select(_order).where(
    _order.c.provider == bindparam("of"), _order.c.key.in_(bindparam("keys", expanding=True))
)
_AGAIN = (
    update(_order)
    .where(
        _order.c.provider == bindparam("of"),
        _order.c.key.in_(bindparam("keys", expanding=True)),
        _order.c.claimed_ms < bindparam("fell_ms"),
        _order.c.poll_ms.is_(None),
    )
    .values(claimed_ms=bindparam("again_ms"), poll_ms=bindparam("again_ms"))
)
_due = select(_order).where(_order.c.poll_ms <= bindparam("now_ms")).limit(bindparam("half"))
_DUE = union(
    select(_due.order_by(_order.c.poll_ms.desc()).subquery("newest_due")),
    select(_due.order_by(_order.c.poll_ms).subquery("longest_due")),
)


class Payment(NamedTuple):
    """One attempt to pay an order, where nothing else is said one that begins. Amounts in rupiah.

    `trouble`: empty, or why a person must look: unanswered, wrong_amount, other_order,
    charged_back, refund_unanswered, unknown_refund, refunded_beyond, or order:CODE where the
    order refused.
    """

    id: bytes
    order_id: bytes
    attempt: int
    provider: str
    environment: str
    provider_key: str
    method: Method
    amount: int
    created_ms: int
    expires_ms: int
    next_poll_ms: int | None
    transaction_id: str = ""
    bank: str = ""
    channel: str = ""
    refunded: int = 0
    state: State = "asking"
    version: int = 1
    missing: int = 0
    shown: Shown = Shown()
    trouble: str = ""
    paid_ms: int | None = None


class Refund(NamedTuple):
    """Money that goes back; state: asking, done, refused."""

    id: bytes
    payment_id: bytes
    key: str
    amount: int
    reason: str
    state: str
    said: str
    created_ms: int


class Word(NamedTuple):
    """Something that was exchanged about a payment."""

    what: str
    verified: bool
    body: str
    at_ms: int


class Place(NamedTuple):
    """Where an order key belongs."""

    order_key: str
    shop: bytes
    claimed_ms: int
    poll_ms: int | None


def find_payment(tx: ShopTx, payment_id: bytes, *, lock: bool = False) -> Payment | None:
    """A payment, locked until the transaction ends where that is asked for."""
    row = tx.one(_LOCKED if lock else _ONE, payment=payment_id)
    return None if row is None else payment_of(row)


def find_by_key(tx: ShopTx, provider: str, order_key: str) -> Payment | None:
    """The payment that a provider knows by an order key."""
    row = tx.one(_BY_KEY, of=provider, order_key=order_key)
    return None if row is None else payment_of(row)


def payments_of(tx: ShopTx, order_id: bytes) -> list[Payment]:
    """The attempts to pay an order, in their order."""
    return [payment_of(row) for row in tx.rows(_OF_ORDER, order=order_id)]


def troubled(tx: ShopTx) -> list[Payment]:
    """What a person must look at, the oldest first."""
    return [payment_of(row) for row in tx.rows(_TROUBLED)]


def add_payment(tx: ShopTx, payment: Payment) -> bool:
    """Write a new one; False where its id or its attempt is there, or its order has one open."""
    return tx.insert_new(_payment, payment_id=payment.id, **_values(payment))


def keep_payment(tx: ShopTx, payment: Payment) -> None:
    """Write what became of one that is locked."""
    change = update(_payment).where(
        _payment.c.shop_id == SHOP, _payment.c.payment_id == bindparam("which")
    )
    tx.run(change.values(**_values(payment)), which=payment.id)


def refunds_of(tx: ShopTx, payment_id: bytes) -> list[Refund]:
    """A payment's refunds, the oldest first."""
    return [_refund_of(row) for row in tx.rows(_REFUNDS, payment=payment_id)]


def find_refund(tx: ShopTx, refund_id: bytes) -> Refund | None:
    """A refund by its id."""
    row = tx.one(_REFUND, refund=refund_id)
    return None if row is None else _refund_of(row)


def add_refund(tx: ShopTx, refund: Refund) -> None:
    """Write a new one."""
    tx.insert(
        _refund,
        refund_id=refund.id,
        payment_id=refund.payment_id,
        refund_key=refund.key,
        amount=refund.amount,
        reason=refund.reason,
        state=refund.state,
        said=refund.said,
        created_ms=refund.created_ms,
        ended_ms=None if refund.state == "asking" else refund.created_ms,
    )


def end_refund(tx: ShopTx, refund_id: bytes, state: str, said: str, now_ms: int) -> None:
    """Write what became of one; its payment is locked."""
    change = (
        update(_refund)
        .where(_refund.c.shop_id == SHOP, _refund.c.refund_id == bindparam("which"))
        .values(state=state, said=said, ended_ms=now_ms)
    )
    tx.run(change, which=refund_id)


def reported_fee(tx: ShopTx, provider_key: str) -> tuple[int, int | None] | None:
    """What a settlement report that came before said the provider kept (rupiah), and when it was
    settled (UTC ms); None: no report has this payment."""
    row = tx.one(_FEES, order_key=provider_key)
    return None if row is None else (row.fee, row.settled_ms)


def note(
    tx: ShopTx, payment_id: bytes, what: str, body: str, now_ms: int, *, verified: bool = True
) -> None:
    """Keep a word; the same word is kept once."""
    kept = body.replace("\0", "")[:_MOST_BODY]
    digest = hashlib.sha256(f"{what}\n{kept}".encode("utf-8", "replace")).digest()[:16]
    tx.insert_new(
        _said,
        payment_id=payment_id,
        said_id=digest,
        what=what,
        verified=verified,
        body=kept.encode("utf-8", "replace").decode(),
        at_ms=now_ms,
    )


def words_of(tx: ShopTx, payment_id: bytes) -> list[Word]:
    """Everything that was exchanged about a payment."""
    return [
        Word(row.what, row.verified, row.body, row.at_ms)
        for row in tx.rows(_SAID, payment=payment_id)
    ]


# -- the directory
def claim(tx: Tx, provider: str, order_key: str, shop: bytes, now_ms: int, poll_ms: int) -> None:
    """Say to which shop an order key belongs, and when to ask about it."""
    _claim(tx, provider, order_key, order_key, shop, now_ms)
    hasten_poll(tx, provider, order_key, poll_ms)


def claim_new(tx: Tx, provider: str, order_key: str, shop: bytes, now_ms: int) -> bool:
    """Say to which shop an order key belongs that may have been forgotten, and have it asked about
    at once; False where it is known."""
    is_new = _claim(tx, provider, order_key, order_key, shop, now_ms)
    if is_new:
        hasten_poll(tx, provider, order_key, now_ms)
    return is_new


def claim_lost(
    tx: Tx, provider: str, keys: Sequence[str], shop: bytes, fell_ms: int, now_ms: int
) -> int:
    """The same for many keys at once, none of which has a payment; one that was asked about before
    the server fell (UTC ms) is asked about again. Returns how many are to be asked about."""
    fixed = {"provider": provider, "shop": shop, "claimed_ms": now_ms, "poll_ms": now_ms}
    again = tx.run(_AGAIN, of=provider, keys=list(keys), fell_ms=fell_ms, again_ms=now_ms)
    columns = {"key": keys, "order_key": keys}
    new = tx.insert_columns(_order, columns, constants=fixed, on_conflict="nothing")
    return again + new


def claim_transaction(
    tx: Tx, provider: str, transaction_id: str, place: Place, now_ms: int
) -> None:
    """Say which order key a provider's own id belongs to."""
    _claim(tx, provider, transaction_id, place.order_key, place.shop, now_ms)


def _claim(tx: Tx, provider: str, key: str, order_key: str, shop: bytes, now_ms: int) -> bool:
    values = {"shop": shop, "order_key": order_key, "claimed_ms": now_ms, "poll_ms": None}
    return tx.insert_new(_order, provider=provider, key=key, **values)


def place_of(tx: Tx, provider: str, keys: Iterable[str]) -> Place | None:
    """Where the first of these keys that is known belongs."""
    wanted = [key for key in keys if key]
    if not wanted:
        return None
    rows = tx.rows(_PLACE, of=provider, keys=wanted)
    places = {row.key: _place_of(row) for row in rows}
    return next((places[key] for key in wanted if key in places), None)


def due_places(tx: Tx, now_ms: int, most: int) -> list[tuple[str, Place]]:
    """Payments that may have to be asked about, with their provider: half of them those that are
    due since a moment, the other half those that are due the longest.

    A server that was away for a day has thousands of checks to make up for: they do not keep the
    buyers waiting who pay just now, nor do these keep them from being made.
    """
    found = tx.rows(_DUE, now_ms=now_ms, half=(most + 1) // 2)
    return [(row.provider, _place_of(row)) for row in found]


def move_poll(tx: Tx, provider: str, key: str, poll_ms: int | None, *, seen_ms: int | None) -> bool:
    """Say when to ask next, unless somebody else said so since it was `seen_ms`."""
    is_same = _order.c.poll_ms == seen_ms if seen_ms is not None else _order.c.poll_ms.is_(None)
    change = update(_order).where(
        _order.c.provider == bindparam("of"), _order.c.key == bindparam("which"), is_same
    )
    return tx.run(change.values(poll_ms=poll_ms), of=provider, which=key) > 0


def hasten_poll(tx: Tx, provider: str, key: str, poll_ms: int) -> None:
    """Ask at this time, or earlier where that was said."""
    change = update(_order).where(
        _order.c.provider == bindparam("of"),
        _order.c.key == bindparam("which"),
        or_(_order.c.poll_ms.is_(None), _order.c.poll_ms > poll_ms),
    )
    tx.run(change.values(poll_ms=poll_ms), of=provider, which=key)


def _values(payment: Payment) -> dict[str, Any]:
    values = payment._asdict()
    del values["id"]
    return {**values, "shown": msgspec.json.encode(payment.shown._asdict()).decode()}


def payment_of(row: AnyRow) -> Payment:
    """A payment of its row."""
    shown = Shown(**msgspec.json.decode(row.shown))
    values = {name: getattr(row, name) for name in Payment._fields if name not in ("id", "shown")}
    return Payment(id=row.payment_id, shown=shown, **values)


def _refund_of(row: AnyRow) -> Refund:
    return Refund(
        row.refund_id,
        row.payment_id,
        row.refund_key,
        row.amount,
        row.reason,
        row.state,
        row.said,
        row.created_ms,
    )


def _place_of(row: AnyRow) -> Place:
    return Place(row.order_key, row.shop, row.claimed_ms, cast("int | None", row.poll_ms))
