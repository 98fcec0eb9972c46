"""What a payment through a provider means for its order: steps in the payment's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.orders.rules import WrongAmount
from core.orders.standing import Actor
from core.orders.steps import StepName
from core.orders.story import Story
from server.db.transaction import ShopTx
from server.http.problems import NotFound
from server.orders.terms import Terms, terms_of
from server.orders.writing import write_steps
from server.payments import rows
from server.payments.rows import Payment
from server.payments.states import MONEY_CAME
from server.shops.reading import shop_here
from server.sync.feed import Step


class _Opened(NamedTuple):
    """An order in a step of its shop's feed."""

    step: Step
    story: Story
    terms: Terms


class PaidOrders:
    """The orders' side of payments (`server.payments.door.OrderDoor`)."""

    def asked(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> None:
        """A provider is about to be asked for what the order owes."""
        at = _open(tx, order_id, now_ms)
        if amount != at.story.standing.owed:
            raise WrongAmount(step="ask_payment", most=at.story.standing.owed)
        if at.story.standing.payment == "asked":
            # A server that was brought back has lost the attempt, and learned of the step from a
            # counter: nobody could pay this order any more, and it would never end.
            return
        _write(at, order_id, "buyer", [("ask_payment", 0)])

    def failed(self, tx: ShopTx, order_id: bytes, now_ms: int) -> None:
        """The attempt came to nothing: the order is to be paid as before."""
        at = _open(tx, order_id, now_ms)
        if at.story.standing.payment == "asked":
            _write(at, order_id, "provider", [("payment_failed", 0)])

    def settled(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> None:
        """So much has come; what is more than the order costs is owed back."""
        at = _open(tx, order_id, now_ms)
        came = sum(one.amount for one in _came(tx, order_id))
        if at.story.flows.provider >= came + amount:
            # A server that was brought back learned of the step from a counter, and finds the
            # payment only now.
            return
        _write(at, order_id, "provider", [("settle_payment", amount)])

    def refunded(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> int:
        """So much went back; how much of it the order owed its buyer. What is beyond that the
        buyer owes in the books, for it has happened and cannot be refused."""
        at = _open(tx, order_id, now_ms)
        if at.story.flows.provider_back >= _back(tx, order_id) + amount:
            return amount
        owed = min(amount, at.story.standing.to_give_back)
        if owed:
            _write(at, order_id, "provider", [("refund", owed)])
        return owed

    def charged_back(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> None:
        """A bank or the provider took back so much of what had come."""
        at = _open(tx, order_id, now_ms)
        before = (one for one in _came(tx, order_id) if one.state == "charged_back")
        if at.story.flows.taken >= sum(one.amount - one.refunded for one in before) + amount:
            # As in `settled`: the step came back by a counter.
            return
        _write(at, order_id, "provider", [("charge_back", amount)])


def _came(tx: ShopTx, order_id: bytes) -> list[Payment]:
    """The order's payments whose money came, before what is told just now."""
    return [one for one in rows.payments_of(tx, order_id) if one.state in MONEY_CAME]


def _back(tx: ShopTx, order_id: bytes) -> int:
    """What went back by refunds, before what is told just now; also by those of a payment that is
    heard of just now, and does not stand as one that came yet."""
    refunds = (one for at in rows.payments_of(tx, order_id) for one in rows.refunds_of(tx, at.id))
    return sum(one.amount for one in refunds if one.state == "done")


def _open(tx: ShopTx, order_id: bytes, now_ms: int) -> _Opened:
    step = Step(tx, now_ms)
    here, story = shop_here(tx), step.books.orders.get(order_id).story()
    if here is None or story is None:
        raise NotFound()
    return _Opened(step, story, terms_of(here))


def _write(
    at: _Opened, order_id: bytes, who: Actor, wanted: Sequence[tuple[StepName, int]]
) -> None:
    write_steps(at.step, order_id, who, wanted, at.terms)
    at.step.close()
