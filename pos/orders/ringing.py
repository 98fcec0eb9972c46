"""What of orders rings at the counter: whatever somebody else did that the shop has to hear of.

Which steps ring is in the table of steps (`core.orders.steps`); an order that is placed rings, also
where the shop's stock has accepted it at once. A step that the order's story refuses changed
nothing: it asks nothing of the shop, and answers nothing for it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from core.facts.orders import OrderPlaced, OrderStepped
from core.orders.standing import ENDS
from core.orders.steps import STEPS, StepName
from pos.db.database import Database
from pos.db.fold.orders import counted_of

_RINGING: Final = frozenset(step.name for step in STEPS if "ring" in step.actions)
_NEWEST: Final = "SELECT coalesce(max(pos), 0) FROM order_event"
_SINCE: Final = (
    "SELECT e.order_id, e.kind, e.device, e.seq, e.body, o.state, o.payment FROM order_event e"
    " JOIN online_order o ON o.id=e.order_id WHERE e.pos>? ORDER BY e.pos"
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
    counted: dict[bytes, dict[tuple[bytes, int], frozenset[StepName]]] = {}
    for order_id, kind, device, seq, body, state, payment in db.rows(_SINCE, (since,)):
        key = bytes(order_id)
        if key not in counted:
            counted[key] = counted_of(db, key)
        steps = counted[key].get((bytes(device), seq))
        rings, is_answer = _heard(kind, body, steps)
        if is_answer or rings:
            found.pop(key, None)
        is_gone = state == "completed" and payment == "charged_back"
        if rings and (is_gone or state not in ENDS):
            found[key] = None
    return tuple(found)


def _heard(kind: str, body: bytes, counted: frozenset[StepName] | None) -> tuple[bool, bool]:
    """Whether a fact rings, and whether the shop has answered by it: the steps of it that counted
    say so (None: it has no part in the order's story)."""
    if kind == OrderPlaced.KIND:
        return counted is not None, False
    fact = _stepped.decode(body)
    if fact.who == "shop":
        # Without a step it says that a clash was put right.
        return False, bool(counted) or not fact.steps
    return not _RINGING.isdisjoint(counted or ()), False
