"""Writing a counter down: its key in the directory, its line in the shop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from core.errors import Refused
from core.journal import NO_HASH
from server.db.schema import SHOP
from server.db.schema.directory import device_key
from server.db.schema.shops import device
from server.db.transaction import ShopTx, Tx
from server.marks import mark_gerai
from server.services import Services


class KeyTaken(Refused):
    """This key or device already belongs to another counter or shop."""

    code = "key_taken"


class NewDevice(NamedTuple):
    """A counter's line that joins. `entry_shop`: the shop id that is hashed into its entries."""

    device: bytes
    public_key: bytes
    register: str
    entry_shop: bytes
    state: str = "trusted"
    version: str = ""
    parent_device: bytes | None = None
    parent_seq: int | None = None
    parent_hash: bytes | None = None


def claim_key(services: Services, tx: Tx, shop_id: bytes, new: NewDevice) -> None:
    """Write a key down in the directory: from then on it says which shop its owner belongs to.

    Raises:
        KeyTaken: the key or the device is another's.
    """
    is_new = tx.insert_new(
        device_key,
        device=new.device,
        public_key=new.public_key,
        shop=shop_id,
        created_ms=services.now_ms(),
    )
    if is_new:
        return
    row = tx.one(select(device_key).where(device_key.c.device == new.device))
    if row is None or (row.public_key, row.shop) != (new.public_key, shop_id):
        raise KeyTaken()


def add_device(services: Services, tx: ShopTx, new: NewDevice) -> bool:
    """Write a line down in its shop, with nothing received of it; False where it was there."""
    mark_gerai(tx)
    return tx.insert_new(device, **new._asdict(), **_nothing_received(services))


def add_devices(services: Services, tx: ShopTx, new: Sequence[NewDevice]) -> None:
    """The same for many lines at once."""
    if not new:
        return
    mark_gerai(tx)
    columns = dict(zip(NewDevice._fields, zip(*new, strict=True), strict=True))
    tx.insert_columns(device, columns, constants=_nothing_received(services), on_conflict="nothing")


def _nothing_received(services: Services) -> dict[str, Any]:
    return {
        "acked_seq": 0,
        "acked_hash": NO_HASH,
        "created_ms": services.now_ms(),
        "waiting": 0,
        "release_due": False,
    }


def registers_of(tx: ShopTx) -> set[str]:
    """The register codes that a shop's counters have."""
    statement = select(device.c.register).where(device.c.shop_id == SHOP)
    return {row.register for row in tx.rows(statement)}


def key_of(services: Services, device_id: bytes) -> tuple[bytes, bytes] | None:
    """A device's (shop, public key), None where it is unknown: the first question of a request."""
    statement = select(device_key.c.shop, device_key.c.public_key)
    with services.store.reading_directory() as tx:
        row = tx.one(statement.where(device_key.c.device == device_id))
    return None if row is None else (row.shop, row.public_key)
