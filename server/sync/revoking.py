"""A counter's trust is taken away: a fact in the feed, and its share of every limit comes back."""

from __future__ import annotations

from core.facts.sync import RegisterLeft
from server.db.transaction import ShopTx
from server.devices.listing import revoke_device
from server.services import Services
from server.sync.allotments import deal, everyone
from server.sync.feed import Step


def revoke(services: Services, shop_id: bytes, device: bytes, reason: str = "") -> None:
    """Revoke one line. It sells on; what it writes from here on waits for the owner.

    Raises:
        UnknownDevice: the shop has no such counter.
    """
    revoke_device(services, shop_id, device)
    services.store.in_shop(shop_id, lambda tx: _tell(services, tx, device, reason))


def _tell(services: Services, tx: ShopTx, device: bytes, reason: str) -> None:
    step = Step(tx, services.now_ms())
    line = step.books.registers.get(device)
    if line.joined_n and not line.left_n:
        step.say(RegisterLeft(device, reason))
        deal(step, everyone(tx))
    step.close()
