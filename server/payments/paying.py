"""What the commands of payments work with: services, the orders' door, the way to a provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server.db.transaction import ShopTx
from server.payments.accounts import access_to
from server.payments.door import OrderDoor
from server.payments.midtrans import Access, Midtrans
from server.payments.provider import Provider
from server.payments.rows import Payment
from server.services import Services

Connect = Callable[[Access], Provider]


@dataclass(frozen=True)
class Paying:
    """Handed to every command of payments."""

    services: Services
    door: OrderDoor
    connect: Connect = Midtrans

    def provider_of(self, tx: ShopTx, payment: Payment) -> Provider:
        """The provider of a payment, with the account that it was begun with; nothing is sent."""
        access = access_to(self.services, tx, payment.provider, payment.environment)
        return self.connect(access)
