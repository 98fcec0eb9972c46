"""A shop's counters as the owner sees them, and taking one's trust away."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import select, update

from core.errors import Refused
from server.db.schema import SHOP
from server.db.schema.directory import device_key
from server.db.schema.shops import device
from server.db.transaction import ShopTx
from server.db.types import parse_id
from server.marks import mark_gerai
from server.services import Services


class UnknownDevice(Refused):
    """No counter has this id or register code."""

    code = "unknown_device"


class SeveralDevices(Refused):
    """More than one counter has this register code: its id must be given."""

    code = "several_devices"


class Device(NamedTuple):
    """A counter's line of history. `waiting`: entries that it had not sent when last seen;
    `current`: no trusted line follows it, so the counter writes here."""

    shop_id: bytes
    device: bytes
    register: str
    state: str
    acked_seq: int
    created_ms: int
    last_seen_ms: int | None
    clock_offset_ms: int | None
    waiting: int
    version: str
    backup_ms: int | None
    current: bool


_COLUMNS: Final = [device.c[name] for name in Device._fields if name != "current"]


def devices_of(services: Services, shop_id: bytes) -> list[Device]:
    """The lines of a shop's counters, in the order in which they joined."""
    statement = (
        select(*_COLUMNS, device.c.parent_device)
        .where(device.c.shop_id == SHOP)
        .order_by(device.c.created_ms, device.c.device)
    )
    with services.store.reading_shop(shop_id) as tx:
        rows = tx.rows(statement)
    left = {row.parent_device for row in rows if row.state == "trusted"}
    return [Device._make((*row[:-1], row.device not in left)) for row in rows]


def find_device(services: Services, text: str) -> Device:
    """The counter that an operator means by its id, or by its register code: then the line that it
    writes now, whose older ones may have the same code.

    Raises:
        UnknownDevice: none.
        SeveralDevices: more than one has the code.
    """
    device_id = _as_id(text)
    if device_id is not None:
        shops = [shop for shop in [_shop_of(services, device_id)] if shop is not None]
    else:
        shops = services.store.shop_ids()
    found = [
        one
        for shop_id in shops
        for one in devices_of(services, shop_id)
        if one.device == device_id
        or (device_id is None and one.register.casefold() == text.strip().casefold())
    ]
    if device_id is None:
        found = _meant(found)
    if not found:
        raise UnknownDevice(device=text)
    if len(found) > 1:
        raise SeveralDevices(device=text, count=len(found))
    return found[0]


def _meant(lines: list[Device]) -> list[Device]:
    """Of lines with one code those that are written now, and of these the ones that are not
    revoked, where there are such."""
    current = [one for one in lines if one.current] or lines
    return [one for one in current if one.state != "revoked"] or current


def revoke_line(tx: ShopTx, device_id: bytes) -> None:
    """A counter's line is trusted no longer: what is written there arrives in quarantine.

    Raises:
        UnknownDevice: the shop has no such counter.
    """
    mine = (device.c.shop_id == SHOP, device.c.device == device_id)
    if tx.run(update(device).where(*mine).values(state="revoked")) == 0:
        raise UnknownDevice(device=device_id.hex())
    mark_gerai(tx)


def _shop_of(services: Services, device_id: bytes) -> bytes | None:
    statement = select(device_key.c.shop).where(device_key.c.device == device_id)
    with services.store.reading_directory() as tx:
        shop_id: bytes | None = tx.scalar(statement)
    return shop_id


def _as_id(text: str) -> bytes | None:
    try:
        return parse_id(text)
    except ValueError:
        return None
