"""Taking a step: the one place where an order changes, on the server and at the counter alike."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

from core.errors import Refused
from core.orders.standing import CALLED_OFF, Actor, PaymentState, Standing
from core.orders.steps import STEPS, Action, Step, StepName, Term

_REDUCES: Final = frozenset({"agree", "compensate", "settle"})
MOST_RUPIAH: Final = 10**14
"""Of one step: books take no sum beyond ten times of this, and nobody's order comes near it."""

MOST_FEE: Final = 10_000_000
"""Of bringing an order (rupiah), as a shop says it."""

_BRINGS: Final = frozenset({"see", "settle_payment", "pay_at_handover"})


class NotPossible(Refused):
    """The order does not stand so that this step can be taken; `step` and `state` say which."""

    code = "order_step_not_possible"


class NotYours(Refused):
    """This step is somebody else's."""

    code = "order_step_not_yours"


class TooEarly(Refused):
    """A term must have passed before; `term` says which."""

    code = "order_step_too_early"


class TooLate(Refused):
    """A term has passed; `term` says which."""

    code = "order_step_too_late"


class WrongAmount(Refused):
    """The sum (rupiah) is not what this step can bring or take; `most` is."""

    code = "order_wrong_amount"


class FeeOpen(Refused):
    """The shop says first what the courier costs; the buyer agrees to that."""

    code = "order_fee_open"


class Taken(NamedTuple):
    """How the order stands now, and what follows from the step."""

    standing: Standing
    actions: tuple[Action, ...]


def take(
    at: Standing,
    name: StepName,
    who: Actor,
    *,
    passed: Collection[Term] = (),
    amount: int = 0,
) -> Taken:
    """Take a step. `passed`: terms that are over by the server's clock; a counter without a network
    knows none. `amount` (rupiah): what came or goes back; the new total for `agree`, `answer`
    (the one that is offered), `settle` and `compensate`; of `charge_back` what was taken back, 0
    for all that had been paid.

    Raises:
        NotPossible, NotYours, TooEarly, TooLate, WrongAmount: nothing changes.
    """
    step = _row(at, name, who, passed)
    after = _moved(_with_money(at, step, amount), step)
    if "owe_refund" in step.actions and after.payment in ("paid", "refund_due"):
        after = after._replace(payment="refund_due" if after.to_give_back else "paid")
    if step.name == "charge_back" and after.refunded != at.refunded:
        after = after._replace(payment="paid")
        after = after._replace(payment=_after_refund(after))
    if step.name == "refund":
        after = after._replace(payment=_after_refund(after))
    return Taken(after, step.actions)


def possible(at: Standing, who: Actor, *, passed: Collection[Term] = ()) -> Iterator[Step]:
    """The steps that somebody can take now: what a page or a counter offers."""
    return (
        step for step in STEPS if who in step.who and _fits(at, step) and not _misses(step, passed)
    )


def _row(at: Standing, name: StepName, who: Actor, passed: Collection[Term]) -> Step:
    rows = [step for step in STEPS if step.name == name and _fits(at, step)]
    if not rows:
        raise NotPossible(step=name, state=at.order, payment=at.payment, handover=at.handover)
    mine = [step for step in rows if who in step.who]
    if not mine:
        raise NotYours(step=name)
    for step in mine:
        if not _misses(step, passed):
            return step
    step = mine[0]
    if step.after is not None:
        raise TooEarly(step=name, term=step.after)
    raise TooLate(step=name, term=step.before)


def _fits(at: Standing, step: Step) -> bool:
    if getattr(at, step.track) not in step.sources:
        return False
    return (
        (not step.order or at.order in step.order)
        and (not step.payment or at.payment in step.payment)
        and (not step.handover or at.handover in step.handover)
        and _may_go_on(at, step)
    )


def _may_go_on(at: Standing, step: Step) -> bool:
    """What the way of paying asks for beside the row."""
    match step.name:
        case "prepare" | "make_ready":
            return not (at.is_prepaid and at.owed)
        case "ask_payment":
            return at.pay_way == "gateway" and at.owed > 0
        case "claim":
            return at.pay_way == "to_shop" and at.owed > 0
        case "charge_back" | "settle_payment":
            return at.pay_way == "gateway"
        case "lapse_unpaid":
            return at.is_prepaid and at.owed > 0
        case "hand_over":
            return at.owed == 0
        case _:
            return True


def _moved(at: Standing, step: Step) -> Standing:
    to: dict[str, Any] = {step.track: step.target}
    return at._replace(**to)


def _misses(step: Step, passed: Collection[Term]) -> bool:
    return (step.after is not None and step.after not in passed) or (
        step.before is not None and step.before in passed
    )


def _with_money(at: Standing, step: Step, amount: int) -> Standing:
    if amount > MOST_RUPIAH:
        raise WrongAmount(step=step.name, most=MOST_RUPIAH)
    if step.name in _BRINGS:
        # To an order that was called off all of it is late; else exactly what is owed pays it.
        wanted = amount if step.target == "refund_due" else at.owed
        if amount <= 0 or amount != wanted:
            raise WrongAmount(step=step.name, most=wanted)
        return at._replace(paid=at.paid + amount)
    if step.name == "refund":
        if not 0 < amount <= at.to_give_back:
            raise WrongAmount(step=step.name, most=at.to_give_back)
        return at._replace(refunded=at.refunded + amount)
    if step.name == "charge_back":
        return _without(at, amount)
    if step.name in _REDUCES:
        # What is paid already cannot become too little: the buyer would owe without knowing it.
        most = at.paid - at.refunded if at.paid else max(at.total, amount)
        if not 0 <= amount <= most or (step.name == "compensate" and amount >= at.total):
            raise WrongAmount(step=step.name, most=most)
        return at._replace(total=amount)
    if step.name == "answer":
        if not 0 <= amount <= at.total:
            raise WrongAmount(step=step.name, most=at.total)
        return at
    if amount:
        raise WrongAmount(step=step.name, most=0)
    return at


def _without(at: Standing, amount: int) -> Standing:
    """After a bank took back so much. Of an order that was paid twice it may take one of the two,
    and the order stays paid: that went back to the buyer like the surplus it was. More than that
    leaves the order unpaid, and counts as all of it."""
    is_part = 0 < amount < at.paid - at.refunded and amount <= at.to_give_back
    return at._replace(refunded=at.refunded + amount) if is_part else at


def _after_refund(at: Standing) -> PaymentState:
    if at.to_give_back:
        return "refund_due"
    is_whole = at.paid == at.refunded and (at.order in CALLED_OFF or not at.total)
    return "refunded" if is_whole else "paid"
