"""An order's story: how it stands after all that was written about it, told in the feed's order.

Whoever keeps orders, server or counter, keeps what was written and tells the story again when
something came between: buyer, shop and clock write at different places, and which step comes
first is known when the feed says so. A step that is not possible there any more changes nothing,
and is named with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from core.errors import Refused
from core.facts.orders import OrderLine, OrderPlaced, OrderStep, OrderStepped
from core.orders.owing import Flows, flowed
from core.orders.rules import MOST_RUPIAH, FeeOpen, NotYours, WrongAmount, take
from core.orders.standing import Standing
from core.orders.steps import Action, StepName, Term

_TERMS: Final[Mapping[Action, Term]] = {
    "start_agree": "agree_by",
    "start_pay": "pay_by",
    "start_collect": "collect_by",
    "start_inspect": "inspect_by",
    "start_answer": "answer_by",
    "start_settle": "settle_by",
    "start_office": "office_by",
}
_RESERVES: Final = frozenset({"placed", "proposed", "accepted", "preparing", "ready"})


class Written(NamedTuple):
    """A fact about the order; `by_server` says whether the shop's own line at the server wrote it:
    a counter speaks for its shop alone."""

    fact: OrderStepped
    by_server: bool


class Told(NamedTuple):
    """One step as it came out: `why` is the code of the rule that it broke, empty if it counted;
    `actions` are what follows from it."""

    name: StepName
    why: str
    actions: tuple[Action, ...]


class Story(NamedTuple):
    """How the order stands; `lines` are what is agreed, `offered` what the shop proposes instead.

    `terms` are the ends (UTC ms) of those that began. `told` has, for each fact, its steps. `offer`
    is the total (rupiah) with which the shop would settle a complaint, once it has answered.
    `flows` is the money by its ways. `fee_open`: nobody has said yet what bringing it costs;
    `offered_fee` is what the shop says (rupiah). `courier` and `waybill`: with whom it went.
    """

    standing: Standing
    lines: tuple[OrderLine, ...]
    offered: tuple[OrderLine, ...]
    fee: int
    terms: dict[Term, int]
    told: tuple[tuple[Told, ...], ...]
    offer: int = 0
    flows: Flows = Flows()
    fee_open: bool = False
    offered_fee: int = 0
    courier: str = ""
    waybill: str = ""

    @property
    def offered_total(self) -> int:
        """What the shop's proposal costs with bringing it (rupiah)."""
        return total_of(self.offered, self.offered_fee)

    @property
    def reserved(self) -> dict[bytes, int]:
        """What is set aside of each product, in thousandths of its base unit."""
        if self.standing.order not in _RESERVES or self.standing.handover == "done":
            return {}
        return demand(self.lines)


def demand(lines: Iterable[OrderLine]) -> dict[bytes, int]:
    """What lines take of each product, summed (thousandths of its base unit)."""
    sums: dict[bytes, int] = defaultdict(int)
    for line in lines:
        sums[line.product_id] += base_qty(line)
    return dict(sums)


def base_qty(line: OrderLine) -> int:
    """A line's quantity in thousandths of the base unit."""
    return line.qty * line.factor


def total_of(lines: Iterable[OrderLine], fee: int) -> int:
    """What lines and the fee for bringing them cost (rupiah)."""
    return sum(line.net for line in lines) + fee


def tell(placed: OrderPlaced, written: Iterable[Written]) -> Story:
    """The story of an order from all that was written about it, in the feed's order."""
    standing = Standing(pay_way=placed.pay_way, total=placed.total)
    terms: dict[Term, int] = {"accept_by": placed.accept_by_ms}
    story = Story(
        standing, placed.lines, (), placed.fee, terms, (),
        fee_open=placed.fee_open, offered_fee=placed.fee,
    )  # fmt: skip
    for one in written:
        story = follow(story, one)
    return story


def follow(story: Story, one: Written) -> Story:
    """The story with one more fact at its end."""
    told: list[Told] = []
    for step in one.fact.steps:
        try:
            story, actions = _step(story, one, step)
            told.append(Told(step.name, "", actions))
        except Refused as error:
            told.append(Told(step.name, error.code, ()))
    return story._replace(told=(*story.told, tuple(told)))


def _step(story: Story, one: Written, step: OrderStep) -> tuple[Story, tuple[Action, ...]]:
    fact = one.fact
    if fact.who != "shop" and not one.by_server:
        raise NotYours(step=step.name)
    check_said(story, fact, step)
    taken = take(story.standing, step.name, fact.who, passed=fact.passed, amount=step.amount)
    terms = dict(story.terms)
    for action in taken.actions:
        if action in _TERMS and step.until_ms:
            terms[_TERMS[action]] = step.until_ms
    after = _said(story, fact, step, taken.standing)._replace(
        standing=taken.standing,
        terms=terms,
        flows=flowed(story.flows, story.standing, step.name, fact.who, step.amount),
    )
    return after, taken.actions


def check_said(story: Story, fact: OrderStepped, step: OrderStep) -> None:
    """What is agreed to is what was said; what was not said yet nobody agrees to.

    Raises:
        FeeOpen, WrongAmount: it is not so.
    """
    if story.fee_open and (step.name == "accept" or (step.name == "propose" and fact.fee is None)):
        raise FeeOpen(step=step.name)
    if step.name == "propose" and not 0 <= (fact.fee or 0) <= MOST_RUPIAH:
        raise WrongAmount(step=step.name, most=MOST_RUPIAH)
    if step.name == "agree" and step.amount != story.offered_total:
        raise WrongAmount(step=step.name, most=story.offered_total)
    if step.name == "settle" and step.amount != story.offer:
        raise WrongAmount(step=step.name, most=story.offer)


def _said(story: Story, fact: OrderStepped, step: OrderStep, after: Standing) -> Story:
    """The story with what a step says beside how the order stands."""
    match step.name:
        case "propose":
            fee = story.fee if fact.fee is None else fact.fee
            return story._replace(offered=fact.lines, offered_fee=fee)
        case "agree":
            return story._replace(
                lines=story.offered, offered=(), fee=story.offered_fee, fee_open=False
            )
        case "answer":
            return story._replace(offer=step.amount)
        case "hand_over":
            return story._replace(courier=fact.courier, waybill=fact.waybill)
        case _ if story.standing.order == "proposed" != after.order:
            return story._replace(offered=())
        case _:
            return story
