"""What of orders rings at the counter: whatever somebody else did that the shop has to hear of.

Which steps ring is in the table of steps (`core.orders.steps`); an order that is placed rings, also
where the shop's stock has accepted it at once.
"""

from __future__ import annotations

from typing import Final

import msgspec

from core.facts.orders import OrderPlaced, OrderStepped
from core.orders.standing import ENDS
from core.orders.steps import STEPS
from pos.db.database import Database

_RINGING: Final = frozenset(step.name for step in STEPS if "ring" in step.actions)
_NEWEST: Final = "SELECT coalesce(max(pos), 0) FROM order_event"
_SINCE: Final = (
    "SELECT e.order_id, e.kind, e.body, o.state, o.payment FROM order_event e JOIN online_order o"
    " ON o.id=e.order_id WHERE e.pos>? ORDER BY e.pos"
)
_stepped = msgspec.msgpack.Decoder(OrderStepped)


def newest_event(db: Database) -> int:
    """The place of the last thing that was written about any order; 0 for none."""
    return int(db.scalar(_NEWEST))


def ringing(db: Database, since: int) -> tuple[bytes, ...]:
    """Orders that rang after a place of the journal, the latest last, and that the shop has done
    nothing about since; none of those that are over, but where a bank took back what was paid for
    goods that are gone: that comes weeks later."""
    found: dict[bytes, None] = {}
    for order_id, kind, body, state, payment in db.rows(_SINCE, (since,)):
        key = bytes(order_id)
        rings, is_ours = _heard(kind, body)
        if is_ours or rings:
            found.pop(key, None)
        is_gone = state == "completed" and payment == "charged_back"
        if rings and (is_gone or state not in ENDS):
            found[key] = None
    return tuple(found)


def _heard(kind: str, body: bytes) -> tuple[bool, bool]:
    """Whether a fact rings, and whether it is the shop's own doing."""
    if kind == OrderPlaced.KIND:
        return True, False
    fact = _stepped.decode(body)
    is_ours = fact.who == "shop"
    return not is_ours and any(step.name in _RINGING for step in fact.steps), is_ours
