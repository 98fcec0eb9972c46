"""Whose an order is: asked of the server beside a round, kept until it is deleted there.

Names, addresses and words are in no fact (docs/decisions/0023-orders.md), so they come apart. What
the server no longer knows is forgotten here too, at the latest a day after.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Final

from core.facts.orders import OrderPlaced, OrderSaid, OrderStepped
from core.orders.contacts import MOST_IDS, Contact, Contacts, ContactsWanted
from pos.db.database import Database
from pos.sync.memory import recall, remember
from pos.sync.wire import NoAnswer, Said, Speaker

KINDS: Final = frozenset({OrderPlaced.KIND, OrderStepped.KIND})
AGAIN_MS: Final = 24 * 3_600_000
_WITHOUT: Final = (
    "SELECT id FROM online_order WHERE state IN ('placed','proposed','accepted','preparing',"
    "'ready','fulfilled','complained','answered','escalated')"
    " AND id NOT IN (SELECT order_id FROM order_contact)"
    " ORDER BY at_ms"
)
_KNOWN: Final = (
    "SELECT order_id FROM order_contact UNION SELECT order_id FROM order_message"
    " UNION SELECT order_id FROM order_word ORDER BY order_id"
)
_FORGET: Final = tuple(
    f"DELETE FROM {table} WHERE order_id=?"
    for table in ("order_contact", "order_message", "order_word")
)
_PUT: Final = (
    "INSERT OR REPLACE INTO order_contact (order_id, name, phone, address, note) VALUES (?,?,?,?,?)"
)


def note_news(db: Database, kinds: Collection[str]) -> None:
    """Keep that the feed spoke of orders or of messages, with what it said: it says so once, and
    who ordered and what was said is asked for after a round, which may end before that."""
    if not KINDS.isdisjoint(kinds):
        remember(db, "contacts", "new")
    if OrderSaid.KIND in kinds:
        remember(db, "talk_due", "1")


def refresh_contacts(db: Database, speaker: Speaker, now_ms: int) -> bool:
    """Ask for the buyers of new orders, once a day for all that are kept; whether any changed.

    That no answer comes is no failure of the round: the next one asks again.
    """
    is_new = recall(db, "contacts") == "new"
    before = int(recall(db, "contacts_ms") or 0)
    is_old = not before <= now_ms < before + AGAIN_MS
    if not is_new and not is_old:
        return False
    wanted = _ids(db, _WITHOUT) + (_ids(db, _KNOWN) if is_old else [])
    changed = False
    with suppress(NoAnswer, Said):
        for part in _parts(wanted):
            changed = _asked(db, speaker, part) or changed
        with db.transaction():
            remember(db, "contacts", "")
            if is_old:
                remember(db, "contacts_ms", str(now_ms))
    return changed


def _ids(db: Database, sql: str) -> list[bytes]:
    return [bytes(row[0]) for row in db.rows(sql)]


def _parts(ids: list[bytes]) -> Iterator[tuple[bytes, ...]]:
    for start in range(0, len(ids), MOST_IDS):
        yield tuple(ids[start : start + MOST_IDS])


def _asked(db: Database, speaker: Speaker, ids: tuple[bytes, ...]) -> bool:
    answer = speaker.ask(Contacts, "POST", "/orders/contacts", ContactsWanted(ids))
    found = {} if answer is None else {one.order_id: one for one in answer.contacts}
    with db.transaction():
        before = {key: _kept(db, key) for key in ids}
        gone = [(key,) for key in ids if key not in found]
        for sql in _FORGET:
            db.many(sql, gone)
        db.many(_PUT, [_row(found[key]) for key in ids if key in found])
    return any(before[key] != found.get(key) for key in ids)


def _kept(db: Database, order_id: bytes) -> Contact | None:
    row = db.tuple_of(
        "SELECT order_id, name, phone, address, note FROM order_contact WHERE order_id=?",
        (order_id,),
    )
    return None if row is None else Contact(*row)


def _row(one: Contact) -> tuple[bytes, str, str, str, str]:
    return one.order_id, one.name, one.phone, one.address, one.note
