"""The open cart survives a power cut; parked carts wait until somebody takes them up."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from core.cart import Cart
from core.errors import Refused
from core.facts.selling import CartFetched, CartParked
from core.text import clean_name
from pos.counter import Counter, Transaction
from pos.db.database import Database
from pos.db.sealed import put_sealed
from pos.staff.people import require

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Cart).decode
OPEN_CART_ID = 1


class ParkedCart(NamedTuple):
    """A parked cart as lists show it; `waits_for` is "qris" where a payment is awaited."""

    id: bytes
    name: str
    cart: Cart
    waits_for: str
    staff_id: bytes
    at_ms: int


class CartGone(Refused):
    """The parked cart was taken up or dropped meanwhile."""

    code = "cart_gone"


def save_open_cart(counter: Counter, cart: Cart) -> None:
    """Make the open cart durable, so that a power cut leaves it as it was."""
    with counter.db.transaction():
        row = {"id": OPEN_CART_ID, "cart": _encode(cart), "saved_ms": counter.clock.now_ms()}
        put_sealed(counter.db, "open_cart", row)


def load_open_cart(db: Database) -> Cart | None:
    """The cart that was open when the program last ended, if it holds anything."""
    stored = db.scalar("SELECT cart FROM open_cart WHERE id=?", (OPEN_CART_ID,))
    if stored is None:
        return None
    try:
        cart = _decode(stored)
    except msgspec.MsgspecError:
        return None
    return cart if cart.lines else None


def forget_open_cart(tx: Transaction) -> None:
    """The open cart became a sale or was parked."""
    tx.db.run("DELETE FROM open_cart")


def park(counter: Counter, cart: Cart, name: str = "", waits_for: str = "") -> bytes:
    """Put a cart aside; returns its id."""
    cart_id = counter.new_id()
    with counter.transaction() as tx:
        tx.append(CartParked(cart_id, clean_name(name), _encode(cart), waits_for))
        forget_open_cart(tx)
    return cart_id


def parked(db: Database) -> list[ParkedCart]:
    """All parked carts, oldest first."""
    rows = db.rows(
        "SELECT id, name, cart, waits_for, staff_id, at_ms FROM parked_cart ORDER BY pos"
    )
    return [
        ParkedCart(bytes(row[0]), row[1], _decode(row[2]), row[3], bytes(row[4]), row[5])
        for row in rows
    ]


def fetch(counter: Counter, cart_id: bytes) -> Cart:
    """Take a parked cart up again: it becomes the open cart.

    Raises:
        CartGone: somebody else was quicker.
    """
    cart = _parked_cart(counter.db, cart_id)
    with counter.transaction() as tx:
        tx.append(CartFetched(cart_id, dropped=False))
        row = {"id": OPEN_CART_ID, "cart": _encode(cart), "saved_ms": counter.clock.now_ms()}
        put_sealed(tx.db, "open_cart", row)
    return cart


def drop(counter: Counter, cart_id: bytes, reason: str) -> None:
    """Throw a parked cart away, with a reason.

    Raises:
        NeedsManager: the acting person may not.
        CartGone: it is not there any more.
    """
    require(counter, "drop_parked")
    _parked_cart(counter.db, cart_id)
    with counter.transaction() as tx:
        tx.append(CartFetched(cart_id, dropped=True, reason=reason.strip()))


def _parked_cart(db: Database, cart_id: bytes) -> Cart:
    stored = db.scalar("SELECT cart FROM parked_cart WHERE id=?", (cart_id,))
    if stored is None:
        raise CartGone()
    return _decode(stored)
