"""The commonest entry, one posting and nothing else, in one statement: locked, checked, written.

PostgreSQL alone, where each statement is a way there and back (docs/performance.md), and not Citus,
which refuses rows that are written inside a query (docs/scale.md). It does what
`server.ledger.posting` does, in the same order of locks, or it does nothing: then the ordinary way
is gone, which says why.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)

from core.ledger import DEBIT, Entry, entry_hash
from server.db.prepared import Prepared
from server.db.schema import SHOP
from server.db.schema.ledger import ledger_balance, ledger_day, ledger_entry, ledger_posting
from server.db.transaction import ShopTx
from server.db.types import Hash, Id, Millis, Money
from server.ledger.keys import as_refusals

_day, _entry, _posting, _balance = ledger_day, ledger_entry, ledger_posting, ledger_balance
_MOST_SHOPS: Final = 10_000
_days: dict[bytes, str] = {}
"""The day on which each shop's last entry was recorded, by this process; only a guess."""


def is_swift(tx: ShopTx, entry: Entry) -> bool:
    """Whether this way is open to an entry."""
    is_plain = entry.hold is None and entry.reversal_of is None and len(entry.postings) == 1
    takes_it = tx.is_postgresql and not tx.is_spread
    return is_plain and takes_it and tx.shop_id in _days


def note_day(shop_id: bytes, day: str) -> None:
    """An entry was recorded on this day: the next will be, too."""
    if len(_days) >= _MOST_SHOPS:
        _days.clear()
    _days[shop_id] = day


def write(tx: ShopTx, entry: Entry, now_ms: int) -> tuple[str, bytes] | None:
    """Write an entry that is well formed: the day and the hash under which it stands, None where it
    could not be written so.

    Raises:
        CameTogether, UnknownAccount: as `posting.post_all`.
    """
    posting, day = entry.postings[0], _days[tx.shop_id]
    digest = entry_hash(tx.shop_id, entry, now_ms, day)
    with as_refusals():
        rows = tx.ask(
            _statement(),
            on=day,
            now_ms=now_ms,
            entry=entry.id,
            kind=entry.kind,
            reference=entry.reference,
            of_day=entry.day,
            hash=digest,
            **posting._asdict(),
        )
    return (day, digest) if rows else None


@cache
def _statement() -> Prepared:
    debit, credit = bindparam("debit", type_=Id), bindparam("credit", type_=Id)
    amount, key = bindparam("amount", type_=Money), bindparam("entry", type_=Id)
    today = _today(bindparam("now_ms", type_=Millis))
    locked = _locked(debit, credit, amount)
    is_known = exists().where(_entry.c.shop_id == SHOP, _entry.c.entry_id == key)
    has_room = or_(
        locked.c.floor.is_(None),
        locked.c.balance - locked.c.held + locked.c.change >= locked.c.floor,
    )
    is_refused = exists().where(or_(locked.c.frozen, not_(has_room)))
    may = select(today.c.day).where(not_(is_known), not_(is_refused)).cte("may")
    entry, posting = _rows(may.c.day, debit, credit, amount)
    entries = insert(_entry).from_select(list(entry), select(*entry.values()))
    postings = insert(_posting).from_select(
        list(posting), select(*posting.values()).select_from(may)
    )
    moved = (
        update(_balance)
        .where(_balance.c.shop_id == SHOP, _balance.c.account_id == locked.c.account_id)
        .where(may.c.day.is_not(None))
        # From the locked row: PostgreSQL checks what it makes of the row that the statement began
        # with first, which may be older than the one that is locked.
        .values(balance=locked.c.balance + locked.c.change, held=locked.c.held)
    )
    written = [one.cte(name) for one, name in ((entries, "e"), (postings, "p"), (moved, "m"))]
    return Prepared(select(may.c.day).add_cte(*written))


def _rows(day: Any, debit: Any, credit: Any, amount: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The entry and its posting, by their columns."""
    common = {
        "shop_id": SHOP,
        "entry_id": bindparam("entry", type_=Id),
        "day": _text("of_day"),
        "recorded_ms": bindparam("now_ms", type_=Millis),
    }
    entry = {
        **common,
        "kind": _text("kind"),
        "reference": _text("reference"),
        "recorded_day": day,
        "postings": literal(1),
        "hash": bindparam("hash", type_=Hash),
    }
    posting = {**common, "i": literal(0), "debit": debit, "credit": credit, "amount": amount}
    return entry, posting


def _today(now: Any) -> Any:
    """The newest day where it is the one that was guessed and not over, locked against sealing."""
    other = _day.alias("other")
    last = select(func.max(other.c.day)).where(other.c.shop_id == SHOP).scalar_subquery()
    return (
        select(_day.c.day)
        .where(_day.c.shop_id == SHOP, _day.c.day == last, _day.c.day == _text("on"))
        .where(not_(_day.c.sealed), _day.c.ends_ms > now)
        .with_for_update(read=True, key_share=True)
        .cte("today")
    )


def _locked(debit: Any, credit: Any, amount: Any) -> Any:
    """Those of the two accounts that are watched, locked by their ids; what is added to each."""
    is_raised = (_balance.c.account_id == debit) == (_balance.c.side == DEBIT)
    return (
        select(
            _balance.c.account_id,
            _balance.c.balance,
            _balance.c.held,
            _balance.c.floor,
            _balance.c.frozen,
            case((is_raised, amount), else_=-amount).label("change"),
        )
        .where(and_(_balance.c.shop_id == SHOP, _balance.c.account_id.in_([debit, credit])))
        .order_by(_balance.c.account_id)
        .with_for_update(key_share=True)
        .cte("locked")
    )


def _text(name: str) -> Any:
    return bindparam(name, type_=_entry.c.kind.type)
