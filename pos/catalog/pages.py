"""A list of a hundred thousand goods, page by page: by key, with a true scroll bar.

One pass over the index gives the key at which each page begins; a page is then fetched from
its key, which costs the same at the end of the list as at its beginning.
"""

from __future__ import annotations

from pos.catalog.listing import ProductRow, rows_after
from pos.db.database import Database


class ProductPages:
    """The goods as they stood when it was made; make a new one when they changed."""

    def __init__(self, db: Database, page_size: int = 200, *, archived: bool = False) -> None:
        """Count the goods and note where each page begins."""
        self._db = db
        self._size = page_size
        self._archived = archived
        active = "" if archived else "WHERE active=1 "
        keys = db.raw.execute(f"SELECT sort_name, id FROM product {active}ORDER BY sort_name, id")
        self._anchors: list[tuple[str, bytes]] = [("", b"")]
        self.count = 0
        last: tuple[str, bytes] = ("", b"")
        for key in keys:
            if self.count and self.count % page_size == 0:
                self._anchors.append(last)
            last = key
            self.count += 1

    def page(self, number: int) -> list[ProductRow]:
        """The rows of a page, from 0."""
        if not 0 <= number < len(self._anchors):
            return []
        return rows_after(self._db, self._anchors[number], self._size, archived=self._archived)
