"""Merges of this counter that wait, and what may not be folded under them piece by piece.

A merge moves whole records: what is folded before it must have been folded before it. Where
accepted facts of others touch records of a merge that waits, or a merge is accepted under waiting
facts that touch its records, everything is folded again (docs/sync.md); elsewhere nothing is.
"""

from __future__ import annotations

from collections.abc import Collection

from core.facts.base import Fact
from core.facts.stock import StockReceived
from core.facts.sync import DocumentsMerged
from core.movements import movements
from pos.db.database import Database
from pos.db.fold.folding import Folding, target_of
from pos.sync.touched import named_documents

# A merge that waits has changed a field of the record that it takes off the lists. Few fields
# wait; of merges there may be thousands.
_SOME_WAIT = (
    "SELECT 1 FROM field_wait w CROSS JOIN merged m"
    " WHERE m.table_name=w.table_name AND m.source=w.document LIMIT 1"
)
_WAITS = (
    "SELECT 1 FROM merged m JOIN field_wait w ON w.table_name=m.table_name AND w.document=m.source"
)
_MOVES = {
    "product": "SELECT 1 FROM stock_movement m JOIN waiting w ON w.pos=m.pos WHERE m.product_id=?",
    "customer": "SELECT 1 FROM debt_movement m JOIN waiting w ON w.pos=m.pos WHERE m.customer_id=?",
}


def merges_wait(db: Database) -> bool:
    """Whether a merge is shown here that the accepted state does not know yet."""
    return db.tuple_of(_SOME_WAIT) is not None


def under_a_merge(at: Folding, fact: Fact) -> bool:
    """Whether an accepted fact is about a record of a merge that waits."""
    if not merges_wait(at.db):
        return False
    return any(_in_waiting_merge(at, *one) for one in named_documents(fact))


def over_waiting(at: Folding, fact: DocumentsMerged) -> bool:
    """Whether something that waits is about the records of a merge that is accepted now."""
    return any(
        _in_waiting_merge(at, fact.table, document) or _has_waiting(at, fact.table, document)
        for document in (fact.source, fact.target)
    )


def lies_in_a_merge(db: Database, product_ids: Collection[bytes]) -> bool:
    """Whether some of these goods are part of a merge that waits: their pools hold already what it
    brings, so what waits from before it cannot be reckoned anew from them."""
    return merges_wait(db) and any(_is_in_waiting_merge(db, "product", one) for one in product_ids)


def means_another(at: Folding, fact: Fact) -> bool:
    """Whether an own fact that is accepted now would change another record than it did when it
    was written.

    A merge of what was merged elsewhere meanwhile; what sets the cost of goods, or lends, and was
    written before a merge that still waits.
    """
    if isinstance(fact, DocumentsMerged):
        return _is_chained(at, fact)
    about = isinstance(fact, StockReceived) or bool(movements(fact).debt)
    return about and under_a_merge(at, fact)


def _is_chained(at: Folding, fact: DocumentsMerged) -> bool:
    target = at.db.scalar(
        "SELECT target FROM merged WHERE table_name=? AND source=?", (fact.table, fact.source)
    )
    return target is None or bytes(target) != fact.target


def _in_waiting_merge(at: Folding, table: str, document: bytes) -> bool:
    return any(_is_in_waiting_merge(at.db, table, one) for one in _meant(at, table, document))


def _is_in_waiting_merge(db: Database, table: str, document: bytes) -> bool:
    found = db.tuple_of(
        f"{_WAITS} WHERE m.table_name=?1 AND (m.source=?2 OR m.target=?2) LIMIT 1",
        (table, document),
    )
    return found is not None


def _has_waiting(at: Folding, table: str, document: bytes) -> bool:
    for one in _meant(at, table, document):
        fields = "SELECT 1 FROM field_wait WHERE table_name=? AND document=? LIMIT 1"
        if at.db.tuple_of(fields, (table, one)) or at.db.tuple_of(
            f"{_MOVES[table]} LIMIT 1", (one,)
        ):
            return True
    return False


def _meant(at: Folding, table: str, document: bytes) -> set[bytes]:
    return {document, target_of(at, table, document)}
