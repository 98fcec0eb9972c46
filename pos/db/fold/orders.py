"""Folding orders: what was written is kept, and the order's story is told again from all of it.

A fact of another may come between in the feed, or before the order itself; the story follows from
what is kept and its places alone, so it does not matter in which order they come.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, get_args

import msgspec

from core.facts.orders import OrderPlaced, OrderStepped
from core.orders.clash import Clash, clash_of
from core.orders.steps import StepName, Term
from core.orders.story import Story, Written, follow, tell
from pos.db.database import Database
from pos.db.fold.folding import SAYS, Folding

_FACTS: Final[dict[str, type[OrderPlaced] | type[OrderStepped]]] = {
    OrderPlaced.KIND: OrderPlaced,
    OrderStepped.KIND: OrderStepped,
}
_TERMS: Final[tuple[Term, ...]] = get_args(Term)
_COLUMNS: Final = (
    "id", "number", "at_ms", "changed_ms", "way", "area", "fee", "pay_way", "state", "payment",
    "handover", "total", "paid", "refunded", "lines", "offered", "proof", *_TERMS, "offer",
    "reason", "sale_device", "sale_seq", "clash", "clash_device", "clash_seq", "fee_open",
    "offered_fee", "courier", "waybill",
)  # fmt: skip
_PUT: Final = (
    f"INSERT OR REPLACE INTO online_order ({', '.join(_COLUMNS)})"
    f" VALUES ({','.join('?' * len(_COLUMNS))})"
)
_EVENTS: Final = (
    "SELECT pos, kind, device, seq, at_ms, staff_id, body, device NOT IN (SELECT device FROM line)"
    " AND device NOT IN (SELECT device FROM register) AS by_server"
    " FROM order_event WHERE order_id=?"
)
_PLACE: Final = "SELECT min(f.n) FROM feed f WHERE f.order_n IS NOT NULL AND " + SAYS.format(
    place="?1"
)


class Event(NamedTuple):
    """A fact about an order, with who wrote it when; a shop's server has no register of its own."""

    fact: OrderPlaced | OrderStepped
    device: bytes
    seq: int
    at_ms: int
    staff_id: bytes
    by_server: bool


class _Sale(NamedTuple):
    device: bytes = b""
    seq: int = 0


class _Outcome(NamedTuple):
    """How an order ends for the tables: its story, the sale that counts, and one that does not."""

    story: Story
    sale: _Sale
    clash: Clash
    other: _Sale
    reason: str


def order_placed(at: Folding, fact: OrderPlaced) -> None:
    """An order; steps that came before it are told after it."""
    _keep(at, fact)


def order_stepped(at: Folding, fact: OrderStepped) -> None:
    """Steps of an order, in their place among all of them."""
    _keep(at, fact)


def order_accepted(at: Folding, fact: OrderPlaced | OrderStepped) -> None:
    """What waited has its place in the feed now: it may lie before what it lay after."""
    _tell_again(at.db, fact.order_id)


def events_of(db: Database, order_id: bytes) -> list[Event]:
    """All that was written about an order, in the feed's order, what waits last."""
    rows = sorted(db.raw.execute(_EVENTS, (order_id,)), key=lambda row: _place_of(db, row[0]))
    return [
        Event(
            msgspec.msgpack.decode(body, type=_FACTS[kind]), device, seq, at_ms, who, bool(server)
        )
        for _, kind, device, seq, at_ms, who, body, server in rows
    ]


def counted_of(db: Database, order_id: bytes) -> dict[tuple[bytes, int], frozenset[StepName]]:
    """Of each fact (line, number in it) that has a part in the order's story, the steps that
    counted; what a counter wrote in somebody else's name has none."""
    events = events_of(db, order_id)
    first = next((one for one in events if _places(one)), None)
    if first is None:
        return {}
    assert isinstance(first.fact, OrderPlaced), "asked for"
    story, found = tell(first.fact, ()), {(first.device, first.seq): frozenset[StepName]()}
    for one in events:
        if isinstance(one.fact, OrderStepped):
            story = follow(story, Written(one.fact, one.by_server))
            names = (step.name for step in story.told[-1] if not step.why)
            found[one.device, one.seq] = frozenset(names)
    return found


def _place_of(db: Database, pos: int) -> tuple[bool, int, int]:
    """A sorting key: the place in the feed, also of what was held back and released later; what
    waits stands last."""
    n = db.scalar(_PLACE, (pos,))
    return n is None, int(n or 0), pos


def _keep(at: Folding, fact: OrderPlaced | OrderStepped) -> None:
    at.db.run(
        "INSERT INTO order_event (pos, order_id, kind, device, seq, at_ms, staff_id, body)"
        " VALUES (?,?,?,?,?,?,?,?)",
        (
            at.pos,
            fact.order_id,
            fact.KIND,
            at.device,
            at.seq,
            at.header.at_ms,
            at.header.by,
            msgspec.msgpack.encode(fact),
        ),
    )
    _tell_again(at.db, fact.order_id)


def _tell_again(db: Database, order_id: bytes) -> None:
    events = events_of(db, order_id)
    first = next((one for one in events if _places(one)), None)
    if first is None:
        return
    assert isinstance(first.fact, OrderPlaced), "asked for"
    steps = [one for one in events if isinstance(one.fact, OrderStepped)]
    db.run(_PUT, _row(first, first.fact, steps))


def _places(event: Event) -> bool:
    # A counter that writes an order speaks for somebody else: it is kept and means nothing.
    return isinstance(event.fact, OrderPlaced) and event.by_server


def _outcome(placed: OrderPlaced, steps: list[Event]) -> _Outcome:
    story, sale, clash, other, reason = tell(placed, ()), _Sale(), "", _Sale(), ""
    for one in steps:
        fact = one.fact
        assert isinstance(fact, OrderStepped), "asked for"
        if not fact.steps and fact.who == "shop":
            clash, other = "", _Sale()
        before = story.standing
        story = follow(story, Written(fact, one.by_server))
        told = story.told[-1]
        if any(not step.why for step in told):
            reason = fact.reason or reason
        mine = _Sale(one.device, fact.sale_seq)
        if any(step.name == "hand_over" and not step.why for step in told):
            sale = mine
        found = clash_of(before, fact, told)
        if found and not clash:
            clash, other = found, mine
    return _Outcome(story, sale, clash, other, reason)  # type: ignore[arg-type]


def _row(first: Event, placed: OrderPlaced, steps: list[Event]) -> tuple[Any, ...]:
    end = _outcome(placed, steps)
    story, stands = end.story, end.story.standing
    return (
        placed.order_id,
        placed.number,
        first.at_ms,
        steps[-1].at_ms if steps else first.at_ms,
        placed.way,
        placed.area,
        story.fee,
        stands.pay_way,
        stands.order,
        stands.payment,
        stands.handover,
        stands.total,
        stands.paid,
        stands.refunded,
        msgspec.msgpack.encode(story.lines),
        msgspec.msgpack.encode(story.offered),
        placed.proof,
        *(story.terms.get(term) for term in _TERMS),
        story.offer,
        end.reason,
        *end.sale,
        end.clash,
        *end.other,
        int(story.fee_open),
        story.offered_fee,
        story.courier,
        story.waybill,
    )
