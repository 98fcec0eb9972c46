"""Who speaks: a counter's line as the shop knows it, and the older lines it speaks for."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Row, bindparam, case, select, update

from server.db.schema import SHOP
from server.db.schema.shops import device
from server.db.transaction import ShopTx
from server.sync.arrivals import REVOKED, UNCONFIRMED
from server.sync.refusals import UnknownLine

TRUSTED = "trusted"
_ONE = select(device).where(device.c.shop_id == SHOP, device.c.device == bindparam("key"))
_LOCKED = _ONE.with_for_update()
_ALL = select(device).where(device.c.shop_id == SHOP)
_sent = bindparam("sent", type_=BigInteger)
_LEFT = case((device.c.waiting > _sent, device.c.waiting - _sent), else_=0)
_ACKED = (
    update(device)
    .where(device.c.shop_id == SHOP, device.c.device == bindparam("key"))
    .values(
        acked_seq=bindparam("to_seq"),
        acked_hash=bindparam("to_hash"),
        last_seen_ms=bindparam("ms"),
        waiting=_LEFT,
    )
)
_SENT = (
    update(device)
    .where(device.c.shop_id == SHOP, device.c.device == bindparam("key"))
    .values(waiting=_LEFT)
)


class Speaker(NamedTuple):
    """A line: its state, the shop id in its entries, the key that signs for it, and the line that
    it follows from its entry `parent_seq` on, which has the hash `parent_hash`. `release_due`: it
    was confirmed, and not all that waited for that is released."""

    device: bytes
    state: str
    register: str
    entry_shop: bytes
    public_key: bytes
    parent: bytes | None
    parent_seq: int
    parent_hash: bytes = b""
    release_due: bool = False

    @property
    def refusal(self) -> str:
        """Why what it writes goes to quarantine; empty where it does not."""
        return {"revoked": REVOKED, "unconfirmed": UNCONFIRMED}.get(self.state, "")


def _speaker(row: Row[Any]) -> Speaker:
    return Speaker(
        row.device,
        row.state,
        row.register,
        row.entry_shop,
        row.public_key,
        row.parent_device,
        row.parent_seq or 0,
        row.parent_hash or b"",
        row.release_due,
    )


def find(tx: ShopTx, key: bytes, *, lock: bool = False) -> Speaker:
    """A line of the shop.

    Raises:
        UnknownLine: the shop has none of that device id.
    """
    row = tx.one(_LOCKED if lock else _ONE, key=key)
    if row is None:
        raise UnknownLine()
    return _speaker(row)


def speaks_for(tx: ShopTx, who: Speaker) -> list[Speaker]:
    """The lines that a line speaks for: itself and, if it is trusted, those it follows."""
    found = {who.device: who}
    if who.state == TRUSTED and who.parent:
        lines = {row.device: row for row in tx.rows(_ALL)}  # at once: it may follow a thousand
        parent = lines.get(who.parent)
        while parent is not None and parent.device not in found:
            found[parent.device] = _speaker(parent)
            parent = lines.get(parent.parent_device)
    return list(found.values())


def note_ack(
    tx: ShopTx, key: bytes, head: tuple[int, bytes], now_ms: int, signer: bytes, sent: int
) -> None:
    """Write down how far a line's journal has come (seq and hash), for the owner's list.

    `signer` is the line that speaks for it now, and had said at its hello how many entries wait;
    `sent` of them have come.
    """
    tx.run(_ACKED, key=key, to_seq=head[0], to_hash=head[1], ms=now_ms, sent=sent)
    if signer != key:
        tx.run(_SENT, key=signer, sent=sent)
