"""Orders: every state is reached, every step that is not meant is refused, nothing is stuck."""

from __future__ import annotations

from collections import deque
from functools import cache
from itertools import product
from typing import get_args

import pytest

from core.errors import Refused
from core.orders.rules import NotPossible, NotYours, TooEarly, TooLate, WrongAmount, possible, take
from core.orders.standing import (
    CALLED_OFF,
    ENDS,
    OPEN_MONEY,
    Actor,
    HandoverState,
    OrderState,
    PaymentState,
    PayWay,
    Standing,
)
from core.orders.steps import STEPS, Step, StepName, Term

TERMS: tuple[Term, ...] = get_args(Term)
ACTORS: tuple[Actor, ...] = get_args(Actor)
TOTAL = 10


def amounts(at: Standing, step: Step) -> tuple[int, ...]:
    """Sums with which a step may be taken: whole, in part, less and more."""
    match step.name:
        case "settle_payment" if at.paid > TOTAL:
            return ()  # a provider may pay without end; once too often shows all that follows
        case "see" | "settle_payment" | "pay_at_handover":
            return (at.owed or TOTAL,)
        case "refund":
            return tuple({at.to_give_back, max(1, at.to_give_back // 2)})
        case "agree":
            return (6, TOTAL, 12)
        case "compensate" | "settle":
            return (7,)
        case "answer":
            return (7, TOTAL)
        case "charge_back":
            return (0, TOTAL)
        case _:
            return (0,)


@cache
def walk() -> dict[Standing, list[tuple[Step, Standing]]]:
    """Every way that an order can stand, with the steps from there and where they lead."""
    seen: dict[Standing, list[tuple[Step, Standing]]] = {}
    todo = deque(Standing(pay_way=way, total=TOTAL) for way in get_args(PayWay))
    while todo:
        at = todo.popleft()
        if at in seen:
            continue
        seen[at] = []
        for who, passed in product(ACTORS, ((), TERMS)):
            for step in possible(at, who, passed=passed):
                for amount in amounts(at, step):
                    try:
                        after = take(at, step.name, who, passed=passed, amount=amount).standing
                    except WrongAmount:
                        continue
                    seen[at].append((step, after))
                    todo.append(after)
    return seen


def test_every_state_of_every_track_is_reached() -> None:
    assert {at.order for at in walk()} == set(get_args(OrderState))
    assert {at.payment for at in walk()} == set(get_args(PaymentState))
    assert {at.handover for at in walk()} == set(get_args(HandoverState))


def test_every_row_is_taken_somewhere() -> None:
    taken = {step for steps in walk().values() for step, _ in steps}
    assert set(STEPS) <= taken
    assert {step.name for step in STEPS} == set(get_args(StepName))


def test_whatever_is_not_offered_is_refused_and_changes_nothing() -> None:
    # Which steps there are follows from the tracks and from whether something is owed.
    alike = {(*at[:4], at.owed > 0): at for at in walk()}.values()
    for at in alike:
        for who, name, passed in product(ACTORS, get_args(StepName), ((), TERMS)):
            offered = {step.name for step in possible(at, who, passed=passed)}
            if name not in offered:
                with pytest.raises((NotPossible, NotYours, TooEarly, TooLate)):
                    take(at, name, who, passed=passed)


def test_nothing_is_stuck_before_it_is_settled() -> None:
    """From everywhere a way leads to where nobody owes anything and no goods are under way."""
    ways = walk()
    good = {at for at in ways if at.is_settled}
    while True:
        more = {at for at, steps in ways.items() if any(to in good for _, to in steps)} - good
        if not more:
            break
        good |= more
    assert set(ways) - good == set()


def test_an_order_does_not_expire_while_money_may_be_on_it() -> None:
    for at, steps in walk().items():
        for _, after in steps:
            if after.order == "expired" and at.order != "expired":
                assert (at.payment, at.paid) == ("due", 0)


def test_money_that_comes_late_revives_nothing_and_is_owed_back() -> None:
    for at, steps in walk().items():
        for _, after in steps:
            if at.order in CALLED_OFF and after.paid > at.paid:
                assert (after.order, after.payment) == (at.order, "refund_due")
                assert after.to_give_back == after.paid - after.refunded
    asked = Standing("cancelled", "asked", pay_way="gateway", total=TOTAL)
    assert take(asked, "settle_payment", "provider", amount=TOTAL).standing.to_give_back == TOTAL


def test_every_rupiah_is_accounted_for() -> None:
    for at in walk():
        assert 0 <= at.refunded <= at.paid
        assert at.owed >= 0
        if at.payment != "charged_back":
            assert (at.to_give_back > 0) == (at.payment == "refund_due"), at
            assert at.owed == 0 or at.payment in ("due", *OPEN_MONEY), at
        if at.is_settled and at.payment not in ("charged_back",):
            assert at.paid - at.refunded in (0, at.price)


def test_of_an_order_that_was_paid_twice_a_bank_may_take_one_payment_back() -> None:
    twice = Standing("ready", "refund_due", pay_way="gateway", total=TOTAL, paid=2 * TOTAL)
    once = take(twice, "charge_back", "provider", amount=TOTAL).standing
    assert (once.payment, once.to_give_back, once.taken_back, once.owed) == ("paid", 0, 0, 0)
    assert take(once, "hand_over", "shop").standing.handover == "done"
    # The other one, too: then the order is without its money.
    none = take(once, "charge_back", "provider", amount=TOTAL).standing
    assert (none.payment, none.taken_back) == ("charged_back", TOTAL)
    # Of more of which less is left over, and of one that was called off.
    more = twice._replace(paid=3 * TOTAL)
    assert take(more, "charge_back", "provider", amount=TOTAL).standing.to_give_back == TOTAL
    off = take(twice._replace(order="cancelled"), "charge_back", "provider", amount=TOTAL).standing
    assert (off.payment, off.to_give_back) == ("refund_due", TOTAL)
    # What leaves it short of its price, and what says no sum, is all of it.
    for amount in (0, TOTAL + 1, 2 * TOTAL, 5 * TOTAL):
        gone = take(twice, "charge_back", "provider", amount=amount).standing
        assert (gone.payment, gone.taken_back) == ("charged_back", 2 * TOTAL)


def test_goods_leave_once_and_only_for_money() -> None:
    for at, steps in walk().items():
        for step, after in steps:
            if step.name == "hand_over":
                assert (at.owed, at.handover == "done", after.handover) == (0, False, "done")
        if at.order in ("fulfilled", "completed", "complained", "answered", "escalated"):
            assert at.handover in ("done", "taken_back")
    hands = [step for step in STEPS if "make_sale" in step.actions]
    assert [step.name for step in hands] == ["hand_over"]


def test_an_end_is_an_end() -> None:
    assert not [step for step in STEPS if step.track == "order" and step.sources & ENDS]


def test_goods_that_were_set_aside_are_free_or_gone_at_every_end() -> None:
    """Each way into an end before the goods were handed over gives them free."""
    for step in STEPS:
        if step.track == "order" and step.target in CALLED_OFF and step.target != "returned":
            assert "release" in step.actions, step.name


def test_what_is_paid_before_is_not_prepared_before() -> None:
    accepted = Standing("accepted", pay_way="to_shop", total=TOTAL)
    with pytest.raises(NotPossible):
        take(accepted, "prepare", "shop")
    paid = take(accepted, "see", "shop", amount=TOTAL).standing
    assert take(paid, "prepare", "shop").standing.order == "preparing"


def test_less_than_was_paid_for_gives_the_difference_back() -> None:
    paid = Standing("accepted", "paid", pay_way="gateway", total=TOTAL, paid=TOTAL)
    offered = take(paid, "propose", "shop").standing
    with pytest.raises(WrongAmount):
        take(offered, "agree", "buyer", amount=TOTAL + 1)
    agreed = take(offered, "agree", "buyer", amount=6).standing
    assert (agreed.order, agreed.payment, agreed.to_give_back) == ("accepted", "refund_due", 4)
    back = take(agreed, "refund", "shop", amount=4).standing
    assert (back.payment, back.owed) == ("paid", 0)


@pytest.mark.parametrize(
    ("name", "term", "at", "who"),
    [
        ("lapse", "accept_by", Standing(total=TOTAL), "time"),
        ("lapse_unpaid", "pay_by", Standing("accepted", pay_way="gateway", total=TOTAL), "time"),
        ("complete", "inspect_by", Standing("fulfilled", "paid", "done", paid=0), "time"),
        ("settle", "settle_by", Standing("answered", "paid", "done", paid=0), "time"),
    ],
)
def test_time_waits_for_its_term(name: StepName, term: Term, at: Standing, who: Actor) -> None:
    with pytest.raises(TooEarly):
        take(at, name, who)
    assert take(at, name, who, passed=[term]).standing.order in ENDS


def test_a_complaint_comes_in_time() -> None:
    handed = Standing("fulfilled", "paid", "done", total=TOTAL, paid=TOTAL)
    with pytest.raises(TooLate):
        take(handed, "complain", "buyer", passed=["inspect_by"])
    assert take(handed, "complain", "buyer").standing.order == "complained"


def test_a_complaint_comes_to_the_office_by_silence_or_by_the_buyer_and_ends_there() -> None:
    complained = Standing("complained", "paid", "done", total=TOTAL, paid=TOTAL)
    with pytest.raises(TooEarly):
        take(complained, "ask_office", "time")
    silent = take(complained, "ask_office", "time", passed=["answer_by"]).standing
    answered = take(complained, "answer", "shop", amount=7).standing
    with pytest.raises(TooLate):
        take(answered, "ask_office", "buyer", passed=["settle_by"])
    asked = take(answered, "ask_office", "buyer").standing
    assert (silent.order, asked.order) == ("escalated", "escalated")
    with pytest.raises(NotYours):
        take(asked, "compensate", "shop", amount=5)
    decided = take(asked, "compensate", "office", amount=5).standing
    assert (decided.order, decided.payment, decided.to_give_back) == ("completed", "refund_due", 5)
    for amount in (-1, TOTAL + 1):
        with pytest.raises(WrongAmount):
            take(complained, "answer", "shop", amount=amount)


@pytest.mark.parametrize("amount", [0, -1, TOTAL - 1, TOTAL + 1])
def test_another_sum_than_is_owed_pays_nothing(amount: int) -> None:
    asked = Standing("accepted", "asked", pay_way="gateway", total=TOTAL)
    with pytest.raises(Refused):
        take(asked, "settle_payment", "provider", amount=amount)
