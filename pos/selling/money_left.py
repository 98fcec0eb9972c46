"""What of a receipt's money is still with the shop, by tender, through refunds and exchanges."""

from __future__ import annotations

from typing import NamedTuple

from core.exchange import move_money
from pos.db.database import Database


class MoneyLeft(NamedTuple):
    """Rupiah by tender, in the order in which they were paid; nothing that is used up.

    `exchanged` says that goods of the receipt were exchanged, or came by an exchange: then its
    cash is no longer what was once handed over, rounding and all.
    """

    parts: tuple[tuple[str, int], ...]
    exchanged: bool

    def cash(self) -> int:
        """What is left in cash."""
        return dict(self.parts).get("cash", 0)


def money_left(db: Database, sale_id: int) -> MoneyLeft:
    """What could still be given back of a receipt, by tender."""
    left, _moved, exchanged = _replay(db, sale_id)
    return MoneyLeft(tuple((kind, part) for kind, part in left.items() if part > 0), exchanged)


def _replay(
    db: Database, sale_id: int, until: int | None = None
) -> tuple[dict[str, int], dict[str, int], bool]:
    """Money left after the refunds and exchanges up to one of them, and what that one moved."""
    left, exchanged = _behind(db, sale_id)
    moved: dict[str, int] = {}
    if not db.scalar("SELECT refunded FROM sale WHERE id=?", (sale_id,)):
        return left, moved, exchanged
    # Only what came after can refer to it: without that, every line ever sold would be read.
    for (later,) in db.rows(
        "SELECT DISTINCT sale_id FROM sale_line WHERE sale_id>? AND refers_sale=? ORDER BY sale_id",
        (sale_id, sale_id),
    ):
        paid_out = [(kind, -amount) for kind, amount in _payments(db, later) if amount < 0]
        worth = _moved_over(db, later)
        exchanged = exchanged or _is_exchange(db, later)
        left, moved = move_money(left, paid_out, worth)
        if later == until:
            break
    return left, moved, exchanged


def _behind(db: Database, sale_id: int) -> tuple[dict[str, int], bool]:
    """The money that stood behind a receipt's goods when it was written."""
    behind: dict[str, int] = {}
    exchange = _is_exchange(db, sale_id)
    if exchange:
        for (original,) in db.rows(
            "SELECT DISTINCT refers_sale FROM sale_line WHERE sale_id=? AND refers_sale<>0",
            (sale_id,),
        ):
            for kind, part in _replay(db, original, until=sale_id)[1].items():
                behind[kind] = behind.get(kind, 0) + part
    for kind, amount in _payments(db, sale_id):
        # What an exchange pays out is the old receipt's money.
        if amount > 0 or not exchange:
            behind[kind] = behind.get(kind, 0) + amount
    return behind, exchange


def _is_exchange(db: Database, sale_id: int) -> bool:
    return bool(db.scalar("SELECT type='exchange' FROM sale WHERE id=?", (sale_id,)))


def _payments(db: Database, sale_id: int) -> list[tuple[str, int]]:
    rows = db.rows("SELECT kind, amount FROM payment WHERE sale_id=? ORDER BY n", (sale_id,))
    return [(row[0], row[1]) for row in rows]


def _moved_over(db: Database, sale_id: int) -> int:
    """The worth that a refund or exchange moved from old goods to new ones; 0 for a refund."""
    row = db.tuple_of(
        "SELECT coalesce(sum(CASE WHEN l.qty<0 THEN -l.net - (1-s.tax_included)*l.tax END), 0),"
        " coalesce(sum(CASE WHEN l.qty>0 THEN l.net + (1-s.tax_included)*l.tax END), 0)"
        " FROM sale_line l JOIN sale s ON s.id=l.sale_id WHERE s.id=?",
        (sale_id,),
    )
    return min(row) if row else 0
