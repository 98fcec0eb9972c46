"""Rows of payouts: written once, found, matched with a report's lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select

from server.db.schema import SHOP
from server.db.schema.payments import (
    provider_account,
    provider_payout,
    provider_payout_line,
    provider_payout_undone,
    settlement_line,
)
from server.db.transaction import AnyRow, ShopTx

_payout, _undone, _link = provider_payout, provider_payout_undone, provider_payout_line
_account, _line = provider_account, settlement_line
_with_undone = _payout.outerjoin(
    _undone, and_(_undone.c.shop_id == SHOP, _undone.c.payout_id == _payout.c.payout_id)
)
_ALL = (
    select(_payout, _undone.c.at_ms.label("undone_ms"))
    .select_from(_with_undone)
    .where(_payout.c.shop_id == SHOP)
)
_ONE = _ALL.where(_payout.c.payout_id == bindparam("payout"))
_SOME = _ALL.where(_payout.c.payout_id.in_(bindparam("payouts", expanding=True)))
_NEWEST = _ALL.order_by(_payout.c.day.desc(), _payout.c.recorded_ms.desc(), _payout.c.payout_id)
_LOCK = (
    select(_account.c.provider)
    .where(
        _account.c.shop_id == SHOP,
        _account.c.provider == bindparam("of"),
        _account.c.environment == bindparam("at"),
    )
    .with_for_update(key_share=True)
)
_LIKE = _ALL.where(
    _payout.c.provider == bindparam("of"),
    _undone.c.payout_id.is_(None),
    or_(
        and_(_payout.c.reference == bindparam("said"), _payout.c.reference != ""),
        and_(
            _payout.c.amount == bindparam("arrived"),
            _payout.c.day >= bindparam("first"),
            _payout.c.day <= bindparam("last"),
        ),
    ),
).order_by(_payout.c.day, _payout.c.payout_id)
_LINKS = (
    select(_link.c.payout_id, _line.c.report_id)
    .select_from(
        _link.join(_line, and_(_line.c.shop_id == SHOP, _line.c.line_id == _link.c.line_id))
    )
    .where(_link.c.shop_id == SHOP, _link.c.payout_id.in_(bindparam("payouts", expanding=True)))
)
RECORDED: Final = (
    select(_link.c.line_id, func.max(_payout.c.amount).label("amount"))
    .select_from(
        _link.join(
            _payout, and_(_payout.c.shop_id == SHOP, _payout.c.payout_id == _link.c.payout_id)
        )
    )
    .where(
        _link.c.shop_id == SHOP,
        ~select(_undone.c.payout_id)
        .where(_undone.c.shop_id == SHOP, _undone.c.payout_id == _link.c.payout_id)
        .exists(),
    )
    .group_by(_link.c.line_id)
    .subquery("payouts_recorded")
)
"""The lines of reports whose payout is recorded and was not taken back, with what arrived."""

MOST_SHOWN: Final = 100


class Payout(NamedTuple):
    """What arrived at the shop's bank on `day` (rupiah). `fee` was kept beside it: what was missing
    to the payments until `until_day`, or the payout's own where that is empty. `short`: how much
    more came than was known to be there. `is_undone`: it was taken back."""

    id: bytes
    provider: str
    environment: str
    reference: str
    day: str
    until_day: str
    amount: int
    fee: int
    short: int
    by_account: bytes
    recorded_ms: int
    is_undone: bool = False


def lock_account(tx: ShopTx, provider: str, environment: str) -> bool:
    """Let nobody else book payouts or fees of this merchant account until this transaction ends;
    False where there is none. Payments are locked before it, the books after it."""
    return tx.one(_LOCK, of=provider, at=environment) is not None


def keep(tx: ShopTx, payout: Payout) -> None:
    """Write it down."""
    values = payout._asdict()
    del values["id"], values["is_undone"]
    tx.insert(_payout, payout_id=payout.id, **values)


def keep_undone(tx: ShopTx, payout_id: bytes, by: bytes, now_ms: int) -> bool:
    """Write down that it was taken back; False where it was before."""
    return tx.insert_new(_undone, payout_id=payout_id, by_account=by, at_ms=now_ms)


def find(tx: ShopTx, payout_id: bytes) -> Payout | None:
    """One, by its id."""
    row = tx.one(_ONE, payout=payout_id)
    return None if row is None else payout_of(row)


def some(tx: ShopTx, ids: Sequence[bytes]) -> list[Payout]:
    """Those of these ids."""
    return [payout_of(row) for row in tx.rows(_SOME, payouts=list(ids))] if ids else []


def every(tx: ShopTx) -> list[Payout]:
    """All of a shop, the newest first."""
    return [payout_of(row) for row in tx.rows(_NEWEST)]


def newest(tx: ShopTx) -> list[Payout]:
    """The newest ones."""
    return [payout_of(row) for row in tx.rows(_NEWEST.limit(MOST_SHOWN))]


def alike(
    tx: ShopTx, provider: str, reference: str, amount: int, first: str, last: str
) -> list[Payout]:
    """Those not taken back that have this reference, or this amount in these days."""
    rows = tx.rows(_LIKE, of=provider, said=reference, arrived=amount, first=first, last=last)
    return [payout_of(row) for row in rows]


def reports_of(tx: ShopTx, payouts: Sequence[Payout]) -> dict[bytes, set[bytes]]:
    """In which reports payouts were found."""
    found: dict[bytes, set[bytes]] = {one.id: set() for one in payouts}
    if payouts:
        for row in tx.rows(_LINKS, payouts=list(found)):
            found[row.payout_id].add(row.report_id)
    return found


def unreported(tx: ShopTx, payouts: Sequence[Payout]) -> list[Payout]:
    """Those that a person recorded and that no report had."""
    reports = reports_of(tx, payouts)
    return [one for one in payouts if not reports[one.id]]


def link(tx: ShopTx, line_id: bytes, payout_id: bytes) -> None:
    """A report's line is about this payout."""
    tx.insert_new(_link, line_id=line_id, payout_id=payout_id)


def payout_of(row: AnyRow) -> Payout:
    """A payout of its row."""
    own = {name: getattr(row, name) for name in Payout._fields if name not in ("id", "is_undone")}
    return Payout(id=row.payout_id, is_undone=row.undone_ms is not None, **own)
