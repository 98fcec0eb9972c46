"""Folding facts about orders: what was written is kept, and the story told again from it.

A step may come before its order (a restored server has lost what a counter saw), and an entry that
was held back may be released between two others: the story is told in the feed's order each time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import bindparam, delete, select

from core.facts.orders import OrderPlaced, OrderStepped
from core.orders.owing import Kind, changes, owing
from core.orders.standing import Standing
from core.orders.steps import Term
from core.orders.story import Story, Told, Written, tell
from server.db.keyed import rows_by_keys
from server.db.schema import SHOP
from server.db.schema.orders import order_event, reservation, shop_order
from server.db.transaction import ShopTx
from server.sync.fold.at import At
from server.sync.fold.loading import by_keys
from server.sync.fold.registers import Registers
from server.sync.rows import put_rows

_ORDERS = by_keys(shop_order, "order_id", "order_id", "n", "placed_ms", "body")
_EVENTS = by_keys(order_event, "order_id", "order_id", "n", "at_ms", "by_server", "body")
_RESERVED = by_keys(reservation, "order_id", "order_id", "product_id", "qty")
_OF_PRODUCT = select(reservation.c.order_id).where(
    reservation.c.shop_id == SHOP, reservation.c.product_id == bindparam("product")
)
_FREE = delete(reservation).where(
    reservation.c.shop_id == SHOP,
    reservation.c.order_id == bindparam("order"),
    reservation.c.product_id == bindparam("product"),
)
_CLOCK: Final[dict[str, Term]] = {
    "placed": "accept_by",
    "proposed": "agree_by",
    "accepted": "pay_by",
    "fulfilled": "inspect_by",
    "complained": "answer_by",
    "answered": "settle_by",
}
"""What the clock waits for in each state."""

pack: Final = msgspec.msgpack.Encoder().encode
read_placed: Final = msgspec.msgpack.Decoder(OrderPlaced).decode
read_stepped: Final = msgspec.msgpack.Decoder(OrderStepped).decode


class Event(NamedTuple):
    """One fact about an order."""

    at_ms: int
    by_server: bool
    fact: OrderStepped


class Turn(NamedTuple):
    """What a fact changes in what an order owes: its feed number, its time, its last step that
    counted, and the debits to be posted (rupiah)."""

    order_id: bytes
    n: int
    at_ms: int
    step: str
    debits: dict[Kind, int]


class Kept:
    """What is known of one order. `story` is told where its placing is known."""

    __slots__ = ("at_ms", "changed", "events", "n", "owing", "placed", "reserved", "wanted")

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.n = self.at_ms = 0
        self.placed: OrderPlaced | None = None
        self.events: dict[int, Event] = {}
        self.reserved: dict[bytes, int] = {}
        self.wanted: dict[bytes, int] = {}
        self.owing: dict[Kind, int] = {}
        self.changed = False

    def story(self) -> Story | None:
        """How it stands after all that was written, in the feed's order."""
        if self.placed is None:
            return None
        events = (self.events[n] for n in sorted(self.events))
        return tell(self.placed, (Written(one.fact, one.by_server) for one in events))


def due_ms(story: Story) -> int | None:
    """When the clock takes a step of this order unless somebody does before; None where it takes
    none, also while money may be on its way."""
    at = story.standing
    term = _CLOCK.get(at.order)
    if term is None or term not in story.terms:
        return None
    if at.order in ("fulfilled", "complained", "answered"):
        return story.terms[term]
    if at.payment != "due" or (at.order == "accepted" and not (at.is_prepaid and at.owed)):
        return None
    return story.terms[term]


