"""What may be done only once, in every process: requests and forms that come again."""

from __future__ import annotations

from sqlalchemy import bindparam, delete

from server.db.schema import SHOP, journal
from server.db.transaction import ShopTx

_nonce = journal.nonce
_OLD = delete(_nonce).where(
    _nonce.c.shop_id == SHOP,
    _nonce.c.device == bindparam("key"),
    _nonce.c.at_ms < bindparam("oldest"),
)


def is_first(tx: ShopTx, who: bytes, nonce: str, *, now_ms: int, kept_ms: int) -> bool:
    """Note that `who` (a device or an account) used `nonce`; False where they did before.

    It is forgotten after `kept_ms`. Whoever does the same at the same moment waits for this
    transaction's end, and learns then.
    """
    tx.run(_OLD, key=who, oldest=now_ms - kept_ms)
    return tx.insert_new(_nonce, device=who, nonce=nonce, at_ms=now_ms)
