"""What is locked before anything is written, always in this order: the day, holds by id, watched
accounts by id. Whoever also locks a feed, a device or documents does so before.

An entry is recorded on the newest day and holds a shared lock on it until its transaction ends.
Sealing takes that lock for itself, on a day that is over, where nobody new comes: it waits for the
last of those who are still on it, and what it has sealed stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, select, update

from core.dates import business_date
from core.ledger import Change, Hold, Posting, Standing
from server.db.schema import SHOP, shops
from server.db.schema.ledger import ledger_balance, ledger_day, ledger_entry, ledger_hold
from server.db.transaction import AnyRow, ShopTx

_day, _entry, _hold, _balance = ledger_day, ledger_entry, ledger_hold, ledger_balance
_shop = shops.shop
_other = ledger_day.alias("other")
_IS_NEWEST = and_(
    _day.c.shop_id == SHOP,
    _day.c.day == select(func.max(_other.c.day)).where(_other.c.shop_id == SHOP).scalar_subquery(),
)
_BEGIN = (
    select(
        _day.c.day.label("newest"),
        _day.c.ends_ms,
        _day.c.sealed,
        _entry.c.entry_id,
        _entry.c.recorded_ms,
        _entry.c.recorded_day,
        _entry.c.hash,
    )
    .select_from(
        _day.outerjoin(
            _entry,
            and_(
                _entry.c.shop_id == SHOP,
                _entry.c.entry_id.in_(bindparam("entries", expanding=True)),
            ),
        )
    )
    .where(_IS_NEWEST)
    .with_for_update(read=True, key_share=True, of=_day)
)
_SHOP = select(_shop.c.zone, _shop.c.day_close_minutes).where(_shop.c.shop_id == SHOP)
_HOLDS = (
    select(_hold)
    .where(_hold.c.shop_id == SHOP, _hold.c.hold_id.in_(bindparam("holds", expanding=True)))
    .order_by(_hold.c.hold_id)
    .with_for_update(key_share=True)
)
_STANDINGS = (
    select(
        _balance.c.account_id,
        _balance.c.side,
        _balance.c.balance,
        _balance.c.held,
        _balance.c.floor,
        _balance.c.frozen,
    )
    .where(
        _balance.c.shop_id == SHOP,
        _balance.c.account_id.in_(bindparam("accounts", expanding=True)),
    )
    .order_by(_balance.c.account_id)
    .with_for_update(key_share=True)
)
_MOVE = (
    update(_balance)
    .where(_balance.c.shop_id == SHOP, _balance.c.account_id == bindparam("account"))
    .values(
        balance=_balance.c.balance + bindparam("by_balance"),
        held=_balance.c.held + bindparam("by_held"),
    )
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
    while True:
        rows = tx.rows(_BEGIN, entries=list(entries))
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
    return {row.account_id: Standing(*row) for row in tx.rows(_STANDINGS, accounts=list(accounts))}


def move(tx: ShopTx, changes: dict[bytes, Change]) -> None:
    """Write what changes in balances and holds of accounts that are locked."""
    tx.run_all(
        _MOVE,
        [
            {"account": account, "by_balance": one.balance, "by_held": one.held}
            for account, one in changes.items()
        ],
    )


def end_hold(tx: ShopTx, hold: bytes, state: str, posted: int, now_ms: int) -> None:
    """Write what became of a hold that is locked."""
    tx.run(_END, hold=hold, to_state=state, to_posted=posted, at_ms=now_ms)
