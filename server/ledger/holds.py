"""Room kept free on accounts for a posting to come: opened, used up in whole or in part, let go.

A hold ends once: by an entry that uses it (what is left becomes free again), by being voided, or
when its time is over by the server's clock. It moves no money.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import bindparam, select

from core.ledger import (
    BadEntry,
    BelowFloor,
    Entry,
    Hold,
    NotOpen,
    OtherContent,
    Posting,
    accounts_of,
    changes,
    check_hold,
    check_room,
    hold_hash,
    is_due,
)
from server.db.pipelining import together
from server.db.schema import SHOP
from server.db.schema.ledger import ledger_hold
from server.db.transaction import ShopTx
from server.ledger.keys import as_refusals
from server.ledger.locking import Held, end_hold, held_of, lock_accounts, lock_holds, move
from server.ledger.posting import Posted, post
from server.services import Services

Result = TypeVar("Result")
AT_ONCE: Final = 100
_hold = ledger_hold
_ONE = select(_hold).where(_hold.c.shop_id == SHOP, _hold.c.hold_id == bindparam("hold"))
_DUE = (
    select(_hold.c.hold_id)
    .where(
        _hold.c.shop_id == SHOP,
        _hold.c.state == "open",
        _hold.c.expires_ms <= bindparam("now_ms"),
    )
    .order_by(_hold.c.hold_id)
    .limit(AT_ONCE)
)


class Opened(NamedTuple):
    """A hold as it stands; `is_new`: by this call, not by an earlier one."""

    held: Held
    is_new: bool


def hold(tx: ShopTx, wanted: Hold, now_ms: int) -> Opened:
    """Keep room for a posting; asked again, the same answer, whatever became of it.

    Raises:
        BadEntry: it is not well formed, lowers no watched account, or its time is over already.
        OtherContent: the id was used for something else.
        BelowFloor, Frozen, UnknownAccount: an account has no room for it.
        CameTogether: the same hold was being opened by another; `Store.in_shop` tries again.
    """
    check_hold(wanted)
    row = tx.one(_ONE, hold=wanted.id)
    if row is not None:
        if row.hash != hold_hash(tx.shop_id, wanted):
            raise OtherContent(entry=wanted.id)
        return Opened(held_of(row), False)
    if is_due(wanted, now_ms):
        raise BadEntry(why="expires")
    standings = lock_accounts(tx, accounts_of([wanted.posting]))
    taken = changes(standings, held=[wanted.posting])
    taken = {account: one for account, one in taken.items() if one.held}
    if not taken:
        raise BadEntry(why="nothing_held")
    check_room(standings, taken)
    digest = hold_hash(tx.shop_id, wanted)
    with as_refusals():
        tx.insert(
            _hold,
            hold_id=wanted.id,
            kind=wanted.kind,
            reference=wanted.reference,
            opened_ms=now_ms,
            expires_ms=wanted.expires_ms,
            state="open",
            posted=0,
            ended_ms=None,
            hash=digest,
            **wanted.posting._asdict(),
        )
    move(tx, taken)
    return Opened(Held(wanted, "open", 0, digest), True)


def post_hold(
    tx: ShopTx,
    held: bytes,
    entry: bytes,
    day: str,
    now_ms: int,
    *,
    amount: int | None = None,
    kind: str = "",
) -> Posted:
    """Move what was held, or a part of it, by an entry with the id `entry`; the rest is let go.

    Raises:
        NotOpen: there is no such hold, or it has ended.
        BadEntry: more than was held.
        Frozen: an account takes nothing now.
    """
    row = tx.one(_ONE, hold=held)
    if row is None:
        raise NotOpen(why="unknown")
    posting = Posting(row.debit, row.credit, row.amount if amount is None else amount)
    made = Entry(entry, kind or row.kind, row.reference, day, (posting,), hold=held)
    return post(tx, made, now_ms)


def void_hold(tx: ShopTx, held: bytes, now_ms: int) -> None:
    """Let go of a hold; a second time changes nothing.

    Raises:
        NotOpen: there is none, it was used up, or its time was over before.
    """
    found = lock_holds(tx, [held]).get(held)
    if found is None:
        raise NotOpen(why="unknown")
    if found.state == "voided":
        return
    if found.state != "open":
        raise NotOpen(why=found.state)
    _let_go(tx, [found], "voided", now_ms)


def expire_some(tx: ShopTx, now_ms: int) -> int:
    """Let go of holds whose time is over, at most `AT_ONCE`; returns how many."""
    due = [row.hold_id for row in tx.rows(_DUE, now_ms=now_ms)]
    # Somebody may have ended one before we had its lock.
    found = [one for one in lock_holds(tx, due).values() if one.state == "open"]
    if found:
        _let_go(tx, found, "expired", now_ms)
    return len(found)


def expire_holds(services: Services, shop_id: bytes) -> int:
    """Let go of every hold of a shop whose time is over; returns how many."""
    count = 0
    while True:
        now_ms = services.now_ms()
        ended = services.store.in_shop(shop_id, lambda tx: expire_some(tx, now_ms))  # noqa: B023
        count += ended
        if ended < AT_ONCE:
            return count


def with_room(services: Services, shop_id: bytes, work: Callable[[ShopTx, int], Result]) -> Result:
    """Run `work` in a shop's transaction, with the time; where an account has too little free,
    once more after holds whose time is over were let go.

    Raises:
        BelowFloor: there is too little all the same.
    """
    now_ms = services.now_ms()
    try:
        return services.store.in_shop(shop_id, lambda tx: work(tx, now_ms))
    except BelowFloor:
        if not expire_holds(services, shop_id):
            raise
    return services.store.in_shop(shop_id, lambda tx: work(tx, now_ms))


def _let_go(tx: ShopTx, found: list[Held], state: str, now_ms: int) -> None:
    postings = [one.hold.posting for one in found]
    standings = lock_accounts(tx, accounts_of(postings))
    freed = changes(standings, released=postings)
    with together(tx):
        for one in found:
            end_hold(tx, one.hold.id, state, 0, now_ms)
        move(tx, {account: one for account, one in freed.items() if one.held})
