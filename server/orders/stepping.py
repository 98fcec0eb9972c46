"""What buyers, the shop on the web and the clock do with an order that is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.facts.orders import OrderLine
from core.orders.rules import FeeOpen, NotPossible, WrongAmount
from core.orders.standing import Actor
from core.orders.steps import StepName
from core.orders.story import Story, total_of
from core.text import clean_name
from server.db.transaction import ShopTx
from server.http.problems import NotFound
from server.orders.cases import agree_cases
from server.orders.talking import add_words
from server.orders.terms import terms_of
from server.orders.writing import watch, write_steps
from server.services import Services
from server.shops.reading import shop_here
from server.sync.feed import Step

MOST_REASON: Final = 200
_OFFICES: Final = frozenset({"ask_office", "uphold", "compensate", "accept_back"})


def take_steps(
    services: Services,
    shop_id: bytes,
    order_id: bytes,
    who: Actor,
    names: Sequence[StepName],
    *,
    amount: int = 0,
    lines: tuple[OrderLine, ...] = (),
    fee: int | None = None,
    seen: int | None = None,
    reason: str = "",
    by: bytes = b"",
) -> None:
    """Take steps of one act, in one fact. `amount` (rupiah) is for the one that needs it; what is
    agreed to and what pays an order is known here. `fee` (rupiah): what bringing it costs, where a
    proposal says so. `seen` (rupiah): what the proposal cost that its buyer saw and agrees to.
    `reason` of a buyer becomes a message.

    Raises:
        NotFound: the shop has no such order.
        Refused: a step cannot be taken; nothing changes.
    """

    def write(tx: ShopTx) -> None:
        step = Step(tx, services.now_ms())
        here, kept = shop_here(tx), step.books.orders.get(order_id)
        story = kept.story()
        if here is None or story is None:
            raise NotFound()
        _check(story, names, lines, fee, seen)
        sums: dict[StepName, int] = {
            "agree": story.offered_total,
            "see": story.standing.owed or story.standing.total,
            "answer": amount,
            "settle": story.offer,
            "compensate": amount,
            "refund": amount,
        }
        wanted = [(name, sums.get(name, 0)) for name in names]
        said = clean_name(reason)[:MOST_REASON]
        # Facts stay for ever: what a buyer writes lies among the messages, which can be deleted.
        write_steps(
            step, order_id, who, wanted, terms_of(here),
            lines=lines, fee=fee, reason="" if who == "buyer" else said, by=by,
        )  # fmt: skip
        if who == "buyer" and said:
            add_words(step, order_id, said)
        step.close()

    services.store.in_shop(shop_id, write)
    now_ms = services.now_ms()
    services.store.in_directory(lambda tx: watch(tx, shop_id, now_ms))
    if not _OFFICES.isdisjoint(names):
        agree_cases(services, shop_id)


def _check(
    story: Story,
    names: Sequence[StepName],
    lines: tuple[OrderLine, ...],
    fee: int | None,
    seen: int | None,
) -> None:
    """What is refused before a fact is written, and would count once it was.

    Raises:
        NotPossible: another proposal than the one that was seen is to be agreed to.
        FeeOpen: money is seen before anybody agreed to what the courier costs.
        WrongAmount: a fee with which the proposal costs more than the buyer has paid already:
            nobody could agree to it.
    """
    at = story.standing
    if "agree" in names and seen not in (None, story.offered_total):
        raise NotPossible(step="agree", state=at.order, payment=at.payment, handover=at.handover)
    if "see" in names and story.fee_open:
        raise FeeOpen(step="see")
    most = at.paid - at.refunded - total_of(lines, 0)
    if "propose" in names and at.paid and (fee or 0) > max(0, most):
        raise WrongAmount(step="propose", most=max(0, most))
