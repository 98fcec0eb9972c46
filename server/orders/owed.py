"""Orders that owe their buyers money which came through a provider, with the payments it is in."""

from __future__ import annotations

from collections import defaultdict
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from core.orders.standing import CALLED_OFF
from server.db.schema import SHOP
from server.db.schema.orders import order_contact, shop_order
from server.db.schema.payments import order_payment, order_payment_refund
from server.db.tied import meets, tied
from server.db.transaction import ShopTx

PAGE: Final = 50
_payment, _refund = order_payment, order_payment_refund
_OWING = (
    select(shop_order, order_contact.c.name.label("buyer"))
    .select_from(shop_order)
    .join(order_contact, meets(order_contact, order_contact.c.order_id == shop_order.c.order_id),
          isouter=True)
    .where(tied(shop_order), shop_order.c.pay_way == "gateway",
           shop_order.c.payment == "refund_due")
    .order_by(shop_order.c.changed_ms, shop_order.c.number)
    .limit(PAGE)
)  # fmt: skip
_PAYMENTS = (
    select(_payment)
    .where(
        _payment.c.shop_id == SHOP,
        _payment.c.order_id.in_(bindparam("orders", expanding=True)),
        _payment.c.state.in_(("paid", "part_refunded")),
    )
    .order_by(_payment.c.order_id, _payment.c.attempt.desc())
)
_ASKING = select(_refund.c.payment_id, _refund.c.amount).where(
    _refund.c.shop_id == SHOP,
    _refund.c.state == "asking",
    _refund.c.payment_id.in_(bindparam("payments", expanding=True)),
)


class Way(NamedTuple):
    """A payment through which `amount` rupiah can go back; `waits`: so much is on its way."""

    payment_id: bytes
    provider: str
    channel: str
    amount: int
    waits: int


class Owed(NamedTuple):
    """An order that owes its buyer `amount` rupiah."""

    order_id: bytes
    number: int
    buyer: str
    amount: int
    since_ms: int
    ways: tuple[Way, ...]


def owed_back(tx: ShopTx) -> list[Owed]:
    """Such orders, the longest waiting first."""
    orders = list(tx.rows(_OWING))
    if not orders:
        return []
    payments = list(tx.rows(_PAYMENTS, orders=[row.order_id for row in orders]))
    waits: dict[bytes, int] = defaultdict(int)
    if payments:
        for row in tx.rows(_ASKING, payments=[row.payment_id for row in payments]):
            waits[row.payment_id] += row.amount
    found = []
    for row in orders:
        price = 0 if row.state in CALLED_OFF else row.total
        left = amount = max(0, row.paid - row.refunded - price)
        ways = []
        for one in payments:
            if one.order_id == row.order_id:
                waiting = waits[one.payment_id]
                part = max(0, min(left, one.amount - one.refunded) - waiting)
                left -= part + waiting
                ways.append(Way(one.payment_id, one.provider, one.channel, part, waiting))
        found.append(
            Owed(row.order_id, row.number, row.buyer or "", amount, row.changed_ms, tuple(ways))
        )
    return found
