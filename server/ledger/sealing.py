"""The daily seal: one hash over every entry that was recorded on a day, and over the seal before.

Printed and kept elsewhere (on the day's closing, at the office), it shows whether anything of that
day or of any day before was changed, added or removed since.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select, update

from core.dates import business_date
from core.errors import Refused
from core.ledger import NO_SEAL, BadEntry, Seal, entry_hash, is_day
from server.db.schema import SHOP, shops
from server.db.schema.ledger import ledger_day, ledger_entry, ledger_seal
from server.db.transaction import AnyRow, ShopTx
from server.ledger.locking import begin
from server.ledger.reading import Recorded, read_entries
from server.services import Services

PAGE: Final = 500
_day, _entry, _seal, _shop = ledger_day, ledger_entry, ledger_seal, shops.shop
_SHOP = select(_shop.c.zone, _shop.c.day_close_minutes).where(_shop.c.shop_id == SHOP)
_TO_SEAL = (
    select(_day.c.day, _day.c.ends_ms)
    .where(_day.c.shop_id == SHOP, _day.c.day <= bindparam("to_day"), _day.c.sealed.is_(False))
    .order_by(_day.c.day)
    .with_for_update()
)
_SEALED = (
    update(_day)
    .where(_day.c.shop_id == SHOP, _day.c.day == bindparam("on_day"))
    .values(sealed=True)
)
_LAST = (
    select(_seal)
    .where(_seal.c.shop_id == SHOP, _seal.c.day <= bindparam("to_day"))
    .order_by(_seal.c.day.desc())
    .limit(1)
)
_OF_DAY = (
    select(_entry.c.entry_id)
    .where(
        _entry.c.shop_id == SHOP,
        _entry.c.recorded_day == bindparam("on_day"),
        _entry.c.entry_id > bindparam("after"),
    )
    .order_by(_entry.c.entry_id)
    .limit(PAGE)
)


class DayNotOver(Refused):
    """A day is sealed when it is over in the shop."""

    code = "day_not_over"


class NothingSealed(Refused):
    """Nothing was recorded up to that day."""

    code = "nothing_sealed"


class SealBroken(Refused):
    """The entries of a sealed day are not those that were sealed."""

    code = "seal_broken"


class DaySeal(NamedTuple):
    """The seal of a day: of so many entries, after the seal `previous`."""

    day: str
    entries: int
    previous: bytes
    hash: bytes


def seal(services: Services, shop_id: bytes, day: str = "") -> DaySeal:
    """Seal what is not sealed yet up to a day (yesterday in the shop), and return the seal of the
    last day up to it on which something was recorded, reckoned anew from the entries.

    Raises:
        BadEntry: `day` is no date.
        DayNotOver: it goes on in the shop, or has not begun.
        NothingSealed: nothing was recorded up to it.
        SealBroken: the entries are not those that were sealed.
    """
    if day and not is_day(day):
        raise BadEntry(why="day")
    now_ms = services.now_ms()
    with services.store.reading_shop(shop_id) as tx:
        day = _wanted(tx, day, now_ms)
        waits = tx.one(_LAST_DAY) is not None
    if waits:
        # Entries go to a day of their own from now on; nobody waits for the sealing of this one.
        services.store.in_shop(shop_id, lambda tx: begin(tx, [], now_ms))
    return services.store.in_shop(shop_id, lambda tx: _make(tx, day, now_ms))


_LAST_DAY = select(_day.c.day).where(_day.c.shop_id == SHOP).limit(1)


def _wanted(tx: ShopTx, day: str, now_ms: int) -> str:
    row = tx.one(_SHOP)
    assert row is not None, "a shop without its row"
    today = business_date(now_ms, row.zone, row.day_close_minutes)
    wanted = day or (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    if wanted >= today:
        raise DayNotOver(day=wanted)
    return wanted


def _make(tx: ShopTx, day: str, now_ms: int) -> DaySeal:
    for row in tx.rows(_TO_SEAL, to_day=day):
        if now_ms < row.ends_ms:
            raise DayNotOver(day=row.day)
        last = tx.one(_LAST, to_day=row.day)
        made = reckon(tx, row.day, last.hash if last else NO_SEAL)
        tx.insert(_seal, sealed_ms=now_ms, **made._asdict())
        tx.run(_SEALED, on_day=row.day)
    found = tx.one(_LAST, to_day=day)
    if found is None:
        raise NothingSealed(day=day)
    again = reckon(tx, found.day, found.previous)
    if again != seal_of(found):
        raise SealBroken(day=found.day, found=again.hash.hex(), sealed=found.hash.hex())
    return again


def seal_of(row: AnyRow) -> DaySeal:
    """A row of `ledger_seal`."""
    return DaySeal(row.day, row.entries, row.previous, row.hash)


def reckon(tx: ShopTx, day: str, previous: bytes) -> DaySeal:
    """The seal of a day as its entries are now, down to the last rupiah of each posting."""
    made = Seal(tx.shop_id, day, previous)
    for one in entries_of(tx, day):
        made.add(entry_hash(tx.shop_id, one.entry, one.recorded_ms, one.recorded_day))
    return DaySeal(day, made.count, previous, made.hash())


def entries_of(tx: ShopTx, day: str) -> Iterator[Recorded]:
    """The entries that were recorded on a day, by their ids."""
    after = b"\0" * 16
    while ids := [row.entry_id for row in tx.rows(_OF_DAY, on_day=day, after=after)]:
        found = read_entries(tx, ids)
        yield from (found[one] for one in ids)
        after = ids[-1]
