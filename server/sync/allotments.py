"""Kasbon dealt out to the counters, so that they cannot exceed a limit together without network.

What is owed plus what is dealt out never exceeds the limit. A share that a counter has is not
taken back while it may be lending from it far away, unless the limit itself was lowered (or the
debt went past it) or the counter was revoked: so a new counter gets its share from repayments.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from core.facts.base import Fact
from core.facts.sync import Allotment, KasbonAllotted
from server.db.schema import SHOP, people
from server.db.transaction import ShopTx
from server.sync.feed import Step

_WITH_LIMIT = select(people.customer.c.customer_id).where(
    people.customer.c.shop_id == SHOP, people.customer.c.credit_limit > 0
)
_WITH_SHARES = (
    select(people.allotment.c.customer_id)
    .where(people.allotment.c.shop_id == SHOP, people.allotment.c.amount > 0)
    .distinct()
)


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


def deal(step: Step, customers: Collection[bytes] | None = None) -> None:
    """Deal out what is left of the limits of `customers` (None: of those that the step touched).

    A shop with one counter needs no shares: there the limit is the limit.
    """
    counters = step.books.registers.counters()
    touched = list(step.books.debts.debts) if customers is None else customers
    for customer in sorted(touched):
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


def everyone(tx: ShopTx) -> set[bytes]:
    """All customers who have a limit or a share of one."""
    return {row.customer_id for query in (_WITH_LIMIT, _WITH_SHARES) for row in tx.rows(query)}


def append_server_fact(tx: ShopTx, fact: Fact, *, now_ms: int, by: bytes = b"") -> bytes:
    """Write one fact of the server's own (an owner's edit on the web); returns its hash.

    What follows from it (decisions, kasbon dealt anew) is written in the same transaction.
    """
    step = Step(tx, now_ms)
    digest = step.say(fact, by)
    deal(step)
    step.close()
    return digest
