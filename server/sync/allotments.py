"""Kasbon dealt out to the counters, so that they cannot exceed a limit together without network.

What is owed plus what is dealt out never exceeds the limit. A share that a counter has is not
taken back while it may be lending from it far away, unless the limit itself was lowered (or the
debt went past it) or the counter was revoked: so a new counter gets its share from repayments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, Table, bindparam, select

from core.facts.base import Fact
from core.facts.sync import Allotment, KasbonAllotted
from server.db.schema import SHOP, people, shops
from server.db.transaction import ShopTx
from server.services import Services
from server.sync.feed import Step

A_STEP: Final = 100
"""Customers whose limits are dealt anew in one step at most, where all have to be."""

_FIRST: Final = bytes(16)


def _next(table: Table, amount: str) -> Select[Any]:
    """The next customers after one for whom a table has more than nothing in a column."""
    return (
        select(table.c.customer_id)
        .where(
            table.c.shop_id == SHOP,
            table.c[amount] > 0,
            table.c.customer_id > bindparam("after"),
        )
        .distinct()
        .order_by(table.c.customer_id)
        .limit(bindparam("most"))
    )


_WITH_LIMIT = _next(people.customer, "credit_limit")
_WITH_SHARES = _next(people.allotment, "amount")
_DUE = select(shops.shop_feed.c.deal_after).where(shops.shop_feed.c.shop_id == SHOP)


def shares(
    limit: int, owed: int, held: Mapping[bytes, int], counters: Sequence[bytes]
) -> list[Allotment]:
    """What each counter gets more (or less) of a limit, given what is owed and held.

    Rupiah; whoever holds least gets first, so that shares become equal as far as they can.
    """
    wanted = {one: amount for one, amount in held.items() if one in counters}
    free = limit - owed - sum(wanted.values())
    for one in counters:
        wanted.setdefault(one, 0)
    if free > 0 and wanted:
        _deal(wanted, free)
    elif free < 0:
        _take_back(wanted, -free)
    return [
        Allotment(one, wanted.get(one, 0) - held.get(one, 0))
        for one in sorted(wanted.keys() | held.keys())
        if wanted.get(one, 0) != held.get(one, 0)
    ]


def _deal(wanted: dict[bytes, int], free: int) -> None:
    while free > 0:
        least = min(wanted.values())
        lowest = sorted(one for one, amount in wanted.items() if amount == least)
        above = [amount for amount in wanted.values() if amount > least]
        step = free // len(lowest)
        if above:
            step = min(step, min(above) - least)
        if not step:
            for one in lowest[:free]:
                wanted[one] += 1
            return
        for one in lowest:
            wanted[one] += step
        free -= step * len(lowest)


def _take_back(wanted: dict[bytes, int], over: int) -> None:
    for one in sorted(wanted, key=lambda key: (-wanted[key], key)):
        part = min(over, wanted[one])
        wanted[one] -= part
        over -= part


def deal(step: Step) -> None:
    """Deal out what is left of the limits of the customers whom the step touched; and of the next
    ones, where those of all are due."""
    if step.deal_after is not None:
        _deal_next(step, step.deal_after)
    _deal_to(step, sorted(step.books.debts.debts))


def deal_to_all(step: Step) -> None:
    """A counter came or left: the limits of all customers are dealt anew, in this step those of the
    first ones. Further steps go on, whoever writes them; `deal_rest` does it at once."""
    step.deal_after = _FIRST
    deal(step)


def deal_rest(services: Services, shop_id: bytes) -> None:
    """Go on until all limits are dealt anew. Whoever dies over it leaves it to later steps."""
    with services.store.reading_shop(shop_id) as tx:
        is_due = tx.scalar(_DUE) is not None
    while is_due:
        is_due = services.store.in_shop(shop_id, lambda tx: _deal_more(services, tx))


def _deal_more(services: Services, tx: ShopTx) -> bool:
    step = Step(tx, services.now_ms())
    deal(step)
    step.close()
    return step.deal_after is not None


def _deal_next(step: Step, after: bytes) -> None:
    found: set[bytes] = set()
    for query in (_WITH_LIMIT, _WITH_SHARES):
        found |= {row.customer_id for row in step.tx.rows(query, after=after, most=A_STEP)}
    some = sorted(found)[:A_STEP]
    step.deal_after = some[-1] if len(some) == A_STEP else None
    step.books.debts.load(some)
    step.books.documents.load("customer", some)
    _deal_to(step, some)


def _deal_to(step: Step, customers: Sequence[bytes]) -> None:
    """A shop with one counter needs no shares: there the limit is the limit."""
    counters = step.books.registers.counters()
    for customer in customers:
        debt = step.books.debts.debt(customer)
        if len(counters) < 2 and not debt.shares:
            continue
        document = step.books.documents.get("customer", customer)
        limit = document.number("credit_limit")
        if document.values.get("active") == "false":
            limit = 0
        parts = shares(limit, debt.debt, debt.shares, counters if len(counters) > 1 else ())
        if parts:
            step.say(KasbonAllotted(customer, tuple(parts)))


def append_server_fact(tx: ShopTx, fact: Fact, *, now_ms: int, by: bytes = b"") -> bytes:
    """Write one fact of the server's own (an owner's edit on the web); returns its hash.

    What follows from it (decisions, kasbon dealt anew) is written in the same transaction.
    """
    step = Step(tx, now_ms)
    digest = step.say(fact, by)
    deal(step)
    step.close()
    return digest
