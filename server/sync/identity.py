"""Which facts count already: by the hash of their original bytes, however they came."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from sqlalchemy import bindparam, select, update

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.sync import Carried
from core.sync.feed import counts, verdict_codes
from server.db.schema import SHOP
from server.db.schema.journal import carried, entry, quarantine
from server.db.transaction import ShopTx
from server.sync.arrivals import DAMAGED
from server.sync.fold.stored import Original
from server.sync.rows import Rows

_ANY_CARRIED = select(carried.c.n).where(carried.c.shop_id == SHOP).limit(1)
SOME_CARRIED: Final = _ANY_CARRIED.scalar_subquery()
"""What `Identities` asks once of a step's first entry, to be asked beside other things."""
_CARRIED = select(carried.c.n).where(carried.c.shop_id == SHOP, carried.c.hash == bindparam("hash"))
_ENTRY = select(entry.c.n, entry.c.verdict).where(
    entry.c.shop_id == SHOP, entry.c.hash == bindparam("hash")
)
_QUARANTINED = select(quarantine).where(
    quarantine.c.shop_id == SHOP, quarantine.c.hash == bindparam("hash")
)
_HELD = (
    select(entry.c.kind, entry.c.version, entry.c.body)
    .select_from(
        quarantine.join(entry, (entry.c.shop_id == SHOP) & (entry.c.n == quarantine.c.n)),
    )
    .where(quarantine.c.shop_id == SHOP, entry.c.kind == Carried.KIND)
)
_DECIDE = (
    update(quarantine)
    .where(quarantine.c.shop_id == SHOP, quarantine.c.n == bindparam("at"))
    .values(decision=bindparam("word"), decided_n=bindparam("by"))
)


def _insides(tx: ShopTx) -> Iterator[bytes]:
    """Hashes of what entries in quarantine carry."""
    for kind, version, body in tx.rows(_HELD):
        with suppress(UnknownFact, UnreadableFact, ValueError):
            fact = decode_body(kind, version, body)[1]
            if isinstance(fact, Carried):
                yield Original(fact).hash


class Identities:
    """What counts, what was carried, what waits in quarantine: as far as a step touches it."""

    def __init__(self, tx: ShopTx) -> None:
        """Nothing is loaded yet."""
        self._tx = tx
        self._any_carried: bool | None = None
        self._held: set[bytes] | None = None
        self._counted: set[bytes] = set()
        self._carried = Rows(carried)
        self._quarantined = Rows(quarantine)

    def counts(self, digest: bytes) -> bool:
        """Whether a fact counts already, as an entry of its own or carried."""
        if digest in self._counted or self._was_carried(digest):
            return True
        row = self._tx.one(_ENTRY, hash=digest)
        if row is None:
            return False
        return counts(row.verdict) or self._was_released(digest)

    def know(self, carried_n: int | None) -> None:
        """The answer to `SOME_CARRIED`, which need not be asked again then."""
        if self._any_carried is None:
            self._any_carried = carried_n is not None

    def adopt(self, before: Identities) -> None:
        """Go on with what an earlier step left, where nobody wrote since."""
        self._any_carried = before._any_carried

    def has_entry(self, digest: bytes, *, whole: bool) -> bool:
        """Whether an entry of this hash is stored (in an earlier step); `whole`: or comes whole
        where it is stored with the bytes that a disk had damaged."""
        row = self._tx.one(_ENTRY, hash=digest)
        return row is not None and not (whole and DAMAGED in verdict_codes(row.verdict))

    def holds(self, digest: bytes) -> bool:
        """Whether an entry of this hash came inside another one that is in quarantine, waiting or
        decided."""
        if self._held is None:
            self._held = set(_insides(self._tx))
        return digest in self._held

    def hold(self, digest: bytes) -> None:
        """An entry that came inside another one is in quarantine from here on."""
        if self._held is not None:
            self._held.add(digest)

    def came_carried(self, digest: bytes) -> bool:
        """Whether an entry that is new came before inside another line's."""
        return digest in self._counted or self._was_carried(digest)

    def _was_carried(self, digest: bytes) -> bool:
        if self._any_carried is None:
            self._any_carried = self._tx.one(_ANY_CARRIED) is not None
        return self._any_carried and self._tx.one(_CARRIED, hash=digest) is not None

    def _was_released(self, digest: bytes) -> bool:
        row = self._tx.one(_QUARANTINED, hash=digest)
        return row is not None and row.decision == "released"

    def count(self, digest: bytes) -> None:
        """A fact counts from here on (as an entry of its own)."""
        self._counted.add(digest)

    def carry(self, digest: bytes, n: int, carrier: bytes) -> None:
        """A fact counts from here on, by the entry at `n` that carries it."""
        self._counted.add(digest)
        self._carried.add((digest, n, carrier))

    def quarantine(self, n: int, digest: bytes, code: str) -> None:
        """An entry waits for the owner."""
        self._quarantined.add((n, digest, code, "", 0))

    def decide(self, digest: bytes, word: str, n: int) -> int | None:
        """Decide on an entry in quarantine; returns its number, None where none waits there."""
        self._quarantined.write(self._tx)
        row = self._tx.one(_QUARANTINED, hash=digest) if len(digest) == 32 else None
        if row is None or row.decision:
            return None
        self._tx.run(_DECIDE, at=row.n, word=word, by=n)
        return int(row.n)

    def write(self, tx: ShopTx) -> None:
        """Write what is new."""
        if self._carried.rows:
            self._any_carried = True
        self._carried.write(tx, "nothing")
        self._quarantined.write(tx)
        self._counted.clear()
