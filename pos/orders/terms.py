"""How long each side has, by the shop's settings; a term ends at an instant (UTC ms)."""

from __future__ import annotations

from typing import Final

import msgspec

from core.orders.steps import Action, Term
from pos.db.database import Database

_MINUTE_MS: Final = 60_000
_LENGTHS: Final[dict[Action, tuple[str, int, int]]] = {
    "start_agree": ("gerai_agree_minutes", 60, _MINUTE_MS),
    "start_pay": ("gerai_pay_minutes", 60, _MINUTE_MS),
    "start_collect": ("gerai_collect_hours", 48, 60 * _MINUTE_MS),
    "start_inspect": ("gerai_inspect_hours", 24, 60 * _MINUTE_MS),
    "start_answer": ("gerai_answer_hours", 72, 60 * _MINUTE_MS),
    "start_settle": ("gerai_settle_hours", 72, 60 * _MINUTE_MS),
}
_TRAVEL: Final = ("gerai_travel_hours", 168)
_COLUMNS: Final[dict[Term, str]] = {
    "accept_by": "accept_by",
    "agree_by": "agree_by",
    "pay_by": "pay_by",
    "collect_by": "collect_by",
    "inspect_by": "inspect_by",
    "answer_by": "answer_by",
    "settle_by": "settle_by",
    "office_by": "office_by",
}


def until_ms(
    db: Database, actions: tuple[Action, ...], now_ms: int, *, by_courier: bool = False
) -> int:
    """When the term ends that these actions begin; 0 where they begin none. `by_courier`: the buyer
    looks at the goods once they have arrived, which nobody tells, so the way counts as well."""
    for action in actions:
        if action in _LENGTHS:
            name, usual, unit_ms = _LENGTHS[action]
            travels = by_courier and action == "start_inspect"
            way_ms = _length(db, *_TRAVEL) * 60 * _MINUTE_MS if travels else 0
            return now_ms + way_ms + _length(db, name, usual) * unit_ms
    return 0


def passed(db: Database, order_id: bytes, now_ms: int) -> tuple[Term, ...]:
    """The order's terms that are over by this counter's clock."""
    row = db.one(f"SELECT {', '.join(_COLUMNS.values())} FROM online_order WHERE id=?", (order_id,))
    if row is None:
        return ()
    ends = dict(zip(_COLUMNS, row, strict=True))
    return tuple(term for term, end in ends.items() if end is not None and end <= now_ms)


def _length(db: Database, name: str, usual: int) -> int:
    text = db.scalar("SELECT value FROM setting WHERE name=?", (name,))
    try:
        found = msgspec.json.decode(text or "0", type=int)
    except msgspec.MsgspecError:
        return usual
    return found if found > 0 else usual
