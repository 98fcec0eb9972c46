"""An owner vouches for a line that nobody else vouched for: it counts from here on."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from core.facts.sync import RegisterJoined
from server.db.schema import SHOP
from server.db.schema.shops import device
from server.db.transaction import ShopTx
from server.devices.listing import UnknownDevice
from server.marks import mark_gerai
from server.services import Services
from server.sync.allotments import deal_rest, deal_to_all
from server.sync.feed import Step
from server.sync.releasing import release_waiting
from server.sync.speakers import TRUSTED

_THIS = (device.c.shop_id == SHOP, device.c.device == bindparam("key"))
_LINE = select(device.c.register, device.c.parent_device, device.c.state).where(*_THIS)
_TRUST = (
    update(device)
    .where(*_THIS, device.c.state == "unconfirmed")
    .values(state=TRUSTED, release_due=True)
)


def confirm(services: Services, shop_id: bytes, device_id: bytes, by: bytes = b"") -> None:
    """Trust an unconfirmed line; what it sent meanwhile is released.

    Raises:
        UnknownDevice: the shop has no such line that waits to be confirmed.
    """
    services.store.in_shop(shop_id, lambda tx: _confirm(services, tx, device_id, by))
    release_waiting(services, shop_id, device_id)
    deal_rest(services, shop_id)


def _confirm(services: Services, tx: ShopTx, device_id: bytes, by: bytes) -> None:
    step = Step(tx, services.now_ms())
    line = tx.one(_LINE, key=device_id)
    if line is None or tx.run(_TRUST, key=device_id) == 0:
        raise UnknownDevice(device=device_id.hex())
    mark_gerai(tx)
    parent = line.parent_device or b""
    name = step.books.registers.get(parent or device_id).name
    step.say(RegisterJoined(device_id, line.register, name, parent, 0), by)
    deal_to_all(step)
    step.close()
