"""Facts of orders from the gerai online: placed, and the steps that each one took.

No name, number or address of a buyer is in them: facts stay for ever, and a buyer may ask to be
forgotten (docs/decisions/0023-orders.md).
"""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from core.facts.base import Fact
from core.orders.standing import Actor, PayWay
from core.orders.steps import StepName, Term

HandWay = Literal["collect", "delivery", "courier"]
"""How the goods reach the buyer: fetched at the shop, brought by the shop, brought by another for
a fee that is recorded."""


class OrderLine(msgspec.Struct, frozen=True, array_like=True):
    """One line as ordered: `qty` in thousandths of `unit`, which is `factor` base units;
    `unit_price` and `net` in rupiah."""

    product_id: bytes
    name: str
    unit: str
    factor: int
    qty: int
    unit_price: int
    net: int


class OrderPlaced(Fact, frozen=True, array_like=True):
    """A buyer ordered; written by the server in the shop's own line.

    `number` is the shop's own, dense. `fee` (rupiah) is for bringing it, `area` the kecamatan;
    `total` is the lines and the fee. `proof` is what the buyer's code and digits are checked
    against (`core.orders.codes`). `accept_by_ms` is until when the shop answers. `fee_open`: a
    courier brings it, and the shop says the fee when it answers (`propose`).
    """

    KIND: ClassVar[str] = "order_placed"
    VERSION: ClassVar[int] = 1
    GROWN: ClassVar[int] = 1

    order_id: bytes
    number: int
    lines: tuple[OrderLine, ...]
    way: HandWay
    area: str
    fee: int
    pay_way: PayWay
    total: int
    proof: bytes
    accept_by_ms: int
    fee_open: bool = False


class OrderStep(msgspec.Struct, frozen=True, array_like=True):
    """One step: `amount` as `core.orders.rules.take` wants it (rupiah), `until_ms` the end of the
    term that the step begins, 0 where it begins none."""

    name: StepName
    amount: int = 0
    until_ms: int = 0


class OrderStepped(Fact, frozen=True, array_like=True):
    """What somebody did with an order; each step counts where it is possible in the feed's order.

    `passed` are terms that were over by the clock of whoever wrote it. `lines` are what the shop
    offers instead (`propose`), `fee` what bringing it costs with them (rupiah), where the shop says
    it anew. `courier` and `waybill` say with whom the goods went (`hand_over`). `sale_seq` is the
    number, in the same line of history, of the sale that was made when the goods were handed over,
    0 for none. No steps at all: the shop has put right what two places had done to the order (a
    clash), and nobody need look at it any more.
    """

    KIND: ClassVar[str] = "order_stepped"
    VERSION: ClassVar[int] = 1
    GROWN: ClassVar[int] = 1

    order_id: bytes
    who: Actor
    steps: tuple[OrderStep, ...]
    passed: tuple[Term, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    reason: str = ""
    sale_seq: int = 0
    fee: int | None = None
    courier: str = ""
    waybill: str = ""


class OrderSaid(Fact, frozen=True, array_like=True):
    """Somebody (`who`) wrote a message on an order; written by the server in the shop's own line.

    The words are in no fact: whoever shows them asks the server for them, and this says when.
    """

    KIND: ClassVar[str] = "note_order_said"
    VERSION: ClassVar[int] = 1

    order_id: bytes
    who: Literal["buyer", "shop"]


class OrderReviewed(Fact, frozen=True, array_like=True):
    """A review of an order is as it is now; written by the server in the shop's own line.

    `stars` are those that count, 0 for none (it is hidden). Its words are in no fact.
    """

    KIND: ClassVar[str] = "note_order_reviewed"
    VERSION: ClassVar[int] = 1

    order_id: bytes
    stars: int
