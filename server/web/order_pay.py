"""Paying an order online: the buyer asks for it here and pays on the provider's own page."""

from __future__ import annotations

import hashlib
from typing import Final

from server.db.transaction import ShopTx
from server.orders.door import PaidOrders
from server.orders.reading import Order
from server.payments.asking import LONGEST_S, Ask, ask
from server.payments.paying import Paying
from server.payments.provider import Line
from server.payments.requests import notify_address
from server.payments.rows import Payment, payments_of
from server.payments.states import OPEN
from server.services import Services

_PAYABLE: Final = frozenset({"accepted", "preparing", "ready"})
_LEAST_S: Final = 15 * 60
"""Providers end payments in batches: less time than this is not kept exactly."""


def may_pay(order: Order) -> bool:
    """Whether the buyer pays this order through the shop's provider now."""
    at = order.story.standing
    return at.pay_way == "gateway" and at.owed > 0 and at.order in _PAYABLE


def page_to_pay(tx: ShopTx, order_id: bytes) -> str:
    """The provider's page of the attempt that waits for the buyer, "" where there is none."""
    waits = (one for one in payments_of(tx, order_id) if one.state in OPEN)
    page = next((one.shown.page for one in waits), "")
    return page if page.startswith(("https://", "http://")) else ""


def begin(
    services: Services, shop_id: bytes, order_id: bytes, order: Order, origin: str, back: str
) -> Payment:
    """Have the shop's provider collect what the order owes; asked again it is the same attempt.

    `origin` is this server's address, `back` the order's page.

    Raises:
        Refused: the provider or the order says no.
    """
    with services.store.reading_shop(shop_id) as tx:
        over = sum(one.state not in OPEN for one in payments_of(tx, order_id))
    made = hashlib.sha256(b"huyula attempt to pay 1\n" + order_id + bytes([min(over, 255)]))
    at, now_ms = order.story.standing, services.now_ms()
    left_s = (order.story.terms.get("pay_by", 0) - now_ms) // 1000
    wanted = Ask(
        payment_id=made.digest()[:16],
        order_id=order_id,
        method="snap",
        lines=_lines(order) if not at.paid else (Line(f"#{order.placed.number}", at.owed),),
        life_s=min(LONGEST_S, max(_LEAST_S, left_s)),
        notify=notify_address(origin, "midtrans") if origin else "",
        back=back if origin else "",
    )
    return ask(Paying(services, PaidOrders()), shop_id, wanted)


def _lines(order: Order) -> tuple[Line, ...]:
    lines = [Line(one.name, one.net) for one in order.story.lines]
    if order.story.fee:
        lines.append(Line("Ongkos kirim", order.story.fee))
    return tuple(lines)
