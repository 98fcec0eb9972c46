"""What happened in a run, as a table; and its hash: the same seed, the same story."""

from __future__ import annotations

import hashlib
from collections import Counter as Tally
from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """One thing that happened: when (ms since the run began), to whom, and where it stands then."""

    at: int
    who: str
    what: str
    head: str = ""
    waiting: str = ""
    cursor: str = ""


class Story:
    """Rows in their order, a running hash over them, and counts of what they were."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self.rows: list[Row] = []
        self.counts: Tally[str] = Tally()
        self._digest = hashlib.sha256()

    def tell(self, row: Row) -> None:
        """One more row."""
        self.rows.append(row)
        self._digest.update("|".join(map(str, row)).encode())

    def count(self, name: str, number: int = 1) -> None:
        """Something worth counting happened."""
        self.counts[name] += number

    @property
    def trace(self) -> str:
        """The hash over everything told."""
        return self._digest.hexdigest()

    def table(self, last: int = 0) -> str:
        """The rows (the last so many, or all) for people to read."""
        return as_table(self.rows[-last:] if last else self.rows)


def as_table(rows: Sequence[Row]) -> str:
    """Rows under their headings, in columns."""
    heads = ("ms", "who", "what", "head", "waits", "cursor")
    texts = [tuple(map(str, row)) for row in rows]
    widths = [max(len(row[at]) for row in [heads, *texts]) for at in range(len(heads))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in [heads, *texts]
    ]
    return "\n".join(lines)
