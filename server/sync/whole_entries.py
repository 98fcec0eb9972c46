"""Entries as a counter gets them that did not fold what came before: with what each moved.

And with the server's word for each that it was in the feed: should this server be restored from
before it, whoever has the entry can offer it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import bindparam, select

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.sync import Carried
from core.sync.feed import START, counts, cursor_bytes
from core.sync.snapshot import Cash, Debt, Stock, Whole
from server.db.keyed import ByKeys, rows_by_keys
from server.db.schema import SHOP, journal, trade
from server.db.transaction import ShopTx
from server.sync.fold.loading import by_keys
from server.sync.keys import ServerKey

_PART: Final = 2_000
_DECIDED = select(journal.quarantine.c.n, journal.quarantine.c.decided_n).where(
    journal.quarantine.c.shop_id == SHOP, journal.quarantine.c.decision == "released"
)
_CARRIED = select(journal.carried.c.hash, journal.carried.c.n).where(
    journal.carried.c.shop_id == SHOP
)


class _Part(msgspec.Struct, frozen=True):
    """A table of rows by feed number: a range of them, or some."""

    between: Any
    some: ByKeys


def _part(table: Any, *columns: str) -> _Part:
    chosen = [table.c[name] for name in columns] if columns else [table]
    between = (
        select(*chosen)
        .where(
            table.c.shop_id == SHOP,
            table.c.n > bindparam("after"),
            table.c.n <= bindparam("last"),
        )
        .order_by(*(c for c in table.primary_key.columns if c.name != "shop_id"))
    )
    return _Part(between, by_keys(table, "n", *columns))


_ENTRIES = _part(
    journal.entry, "n", "device", "seq", "kind", "version", "prev_hash", "hash", "at_ms", "verdict",
    "entry_shop", "body",
)  # fmt: skip
_STOCK = _part(
    trade.stock_movement, "n", "i", "product_id", "kind", "qty", "value", "line_no"
)  # fmt: skip
_DEBT = _part(trade.debt_movement, "n", "i", "customer_id", "account", "amount", "day")
_CASH = _part(trade.cash_movement, "n", "i", "shift_id", "kind", "amount")
_BY_HASH = by_keys(journal.entry, "hash", "n", "hash")
_BODIES = by_keys(journal.entry, "n", "n", "version", "body")
_FEED_HASH = by_keys(journal.entry, "n", "n", "feed_hash")


class Carriers:
    """Which entries of the shop came inside others, and where those are that count."""

    def __init__(self, tx: ShopTx) -> None:
        """Read them; they are few."""
        self.by_hash: dict[bytes, int] = {row.hash: row.n for row in tx.rows(_CARRIED)}
        self._numbers = set(self.by_hash.values())
        # Movements of an entry that was released lie under its own number.
        self._released = {row.n: row.decided_n for row in tx.rows(_DECIDED)}

    def order_of(self, n: int, kind: str, digest: bytes, verdict: str) -> int:
        """Where an entry counts: at its number, at that of its release, or (0) nowhere."""
        inside = self.by_hash.get(digest)
        if not counts(verdict):
            released = int(self._released.get(n, 0))
            if inside is not None and inside != n and inside < released:
                return 0  # it came another way meanwhile, and counts there
            return 0 if kind == Carried.KIND and n not in self._numbers else released
        if inside is not None and inside < n:
            return 0
        if kind == Carried.KIND and n not in self._numbers:
            return 0
        return n

    def holding(self, tx: ShopTx, kinds: Collection[str], last: int) -> set[int]:
        """Carriers up to a number of entries of some kinds, and the originals that the feed had
        before them."""
        found = set()
        for n, version, body in rows_by_keys(tx, _BODIES, {n for n in self._numbers if n <= last}):
            with suppress(UnknownFact, UnreadableFact):
                fact = decode_body(Carried.KIND, version, body)[1]
                if isinstance(fact, Carried) and fact.kind in kinds:
                    found.add(n)
        before = self.originals(tx, 1, last) if found else {}
        return found | {before[n] for n in found if n in before}

    def originals(self, tx: ShopTx, first: int, last: int) -> dict[int, int]:
        """Of carriers with numbers from `first` to `last`: the numbers of the originals that the
        feed had before them, where it had them."""
        hashes = {digest: n for digest, n in self.by_hash.items() if first <= n <= last}
        found: dict[int, int] = {}
        for n, digest in rows_by_keys(tx, _BY_HASH, hashes):
            if n < hashes[digest]:
                found[hashes[digest]] = n
        return found


class Signer(NamedTuple):
    """Signs for the shop's feed in an epoch."""

    tx: ShopTx
    key: ServerKey
    epoch: int

    def end(self, n: int, feed_hash: bytes) -> bytes:
        """That the feed was this up to a number, as at the end of a page."""
        return self.key.sign(cursor_bytes(self.tx.shop_id, self.epoch, n, feed_hash))

    def alone(self, numbers: Collection[int]) -> dict[int, tuple[bytes, bytes]]:
        """For entries that come without those around them: the hash before and the signature."""
        wanted = {one for n in numbers for one in (n - 1, n)}
        hashes = {n: bytes(digest) for n, digest in rows_by_keys(self.tx, _FEED_HASH, wanted)}
        return {n: (hashes.get(n - 1, START), self.end(n, hashes[n])) for n in numbers}


def read_whole(
    signer: Signer, carriers: Carriers, numbers: Collection[int], after: int, last: int
) -> list[Whole]:
    """The entries at `numbers`, each signed for, then those after `after` up to `last`; each part
    in order."""
    tx = signer.tx
    stock: dict[int, list[Stock]] = defaultdict(list)
    debt: dict[int, list[Debt]] = defaultdict(list)
    cash: dict[int, list[Cash]] = defaultdict(list)
    for n, _i, *stock_row in _all(tx, _STOCK, numbers, after, last):
        stock[n].append(Stock(*stock_row))
    for n, _i, *debt_row in _all(tx, _DEBT, numbers, after, last):
        debt[n].append(Debt(*debt_row))
    for n, _i, *cash_row in _all(tx, _CASH, numbers, after, last):
        cash[n].append(Cash(*cash_row))
    order_of, alone = carriers.order_of, signer.alone(numbers)
    return [
        Whole(
            n, device, seq, kind, version, prev_hash, digest, at_ms, verdict, shop, body,
            order_of(n, kind, digest, verdict),
            tuple(stock.get(n, ())), tuple(debt.get(n, ())), tuple(cash.get(n, ())),
            *alone.get(n, ()),
        )
        for n, device, seq, kind, version, prev_hash, digest, at_ms, verdict, shop, body
        in _all(tx, _ENTRIES, numbers, after, last)
    ]  # fmt: skip


def _all(tx: ShopTx, part: _Part, numbers: Collection[int], after: int, last: int) -> Iterator[Any]:
    yield from sorted(rows_by_keys(tx, part.some, numbers), key=lambda row: tuple(row[:2]))
    for start in range(after, last, _PART):
        yield from tx.rows(part.between, after=start, last=min(start + _PART, last))
