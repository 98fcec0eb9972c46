"""Which earlier sales a fact means: by their place in a line, and by what they are.

A place alone is not enough. Two copies of a counter that wrote on under one line gave the same
number to different sales; both are kept, and a fact of the one must never touch the other's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from core.facts.base import Fact
from core.facts.selling import ReceiptCopied, RefundSettled, SaleCompleted, TenderSwapped
from core.facts.shifts import ShiftClosed

_MARK: Final = 8


class Reference(NamedTuple):
    """A sale by its line, its number there, and the first bytes of its hash (none in facts of
    before those were written down: then the place alone says it)."""

    device: bytes
    seq: int
    mark: bytes = b""

    def fits(self, digest: bytes) -> bool:
        """Whether the entry at that place with this hash is meant."""
        return digest.startswith(self.mark)


def mark_of(digest: bytes) -> bytes:
    """What facts about a sale keep of its hash."""
    return digest[:_MARK]


def references(fact: Fact) -> Iterator[Reference]:
    """The sales that a fact does something to, in its order."""
    match fact:
        case SaleCompleted():
            for line in fact.lines:
                if line.refers is not None:
                    yield Reference(line.refers.device, line.refers.seq, line.refers.mark)
        case TenderSwapped() | ReceiptCopied() | RefundSettled():
            yield Reference(fact.device, fact.seq, fact.mark)
        case ShiftClosed():
            yield from (Reference(one.device, one.seq, one.mark) for one in fact.ticks)
