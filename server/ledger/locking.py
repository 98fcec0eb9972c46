"""What is locked before anything is written, always in this order: the day, holds by id, watched
accounts by id. Whoever also locks a feed, a device or documents does so before.

An entry is recorded on the newest day and holds a shared lock on it until its transaction ends.
Sealing takes that lock for itself, on a day that is over, where nobody new comes: it waits for the
last of those who are still on it, and what it has sealed stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update

from core.dates import business_date
from core.ledger import Change, Hold, Posting, Standing
from server.db.schema import SHOP, shops
from server.db.schema.ledger import ledger_day, ledger_hold
from server.db.transaction import AnyRow, ShopTx
from server.ledger.hot import filled, moves, named, newest_day, standings

_day, _hold = ledger_day, ledger_hold
_shop = shops.shop
_SHOP = select(_shop.c.zone, _shop.c.day_close_minutes).where(_shop.c.shop_id == SHOP)
_HOLDS = (
    select(_hold)
    .where(_hold.c.shop_id == SHOP, _hold.c.hold_id.in_(bindparam("holds", expanding=True)))
    .order_by(_hold.c.hold_id)
    .with_for_update(key_share=True)
)
_END = (
    update(_hold)
    .where(_hold.c.shop_id == SHOP, _hold.c.hold_id == bindparam("hold"))
    .values(state=bindparam("to_state"), posted=bindparam("to_posted"), ended_ms=bindparam("at_ms"))
)


class Stored(NamedTuple):
    """When an entry was recorded, and its hash."""

    recorded_ms: int
    recorded_day: str
    hash: bytes


class Held(NamedTuple):
    """A hold as it is stored, and what became of it."""

    hold: Hold
    state: str
    posted: int
    hash: bytes


def begin(tx: ShopTx, entries: Collection[bytes], now_ms: int) -> tuple[str, dict[bytes, Stored]]:
    """Lock the day that is recorded on; returns it, and which of the entries there are already."""
    keys = filled(list(entries) or [bytes(16)])
    while True:
        rows = tx.ask(newest_day(len(keys)), **named("entry", keys))
        if rows and not rows[0].sealed and now_ms < rows[0].ends_ms:
            return rows[0].newest, {
                row.entry_id: Stored(row.recorded_ms, row.recorded_day, row.hash)
                for row in rows
                if row.entry_id is not None
            }
        _begin_day(tx, rows[0].newest if rows else "", now_ms)


def _begin_day(tx: ShopTx, last: str, now_ms: int) -> None:
    row = tx.one(_SHOP)
    assert row is not None, "a shop without its row"
    day = date.fromisoformat(business_date(now_ms, row.zone, row.day_close_minutes))
    if last:
        # A day that is sealed is over, whatever a clock or a changed zone says.
        day = max(day, date.fromisoformat(last) + timedelta(days=1))
    ends_ms = _ends_ms(day, row.zone, row.day_close_minutes)
    tx.insert_new(_day, day=day.isoformat(), ends_ms=max(ends_ms, now_ms + 1), sealed=False)


def _ends_ms(day: date, zone: str, close_minutes: int) -> int:
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    return int((midnight + timedelta(minutes=close_minutes)).timestamp() * 1000)


def lock_holds(tx: ShopTx, holds: Iterable[bytes]) -> dict[bytes, Held]:
    """Lock holds by their ids; those that there are."""
    wanted = list(holds)
    if not wanted:
        return {}
    return {row.hold_id: held_of(row) for row in tx.rows(_HOLDS, holds=wanted)}


def held_of(row: AnyRow) -> Held:
    """A row of `ledger_hold`."""
    posting = Posting(row.debit, row.credit, row.amount)
    hold = Hold(row.hold_id, row.kind, row.reference, posting, row.expires_ms)
    return Held(hold, row.state, row.posted, row.hash)


def lock_accounts(tx: ShopTx, accounts: Iterable[bytes]) -> dict[bytes, Standing]:
    """Lock accounts by their ids; those of them that are watched."""
    keys = filled(sorted(accounts))
    rows = tx.ask(standings(len(keys)), **named("account", keys))
    return {row.account_id: Standing(*row) for row in rows}


def move(tx: ShopTx, changes: Mapping[bytes, Change]) -> None:
    """Write what changes in balances and holds of accounts that are locked."""
    if not changes:
        return
    keys = filled(list(changes))
    tx.tell(
        moves(len(keys)),
        **named("account", keys),
        **named("balance", [changes[one].balance for one in keys]),
        **named("held", [changes[one].held for one in keys]),
    )


def end_hold(tx: ShopTx, hold: bytes, state: str, posted: int, now_ms: int) -> None:
    """Write what became of a hold that is locked."""
    tx.run(_END, hold=hold, to_state=state, to_posted=posted, at_ms=now_ms)
