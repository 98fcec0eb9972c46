"""The end of an account: asked for by who is signed in, or of the operator by who no longer can be,
or after years in which nobody used it."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, select

from server.buyers.refusals import NoSuchBuyer
from server.buyers.sessions import IDLE_MS, Known
from server.db.schema.buyers import buyer, buyer_address, buyer_order, buyer_session
from server.db.transaction import Tx
from server.rates import HOUR_MS
from server.services import Services

UNUSED_DAYS: Final = 730
"""An account that nobody used for so long is deleted: what is not needed is not kept."""

_MOST_AT_ONCE: Final = 200
_PARTS: Final = (buyer_session, buyer_address, buyer_order, buyer)
_UNUSED = (
    select(buyer.c.buyer_id)
    .where(buyer.c.seen_ms < bindparam("oldest"))
    .order_by(buyer.c.seen_ms)
    .limit(_MOST_AT_ONCE)
    .with_for_update()
)
_LOCKED = select(buyer.c.buyer_id).where(buyer.c.buyer_id == bindparam("whose")).with_for_update()

_OF_PHONE = (
    select(buyer.c.buyer_id, buyer.c.created_ms, buyer.c.seen_ms)
    .where(buyer.c.phone == bindparam("phone"))
    .order_by(buyer.c.seen_ms.desc(), buyer.c.buyer_id)
)


class Listed(NamedTuple):
    """An account as its operator sees it: made and last used (UTC ms)."""

    buyer_id: bytes
    created_ms: int
    seen_ms: int


def delete_account(services: Services, known: Known) -> None:
    """Delete an account with all that it keeps; every session of it ends. Orders are the shops'
    and stay there, without any tie to it."""

    def write(tx: Tx) -> None:
        tx.one(_LOCKED, whose=known.buyer_id)
        _delete(tx, known.buyer_id)

    services.store.in_directory(write)


def accounts_of(services: Services, phone: str) -> list[Listed]:
    """The accounts that give a number (as it is kept), those used last first: all that an operator
    can tell them apart by."""
    with services.store.reading_directory() as tx:
        return [Listed(*row) for row in tx.rows(_OF_PHONE, phone=phone)]


def forget_account(services: Services, buyer_id: bytes) -> None:
    """Delete an account without its password: the operator has seen who asks for it.

    Raises:
        NoSuchBuyer: there is none.
    """

    def write(tx: Tx) -> None:
        if tx.one(_LOCKED, whose=buyer_id) is None:
            raise NoSuchBuyer()
        _delete(tx, buyer_id)

    services.store.in_directory(write)


def sweep_buyers(tx: Tx, now_ms: int) -> int:
    """Remove sessions that have ended and accounts that nobody uses; returns how many rows."""
    ended = (buyer_session.c.expires_ms <= now_ms) | (buyer_session.c.seen_ms <= now_ms - IDLE_MS)
    count = tx.run(delete(buyer_session).where(ended))
    for row in tx.rows(_UNUSED, oldest=now_ms - UNUSED_DAYS * 24 * HOUR_MS):
        count += _delete(tx, row.buyer_id)
    return count


def _delete(tx: Tx, buyer_id: bytes) -> int:
    return sum(tx.run(delete(table).where(table.c.buyer_id == buyer_id)) for table in _PARTS)
