"""An order as its page and the shop see it, and the shop's orders in lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, func, select

from core.facts.orders import HandWay, OrderPlaced
from core.orders.contacts import Contact
from core.orders.standing import ENDS, OPEN_MONEY, OrderState, PaymentState
from core.orders.steps import Term
from core.orders.story import Story, Told, Written, tell
from server.db.schema.directory import order_key
from server.db.schema.orders import order_contact, order_event, order_message, shop_order
from server.db.tied import meets, tied
from server.db.transaction import AnyRow, ShopTx
from server.orders.keys import hash_of
from server.services import Services
from server.sync.fold.orders import read_placed, read_stepped

PAGE: Final = 50
MOVING: Final = frozenset((*OPEN_MONEY, "refund_due"))
"""Payments of which money is still to come or to go back."""

_ONE = select(shop_order).where(tied(shop_order), shop_order.c.order_id == bindparam("key"))
_EVENTS = (
    select(order_event)
    .where(tied(order_event), order_event.c.order_id == bindparam("key"))
    .order_by(order_event.c.n)
)
_MESSAGES = (
    select(order_message)
    .where(tied(order_message), order_message.c.order_id == bindparam("key"))
    .order_by(order_message.c.i)
)
_EVENTS_OF = (
    select(order_event)
    .where(tied(order_event), order_event.c.order_id.in_(bindparam("keys", expanding=True)))
    .order_by(order_event.c.order_id, order_event.c.n)
)
_MESSAGES_OF = (
    select(order_message)
    .where(tied(order_message), order_message.c.order_id.in_(bindparam("keys", expanding=True)))
    .order_by(order_message.c.order_id, order_message.c.i)
)
_CONTACT = select(order_contact).where(
    tied(order_contact), order_contact.c.order_id == bindparam("key")
)
_CONTACTS = select(order_contact).where(
    tied(order_contact), order_contact.c.order_id.in_(bindparam("keys", expanding=True))
)
_OF_KEY = select(order_key.c.shop, order_key.c.order_id).where(
    order_key.c.key_hash == bindparam("key")
)
_OF_KEYS = select(order_key).where(order_key.c.key_hash.in_(bindparam("keys", expanding=True)))
_SOME = select(shop_order).where(
    tied(shop_order), shop_order.c.order_id.in_(bindparam("keys", expanding=True))
)
_LISTED = (
    select(shop_order, order_contact.c.name.label("buyer"))
    .select_from(shop_order)
    .join(order_contact, meets(order_contact, order_contact.c.order_id == shop_order.c.order_id),
          isouter=True)
    .where(tied(shop_order))
    .limit(PAGE + 1)
)  # fmt: skip
_UNANSWERED = select(func.count()).where(
    tied(shop_order), shop_order.c.state.in_(("placed", "complained"))
)


class Happened(NamedTuple):
    """One fact about an order: when (UTC ms), who, what came of its steps, and the reason given."""

    at_ms: int
    who: str
    told: tuple[Told, ...]
    reason: str


class Said(NamedTuple):
    """One message; `who` is "buyer" or "shop"."""

    at_ms: int
    who: str
    text: str


class Order(NamedTuple):
    """An order with all that its pages say. `contact` is None where it was deleted, with `origin`,
    the range of addresses that it was ordered from."""

    order_id: bytes
    placed_ms: int
    changed_ms: int
    due_ms: int | None
    placed: OrderPlaced
    story: Story
    happened: tuple[Happened, ...]
    contact: Contact | None
    messages: tuple[Said, ...]
    origin: str = ""

    def passed(self, now_ms: int) -> frozenset[Term]:
        """The terms that are over."""
        return frozenset(term for term, end in self.story.terms.items() if end <= now_ms)


class Listed(NamedTuple):
    """An order in a list. Rupiah; UTC ms."""

    order_id: bytes
    number: int
    placed_ms: int
    state: str
    payment: str
    handover: str
    pay_way: str
    way: str
    total: int
    due_ms: int | None
    buyer: str
    lines: int


class Place(NamedTuple):
    """Where an order page's key leads."""

    shop_id: bytes
    order_id: bytes


class Found(NamedTuple):
    """Where an order page's key leads, and when (UTC ms) the key was made."""

    key: bytes
    shop_id: bytes
    order_id: bytes
    made_ms: int


class Brief(NamedTuple):
    """An order in its buyer's list. Rupiah; UTC ms; `goods` are the names of its lines."""

    number: int
    placed_ms: int
    state: OrderState
    payment: PaymentState
    way: HandWay
    fee_open: bool
    total: int
    goods: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in ENDS

    @property
    def is_settled(self) -> bool:
        """Whether it is over, and no money of it is still to come or to go back."""
        return self.is_over and self.payment not in MOVING


