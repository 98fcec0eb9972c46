"""Two counters changed the same field: which value stands.

A change says which value it replaces. If that value still stands, the change applies. If not, the
two were made without knowing of each other: the later corrected time wins, a tie goes to the
greater hash of the fact. The server writes its decision into the feed with both values.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Outcome = Literal["applied", "same", "won", "lost"]


class Stamp(NamedTuple):
    """Who set the value that stands: corrected time (UTC ms) and hash of the fact."""

    at_ms: int
    hash: bytes


FIRST = Stamp(0, b"")
"""The stamp of a value that a document was born with."""


def judge(standing: str, stamp: Stamp, old: str, new: str, change: Stamp) -> Outcome:
    """What becomes of a change from `old` to `new` where `standing` is the value now (JSON text).

    `applied`: nothing stood against it. `same`: the value is the same anyway. `won` and `lost`:
    made at two places; the decision is a fact of its own. After `same` the value keeps the later
    of the two stamps.
    """
    if new == standing:
        return "same"
    if old == standing:
        return "applied"
    return "won" if change > stamp else "lost"
