"""Orders at the tills: answered, made ready, handed over by digits or by the buyer's picture, with
or without a network, and by two tills at once."""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from core.errors import Refused
from core.orders.codes import scanned_text
from core.orders.rules import possible
from core.tender import TenderKind
from pos.orders.handing import by_digits, by_scan, hand_over
from pos.orders.reading import OrderView, Which, orders
from pos.orders.stepping import change_of, propose, see, settle_clash, step
from pos.orders.terms import passed
from pos.selling.sales import Tendered
from tests.simulation import complaints, talk
from tests.simulation.actions import _shown
from tests.simulation.broken import Broken
from tests.simulation.machine import Machine

if TYPE_CHECKING:
    from tests.simulation.market import Market
    from tests.simulation.world import World

_KINDS: Final = ("order_placed", "order_stepped")
_STEPS: Final = frozenset({
    "accept", "decline", "propose", "prepare", "make_ready", "set_out", "miss", "try_again",
    "give_up", "call_off", "see", "not_seen", "accept_back", "take_back", "refund", "answer",
})  # fmt: skip
_OFTEN: Final = frozenset({"accept", "prepare", "make_ready", "see", "answer"})
_SELDOM: Final = frozenset({"decline", "call_off", "propose"})
_TENDERS: Final = (TenderKind.CASH, TenderKind.CASH, TenderKind.QRIS, TenderKind.CARD)


def old_program(world: World, chance: random.Random) -> None:
    """Some tills have run, from the beginning, a program that does not know orders yet."""
    for machine in world.machines:
        if machine.unknown is None and chance.random() < 0.4:
            machine.unknown = (chance.choice(_KINDS), 1)
            machine.was_old = True
            world.tell(machine, f"does not know {machine.unknown[0]}")


def work(market: Market) -> None:
    """Somebody at a till sees to an order."""
    world, chance = market.world, market.chance
    machine = chance.choice(world.living())
    if machine.unknown is not None:
        return
    assert machine.counter is not None
    which: Which = "all" if chance.random() < 0.2 else "open"
    known = [one for one in orders(machine.counter.db, which) if one.id in market.forms]
    if not known:
        return
    view = chance.choice(known[:4])
    if chance.random() < 0.15:
        world.work(machine, partial(talk.at_till, market, view))
    elif (ready := [one for one in known if _may_fetch(one)]) and chance.random() < 0.6:
        fetch(market, machine, chance.choice(ready))
    else:
        world.work(machine, partial(_see_to, market, view))


def _may_fetch(view: OrderView) -> bool:
    at = view.standing
    is_there = at.order in ("placed", "accepted", "preparing", "ready")
    return (
        is_there
        and view.way != "courier"
        and at.handover != "done"
        and not (at.is_prepaid and at.owed)
    )


def fetch(market: Market, machine: Machine, view: OrderView) -> None:
    """The buyer comes for an order; now and then another till gives it out as well."""
    world = market.world
    world.work(machine, partial(_give, market, view))
    others = [one for one in world.living() if one.shop == machine.shop and one is not machine]
    if others and market.gateway.befalls("two_hands"):
        other = market.chance.choice(others)
        if other.unknown is None:
            world.work(other, partial(_give, market, view))


def _give(market: Market, view: OrderView, world: World, machine: Machine) -> str:
    assert machine.counter is not None
    counter, chance = machine.counter, market.chance
    digits = market.digits(view.id)
    try:
        if chance.random() < 0.05:
            by_digits(counter, view.number, f"{(int(digits) + 1) % 10_000:04}")
        if chance.random() < 0.5:
            fetched = by_digits(counter, view.number, digits)
        else:
            fetched = by_scan(counter, scanned_text(view.id, digits))
        owed = fetched.owed
        tenders = [Tendered(chance.choice(_TENDERS), owed)] if owed else []
        done = hand_over(counter, view.id, tenders)
    except Refused as refusal:
        return f"hand over {view.number}: {refusal.code}"
    _shown(world, machine, done)
    _not_again(market, machine, view, tenders)
    world.story.count("handed over")
    if world.network.is_down or machine.last_error.startswith("no answer"):
        world.story.count("handed over without a network")
    return f"hand over {view.number}"


def _not_again(market: Market, machine: Machine, view: OrderView, tenders: list[Tendered]) -> None:
    """22: whoever presses twice at one till is told that it is done."""
    assert machine.counter is not None
    if market.chance.random() < 0.3:
        try:
            hand_over(machine.counter, view.id, tenders)
        except Refused:
            return
        raise Broken(22, f"{machine.name} gave {view.number} out twice")


def _see_to(market: Market, view: OrderView, world: World, machine: Machine) -> str:
    assert machine.counter is not None
    counter, chance, at = machine.counter, market.chance, view.standing
    if view.clash and chance.random() < 0.3:
        try:
            settle_clash(counter, view.id)
        except Refused as refusal:
            return f"clash of {view.number}: {refusal.code}"
        return f"clash of {view.number} settled"
    over = passed(counter.db, view.id, counter.clock.now_ms())
    names = sorted({one.name for one in possible(at, "shop", passed=over)} & _STEPS)
    if at.pay_way == "gateway":
        names = [one for one in names if one != "see"]
    if chance.random() < 0.8:
        names = [one for one in names if one not in _SELDOM]
    if not names:
        return f"order {view.number}: nothing to do"
    name: Any = chance.choice([one for one in names if one in _OFTEN] * 4 + names)
    try:
        _step(market, machine, view, name)
    except Refused as refusal:
        return f"{name} {view.number}: {refusal.code}"
    world.story.count(f"till {name}")
    complaints.count(world, name)
    return f"{name} {view.number}"


def _step(market: Market, machine: Machine, view: OrderView, name: Any) -> None:
    assert machine.counter is not None
    counter = machine.counter
    if name == "propose":
        line = view.lines[-1]
        propose(counter, view.id, [change_of(counter, len(view.lines), line.qty - 1_000)])
    elif name == "see":
        see(counter, view.id)
    elif name == "answer":
        complaints.at_till(market, view, machine)
    else:
        amount = view.standing.to_give_back if name == "refund" else 0
        step(counter, view.id, name, amount=amount, reason="uji")
