"""Which counter wrote a record down first: what the shop founded with comes before what came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.births import BIRTHS, born_documents
from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.base import Fact
from core.facts.sync import Carried, RegisterJoined
from pos.db.database import Database

_BIRTHS: Final = (*BIRTHS, Carried.KIND)
# Entries of the server's line are of no counter: what was written down on the web is the shop's.
_SERVER_RANK: Final = 1


class Origins:
    """Ranks of all goods and customers: 0 is the founding counter's, then in order of joining."""

    def __init__(self, db: Database) -> None:
        """Read the journal once; some seconds for a hundred thousand goods, so not in a window."""
        self._ranks = _ranks(db)
        self._parents = _parents(db)
        self._of: dict[bytes, int] = {}
        for device, fact in _births(db):
            rank = self._rank(device)
            for document in born_documents(fact):
                self._of.setdefault(document, rank)

    def rank(self, document: bytes) -> int:
        """Whose a product or customer is."""
        return self._of.get(document, _SERVER_RANK)

    def _rank(self, device: bytes) -> int:
        root, seen = device, set[bytes]()
        while root not in self._ranks and root not in seen:
            seen.add(root)
            root = self._parents.get(root, root)
        if root in self._ranks:
            return self._ranks[root]
        return _SERVER_RANK


def _ranks(db: Database) -> dict[bytes, int]:
    """Counters' first lines in the order in which they joined, with room for the server's after
    the first."""
    rows = db.raw.execute(
        "SELECT j.kind, j.version, j.body FROM journal j JOIN feed f ON f.pos=j.pos"
        " WHERE j.kind=? AND f.order_n IS NOT NULL ORDER BY f.order_n",
        (RegisterJoined.KIND,),
    )
    ranks: dict[bytes, int] = {}
    for kind, version, body in rows:
        fact = _read(kind, version, body)
        if isinstance(fact, RegisterJoined) and not fact.parent:
            ranks.setdefault(fact.device, 2 * len(ranks))
    # A counter whose joining is not in the feed yet comes last.
    own = db.scalar("SELECT device FROM own_line ORDER BY place LIMIT 1")
    if own is not None:
        ranks.setdefault(bytes(own), 2 * len(ranks) + 2)
    return ranks


def _parents(db: Database) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for statement in (
        "SELECT device, parent FROM register WHERE parent<>x''",
        "SELECT device, parent_device FROM line WHERE parent_device<>x''",
    ):
        for device, parent in db.raw.execute(statement):
            found.setdefault(bytes(device), bytes(parent))
    return found


def _births(db: Database) -> Iterator[tuple[bytes, Fact]]:
    marks = ",".join("?" * len(_BIRTHS))
    rows = db.raw.execute(
        f"SELECT device, kind, version, body FROM journal WHERE kind IN ({marks}) ORDER BY pos",
        _BIRTHS,
    )
    for device, kind, version, body in rows:
        fact = _read(kind, version, body)
        if isinstance(fact, Carried):
            device, fact = fact.device, _read(fact.kind, fact.version, fact.body)
        if fact is not None:
            yield bytes(device), fact


def _read(kind: str, version: int, body: bytes) -> Fact | None:
    """A fact; one that the disk has damaged or a newer program wrote says nothing here."""
    try:
        return decode_body(kind, version, body)[1]
    except (UnknownFact, UnreadableFact):
        return None
