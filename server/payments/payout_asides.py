"""Payouts of reports that the owner has set aside, since they are none of this shop's: a word is
kept each time, and the last one counts."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select

from server.db.schema import SHOP
from server.db.schema.payments import settlement_line, settlement_line_aside
from server.db.transaction import ShopTx
from server.payments.payout_rows import RECORDED

MOST_SHOWN: Final = 50
_line, _word = settlement_line, settlement_line_aside
_later = _word.alias("later")
ASIDE: Final = (
    select(_word.c.line_id, _word.c.reason, _word.c.at_ms)
    .where(
        _word.c.shop_id == SHOP,
        _word.c.is_aside,
        ~select(_later.c.i)
        .where(
            _later.c.shop_id == SHOP, _later.c.line_id == _word.c.line_id, _later.c.i > _word.c.i
        )
        .exists(),
    )
    .subquery("set_aside")
)
"""The lines of reports that are set aside, with the reason."""

_LAST = (
    select(_word.c.i, _word.c.is_aside)
    .where(_word.c.shop_id == SHOP, _word.c.line_id == bindparam("line"))
    .order_by(_word.c.i.desc())
    .limit(1)
)
_LISTED = (
    select(
        _line.c.line_id, _line.c.transaction_id, _line.c.amount, _line.c.settled_ms,
        ASIDE.c.reason, ASIDE.c.at_ms,
    )
    .select_from(
        _line.join(ASIDE, ASIDE.c.line_id == _line.c.line_id)
        .outerjoin(RECORDED, RECORDED.c.line_id == _line.c.line_id)
    )
    .where(_line.c.shop_id == SHOP, RECORDED.c.line_id.is_(None))
)  # fmt: skip
_NEWEST = _LISTED.order_by(ASIDE.c.at_ms.desc(), _line.c.line_id).limit(MOST_SHOWN)
_COUNT = select(func.count()).select_from(_LISTED.subquery("listed"))


class SetAside(NamedTuple):
    """A payout of a report (rupiah) that is none of this shop's. `settled_ms`: the provider's time,
    None where the report says none; `at_ms`: when it was set aside."""

    line_id: bytes
    reference: str
    amount: int
    settled_ms: int | None
    reason: str
    at_ms: int


def is_aside(tx: ShopTx, line_id: bytes) -> bool:
    """Whether a line is set aside."""
    last = tx.one(_LAST, line=line_id)
    return last is not None and bool(last.is_aside)


def put_word(
    tx: ShopTx, line_id: bytes, reason: str, by: bytes, now_ms: int, *, aside: bool
) -> None:
    """Keep a word about a line, where it says anything new. The merchant account is locked."""
    last = tx.one(_LAST, line=line_id)
    if aside == (last is not None and bool(last.is_aside)):
        return
    tx.insert(
        _word,
        line_id=line_id,
        i=1 if last is None else last.i + 1,
        is_aside=aside,
        reason=reason,
        by_account=by,
        at_ms=now_ms,
    )


def newest(tx: ShopTx) -> list[SetAside]:
    """Those that were set aside last."""
    return [
        SetAside(
            row.line_id, row.transaction_id, int(row.amount), row.settled_ms, row.reason, row.at_ms
        )
        for row in tx.rows(_NEWEST)
    ]


def count(tx: ShopTx) -> int:
    """How many are set aside."""
    return int(tx.scalar(_COUNT))
