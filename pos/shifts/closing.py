"""Closing a shift: one local fact with the figures as they are; nothing can block it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.facts.shifts import Denomination, ShiftClosed, Ticked
from core.ids import seal_words
from core.text import clean_name
from pos.catalog.indexing import rebuild
from pos.counter import Counter, read_head
from pos.db.database import Database
from pos.printing.enqueue import queue_document
from pos.reports.shift import shift_figures
from pos.shifts.drawer import MAX_RUPIAH, BadDrawerAmount
from pos.shifts.open_shift import open_shift_id
from pos.staff.people import require


class Closed(NamedTuple):
    """A closed shift: amounts in rupiah, the Z number, and the words of its seal."""

    z_number: int
    expected: int
    counted: int
    difference: int
    seal: str


def close_shift(
    counter: Counter,
    counted: int,
    *,
    denominations: Mapping[int, int] | None = None,
    ticks: Sequence[Ticked] = (),
    note: str = "",
    first_counted: int | None = None,
) -> Closed:
    """Close the open shift with what was counted in the drawer.

    Raises:
        NoShift, BadDrawerAmount, NeedsManager: nothing else can stop a closing.
    """
    require(counter, "shift")
    if not 0 <= counted <= MAX_RUPIAH:
        raise BadDrawerAmount(amount=counted)
    shift_id = open_shift_id(counter.db)
    with counter.transaction() as tx:
        figures = shift_figures(tx.db, shift_id)
        z_number = 1 + int(
            # A shift may be opened in one line and closed in the next: numbers go on.
            tx.db.scalar(
                "SELECT max(z_number) FROM z_report WHERE device IN (SELECT device FROM own_line)"
            )
            or 0
        )
        tx.append(
            ShiftClosed(
                shift_id=shift_id,
                z_number=z_number,
                counted=counted,
                first_counted=counted if first_counted is None else first_counted,
                expected=figures.expected,
                denominations=tuple(
                    Denomination(value, pieces)
                    for value, pieces in sorted((denominations or {}).items(), reverse=True)
                    if pieces
                ),
                ticks=tuple(ticks),
                totals=figures.totals,
                sales=figures.sales,
                refunds=figures.refunds,
                gross=figures.gross,
                discount=figures.discount,
                tax=figures.tax,
                rounding=figures.rounding,
                net=figures.net,
                cash_in=figures.cash_in,
                cash_out=figures.cash_out,
                repaid_cash=figures.repaid_cash,
                drawer_openings=figures.drawer_openings,
                first_receipt=figures.first_receipt,
                last_receipt=figures.last_receipt,
                note=clean_name(note),
            )
        )
        # Most sold first: the search index's own order is renewed once a shift.
        rebuild(tx.db)
        reference = _z_reference(tx.db, z_number, tx.head.device)
        queue_document(tx.db.raw, "zreport", reference, counter.clock.now_ms())
    head = read_head(counter.db)
    words = seal_words(head.hash) if head else ""
    return Closed(z_number, figures.expected, counted, counted - figures.expected, words)


def _z_reference(db: Database, z_number: int, device: bytes) -> str:
    register = db.scalar("SELECT register FROM line WHERE device=?", (device,))
    return f"{register}-{z_number}"
