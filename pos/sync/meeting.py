"""Whether what a snapshot says is about goods or customers that are here by own facts only.

The server may hold facts about a document whose own fact it has lost or not got yet, while the
counter that wrote it still has it waiting: then what waits is folded again on top of the snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from core.births import BIRTHS, born_documents
from core.contract import UnknownFact, UnreadableFact
from core.facts.sync import Carried
from pos.db.base import rows_from
from pos.db.database import Database
from pos.db.fold.folding import folding_of

_BORN: Final = (*BIRTHS, Carried.KIND)
_WAITING: Final = (
    "SELECT w.pos FROM waiting w JOIN journal j ON j.pos=w.pos"
    f" WHERE j.kind IN ({','.join('?' * len(_BORN))}) ORDER BY w.pos"
)
_MOVED: Final = (
    "SELECT 1 FROM stock_movement WHERE product_id=?1 AND pos NOT IN (SELECT pos FROM waiting)"
    " UNION ALL"
    " SELECT 1 FROM debt_movement WHERE customer_id=?1 AND pos NOT IN (SELECT pos FROM waiting)"
    " LIMIT 1"
)


def meets_what_waits(db: Database) -> bool:
    """Whether a snapshot that is laid down names what waiting facts have brought into being."""
    mine = set(_born(db))
    if not mine:
        return False
    if any(row.document in mine for _, rows in rows_from(db, groups=("early",)) for row in rows):
        return True
    return any(db.tuple_of(_MOVED, (one,)) is not None for one in mine)


def _born(db: Database) -> Iterator[bytes]:
    """Goods and customers of waiting facts, also of those inside other entries."""
    for (pos,) in db.rows(_WAITING, _BORN):
        with suppress(UnknownFact, UnreadableFact):
            _, fact = folding_of(db, pos)
            yield from born_documents(fact)
