"""Complaints of a run: made, answered on the web or at a till, agreed to, brought to the office and
decided there; the money and the goods that go back; and that each comes to its end (30, 31)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.orders.rules import possible
from core.orders.standing import CALLED_OFF
from pos.orders.reading import OrderView
from pos.orders.stepping import answer as answer_at_till
from server.orders.cases import open_cases
from server.orders.reading import Order
from server.orders.stepping import take_steps
from server.sync.fold.orders import read_stepped
from tests.simulation.broken import insist
from tests.simulation.nature import HOUR_MS

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.market import Form, Market
    from tests.simulation.world import World

DISPUTED: Final = ("complained", "answered", "escalated")
_COUNTED: Final = {
    "answer": "complaint answered", "settle": "complaint settled", "ask_office": "office asked",
    "take_back": "goods back",
}  # fmt: skip
ANSWER_MS: Final = 72 * HOUR_MS
"""So long a shop has to answer a complaint, and a buyer to say something to the answer."""

_BUYER: Final = {"complain": 5, "settle": 3, "ask_office": 6, "uphold": 1, "complete": 1}
_SHOP: Final = {"answer": 5, "accept_back": 1, "take_back": 3}
"""How often somebody takes which step; now and then nobody says anything."""
_WANTED: Final = (*DISPUTED, "fulfilled", "returned")


def argue(market: Market) -> None:
    """One word in a complaint, of whoever may speak."""
    known = _disputable(market)
    if not known:
        return market.go_on()
    _say(market, market.chance.choice(known))


def quarrel(market: Market) -> None:
    """Everybody who may speak in a complaint does, or keeps silent."""
    for form in _disputable(market):
        if market.chance.random() < 0.6:
            _say(market, form)
    for form in market.orders():
        if market.chance.random() < 0.3:
            give_back_by_hand(market, form)


def _disputable(market: Market) -> list[Form]:
    wanted = ", ".join(f"'{one}'" for one in _WANTED)
    rows = market.world.server.rows(
        f"SELECT order_id FROM shop_order WHERE state IN ({wanted}) ORDER BY order_id"
    )
    return [market.forms[key] for (one,) in rows if (key := bytes(one)) in market.forms]


def _say(market: Market, form: Form) -> None:
    order = market.read(form)
    assert order is not None
    if order.story.standing.order == "escalated" and market.chance.random() < 0.6:
        return decide(market)
    turn = {"complained": ("shop",), "answered": ("buyer",), "fulfilled": ("buyer",)}
    who: Any = market.chance.choice(turn.get(order.story.standing.order, ("buyer", "shop")))
    weights = _BUYER if who == "buyer" else _SHOP
    over = order.passed(market.services.now_ms())
    can = sorted({one.name for one in possible(order.story.standing, who, passed=over)})
    names = [name for name in can for _ in range(weights.get(name, 0))]
    name: Any = market.chance.choice([*names, ""])
    if name:
        amount = _offer(market, order.story.standing.total) if name == "answer" else 0
        market.step_of(form, who, name, order, amount)


def _offer(market: Market, total: int) -> int:
    """What the order is to cost after the shop's answer."""
    return market.chance.choice((total, total // 2, 0))


def at_till(market: Market, view: OrderView, machine: Machine) -> None:
    """A complaint is answered at a till."""
    assert machine.counter is not None
    total = view.standing.total
    answer_at_till(machine.counter, view.id, total - _offer(market, total), "maaf")


def decide(market: Market) -> None:
    """An officer takes the oldest case that the office's list shows."""
    for case in open_cases(market.services, "complaint")[:1]:
        form = market.forms.get(case.order_id)
        order = market.read(form) if form else None
        if form is None or order is None:
            return
        at = order.story.standing
        over = order.passed(market.services.now_ms())
        names = sorted({one.name for one in possible(at, "office", passed=over)})
        most = min(at.paid - at.refunded if at.paid else at.total, at.total - 1)
        if most < 0:
            names = [one for one in names if one != "compensate"]
        if names:
            _decided(market, form, order, market.chance.choice(names), most)


def _decided(market: Market, form: Form, order: Order, name: Any, most: int) -> None:
    amount = market.chance.randint(0, most) if name == "compensate" else 0
    ended = market.at_server(
        f"office {name} {order.placed.number}",
        lambda: take_steps(market.services, form.wanted.shop_id, form.order_id, "office", [name],
                           amount=amount, reason="putusan"),
    )  # fmt: skip
    market.world.story.count(f"office {name}", ended == "done")
    market.world.story.count("office decided", ended == "done")


def count(world: World, name: str, *, is_done: bool = True) -> None:
    """What of a complaint happened, wherever it did, for the report."""
    if is_done and name in _COUNTED:
        world.story.count(_COUNTED[name])


def give_back_by_hand(market: Market, form: Form) -> None:
    """An owner gives money back in another way than the provider's, and says so."""
    order = market.read(form)
    if order is not None and order.story.standing.to_give_back:
        name = "given back by hand"
        if order.story.standing.pay_way == "gateway":
            name = "paid online, given back by hand"
        market.world.story.count(name)
        market.step_of(form, "shop", "refund", order, order.story.standing.to_give_back)


def soonest(market: Market) -> int | None:
    """When the clock takes the next step of a complaint; now, while the office has one."""
    due, waits = market.world.server.rows(
        "SELECT min(due_ms), sum(state='escalated') FROM shop_order"
        " WHERE state IN ('complained', 'answered', 'escalated')"
    )[0]
    return market.world.truth.now if waits else due


# -- at the end


def all_ended(world: World) -> None:
    """30: no complaint is open for ever, and the office's list is empty."""
    left = world.server.rows(
        "SELECT order_id, state FROM shop_order"
        " WHERE state IN ('complained', 'answered', 'escalated')"
    )
    insist(30, not left, f"still open: {[(bytes(key).hex()[:8], one) for key, one in left]}")
    listed = open_cases(world.server.services, "complaint")
    insist(30, not listed, f"the office is shown what is over: {listed}")


def terms_are_kept(world: World) -> None:
    """31: silence counts when the time is over and not before, and an order costs what its
    complaint ended with."""
    totals = {
        bytes(key): (state, total)
        for key, state, total in world.server.rows("SELECT order_id, state, total FROM shop_order")
    }
    begun: dict[bytes, tuple[int, bool]] = {}
    offers: dict[bytes, int] = {}
    ends: dict[bytes, int] = {}
    for key, at_ms, by_server, told, body in world.server.rows(
        "SELECT order_id, at_ms, by_server, told, body FROM order_event ORDER BY shop_id, n"
    ):
        order, fact = bytes(key), read_stepped(body)
        if order not in totals:
            continue  # a restored server lost it: its steps were never taken
        for step, why in zip(fact.steps, told.split(",") if fact.steps else (), strict=True):
            if why:
                continue
            if step.name in ("ask_office", "settle") and fact.who == "time":
                since, is_known = begun.get(order, (at_ms, False))
                is_over = at_ms - since >= ANSWER_MS or not is_known
                insist(31, is_over, f"{order.hex()[:8]}: {step.name} after {at_ms - since} ms")
                count(world, step.name)
            if step.name in ("complain", "answer"):
                begun[order] = at_ms, bool(by_server)
            if step.name == "answer":
                offers[order] = step.amount
            elif step.name == "settle":
                ends[order] = offers.get(order, step.amount)
            elif step.name == "compensate":
                ends[order] = step.amount
    for order, amount in ends.items():
        state, total = totals.get(order, ("", 0))
        if state and state not in CALLED_OFF:
            insist(31, total == amount, f"{order.hex()[:8]} costs {total}, agreed were {amount}")