class Orders:
    """The orders that a step touches."""

    def __init__(self, tx: ShopTx, registers: Registers, product: Callable[[bytes], bytes]) -> None:
        """Nothing is loaded yet. `product` says which product is meant."""
        self._tx = tx
        self._registers = registers
        self._product = product
        self._orders: dict[bytes, Kept] = {}
        self._turns: list[Turn] = []

    def load(self, ids: Collection[bytes]) -> None:
        """Read what is known of these orders."""
        missing = {key for key in ids if key not in self._orders}
        for key in missing:
            self._orders[key] = Kept()
        for key, n, at_ms, body in rows_by_keys(self._tx, _ORDERS, missing):
            kept = self._orders[key]
            kept.n, kept.at_ms, kept.placed = n, at_ms, read_placed(body)
        for key, n, at_ms, by_server, body in rows_by_keys(self._tx, _EVENTS, missing):
            self._orders[key].events[n] = Event(at_ms, bool(by_server), read_stepped(body))
        for key, product_id, qty in rows_by_keys(self._tx, _RESERVED, missing):
            self._orders[key].reserved[product_id] = qty
        for key in missing:
            kept = self._orders[key]
            kept.owing = owing(kept.story()) if kept.events else {}

    def begin(self, order_id: bytes) -> None:
        """An order of which nothing is here yet, as the caller has seen: it need not be read."""
        self._orders.setdefault(order_id, Kept())

    def get(self, order_id: bytes) -> Kept:
        """What is known of an order."""
        self.load((order_id,))
        return self._orders[order_id]

    def speaks_for_server(self, at: At) -> bool:
        """Whether the shop's line at the server wrote it, and no counter says so in its place."""
        lines = self._registers.all()
        return not any(one in lines and lines[one].joined_n for one in (at.device, at.line))

    def placed(self, at: At, fact: OrderPlaced) -> None:
        """A buyer ordered. An order is placed once, by the server."""
        kept = self.get(fact.order_id)
        if not self.speaks_for_server(at) or kept.placed is not None:
            at.flags.add("server_only")
            return
        kept.n, kept.at_ms, kept.placed = at.n, at.at_ms, fact
        story = kept.story()
        self._set_aside(kept, story)
        self._turn(fact.order_id, kept, at, story, "placed")

    def stepped(self, at: At, fact: OrderStepped) -> None:
        """Somebody did something with an order."""
        kept = self.get(fact.order_id)
        kept.events[at.n] = Event(at.at_ms, self.speaks_for_server(at), fact)
        story = kept.story()
        self._set_aside(kept, story)
        if story is None:
            at.flags.add("unknown_reference")
            return
        told = story.told[sorted(kept.events).index(at.n)]
        self._turn(fact.order_id, kept, at, story, _name_of(told))
        if any(one.why for one in told):
            at.flags.add("order_step_void")

    def merged(self, source: bytes) -> None:
        """What was set aside of one product is of another from here on."""
        self.load({row.order_id for row in self._tx.rows(_OF_PRODUCT, product=source)})
        for kept in self._orders.values():
            self._set_aside(kept, kept.story())

    def _set_aside(self, kept: Kept, story: Story | None) -> None:
        """Note that an order changed, and what of which product it sets aside now."""
        kept.changed = True
        kept.wanted = {}
        for one, qty in story.reserved.items() if story else ():
            meant = self._product(one)
            kept.wanted[meant] = kept.wanted.get(meant, 0) + qty

    def _turn(self, key: bytes, kept: Kept, at: At, story: Story | None, step: str) -> None:
        after = owing(story)
        debits = changes(kept.owing, after)
        if debits:
            self._turns.append(Turn(key, at.n, at.at_ms, step, debits))
        kept.owing = after

    def turned(self) -> list[Turn]:
        """What is to be posted since this was asked last, in the order of the facts."""
        turns, self._turns = self._turns, []
        return turns

    def changed_goods(self) -> set[bytes]:
        """The products of which more or less is to be set aside."""
        return {
            one
            for kept in self._orders.values()
            if kept.changed
            for one in kept.reserved.keys() | kept.wanted.keys()
            if kept.reserved.get(one) != kept.wanted.get(one)
        }

    def write(self, tx: ShopTx) -> None:
        """Write what changed, reading nothing."""
        orders, events, set_aside = [], [], []
        for key, kept in sorted(self._orders.items()):
            if not kept.changed:
                continue
            kept.changed = False
            story = kept.story()
            events += _event_rows(key, kept, story)
            if story is None:
                continue
            orders.append(_order_row(key, kept, story))
            for gone in kept.reserved.keys() - kept.wanted.keys():
                tx.run(_FREE, order=key, product=gone)
            set_aside += [
                (key, one, qty) for one, qty in kept.wanted.items() if kept.reserved.get(one) != qty
            ]
            kept.reserved = kept.wanted
        put_rows(tx, shop_order, orders)
        put_rows(tx, order_event, events)
        put_rows(tx, reservation, set_aside)


def _name_of(told: Sequence[Told]) -> str:
    """The step that a fact is remembered by: goods that went out, else its last."""
    counted = [one.name for one in told if not one.why]
    return "hand_over" if "hand_over" in counted else counted[-1] if counted else "again"


def _event_rows(key: bytes, kept: Kept, story: Story | None) -> list[tuple[Any, ...]]:
    rows = []
    for place, n in enumerate(sorted(kept.events)):
        one = kept.events[n]
        told = ",".join(step.why for step in story.told[place]) if story else ""
        rows.append((key, n, one.at_ms, one.by_server, told, pack(one.fact)))
    return rows


def _order_row(key: bytes, kept: Kept, story: Story) -> tuple[Any, ...]:
    assert kept.placed is not None
    at: Standing = story.standing
    counted = [
        kept.events[n].at_ms
        for n, told in zip(sorted(kept.events), story.told, strict=True)
        if any(not one.why for one in told)
    ]
    return (
        key, kept.n, kept.placed.number, kept.at_ms, max([kept.at_ms, *counted]),
        at.order, at.payment, at.handover, at.pay_way, kept.placed.way,
        at.total, at.paid, at.refunded, due_ms(story), pack(kept.placed),
    )  # fmt: skip