def find_order(services: Services, key: bytes) -> Place | None:
    """The order of a page's key."""
    with services.store.reading_directory() as tx:
        row = tx.one(_OF_KEY, key=hash_of(key))
    return Place(row.shop, row.order_id) if row else None


def find_orders(services: Services, keys: Sequence[bytes]) -> list[Found]:
    """Where some keys lead, the newest first; one that leads nowhere is left out."""
    hashes = {hash_of(key): key for key in keys}
    if not hashes:
        return []
    with services.store.reading_directory() as tx:
        rows = tx.rows(_OF_KEYS, keys=sorted(hashes))
    found = [Found(hashes[row.key_hash], row.shop, row.order_id, row.created_ms) for row in rows]
    return sorted(found, key=lambda one: (-one.made_ms, one.key))


def brief_orders(tx: ShopTx, ids: Collection[bytes]) -> dict[bytes, Brief]:
    """Some of the shop's orders; one that was never placed is left out."""
    rows = tx.rows(_SOME, keys=sorted(ids)) if ids else ()
    return {row.order_id: _brief(row, read_placed(row.body)) for row in rows}


def _brief(row: Any, placed: OrderPlaced) -> Brief:
    return Brief(
        row.number, row.placed_ms, row.state, row.payment, placed.way,
        placed.fee_open and row.state == "proposed", row.total,
        tuple(line.name for line in placed.lines),
    )  # fmt: skip


def read_order(tx: ShopTx, order_id: bytes) -> Order | None:
    """An order of the shop, None where it has none of that id."""
    row = tx.one(_ONE, key=order_id)
    if row is None:
        return None
    return _order(
        row, tx.rows(_EVENTS, key=order_id), tx.one(_CONTACT, key=order_id),
        tx.rows(_MESSAGES, key=order_id),
    )  # fmt: skip


def read_orders(tx: ShopTx, ids: Collection[bytes]) -> dict[bytes, Order]:
    """The same of many at once; one that was never placed is left out."""
    if not ids:
        return {}
    keys = sorted(ids)
    events: defaultdict[bytes, list[AnyRow]] = defaultdict(list)
    messages: defaultdict[bytes, list[AnyRow]] = defaultdict(list)
    for row in tx.rows(_EVENTS_OF, keys=keys):
        events[row.order_id].append(row)
    for row in tx.rows(_MESSAGES_OF, keys=keys):
        messages[row.order_id].append(row)
    contacts = {row.order_id: row for row in tx.rows(_CONTACTS, keys=keys)}
    return {
        row.order_id: _order(
            row, events[row.order_id], contacts.get(row.order_id), messages[row.order_id]
        )
        for row in tx.rows(_SOME, keys=keys)
    }


def _order(
    row: AnyRow, events: Sequence[AnyRow], contact: AnyRow | None, messages: Sequence[AnyRow]
) -> Order:
    placed = read_placed(row.body)
    written = [(one, read_stepped(one.body)) for one in events]
    story = tell(placed, (Written(fact, bool(one.by_server)) for one, fact in written))
    happened = tuple(
        Happened(one.at_ms, fact.who, told, fact.reason)
        for (one, fact), told in zip(written, story.told, strict=True)
    )
    return Order(
        row.order_id, row.placed_ms, row.changed_ms, row.due_ms, placed, story, happened,
        _contact(contact) if contact else None,
        tuple(Said(one.at_ms, one.who, one.text) for one in messages),
        contact.origin if contact else "",
    )  # fmt: skip


def list_orders(tx: ShopTx, states: Collection[str], *, before_ms: int = 0) -> Sequence[Listed]:
    """Orders in these states: those that wait oldest first, those that are over newest first."""
    query = _LISTED.where(shop_order.c.state.in_(sorted(states)))
    if set(states) <= ENDS:
        query = query.order_by(shop_order.c.placed_ms.desc(), shop_order.c.order_id)
        if before_ms:
            query = query.where(shop_order.c.placed_ms < before_ms)
    else:
        query = query.order_by(shop_order.c.placed_ms, shop_order.c.order_id)
    return [
        Listed(
            row.order_id, row.number, row.placed_ms, row.state, row.payment, row.handover,
            row.pay_way, row.way, row.total, row.due_ms, row.buyer or "",
            len(read_placed(row.body).lines),
        )
        for row in tx.rows(query)
    ]  # fmt: skip


def count_unanswered(tx: ShopTx) -> int:
    """How many orders wait for a word of the shop."""
    return int(tx.scalar(_UNANSWERED) or 0)


def contacts_of(tx: ShopTx, ids: Collection[bytes]) -> tuple[Contact, ...]:
    """The buyers of some orders; whoever is not known or was deleted is left out."""
    rows = tx.rows(_CONTACTS, keys=sorted(ids)) if ids else ()
    return tuple(_contact(row) for row in rows)


def _contact(row: object) -> Contact:
    names = ("order_id", "name", "phone", "address", "note")
    return Contact(*(getattr(row, name) for name in names))
