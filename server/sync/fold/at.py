"""One entry on its way into the tables."""

from __future__ import annotations

from core.facts.base import Header
from core.sync.fields import Stamp


class At:
    """Where a fact stands: feed number, line, header, corrected time, hash.

    `n` names its rows for ever. `carrier` is the line that brought it where that is not its own.
    `joined`: written before its counter joined the shop. `flags` gathers the rules it breaks.
    """

    __slots__ = (
        "at_ms",
        "carrier",
        "device",
        "flags",
        "hash",
        "header",
        "joined",
        "moves",
        "n",
        "seq",
    )

    def __init__(
        self,
        n: int,
        device: bytes,
        seq: int,
        header: Header,
        at_ms: int,
        digest: bytes,
        *,
        carrier: bytes | None = None,
        joined: bool = False,
    ) -> None:
        """See the class."""
        self.n = n
        self.device = device
        self.seq = seq
        self.header = header
        self.at_ms = at_ms
        self.hash = digest
        self.carrier = carrier
        self.joined = joined
        self.flags: set[str] = set()
        self.moves = 0

    @property
    def line(self) -> bytes:
        """The line whose knowledge the fact was written with."""
        return self.carrier or self.device

    @property
    def stamp(self) -> Stamp:
        """Who sets a field by this fact."""
        return Stamp(self.at_ms, self.hash)

    def next_move(self) -> int:
        """The number of the fact's next movement of one kind of row."""
        self.moves += 1
        return self.moves
