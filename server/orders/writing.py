"""Steps of orders on their way into the feed, inside a transaction that holds its lock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from sqlalchemy import Table, bindparam, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from core.errors import Refused
from core.facts.orders import OrderLine, OrderStep, OrderStepped
from core.orders.rules import take
from core.orders.standing import Actor
from core.orders.steps import StepName, Term
from core.orders.story import Story, check_said
from server.db.schema.directory import order_watch
from server.db.schema.orders import shop_order
from server.db.tied import tied
from server.db.transaction import Tx
from server.orders.terms import Terms
from server.sync.feed import Step

_MOST_AT_ONCE: Final = 200
_DUE = (
    select(shop_order.c.order_id)
    .where(tied(shop_order), shop_order.c.due_ms <= bindparam("now"))
    .order_by(shop_order.c.due_ms)
    .limit(_MOST_AT_ONCE)
)
OVERDUE: Final = (
    select(shop_order.c.order_id)
    .where(tied(shop_order), shop_order.c.due_ms <= bindparam("now"))
    .limit(1)
    .scalar_subquery()
)
"""An order whose time has come by `now`, None where `step_by_clock` would find none."""

_BY_CLOCK: Final[dict[str, StepName]] = {
    "placed": "lapse",
    "proposed": "lapse",
    "accepted": "lapse_unpaid",
    "fulfilled": "complete",
    "complained": "ask_office",
    "answered": "settle",
}


def passed(story: Story, now_ms: int) -> tuple[Term, ...]:
    """The terms that are over."""
    return tuple(sorted(term for term, end in story.terms.items() if end <= now_ms))


def steps_of(
    story: Story,
    who: Actor,
    wanted: Sequence[tuple[StepName, int]],
    over: Collection[Term],
    terms: Terms,
    now_ms: int,
) -> tuple[OrderStep, ...]:
    """Steps with the ends of the terms that they begin, each after the one before it.

    Raises:
        Refused: one of them cannot be taken.
    """
    steps, standing = [], story.standing
    for name, amount in wanted:
        taken = take(standing, name, who, passed=over, amount=amount)
        ends = [terms.until_ms(action, now_ms) for action in taken.actions]
        steps.append(OrderStep(name, amount, max(ends, default=0)))
        standing = taken.standing
    return tuple(steps)


def write_steps(
    step: Step,
    order_id: bytes,
    who: Actor,
    wanted: Sequence[tuple[StepName, int]],
    terms: Terms,
    *,
    lines: tuple[OrderLine, ...] = (),
    fee: int | None = None,
    reason: str = "",
    by: bytes = b"",
) -> None:
    """Write steps of an order that is known.

    Raises:
        Refused: one of them cannot be taken; nothing was written.
    """
    story = step.books.orders.get(order_id).story()
    assert story is not None
    over = passed(story, step.now_ms)
    steps = steps_of(story, who, wanted, over, terms, step.now_ms)
    fact = OrderStepped(order_id, who, steps, over, lines, reason, fee=fee)
    for one in steps:
        check_said(story, fact, one)
    step.say(fact, by)


def step_by_clock(step: Step, terms: Terms) -> int:
    """Take the steps whose time has come; returns how many orders that were."""
    due = [row.order_id for row in step.tx.rows(_DUE, now=step.now_ms)]
    step.books.orders.load(due)
    count = 0
    for order_id in due:
        story = step.books.orders.get(order_id).story()
        name = _BY_CLOCK.get(story.standing.order) if story else None
        if name is None:
            continue
        try:
            amount = story.offer if story and name == "settle" else 0
            write_steps(step, order_id, "time", ((name, amount),), terms)
        except Refused:
            continue
        count += 1
    return count


def watch(tx: Tx, shop_id: bytes, due_ms: int) -> None:
    """Have the sweeper look at a shop's orders then, or sooner where that was so already."""
    tx.run(_WATCH_POSTGRESQL if tx.is_postgresql else _WATCH_SQLITE, shop=shop_id, due=due_ms)


def _watch(make: Callable[[Table], Any]) -> Any:
    statement = make(order_watch).values(shop=bindparam("shop"), due_ms=bindparam("due"))
    return statement.on_conflict_do_update(
        index_elements=[order_watch.c.shop],
        set_={"due_ms": statement.excluded.due_ms},
        where=order_watch.c.due_ms > statement.excluded.due_ms,
    )


_WATCH_POSTGRESQL = _watch(postgresql_insert)
_WATCH_SQLITE = _watch(sqlite_insert)
