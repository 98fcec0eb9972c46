"""A shop's counters with their lines of history, as the owner's page shows them."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import select

from server.db.schema.people import register
from server.db.schema.shops import device
from server.db.tied import meets, tied
from server.db.transaction import Ask, ShopTx

_LINES = (
    select(device, register.c.name.label("counter_name"))
    .select_from(device)
    .join(register, meets(register, register.c.device == device.c.device), isouter=True)
    .where(tied(device))
    .order_by(device.c.created_ms, device.c.device)
)

LINES_ASK: Final = Ask(_LINES)
"""What `lines_of` asks."""


class Line(NamedTuple):
    """A counter's line. `is_current`: no trusted line follows it, so the counter writes here;
    `waiting`: entries that it had not sent when last seen. Times in UTC ms, None: never."""

    device: bytes
    register: str
    name: str
    state: str
    public_key: bytes
    parent: bytes | None
    acked_seq: int
    created_ms: int
    last_seen_ms: int | None
    clock_offset_ms: int | None
    waiting: int
    version: str
    backup_ms: int | None
    is_current: bool

    def is_quiet(self, now_ms: int, after_ms: int) -> bool:
        """Whether a counter in use was not heard of for so long."""
        heard = self.last_seen_ms or self.created_ms
        return self.is_current and self.state == "trusted" and now_ms - heard > after_ms


def lines_of(tx: ShopTx) -> list[Line]:
    """All lines, in the order in which they joined."""
    rows = tx.rows(_LINES)
    left = {row.parent_device for row in rows if row.parent_device and row.state == "trusted"}
    return [
        Line(
            row.device,
            row.register,
            row.counter_name or "",
            row.state,
            row.public_key,
            row.parent_device,
            row.acked_seq,
            row.created_ms,
            row.last_seen_ms,
            row.clock_offset_ms,
            row.waiting,
            row.version,
            row.backup_ms,
            row.device not in left,
        )
        for row in rows
    ]


def line_of(tx: ShopTx, device_id: bytes) -> Line | None:
    """One line, None where the shop has none of that id."""
    return next((one for one in lines_of(tx) if one.device == device_id), None)
