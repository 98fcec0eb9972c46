"""Where areas that do not know each other meet: what a payment means for its order."""

from __future__ import annotations

from server.orders.door import PaidOrders
from server.payments.door import OrderDoor


def order_door() -> OrderDoor:
    """The orders' side of payments."""
    return PaidOrders()
