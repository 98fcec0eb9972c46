"""What buyers, the shop on the web and the clock do with an order that is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.facts.orders import OrderLine
from core.orders.standing import Actor
from core.orders.steps import StepName
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
    reason: str = "",
    by: bytes = b"",
) -> None:
    """Take steps of one act, in one fact. `amount` (rupiah) is for the one that needs it; what is
    agreed to and what pays an order is known here. `fee` (rupiah): what bringing it costs, where a
    proposal says so. `reason` of a buyer becomes a message.

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
