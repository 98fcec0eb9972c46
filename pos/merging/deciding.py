"""What was decided about pairs: merged in small transactions, or kept apart for good."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from core.errors import Refused
from core.facts.sync import Apart, DocumentsMerged, KeptApart
from core.sync.limits import APPLY_MS
from pos.catalog.indexing import refresh
from pos.counter import Counter, Transaction, read_head
from pos.db.database import Database
from pos.db.merged import meant
from pos.merging.finding import Table
from pos.staff.people import require

FIRST_SLICE: Final = 4
MOST_IN_SLICE: Final = 64
MOST_IN_NOTE: Final = 500


class NotEnrolledToMerge(Refused):
    """A counter that is alone has nothing of another one."""

    code = "merge_alone"


class CannotMerge(Refused):
    """These two are not merged; `why` is same, missing, unit or kind."""

    code = "cannot_merge"


class Two(NamedTuple):
    """Two records: `source` goes up in `target`, or both stay."""

    table: Table
    source: bytes
    target: bytes


class Progress(NamedTuple):
    """How far it is: `merged` of `done` pairs; the others had changed meanwhile and stay."""

    done: int
    merged: int


def merge_pairs(
    counter: Counter,
    pairs: Sequence[Two],
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Progress]:
    """Merge pairs, some in each step: every step is one transaction that is durable when it
    yields, and holds the counter's writer for at most some 20 ms.

    Between steps others may write; a program that ends in between has merged what was yielded.
    A pair whose record was sold out of the lists or merged meanwhile, or whose base unit is
    another by now, is left as it is. One merge moves all movements of a product at once, so one
    with tens of thousands of them takes longer.

    Raises:
        NeedsManager, NotEnrolledToMerge: before anything was written.
    """
    check_may_merge(counter)
    done = merged = 0
    size = FIRST_SLICE
    while done < len(pairs):
        part = pairs[done : done + size]
        began = clock()
        with counter.transaction() as tx:
            merged += sum(_merge(tx, two) for two in part)
        took_ms = (clock() - began) * 1000
        done += len(part)
        if took_ms > APPLY_MS / 2:
            size = max(1, size // 2)
        elif took_ms < APPLY_MS / 4:
            size = min(MOST_IN_SLICE, size * 2)
        yield Progress(done, merged)


def check_may_merge(counter: Counter) -> None:
    """Insist on who acts and on a shop of several counters.

    Raises:
        NeedsManager, NotEnrolledToMerge.
    """
    require(counter, "edit_goods")
    head = read_head(counter.db)
    if head is None or not head.enrolled:
        raise NotEnrolledToMerge()


def check_pair(db: Database, two: Two) -> None:
    """Insist that two records can be merged as they are now.

    Raises:
        CannotMerge.
    """
    why = _fault(db, two)
    if why:
        raise CannotMerge(why=why)


def _merge(tx: Transaction, two: Two) -> bool:
    if _fault(tx.db, two):
        return False
    tx.append(DocumentsMerged(two.table, two.source, two.target))
    if two.table == "product":
        refresh(tx.db, two.source)
        refresh(tx.db, meant(tx.db, "product", two.target))
    return True


def _fault(db: Database, two: Two) -> str:
    if meant(db, two.table, two.source) == meant(db, two.table, two.target):
        return "same"
    unit = "unit" if two.table == "product" else "''"
    rows = [
        db.tuple_of(f"SELECT active, {unit} FROM {two.table} WHERE id=?", (one,))
        for one in (two.source, meant(db, two.table, two.target))
    ]
    if any(row is None or not row[0] for row in rows):
        return "missing"
    assert rows[0] is not None and rows[1] is not None, "both are here"
    return "unit" if rows[0][1] != rows[1][1] else ""


def keep_apart(counter: Counter, pairs: Sequence[Two]) -> None:
    """Say that pairs are two things each: no counter of the shop proposes them again.

    Raises:
        NeedsManager, NotEnrolledToMerge.
    """
    check_may_merge(counter)
    for table in ("product", "customer"):
        mine = [Apart(two.source, two.target) for two in pairs if two.table == table]
        for start in range(0, len(mine), MOST_IN_NOTE):
            with counter.transaction() as tx:
                part = tuple(mine[start : start + MOST_IN_NOTE])
                tx.append(KeptApart(table, part))
