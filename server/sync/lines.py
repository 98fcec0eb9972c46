"""Where each line of a shop stands: the head that the next entry must follow."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, select

from core.journal import NO_HASH
from core.sync.digest import GroupDigest, change_row
from server.db.keyed import rows_by_keys
from server.db.schema import SHOP
from server.db.schema.journal import line_head
from server.db.transaction import ShopTx
from server.sync.fold.loading import by_keys
from server.sync.rows import put_rows

_HEAD = select(line_head.c.seq, line_head.c.hash, line_head.c.at_ms).where(
    line_head.c.shop_id == SHOP, line_head.c.device == bindparam("device")
)

_HEADS = by_keys(line_head, "device", "device", "seq", "hash", "at_ms")


class Head:
    """A line's last stored entry, and the corrected time of it (0 where there is none)."""

    __slots__ = ("at_ms", "before", "hash", "seq")

    def __init__(self, seq: int, digest: bytes, at_ms: int) -> None:
        """As the table has it."""
        self.seq, self.hash, self.at_ms = seq, digest, at_ms
        self.before = (seq, digest.hex())

    def follow(self, digest: bytes, at_ms: int) -> None:
        """One entry more."""
        self.seq, self.hash, self.at_ms = self.seq + 1, digest, at_ms


class Heads:
    """The heads that a step touches."""

    def __init__(self, tx: ShopTx) -> None:
        """Nothing is loaded yet."""
        self._tx = tx
        self._heads: dict[bytes, Head] = {}

    def get(self, device: bytes) -> Head:
        """A line's head."""
        if device not in self._heads:
            row = self._tx.one(_HEAD, device=device)
            self.know(device, tuple(row) if row else None)
        return self._heads[device]

    def load(self, devices: Collection[bytes]) -> None:
        """Read the heads of many lines at once."""
        rows = {row.device: row for row in rows_by_keys(self._tx, _HEADS, devices)}
        for device in devices:
            row = rows.get(device)
            self.know(device, (row.seq, row.hash, row.at_ms) if row else None)

    def know(self, device: bytes, row: tuple[int, bytes, int] | None) -> None:
        """A line's last seq, its hash and time as they were read; None where it has no entry."""
        if device not in self._heads:
            self._heads[device] = Head(*row) if row else Head(0, NO_HASH, 0)

    def adopt(self, before: Heads) -> None:
        """Go on with what an earlier step left, where nobody wrote since."""
        self._heads.update(before._heads)

    def write(self, tx: ShopTx, digest: GroupDigest) -> GroupDigest:
        """Write what changed; returns the digest of all heads afterwards."""
        rows = []
        for device, head in sorted(self._heads.items()):
            now = (head.seq, head.hash.hex())
            if now != head.before:
                digest = change_row("heads", digest, device, head.before, now)
                head.before = now
                rows.append((device, head.seq, head.hash, head.at_ms))
        put_rows(tx, line_head, rows)
        return digest
