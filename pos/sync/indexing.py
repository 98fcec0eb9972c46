"""The search by name after what came from others: a few goods with the slice that brought them, of
many the rest behind it, so that nobody who sells waits for their words.

That some are still to come is noted in the file: where the program ends over it, all are gone
through once more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from pos.catalog.indexing import refresh
from pos.db.database import Database
from pos.sync.memory import recall, remember

AT_ONCE: Final = 20
"""So many goods' words are written in one transaction."""

_DUE: Final = "index"


def index_or_note(db: Database, product_ids: Collection[bytes]) -> list[bytes]:
    """Bring the words of goods up to date, or note that it is due; inside the caller's
    transaction. Returns the goods that are left for `index_rest`."""
    if len(product_ids) > AT_ONCE:
        remember(db, _DUE, "1")
        return sorted(product_ids)
    for product_id in product_ids:
        refresh(db, product_id)
    return []


def index_rest(db: Database, left: list[bytes], breathe: Callable[[], None]) -> None:
    """Bring the words of what was left up to date; `breathe` is called after each transaction."""
    for start in range(0, len(left), AT_ONCE):
        with db.transaction():
            for product_id in left[start : start + AT_ONCE]:
                refresh(db, product_id)
            if start + AT_ONCE >= len(left):
                remember(db, _DUE, "")
        breathe()


def finish_indexing(db: Database, breathe: Callable[[], None] = lambda: None) -> None:
    """Go through all goods where a program ended over some of them."""
    if recall(db, _DUE):
        index_rest(db, [bytes(row[0]) for row in db.rows("SELECT id FROM product")], breathe)
        with db.transaction():
            remember(db, _DUE, "")
