"""What orders owe otherwise once a program that reads more of their facts folds them again.

Each step of the feed posts what its facts change (`server.sync.owing`); the program that kept some
of them unread could not. Where they are folded in their place, the difference is posted of what an
order owed by the tables before and owes by those after, as one entry with an id of its own: that of
a fact of the feed may be used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import bindparam, select

from core.orders.owing import changes, owing
from server.db.schema import SHOP
from server.db.schema.orders import shop_order
from server.db.transaction import ShopTx
from server.services import Services
from server.sync.fold.books import Books
from server.sync.fold.orders import Kept, Turn
from server.sync.owing import post_turns

_AT_ONCE: Final = 200
_NEXT: Final = (
    select(shop_order.c.order_id)
    .where(shop_order.c.shop_id == SHOP, shop_order.c.order_id > bindparam("after"))
    .order_by(shop_order.c.order_id)
    .limit(_AT_ONCE)
)


def turns_between(before: ShopTx, after: ShopTx) -> list[Turn]:
    """What each order owes by the tables of `after` and did not by those of `before`."""
    return [turn for ids in _pages(after) for turn in _turns(ids, Books(before), Books(after))]


def post_again(services: Services, tx: ShopTx, turns: Sequence[Turn]) -> None:
    """Post these turns. The shop's feed is locked."""
    if turns:
        post_turns(tx, turns, services.now_ms(), lambda turn: services.new_id())


def _pages(tx: ShopTx) -> Iterator[list[bytes]]:
    """The ids of a shop's orders: none that was known is gone where more is read."""
    after = bytes(16)
    while ids := [row.order_id for row in tx.rows(_NEXT, after=after)]:
        yield ids
        after = ids[-1]


def _turns(ids: Sequence[bytes], before: Books, after: Books) -> Iterator[Turn]:
    before.orders.load(ids)
    after.orders.load(ids)
    for order_id in ids:
        old, new = before.orders.get(order_id), after.orders.get(order_id)
        debits = changes(owing(old.story()), owing(new.story()))
        if debits:
            n, step = _newest(_counted(old), _counted(new))
            at_ms = new.events[n].at_ms if n in new.events else new.at_ms
            yield Turn(order_id, n, at_ms, step, debits)


def _counted(kept: Kept) -> dict[int, set[str]]:
    """The steps of an order that count, by the numbers of their facts in the feed."""
    story = kept.story()
    if story is None:
        return {}
    return {
        n: {one.name for one in steps if not one.why}
        for n, steps in zip(sorted(kept.events), story.told, strict=True)
    }


def _newest(old: dict[int, set[str]], new: dict[int, set[str]]) -> tuple[int, str]:
    """The fact by which the change is remembered, and as what: that of the goods that went out,
    else the last of which more counts now."""
    more = {n: names - old.get(n, set()) for n, names in sorted(new.items())}
    handed = [n for n, names in more.items() if "hand_over" in names]
    if handed:
        return handed[-1], "hand_over"
    return max((n for n, names in more.items() if names), default=0), "again"
