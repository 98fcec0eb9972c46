"""What an order owes to whom, as the shop's books say it: sums that follow from its story alone.

An agreed order is owed by its buyer and owed to them in goods; handing over makes it earned. Money
that comes through a provider is posted with the payment, all other money by the order's steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from core.orders.standing import Actor, OrderState, Standing

if TYPE_CHECKING:
    from core.orders.steps import StepName
    from core.orders.story import Story

Kind = Literal[
    "order_receivable", "refund_payable", "order_unearned", "sales", "delivery_income",
    "sales_returns", "counter", "bank",
]  # fmt: skip
"""Accounts of the shop's chart (`server.ledger.chart`)."""

_AGREED: Final[frozenset[OrderState]] = frozenset({"accepted", "preparing", "ready"})


class Flows(NamedTuple):
    """Money of an order by its way, in less out, and what was earned when the goods went out.
    Rupiah. `provider` is what came through a provider, `provider_back` what went back there, and
    `taken` what a bank or the provider took back."""

    counter: int = 0
    bank: int = 0
    provider: int = 0
    provider_back: int = 0
    earned: int = 0
    taken: int = 0


def flowed(flows: Flows, at: Standing, name: StepName, who: Actor, amount: int) -> Flows:
    """The flows after a step that counted; `at` is how the order stood before it.

    The shop gives back where the money lies: from the counter what came there, else by transfer.
    """
    match name:
        case "see":
            return flows._replace(bank=flows.bank + amount)
        case "pay_at_handover":
            return flows._replace(counter=flows.counter + amount)
        case "settle_payment":
            return flows._replace(provider=flows.provider + amount)
        case "refund" if who == "provider":
            return flows._replace(provider_back=flows.provider_back + amount)
        case "refund" if flows.counter >= amount:
            return flows._replace(counter=flows.counter - amount)
        case "refund":
            return flows._replace(bank=flows.bank - amount)
        case "charge_back":
            return flows._replace(taken=flows.taken + (amount or at.paid - at.refunded))
        case "hand_over":
            return flows._replace(earned=at.total)
        case _:
            return flows


def owing(story: Story | None) -> dict[Kind, int]:
    """What the order's own entries come to, as debits (rupiah; below zero: credits). They are
    nothing in sum. What the provider's money moves is apart (`provider_part`)."""
    if story is None:
        return {}
    at, flows = story.standing, story.flows
    agreed = at.total if at.order in _AGREED and not flows.earned else 0
    delivery = min(story.fee, flows.earned)
    returns = flows.earned - at.price if flows.earned else 0
    back = at.to_give_back + flows.provider_back
    sums: dict[Kind, int] = {
        "order_receivable": agreed + flows.earned - returns - flows.counter - flows.bank + back,
        "refund_payable": -back,
        "order_unearned": -agreed,
        "sales": delivery - flows.earned,
        "delivery_income": -delivery,
        "sales_returns": returns,
        "counter": flows.counter,
        "bank": flows.bank,
    }
    return {kind: amount for kind, amount in sums.items() if amount}


def changes(before: Mapping[Kind, int], after: Mapping[Kind, int]) -> dict[Kind, int]:
    """What must be posted so that `before` becomes `after`."""
    kinds = sorted(before.keys() | after.keys())
    found = {kind: after.get(kind, 0) - before.get(kind, 0) for kind in kinds}
    return {kind: amount for kind, amount in found.items() if amount}


def paired(debits: Mapping[Kind, int]) -> tuple[tuple[Kind, Kind, int], ...]:
    """Debits that are nothing in sum, as movements: (debit, credit, amount)."""
    left = {kind: amount for kind, amount in sorted(debits.items()) if amount}
    found = []
    while left:
        debit, credit = max(left, key=left.__getitem__), min(left, key=left.__getitem__)
        part = min(left[debit], -left[credit])
        assert part > 0, "debits and credits differ"
        found.append((debit, credit, part))
        left[debit] -= part
        left[credit] += part
        left = {kind: amount for kind, amount in left.items() if amount}
    return tuple(found)


def spared(debits: Mapping[Kind, int], available: int) -> dict[Kind, int]:
    """The same where the shop's debt to the buyer is partly spoken for (a refund is on its way):
    only what is available of it is lowered, and the buyer owes the rest."""
    beyond = max(0, debits.get("refund_payable", 0) - available)
    return changes({"refund_payable": beyond, "order_receivable": -beyond}, debits)
