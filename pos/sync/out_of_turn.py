"""Which entries are accepted although an older one still waits here."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Final

from core.facts.base import Fact
from core.facts.selling import RefundSettled, TenderSwapped
from core.facts.sync import DocumentsMerged
from pos.db.database import Database
from pos.sync.refold import is_refold_due

_BORN: Final = (
    "line_opened", "staff_added", "product_added", "catalog_imported", "customer_added",
    "shift_opened", "cart_parked",
)  # fmt: skip
_MARKING: Final = (TenderSwapped.KIND, RefundSettled.KIND)
_MARKS: Final = (
    "SELECT 1 FROM waiting w CROSS JOIN journal j ON j.pos=w.pos WHERE j.kind IN (?,?) LIMIT 1"
)
MOST_LOOKED_THROUGH: Final = 1_000
"""Of so many that wait it is found out; where more do, all is folded again in the end anyway."""

_WAITING: Final = "SELECT pos FROM waiting ORDER BY pos"
_BIRTHS: Final = (
    "SELECT w.pos FROM waiting w CROSS JOIN journal j ON j.pos=w.pos"
    f" WHERE j.kind IN ({','.join('?' * len(_BORN))}) ORDER BY w.pos"
)


def out_of_turn(
    db: Database, accepted: Iterable[tuple[int, int, Fact]]
) -> Iterator[tuple[int, bool]]:
    """Of what waited and is accepted (where the entry lies and where its effects are kept, in the
    order in which that is so) those entries that overtake another; with each, whether all is to be
    folded again for it.

    It is where something that was born meanwhile, or a merge, changes its place in the order.
    """
    taken: set[int] = set()
    is_due = is_refold_due(db)  # then nothing more needs to be found out
    # Read only as far as is needed: after a server went back tens of thousands may wait.
    with (
        closing(_untaken(db, taken, _WAITING)) as waiting,
        closing(_untaken(db, taken, _BIRTHS, _BORN)) as births,
    ):
        for pos, place, fact in accepted:
            if next(waiting, place) < place:
                is_due = is_due or isinstance(fact, DocumentsMerged)
                is_due = is_due or next(births, place) < place
                yield pos, is_due
            taken.add(place)


def under_own_marks(db: Database, fact: Fact) -> bool:
    """Whether another's fact marks a payment (swapped, settled) while one that does waits here: of
    two about one payment the later in the order stands, and the one that waits is the later."""
    if not isinstance(fact, TenderSwapped | RefundSettled):
        return False
    waits = db.scalar("SELECT count(*) FROM waiting")
    return waits > MOST_LOOKED_THROUGH or db.tuple_of(_MARKS, _MARKING) is not None


def _untaken(db: Database, taken: set[int], sql: str, params: Sequence[str] = ()) -> Generator[int]:
    """The oldest of what waits that is not taken, each time it is asked for; `taken` grows."""
    for (pos,) in db.raw.execute(sql, params):
        while pos not in taken:
            yield pos
