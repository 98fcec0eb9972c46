"""A counter's trust is taken away: a fact in the feed, and its share of every limit comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from core.facts.sync import RegisterLeft
from server.db.schema import SHOP
from server.db.schema.shops import device as lines
from server.db.transaction import ShopTx
from server.devices.listing import AlreadyRevoked, revoke_lines
from server.services import Services
from server.sync.allotments import deal_rest, deal_to_all
from server.sync.feed import Step
from server.sync.lines import Heads
from server.sync.speakers import TRUSTED

_LINES = select(
    lines.c.device,
    lines.c.register,
    lines.c.state,
    lines.c.parent_device,
    lines.c.parent_seq,
).where(lines.c.shop_id == SHOP)


def revoke(services: Services, shop_id: bytes, device: bytes, reason: str = "") -> None:
    """Revoke the counter that writes a line: it and those before it, whose keys it has, too. It
    sells on; what it writes from here on waits for the owner.

    Raises:
        UnknownDevice: the shop has no such counter.
        AlreadyRevoked: it is revoked; those before it stay as they are.
    """
    services.store.in_shop(shop_id, lambda tx: _revoke(services, tx, device, reason))
    deal_rest(services, shop_id)


def _revoke(services: Services, tx: ShopTx, device: bytes, reason: str) -> None:
    step = Step(tx, services.now_ms())  # locks the feed: no line follows one of these meanwhile
    rows = tx.rows(_LINES)
    for row in rows:
        if row.device == device and row.state == "revoked":
            raise AlreadyRevoked(device=row.register)
    found = _of_counter(rows, device, step.heads)
    revoke_lines(tx, found)
    have_left = False
    for one in found:
        line = step.books.registers.get(one)
        if line.joined_n and not line.left_n:
            step.say(RegisterLeft(one, reason))
            have_left = True
    if have_left:
        deal_to_all(step)
    step.close()


def _of_counter(rows: Sequence[Row[Any]], device: bytes, heads: Heads) -> list[bytes]:
    """A line and those that it went on from, newest first, as far as nobody else goes on there.

    A line that wrote on after it was left, or that another trusted one follows, is of a counter
    of which this one is a copy. Of an unconfirmed one nobody knows.
    """
    known = {row.device: row for row in rows}
    followers = Counter(row.parent_device for row in rows if row.state == TRUSTED)
    found = {device: None}
    one = known.get(device)
    while one is not None and one.state == TRUSTED:
        parent = known.get(one.parent_device)
        if parent is None or parent.device in found:
            break
        if heads.get(parent.device).seq > (one.parent_seq or 0):  # whoever brought what it wrote
            break
        if followers[parent.device] > 1:
            break
        found[parent.device] = None
        one = parent
    return list(found)
