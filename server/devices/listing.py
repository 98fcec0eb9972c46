"""A shop's counters as the owner sees them, and taking one's trust away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select, update

from core.errors import Refused
from core.ids import line_base
from server.db.schema import SHOP
from server.db.schema.directory import device_key
from server.db.schema.shops import device
from server.db.transaction import ShopTx
from server.db.types import parse_id
from server.devices.lineage import first_of, goes_on
from server.marks import mark_gerai
from server.services import Services


class UnknownDevice(Refused):
    """No counter has this id or register code."""

    code = "unknown_device"


class SeveralDevices(Refused):
    """More than one counter has this register code: its id must be given."""

    code = "several_devices"


class AlreadyRevoked(Refused):
    """This counter's trust was taken away before."""

    code = "already_revoked"


class Device(NamedTuple):
    """A counter's line of history. `parent`: the line that it follows; `waiting`: entries that it
    had not sent when last seen; `current`: no trusted line follows it, so the counter writes here.
    """

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
    parent: bytes | None
    current: bool


_ELSEWHERE: Final = {"parent": "parent_device"}
_COLUMNS: Final = [
    device.c[_ELSEWHERE.get(name, name)] for name in Device._fields if name != "current"
]
_REVOKE: Final = (
    update(device)
    .where(device.c.shop_id == SHOP, device.c.device.in_(bindparam("keys", expanding=True)))
    .values(state="revoked")
)


def devices_of(services: Services, shop_id: bytes) -> list[Device]:
    """The lines of a shop's counters, in the order in which they joined."""
    statement = (
        select(*_COLUMNS)
        .where(device.c.shop_id == SHOP)
        .order_by(device.c.created_ms, device.c.device)
    )
    with services.store.reading_shop(shop_id) as tx:
        rows = tx.rows(statement)
    left = {row.parent_device for row in rows if row.state == "trusted"}
    return [Device._make((*row, row.device not in left)) for row in rows]


def find_device(services: Services, text: str) -> Device:
    """The counter that an operator means by its id, or by its register code: then the line that it
    writes now, whose older ones may have the same code or another. Of a counter that is revoked,
    a revoked line is found.

    Raises:
        UnknownDevice: none.
        SeveralDevices: more than one counter has the code.
    """
    device_id = _as_id(text)
    if device_id is not None:
        shop_id = _shop_of(services, device_id)
        lines = devices_of(services, shop_id) if shop_id is not None else []
        found = [one for one in lines if one.device == device_id]
    else:
        found = _meant(services, text.strip().casefold())
    if not found:
        raise UnknownDevice(device=text)
    if len(found) > 1:
        raise SeveralDevices(device=text, count=len(found))
    return found[0]


def _meant(services: Services, code: str) -> list[Device]:
    """The counters that have a code: those that print it now; where none does, those that printed
    it and have a newer one made of it; else those that had it before they joined."""
    meant = [
        found
        for shop_id in services.store.shop_ids()
        for found in _with_code(devices_of(services, shop_id), code)
    ]
    nearest = min((distance for distance, _ in meant), default=0)
    return [one for distance, one in meant if distance == nearest]


def _with_code(lines: Sequence[Device], code: str) -> Iterator[tuple[int, Device]]:
    """The counters of a shop that have or had a code, each by the line that it writes now, and how
    far that one's code is from it (0: the same). A copy that is trusted is a counter of its own."""
    ends: dict[bytes, list[Device]] = {}
    for line in lines:
        if line.register.casefold() == code:
            family = ends.setdefault(first_of(lines, line), [])
            family.extend(one for one in goes_on(lines, line) if one not in family)
    for family in ends.values():
        selling = [one for one in family if one.state != "revoked"]
        for one in selling or family[-1:]:
            now = one.register.casefold()
            yield (0 if now == code else 1 if line_base(now) == line_base(code) else 2), one


def revoke_line(tx: ShopTx, device_id: bytes) -> None:
    """A counter's line is trusted no longer: what is written there arrives in quarantine.

    Raises:
        UnknownDevice: the shop has no such counter.
    """
    revoke_lines(tx, [device_id])


def revoke_lines(tx: ShopTx, device_ids: Sequence[bytes]) -> None:
    """The same for many lines at once.

    Raises:
        UnknownDevice: the shop has not all of them.
    """
    if tx.run(_REVOKE, keys=list(device_ids)) != len(device_ids):
        raise UnknownDevice(device=device_ids[0].hex())
    mark_gerai(tx)


def trust_line_again(tx: ShopTx, device_id: bytes) -> None:
    """A counter's line that was revoked is trusted again; any other stays what it is."""
    mine = (device.c.shop_id == SHOP, device.c.device == device_id, device.c.state == "revoked")
    if tx.run(update(device).where(*mine).values(state="trusted")):
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
