"""Paying an order online: the buyer asks for it here and pays on the provider's own page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

from server.db.transaction import ShopTx
from server.orders.door import PaidOrders
from server.orders.reading import Order
from server.payments.asking import LONGEST_S, Ask, ask
from server.payments.looking import call_off
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


class Waits(NamedTuple):
    """An attempt that waits for the buyer: the provider's page of it, "" where there is none.

    `is_found`: the server was restored and learnt of it from the provider, which says nothing of
    the page on which it is paid.
    """

    page: str = ""
    is_found: bool = False


def waits_of(tx: ShopTx, order_id: bytes) -> Waits:
    """The attempt that an order's page leads to, or that it begins anew."""
    attempts = payments_of(tx, order_id)
    page = next((one.shown.page for one in attempts if one.state in OPEN), "")
    is_page = page.startswith(("https://", "http://"))
    return Waits(page if is_page else "", _found_in(order_id, attempts) is not None)


def _attempt_id(order_id: bytes, attempts: Sequence[Payment]) -> bytes:
    """The same for whoever asks again, another once the last came to an end."""
    over = sum(one.state not in OPEN for one in attempts)
    made = hashlib.sha256(b"huyula attempt to pay 1\n" + order_id + bytes([min(over, 255)]))
    return made.digest()[:16]


def _found_in(order_id: bytes, attempts: Sequence[Payment]) -> Payment | None:
    mine = _attempt_id(order_id, attempts)
    waiting = (one for one in attempts if one.state in OPEN and one.id != mine)
    return next((one for one in waiting if not any(one.shown)), None)


def begin(
    services: Services, shop_id: bytes, order_id: bytes, order: Order, origin: str, back: str
) -> Payment:
    """Have the shop's provider collect what the order owes; asked again it is the same attempt.

    An attempt that was found, and that nobody can be led to any more, is called off first: so the
    provider itself says whether it was paid meanwhile, and nobody pays twice. `origin` is this
    server's address, `back` the order's page.

    Raises:
        Refused: the provider or the order says no.
    """
    paying = Paying(services, PaidOrders())
    attempts = _attempts(services, shop_id, order_id)
    found = _found_in(order_id, attempts)
    if found is not None:
        call_off(paying, shop_id, found.id)
        attempts = _attempts(services, shop_id, order_id)
    at, now_ms = order.story.standing, services.now_ms()
    left_s = (order.story.terms.get("pay_by", 0) - now_ms) // 1000
    wanted = Ask(
        payment_id=_attempt_id(order_id, attempts),
        order_id=order_id,
        method="snap",
        lines=_lines(order) if not at.paid else (Line(f"#{order.placed.number}", at.owed),),
        life_s=min(LONGEST_S, max(_LEAST_S, left_s)),
        notify=notify_address(origin, "midtrans") if origin else "",
        back=back if origin else "",
    )
    return ask(paying, shop_id, wanted)


def _attempts(services: Services, shop_id: bytes, order_id: bytes) -> list[Payment]:
    with services.store.reading_shop(shop_id) as tx:
        return payments_of(tx, order_id)


def _lines(order: Order) -> tuple[Line, ...]:
    lines = [Line(one.name, one.net) for one in order.story.lines]
    if order.story.fee:
        lines.append(Line("Ongkos kirim", order.story.fee))
    return tuple(lines)
