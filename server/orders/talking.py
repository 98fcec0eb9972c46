"""What buyer and shop say on an order: beside it, noted in the feed, deleted with the buyer."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, func, select

from core.errors import Refused
from core.facts.orders import OrderSaid
from core.orders.talk import MOST_SAID, MOST_TEXT, SaidWord, Speaks, Word
from core.text import clean_name
from server.db.schema.orders import order_contact, order_message
from server.db.tied import tied
from server.db.transaction import ShopTx
from server.orders.refusals import TalkOver, TooManyMessages
from server.services import Services
from server.sync.feed import Step

MOST_MESSAGES: Final = 60
"""An order has so many at most."""

_LAST = select(func.max(order_message.c.i)).where(
    tied(order_message), order_message.c.order_id == bindparam("order")
)
_HAS_BUYER = select(order_contact.c.at_ms).where(
    tied(order_contact), order_contact.c.order_id == bindparam("order")
)
_KEPT = select(order_message.c.i).where(
    tied(order_message), order_message.c.order_id == bindparam("order"),
    order_message.c.key == bindparam("word"),
)  # fmt: skip
_AFTER = (
    select(order_message)
    .where(tied(order_message), order_message.c.n > bindparam("after"))
    .order_by(order_message.c.n)
    .limit(MOST_SAID + 1)
)


def say(services: Services, shop_id: bytes, order_id: bytes, who: Speaks, text: str) -> bool:
    """Add a message to an order; False where there is nothing to say.

    Raises:
        TooManyMessages: there are as many as one order has.
        TalkOver: the buyer was deleted.
    """
    said = clean_name(text)[:MOST_TEXT]
    if not said:
        return False

    def write(tx: ShopTx) -> None:
        step = Step(tx, services.now_ms())
        _add(step, order_id, who, said, b"")
        step.close()

    services.store.in_shop(shop_id, write)
    return True


def take_words(
    services: Services, shop_id: bytes, words: tuple[Word, ...]
) -> tuple[tuple[bytes, str], ...]:
    """Keep what a counter of the shop has to say, each once however often it comes; returns the
    keys of those that are not kept, with the code of the rule that they break."""

    def write(tx: ShopTx) -> tuple[tuple[bytes, str], ...]:
        step, refused = Step(tx, services.now_ms()), []
        for word in words:
            said = clean_name(word.text)[:MOST_TEXT]
            if not said or tx.one(_KEPT, order=word.order_id, word=word.key) is not None:
                continue
            try:
                _add(step, word.order_id, "shop", said, word.key)
            except Refused as error:
                refused.append((word.key, error.code))
        step.close()
        return tuple(refused)

    return services.store.in_shop(shop_id, write)


def add_words(step: Step, order_id: bytes, text: str) -> None:
    """What a buyer says with a step; however many messages there are, for steps are few."""
    if step.tx.one(_HAS_BUYER, order=order_id) is not None:
        _put(step, order_id, "buyer", text, b"")


def said_after(tx: ShopTx, n: int) -> tuple[tuple[SaidWord, ...], bool]:
    """What was said since a feed number, and whether there is more."""
    rows = tx.rows(_AFTER, after=n)
    found = tuple(
        SaidWord(row.n, row.order_id, row.i, row.at_ms, row.who, row.text)
        for row in rows[:MOST_SAID]
    )
    return found, len(rows) > MOST_SAID


def _add(step: Step, order_id: bytes, who: Speaks, text: str, key: bytes) -> None:
    if step.tx.one(_HAS_BUYER, order=order_id) is None:
        raise TalkOver()
    if int(step.tx.scalar(_LAST, order=order_id) or 0) >= MOST_MESSAGES:
        raise TooManyMessages(most=MOST_MESSAGES)
    _put(step, order_id, who, text, key)


def _put(step: Step, order_id: bytes, who: Speaks, text: str, key: bytes) -> None:
    last = int(step.tx.scalar(_LAST, order=order_id) or 0)
    step.say(OrderSaid(order_id, who))
    step.tx.insert(
        order_message, order_id=order_id, i=last + 1, at_ms=step.now_ms, who=who, text=text,
        n=step.n, key=key,
    )  # fmt: skip
