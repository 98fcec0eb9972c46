"""Orders for tests of the counter: what the server would have written into the feed."""

from __future__ import annotations

from typing import Any

from core.facts.orders import OrderLine, OrderPlaced, OrderStep, OrderStepped
from core.orders.codes import proof_of
from core.orders.standing import Actor, PayWay
from core.orders.steps import StepName
from core.orders.story import total_of
from tests.helpers.tiny_server import TinyServer

DIGITS = "4711"


def order_id(number: int) -> bytes:
    """The id of the shop's n-th order."""
    return b"order" + number.to_bytes(11, "big")


def line(product_id: bytes, name: str = "Gula", qty: int = 2_000, price: int = 17_000) -> OrderLine:
    """A line of so many thousandths of kilograms."""
    return OrderLine(product_id, name, "kg", 1, qty, price, qty * price // 1000)


def placed(number: int, *lines: OrderLine, **more: Any) -> OrderPlaced:
    """The shop's n-th order, to be fetched and paid at the counter unless said otherwise."""
    fee = more.pop("fee", 0)
    way = more.pop("way", "delivery" if fee else "collect")
    pay_way: PayWay = more.pop("pay_way", "at_handover")
    return OrderPlaced(
        order_id(number), number, lines, way, "750104", fee, pay_way,
        total_of(lines, fee), proof_of(order_id(number), DIGITS), 600_000,
        more.pop("fee_open", False),
    )  # fmt: skip


def stepped(number: int, name: StepName, who: Actor = "buyer", amount: int = 0) -> OrderStepped:
    """A step of another than this counter."""
    return OrderStepped(order_id(number), who, (OrderStep(name, amount),))


def place(server: TinyServer, order: OrderPlaced) -> bytes:
    """The order is in the feed; returns its id."""
    server.write(order)
    return order.order_id
