"""What facts did to sales: refunds, swaps, copies, money sent, payments found at the bank."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, or_, select

from core.contract import UnknownFact, UnreadableFact
from core.facts.base import Fact
from core.facts.references import references
from core.facts.selling import ReceiptCopied, RefundSettled, TenderSwapped
from core.facts.shifts import ShiftClosed
from core.facts.sync import Carried
from core.sync.feed import counts
from server.db.schema import SHOP, journal, trade
from server.db.transaction import ShopTx
from server.sync.fold.stored import fact_of_row

Place = tuple[bytes, int]
"""A line and the number of an entry in it."""

_entry, _sale = journal.entry, trade.sale
_MARKS: Final = (
    TenderSwapped.KIND, ReceiptCopied.KIND, RefundSettled.KIND, ShiftClosed.KIND, Carried.KIND,
)  # fmt: skip
_MARKING = (
    select(_entry)
    .where(
        _entry.c.shop_id == SHOP,
        _entry.c.n <= bindparam("last"),
        or_(
            _entry.c.kind.in_(_MARKS),
            _entry.c.n.in_(
                select(_sale.c.n).where(
                    _sale.c.shop_id == SHOP, _sale.c.n <= bindparam("last"), _sale.c.type != "sale"
                )
            ),
        ),
    )
    .order_by(_entry.c.n)
)


def marks_of(tx: ShopTx, sales: set[Place], last: int) -> set[int]:
    """Numbers up to `last` of the facts that did something to these sales, and to the refunds and
    exchanges among those facts. It reads all such facts of the shop."""
    if not sales:
        return set()
    marks: list[tuple[int, Place, set[Place]]] = []
    for row in tx.rows(_MARKING, last=last):
        if counts(row.verdict):
            try:
                at, fact = fact_of_row(row)
            except (UnknownFact, UnreadableFact):
                continue
            marks.append((row.n, (at.device, at.seq), meant_by(fact)))
    found, wanted = set[int](), set(sales)
    while wanted:
        new = [(n, place) for n, place, meant in marks if n not in found and wanted & meant]
        found.update(n for n, _ in new)
        wanted = {place for _, place in new}
    return found


def meant_by(fact: Fact) -> set[Place]:
    """The sales that a fact does something to."""
    return {(one.device, one.seq) for one in references(fact)}
