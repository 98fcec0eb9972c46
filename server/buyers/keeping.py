"""What an account keeps: the pages of its orders, and addresses that its buyer asked to keep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, select

from core.text import clean_name
from server.buyers.refusals import BadBuyer, TooManyAddresses
from server.buyers.sealing import derived, seal, unseal
from server.buyers.sessions import Known, hold
from server.db.schema.buyers import buyer_address, buyer_order
from server.db.transaction import Tx
from server.services import Services

MOST_ADDRESSES: Final = 10
MOST_ADDRESS: Final = 300
MOST_ORDERS: Final = 300
"""The one that was added first gives way; its page stays where it is."""

_ADDRESSES = (
    select(buyer_address)
    .where(buyer_address.c.buyer_id == bindparam("whose"))
    .order_by(buyer_address.c.added_ms, buyer_address.c.address_id)
)
_ORDERS = (
    select(buyer_order)
    .where(buyer_order.c.buyer_id == bindparam("whose"))
    .order_by(buyer_order.c.added_ms.desc(), buyer_order.c.mark)
)
_ORDER = select(buyer_order.c.mark).where(
    buyer_order.c.buyer_id == bindparam("whose"), buyer_order.c.mark == bindparam("mark")
)


class Address(NamedTuple):
    """A place to bring goods to."""

    address_id: bytes
    text: str


class Kept(NamedTuple):
    """The key of an order's page, and when it came to the account (UTC ms)."""

    key: bytes
    added_ms: int


def keep_address(services: Services, known: Known, text: str) -> None:
    """Keep an address; one that is kept already is kept once.

    Raises:
        BadBuyer: it is empty or too long.
        TooManyAddresses: no more are kept.
        SignedOut: the account is gone.
    """
    clean = clean_name(text)
    if not 0 < len(clean) <= MOST_ADDRESS:
        raise BadBuyer(why="address", most=MOST_ADDRESS)
    address_id, now_ms = services.new_id(), services.now_ms()
    sealed = seal(services, known.key, clean.encode(), known.place(b"address"))

    def write(tx: Tx) -> None:
        hold(tx, known.buyer_id, alone=True)
        have = _addresses(tx, known)
        if clean in [one.text for one in have]:
            return
        if len(have) >= MOST_ADDRESSES:
            raise TooManyAddresses(most=MOST_ADDRESSES)
        tx.insert(
            buyer_address, buyer_id=known.buyer_id, address_id=address_id, sealed=sealed,
            added_ms=now_ms,
        )  # fmt: skip

    services.store.in_directory(write)


def addresses_of(services: Services, known: Known) -> list[Address]:
    """The account's addresses, the oldest first."""
    with services.store.reading_directory() as tx:
        return _addresses(tx, known)


def _addresses(tx: Tx, known: Known) -> list[Address]:
    place = known.place(b"address")
    return [
        Address(row.address_id, unseal(known.key, row.sealed, place).decode())
        for row in tx.rows(_ADDRESSES, whose=known.buyer_id)
    ]


def drop_address(services: Services, known: Known, address_id: bytes) -> None:
    """Keep an address no longer; another account's is not touched."""
    mine = buyer_address.c.buyer_id == known.buyer_id
    statement = delete(buyer_address).where(mine, buyer_address.c.address_id == address_id)
    services.store.in_directory(lambda tx: tx.run(statement))


def keep_orders(services: Services, known: Known, keys: Iterable[bytes]) -> None:
    """Let orders be found in the account: whoever has a page's key may keep it.

    Raises:
        SignedOut: the account is gone.
    """
    now_ms, place = services.now_ms(), known.place(b"order")
    new: dict[bytes, Any] = {
        _mark(known, key): seal(services, known.key, key, place) for key in keys
    }

    def write(tx: Tx) -> None:
        hold(tx, known.buyer_id)
        for mark, sealed in new.items():
            tx.insert_new(
                buyer_order, buyer_id=known.buyer_id, mark=mark, sealed=sealed, added_ms=now_ms
            )
        for row in tx.rows(_ORDERS, whose=known.buyer_id)[MOST_ORDERS:]:
            _drop(tx, known, row.mark)

    services.store.in_directory(write)


def orders_of(services: Services, known: Known) -> list[Kept]:
    """The account's orders, those that came last first."""
    place = known.place(b"order")
    with services.store.reading_directory() as tx:
        rows = tx.rows(_ORDERS, whose=known.buyer_id)
    return [Kept(unseal(known.key, row.sealed, place), row.added_ms) for row in rows]


def keeps_order(services: Services, known: Known, key: bytes) -> bool:
    """Whether an order is in the account."""
    with services.store.reading_directory() as tx:
        return tx.one(_ORDER, whose=known.buyer_id, mark=_mark(known, key)) is not None


def drop_order(services: Services, known: Known, key: bytes) -> None:
    """Keep an order in the account no longer; its page stays."""
    services.store.in_directory(lambda tx: _drop(tx, known, _mark(known, key)))


def _drop(tx: Tx, known: Known, mark: bytes) -> None:
    mine = buyer_order.c.buyer_id == known.buyer_id
    tx.run(delete(buyer_order).where(mine, buyer_order.c.mark == mark))


def _mark(known: Known, key: bytes) -> bytes:
    return derived(b"order", known.key + key)[:16]
