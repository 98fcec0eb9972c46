"""What the clock does with orders, and the deletion of buyers whose time has come."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, exists, func, or_, select, update

from core.orders.standing import ENDS
from server.db.schema import SHOP
from server.db.schema.directory import order_watch
from server.db.schema.orders import order_contact, order_message, shop_order
from server.db.tied import tied
from server.db.transaction import ShopTx, Tx
from server.orders.cases import agree_cases
from server.orders.reading import MOVING
from server.orders.reviewing import forget_words
from server.orders.terms import terms_of
from server.orders.writing import step_by_clock, watch
from server.payments.finding import fell_lately, look_for_lost
from server.services import Services
from server.shops.reading import shop_here
from server.sync.feed import Step
from server.sync.waking import wake

DAY_MS: Final = 24 * 3_600_000
LOOK_AGAIN_MS: Final = 10 * 60_000
"""A counter's steps begin terms, too: a shop with orders that live is looked at so often."""

_SHOPS: Final = 500
_DUE = (
    select(order_watch.c.shop)
    .where(order_watch.c.due_ms <= bindparam("now"))
    .order_by(order_watch.c.due_ms)
    .limit(_SHOPS)
)
_NEXT = select(func.min(shop_order.c.due_ms)).where(tied(shop_order))
_ALIVE = select(func.count()).where(tied(shop_order), shop_order.c.state.not_in(sorted(ENDS)))
_LEFT = select(func.count()).select_from(order_contact).where(tied(order_contact))
_AGAIN = update(order_watch).where(order_watch.c.shop == bindparam("whose")).values(
    due_ms=bindparam("again")
)  # fmt: skip
_REST = delete(order_watch).where(order_watch.c.shop == bindparam("whose"))
_old = exists().where(
    shop_order.c.shop_id == SHOP,
    shop_order.c.order_id == order_contact.c.order_id,
    shop_order.c.state.in_(sorted(ENDS)),
    shop_order.c.payment.not_in(sorted(MOVING)),
    shop_order.c.changed_ms < bindparam("oldest"),
)
_unplaced = ~exists().where(
    shop_order.c.shop_id == SHOP, shop_order.c.order_id == order_contact.c.order_id
)
_OVER = select(order_contact.c.order_id).where(
    tied(order_contact), or_(_old, _unplaced), order_contact.c.at_ms < bindparam("oldest")
)
_CONTACT_OF = delete(order_contact).where(
    tied(order_contact), order_contact.c.order_id == bindparam("key")
)
_MESSAGES_OF = delete(order_message).where(
    tied(order_message), order_message.c.order_id == bindparam("key")
)


def sweep_orders(services: Services) -> int:
    """Take what the clock takes in every shop that is to be looked at; returns how many orders
    changed. Run at least once a minute while serving; several processes may do it at once."""
    now_ms = services.now_ms()
    with services.store.reading_directory() as tx:
        shops = [row.shop for row in tx.rows(_DUE, now=now_ms)]
    return sum(sweep_shop(services, shop_id) for shop_id in shops)


def watch_all(services: Services) -> None:
    """Have every shop looked at: a server that went back has forgotten which are to be."""
    now_ms = services.now_ms()
    for shop_id in services.store.shop_ids():
        services.store.in_directory(lambda tx, whose=shop_id: watch(tx, whose, now_ms))  # type: ignore[misc]


def sweep_shop(services: Services, shop_id: bytes) -> int:
    """The same of one shop, and when to look at it again."""
    now_ms = services.now_ms()
    days = services.order_rules.contact_days

    def look_again(tx: Tx) -> None:
        # Before the shop is read: an order that is placed meanwhile asks for an earlier look.
        tx.run(_AGAIN, whose=shop_id, again=now_ms + LOOK_AGAIN_MS)

    services.store.in_directory(look_again)

    def work(tx: ShopTx) -> tuple[int, int | None]:
        step = Step(tx, now_ms)
        here = shop_here(tx)
        count = step_by_clock(step, terms_of(here)) if here else 0
        step.close()
        for row in tx.rows(_OVER, oldest=now_ms - days * DAY_MS):
            erase(tx, row.order_id)
        if int(tx.scalar(_ALIVE) or 0) or fell_lately(tx, now_ms):
            soonest: int | None = tx.scalar(_NEXT)
            return count, min(soonest or now_ms + LOOK_AGAIN_MS, now_ms + LOOK_AGAIN_MS)
        return count, now_ms + DAY_MS if int(tx.scalar(_LEFT) or 0) else None

    count, again = services.store.in_shop(shop_id, work)

    def note(tx: Tx) -> None:
        standing = tx.scalar(
            select(order_watch.c.due_ms).where(order_watch.c.shop == bindparam("whose")),
            whose=shop_id,
        )
        if standing != now_ms + LOOK_AGAIN_MS:
            return  # somebody placed an order meanwhile
        if again is None:
            tx.run(_REST, whose=shop_id)
        else:
            tx.run(_AGAIN, whose=shop_id, again=again)

    services.store.in_directory(note)
    agree_cases(services, shop_id)
    look_for_lost(services, shop_id)
    return count


def erase(tx: ShopTx, order_id: bytes) -> None:
    """Delete who ordered, and what was said; the order itself stays, without a buyer. A review that
    the buyer published stays until the buyer takes it back."""
    tx.run(_CONTACT_OF, key=order_id)
    tx.run(_MESSAGES_OF, key=order_id)


def erase_buyer(services: Services, shop_id: bytes, order_id: bytes) -> None:
    """A buyer asks to be forgotten."""

    def work(tx: ShopTx) -> None:
        step = Step(tx, services.now_ms())
        erase(tx, order_id)
        forget_words(step, order_id)
        step.close()
        tx.after_commit(lambda: wake(shop_id))

    services.store.in_shop(shop_id, work)
