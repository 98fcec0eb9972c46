"""What may happen to an order, as data: each step with its track, from where to where, who may take
it, what the other tracks must be like, which term must have passed or not, and what follows.

The shape (name, from, to, who, after, actions) makes a step a row that people can read, pages can
offer, tests can try one by one, and both sides apply alike.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from core.orders.standing import Actor, HandoverState, OrderState, PaymentState

Track = Literal["order", "payment", "handover"]
Term = Literal[
    "accept_by", "agree_by", "pay_by", "collect_by", "inspect_by", "answer_by", "settle_by",
    "office_by",
]  # fmt: skip
"""Until when the shop answers, the buyer agrees, pays, collects, and may complain; until when the
shop answers a complaint, the buyer agrees to that, and the office decides (nothing follows from
the last but that everybody sees it)."""

Action = Literal[
    "release", "reserve_again", "consume", "make_sale", "take_back", "owe_refund", "ring",
    "tell_buyer", "tell_shop", "start_agree", "start_pay", "start_collect", "start_inspect",
    "start_answer", "start_settle", "start_office",
]  # fmt: skip
"""release: goods that were set aside are free again; consume: they leave the shop with the sale
that `make_sale` writes; start_*: a term begins."""

StepName = Literal[
    "accept", "propose", "agree", "refuse_proposal", "decline", "lapse", "cancel", "call_off",
    "lapse_unpaid", "prepare", "make_ready", "fulfil", "give_up",
    "complete", "complain", "answer", "settle", "ask_office", "uphold", "compensate", "accept_back",
    "ask_payment", "payment_failed", "claim", "not_seen", "see", "settle_payment",
    "pay_at_handover", "refund", "charge_back",
    "set_out", "hand_over", "miss", "try_again", "take_back",
]  # fmt: skip


class Step(NamedTuple):
    """One row. `before`/`after`: a term that must not have passed, or must have."""

    name: StepName
    track: Track
    sources: frozenset[str]
    target: str
    who: frozenset[Actor]
    payment: frozenset[PaymentState] = frozenset()
    handover: frozenset[HandoverState] = frozenset()
    order: frozenset[OrderState] = frozenset()
    after: Term | None = None
    before: Term | None = None
    actions: tuple[Action, ...] = ()


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


_SHOP: Final[frozenset[Actor]] = frozenset({"shop"})
_BUYER: Final[frozenset[Actor]] = frozenset({"buyer"})
_TIME: Final[frozenset[Actor]] = frozenset({"time"})
_OFFICE: Final[frozenset[Actor]] = frozenset({"office"})
_PROVIDER: Final[frozenset[Actor]] = frozenset({"provider"})
_NO_MONEY: Final[frozenset[PaymentState]] = frozenset({"due"})
_KNOWN: Final[frozenset[PaymentState]] = frozenset({"due", "paid"})
"""No money is on its way: the provider or the shop has said what became of it."""

_PAID: Final[frozenset[PaymentState]] = frozenset({"paid", "refund_due"})
"""All that the goods cost is there; of a surplus some may still have to go back."""

_ALIVE: Final[frozenset[OrderState]] = frozenset(
    {"placed", "proposed", "accepted", "preparing", "ready"}
)
_DISPUTED: Final[frozenset[OrderState]] = frozenset({"complained", "answered", "escalated"})
_HANDED: Final[frozenset[OrderState]] = _DISPUTED | {"fulfilled", "completed"}
_BEFORE_HANDS: Final[frozenset[HandoverState]] = frozenset({"waiting", "under_way", "missed"})
_OFF: Final[frozenset[OrderState]] = frozenset({"declined", "expired", "cancelled", "returned"})

STEPS: Final[tuple[Step, ...]] = (
    # -- order: asked, answered
    Step("accept", "order", _of("placed"), "accepted", frozenset({"shop", "time"}),
         actions=("tell_buyer", "start_pay")),
    Step("propose", "order", _of("placed", "accepted", "preparing"), "proposed", _SHOP,
         payment=_KNOWN, handover=frozenset({"waiting"}), actions=("tell_buyer", "start_agree")),
    Step("agree", "order", _of("proposed"), "accepted", _BUYER, before="agree_by",
         actions=("reserve_again", "owe_refund", "tell_shop", "start_pay")),
    Step("refuse_proposal", "order", _of("proposed"), "cancelled", _BUYER,
         actions=("release", "owe_refund", "tell_shop")),
    Step("decline", "order", _of("placed"), "declined", _SHOP,
         payment=_KNOWN, actions=("release", "owe_refund", "tell_buyer")),
    # -- order: called off. Never while money may be on its way, unless the shop says so.
    Step("lapse", "order", _of("placed"), "expired", _TIME,
         payment=_NO_MONEY, after="accept_by", actions=("release", "tell_buyer", "tell_shop")),
    Step("lapse", "order", _of("proposed"), "expired", _TIME,
         payment=_NO_MONEY, after="agree_by", actions=("release", "tell_buyer", "tell_shop")),
    Step("lapse_unpaid", "order", _of("accepted"), "expired", _TIME,
         payment=_NO_MONEY, after="pay_by", actions=("release", "tell_buyer", "tell_shop")),
    Step("cancel", "order", _of("placed", "proposed", "accepted"), "cancelled", _BUYER,
         payment=_KNOWN, handover=frozenset({"waiting"}),
         actions=("release", "owe_refund", "tell_shop")),
    Step("call_off", "order", _of("proposed", "accepted", "preparing", "ready"), "cancelled",
         _SHOP, handover=_BEFORE_HANDS, actions=("release", "owe_refund", "tell_buyer")),
    # -- order: made ready, handed over
    Step("prepare", "order", _of("accepted"), "preparing", _SHOP, actions=("tell_buyer",)),
    Step("make_ready", "order", _of("accepted", "preparing"), "ready", _SHOP,
         actions=("tell_buyer", "start_collect")),
    Step("fulfil", "order", _of("accepted", "preparing", "ready"), "fulfilled", _SHOP,
         payment=_PAID | {"charged_back"}, handover=frozenset({"done"}),
         actions=("start_inspect", "tell_buyer")),
    Step("give_up", "order", _of("ready"), "cancelled", _SHOP,
         handover=frozenset({"missed"}), after="collect_by",
         actions=("release", "owe_refund", "tell_buyer")),
    # -- order: looked at by the buyer
    Step("complete", "order", _of("fulfilled"), "completed", _BUYER),
    Step("complete", "order", _of("fulfilled"), "completed", _TIME, after="inspect_by"),
    Step("complain", "order", _of("fulfilled"), "complained", _BUYER,
         before="inspect_by", actions=("ring", "tell_shop", "start_answer")),
    # -- order: a complaint on its way to an end. A shop that says nothing, and a buyer whom its
    # answer does not please, come to the office; a buyer who says nothing has what the shop offers.
    Step("answer", "order", _of("complained"), "answered", _SHOP,
         actions=("tell_buyer", "start_settle")),
    Step("settle", "order", _of("answered"), "completed", _BUYER,
         actions=("owe_refund", "tell_shop")),
    Step("settle", "order", _of("answered"), "completed", _TIME, after="settle_by",
         actions=("owe_refund", "tell_buyer", "tell_shop")),
    Step("ask_office", "order", _of("answered"), "escalated", _BUYER, before="settle_by",
         actions=("tell_shop", "start_office")),
    Step("ask_office", "order", _of("complained"), "escalated", _TIME, after="answer_by",
         actions=("tell_buyer", "tell_shop", "start_office")),
    Step("uphold", "order", _of(*_DISPUTED), "completed", _BUYER, actions=("tell_shop",)),
    Step("uphold", "order", _of("escalated"), "completed", _OFFICE,
         actions=("tell_buyer", "tell_shop")),
    Step("compensate", "order", _of("escalated"), "completed", _OFFICE,
         actions=("owe_refund", "tell_buyer", "tell_shop")),
    Step("accept_back", "order", _of(*_DISPUTED), "returned", _SHOP,
         actions=("owe_refund", "tell_buyer")),
    Step("accept_back", "order", _of("escalated"), "returned", _OFFICE,
         actions=("owe_refund", "tell_buyer", "tell_shop")),
    # -- payment: money on its way
    Step("ask_payment", "payment", _of("due"), "asked", _BUYER,
         order=frozenset({"accepted", "preparing", "ready"})),
    Step("payment_failed", "payment", _of("asked"), "due", _PROVIDER, actions=("tell_buyer",)),
    Step("claim", "payment", _of("due"), "claimed", _BUYER,
         order=frozenset({"accepted", "preparing", "ready"}), actions=("ring", "tell_shop")),
    Step("not_seen", "payment", _of("claimed"), "due", _SHOP, actions=("tell_buyer",)),
    # -- payment: money that is there. What comes to an order that was called off is given back.
    Step("see", "payment", _of("due", "claimed"), "paid", _SHOP,
         order=_ALIVE | _HANDED, actions=("tell_buyer",)),
    Step("see", "payment", _of("due", "claimed"), "refund_due", _SHOP,
         order=_OFF, actions=("tell_buyer",)),
    Step("settle_payment", "payment", _of("due", "asked"), "paid", _PROVIDER,
         order=_ALIVE | _HANDED,
         actions=("ring", "tell_shop", "tell_buyer")),
    Step("settle_payment", "payment", _of("due", "asked"), "refund_due", _PROVIDER,
         order=_OFF, actions=("tell_shop", "tell_buyer")),
    # Paid by two attempts, or once more after it had been given back: never refused, always owed.
    Step("settle_payment", "payment", _of("paid", "refund_due", "refunded"), "refund_due",
         _PROVIDER, actions=("owe_refund", "tell_shop", "tell_buyer")),
    Step("pay_at_handover", "payment", _of("due"), "paid", _SHOP, order=_ALIVE),
    # -- payment: money that goes back
    Step("refund", "payment", _of("refund_due"), "refunded", frozenset({"shop", "provider"}),
         actions=("tell_buyer",)),
    # Where what is left still pays all (`rules._without`), it goes to "paid" or "refund_due".
    Step("charge_back", "payment", _of("paid", "refund_due"), "charged_back", _PROVIDER,
         actions=("ring", "tell_shop")),
    # -- handover
    Step("set_out", "handover", _of("waiting", "missed"), "under_way", _SHOP,
         order=frozenset({"ready"}), actions=("tell_buyer",)),
    Step("hand_over", "handover", _of("waiting", "under_way", "missed"), "done", _SHOP,
         order=frozenset({"accepted", "preparing", "ready"}),
         payment=_PAID, actions=("consume", "make_sale")),
    Step("miss", "handover", _of("waiting", "under_way"), "missed", _SHOP,
         order=frozenset({"ready"}), actions=("tell_buyer",)),
    Step("try_again", "handover", _of("missed"), "waiting", frozenset({"buyer", "shop"}),
         order=frozenset({"ready"}), actions=("start_collect", "tell_shop")),
    Step("take_back", "handover", _of("done"), "taken_back", _SHOP,
         order=_DISPUTED | {"returned"}, actions=("take_back",)),
)  # fmt: skip
"""All of them. A name may stand several times: the row whose sources and needs fit is meant."""
