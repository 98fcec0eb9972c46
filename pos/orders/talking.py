"""What buyer and shop say on an order, at the counter: read, and answered without a network too.

The words are the server's to lend (docs/decisions/0023-orders.md); what is written here waits in
`order_word` until the server has it, and comes back as a message among the others.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from core.errors import Refused
from core.facts.orders import OrderSaid
from core.orders.talk import MOST_TEXT
from core.text import clean_name
from pos.counter import Counter
from pos.db.database import Database
from pos.orders.reading import order
from pos.staff.people import require

ID_BYTES: Final = 16
_SAID: Final = "SELECT at_ms, who, text FROM order_message WHERE order_id=? ORDER BY i"
_WAITING: Final = "SELECT at_ms, text, refused FROM order_word WHERE order_id=? ORDER BY rowid"


class NothingSaid(Refused):
    """A message without words."""

    code = "order_nothing_said"


class BuyerGone(Refused):
    """The buyer's data was deleted: nobody would read it."""

    code = "order_talk_over"


class NotTaken(Refused):
    """The server did not take a message; `why` is the rule that it broke."""

    code = "order_word_not_taken"


class Message(NamedTuple):
    """One message; `who` is "buyer" or "shop". `waits`: the server does not have it yet; `refused`
    is why it does not take it."""

    at_ms: int
    who: str
    text: str
    waits: bool = False
    refused: str = ""


def messages(db: Database, order_id: bytes) -> tuple[Message, ...]:
    """What was said on an order, what is still on its way last."""
    said = [Message(*row) for row in db.rows(_SAID, (order_id,))]
    waiting = [
        Message(row.at_ms, "shop", row.text, waits=not row.refused, refused=row.refused)
        for row in db.rows(_WAITING, (order_id,))
    ]
    return (*said, *waiting)


def say(counter: Counter, order_id: bytes, text: str) -> None:
    """Answer the buyer; sent with the next round.

    Raises:
        UnknownOrder, NothingSaid, BuyerGone: nothing is kept.
    """
    require(counter, "sell")
    words = clean_name(text)[:MOST_TEXT]
    if not words:
        raise NothingSaid()
    if order(counter.db, order_id).contact is None:
        raise BuyerGone()
    db, clock = counter.db, counter.clock
    with db.transaction():
        db.run(
            "INSERT INTO order_word (key, order_id, at_ms, text, refused) VALUES (?,?,?,?,'')",
            (clock.random(ID_BYTES), order_id, clock.now_ms(), words),
        )
        _read(db, order_id)
    counter.announce(frozenset({OrderSaid.KIND}))


def mark_read(counter: Counter, order_id: bytes) -> bool:
    """Somebody has seen what was said; whether that was news."""
    db = counter.db
    with db.transaction():
        is_news = _read(db, order_id)
    if is_news:
        counter.announce(frozenset({OrderSaid.KIND}))
    return is_news


def _read(db: Database, order_id: bytes) -> bool:
    return bool(db.run("UPDATE order_message SET read=1 WHERE order_id=? AND read=0", (order_id,)))
