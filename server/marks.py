"""What of a shop its place in the search must be reckoned anew for.

Written in the transaction that changes it, read by `server.search`. A mark is never changed: two
changes have two, so that none is taken away with an earlier one.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from typing import Final

import msgspec
from sqlalchemy import bindparam, select

from server.db.schema.catalog import HAS_PICTURE, product
from server.db.schema.people import setting
from server.db.schema.search import search_mark
from server.db.schema.shops import device
from server.db.tied import tied
from server.db.transaction import ShopTx, Tx

WHOLE: Final = bytes(16)
"""In place of a product: everything of the shop."""
GERAI: Final = bytes([255] * 16)
"""In place of a product: what the gerai itself is told by, none of its goods."""
MOST_MARKS: Final = 500
"""Of a step; where more goods changed, the shop is looked at as a whole."""
GRAIN_MS: Final = 5 * 60_000
"""Ages are reckoned in steps of five minutes, upwards, so that a page stays the same meanwhile."""
_SWITCH: Final = "gerai_open"
_TOLD: Final = frozenset({"shop_name", "zone", "day_close_minutes", "address"})

_OPEN: Final = select(setting.c.value).where(tied(setting), setting.c.name == _SWITCH)
SWITCH: Final = _OPEN.scalar_subquery()
"""What `Marks.load` asks, to be asked beside other things."""
_HEARD_BEFORE: Final = select(device.c.last_seen_ms).where(
    tied(device), device.c.device == bindparam("line")
)
_OF_PICTURE: Final = select(product.c.product_id).where(
    tied(product), HAS_PICTURE, product.c.picture == bindparam("name")
)


def mark_gerai(tx: ShopTx) -> None:
    """Who may be selling at the counters changed, or when they were heard of."""
    if _is_open(tx):
        _write(tx, [GERAI])


def mark_heard(tx: ShopTx, line: bytes, now_ms: int) -> None:
    """A counter is heard of, which is about to be written down: counts once in `GRAIN_MS`."""
    before_ms = tx.scalar(_HEARD_BEFORE, line=line) or 0
    if before_ms // GRAIN_MS != now_ms // GRAIN_MS:
        mark_gerai(tx)


def mark_picture(tx: ShopTx, name: bytes) -> None:
    """A picture that goods name has come."""
    goods = [row.product_id for row in tx.rows(_OF_PICTURE, name=name)]
    if goods and _is_open(tx):
        _write(tx, goods)


def mark_shop(tx: Tx, shop_id: bytes) -> None:
    """Look at everything of a shop again, whether its gerai is open or not."""
    tx.insert(search_mark, shop=shop_id, mark=_number(), product_id=WHOLE)


def is_told_by(name: str) -> bool:
    """Whether a setting of the shop changes what a search says of it."""
    return name in _TOLD or name.startswith("gerai_")


def _write(tx: ShopTx, ids: Sequence[bytes]) -> None:
    tx.insert_columns(
        search_mark,
        {"product_id": ids},
        constants={"shop": tx.shop_id, "mark": _number()},
        on_conflict="nothing",
    )


def _is_open(tx: ShopTx) -> bool:
    text = tx.scalar(_OPEN)
    return text is not None and _is_true(text)


def _number() -> int:
    """Apart from the numbers of steps, which are above nought."""
    return -1 - secrets.randbits(62)


class Marks:
    """What a step of the feed changes for the search: one statement, where a gerai is open."""

    def __init__(self, tx: ShopTx) -> None:
        """Nothing is known yet."""
        self._tx = tx
        self._open: bool | None = None
        self._changed: set[bytes] = set()

    def load(self) -> None:
        """Know whether the gerai is open; nothing is read afterwards."""
        if self._open is None:
            self._open = _is_open(self._tx)

    def know(self, switch: str | None) -> None:
        """The answer to `SWITCH`, which need not be asked again then."""
        if self._open is None:
            self._open = switch is not None and _is_true(switch)

    def adopt(self, before: Marks) -> None:
        """Go on with what an earlier step knew."""
        self._open = before._open

    def products(self, ids: Collection[bytes]) -> None:
        """Goods changed, or their stock."""
        self._changed.update(ids)

    def settings(self, names: Collection[str]) -> None:
        """Settings of the shop changed."""
        if any(map(is_told_by, names)):
            self._changed.add(WHOLE)
            self._open = None

    def write(self, tx: ShopTx, n: int) -> None:
        """Write them down; `n` is the step's last number, which no other step has."""
        changed, self._changed = self._changed, set()
        if WHOLE in changed or (self._open and len(changed) > MOST_MARKS):
            changed = {WHOLE}
        elif not self._open:
            return
        # Every step has heard from a counter or from the owner.
        ids = sorted(changed or {GERAI})
        tx.insert_columns(
            search_mark,
            {"product_id": ids},
            constants={"shop": tx.shop_id, "mark": n},
            on_conflict="nothing",
        )


def _is_true(text: str) -> bool:
    try:
        return msgspec.json.decode(text) is True
    except msgspec.DecodeError:
        return False
