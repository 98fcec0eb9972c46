"""Is a snapshot what the server says it is? Reckoned from its rows before any is laid down.

The digests are taken anew from the sums and movements, the feed's hash from the whole entries,
and each line's head. A snapshot whose rows are of another moment than its number does not pass.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.errors import Refused
from core.facts.base import Fact, Header
from core.facts.selling import SaleCompleted
from core.facts.sync import Carried
from core.journal import entry_hash
from core.sync.digest import GroupDigest, fold_rows
from core.sync.feed import counts, next_hash
from core.sync.snapshot import Cash, Contents, Day, Debt, Head, Stock, Whole
from pos.db.base import contents_of, rows_from
from pos.db.database import Database

_SUMMED: Final = frozenset({"head", "day", "stock", "debt", "cash", "entry"})
"""Groups that the digests, heads and the feed's hash are of; each chunk's hash is signed anyway."""


class BadSnapshot(Refused):
    """A snapshot that is not signed, or does not hold what was signed; nothing of it is used."""

    code = "bad_snapshot"


class Sums:
    """What the digests are of."""

    def __init__(self) -> None:
        """Of nothing yet."""
        self.stock: dict[bytes, int] = defaultdict(int)
        self.debt: dict[bytes, int] = defaultdict(int)
        self.cash: dict[bytes, int] = defaultdict(int)
        self.sales: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.heads: dict[bytes, tuple[int, bytes]] = {}

    def add(self, row: Any) -> None:
        """Add a row of a snapshot; of a whole entry also its line's head."""
        match row:
            case Stock():
                self.stock[row.product_id] += row.qty
            case Debt():
                if row.account == "credit":
                    self.debt[row.customer_id] += row.amount
            case Cash():
                self.cash[row.shift_id] += row.amount
            case Day():
                self._sold(row.day, row.sales, row.total)
            case Head():
                self.heads[row.device] = (row.seq, row.hash)
            case Whole():
                self._entry(row)

    def _entry(self, row: Whole) -> None:
        if row.seq > self.heads.get(row.device, (0, b""))[0]:
            self.heads[row.device] = (row.seq, row.hash)
        for move in (*row.stock, *row.debt, *row.cash):
            self.add(move)
        is_sale = row.kind in (SaleCompleted.KIND, Carried.KIND)
        found = _fact_of(row) if row.order_n and is_sale else None
        if found is not None and isinstance(found[1], SaleCompleted):
            self._sold(found[0].day, 1, found[1].total)

    def _sold(self, day: str, sales: int, total: int) -> None:
        month = self.sales[day[:7]]
        month[0] += sales
        month[1] += total

    def digests(self) -> dict[str, GroupDigest]:
        """The digest of each group."""
        plain = {"stock": self.stock, "debt": self.debt, "cash": self.cash}
        found = {
            group: fold_rows(group, ((key, (value,)) for key, value in sums.items()))
            for group, sums in plain.items()
        }
        months = ((month, tuple(values)) for month, values in self.sales.items())
        heads = ((key, (seq, digest.hex())) for key, (seq, digest) in self.heads.items())
        return {
            **found,
            "sales": fold_rows("sales", months),
            "heads": fold_rows("heads", heads),
        }


def check_snapshot(db: Database) -> None:
    """Pass the snapshot that is kept in `db`, all of whose chunks are here.

    Raises:
        BadSnapshot: `why` is order, entry, heads, feed_hash or the name of a digest's group.
        BadChunk: a chunk is not what was signed.
    """
    contents, sums = contents_of(db), Sums()
    at, before = contents.after, contents.after_hash
    for _group, rows in rows_from(db, groups=_SUMMED):
        for row in rows:
            sums.add(row)
            if not isinstance(row, Whole):
                continue
            _check_entry(row)
            if row.n <= contents.after:
                continue
            if row.n != at + 1:
                raise BadSnapshot(why="order")
            at, before = row.n, next_hash(before, row.n, row.hash, row.at_ms, row.verdict)
    if at != contents.n or before != contents.feed_hash:
        raise BadSnapshot(why="feed_hash")
    _compare(contents, sums)


def _check_entry(row: Whole) -> None:
    found = entry_hash(
        row.shop, row.device, row.seq, row.kind, row.version, row.prev_hash, row.body
    )
    if found != row.hash and counts(row.verdict):
        raise BadSnapshot(why="entry")


def _compare(contents: Contents, sums: Sums) -> None:
    if {row.device: (row.seq, row.hash) for row in contents.heads} != sums.heads:
        raise BadSnapshot(why="heads")
    for group, ours in sums.digests().items():
        if contents.digest.get(group) != ours:
            raise BadSnapshot(why=group)


def _fact_of(row: Whole) -> tuple[Header, Fact] | None:
    try:
        header, fact = decode_body(row.kind, row.version, row.body)
        if isinstance(fact, Carried):
            header, fact = decode_body(fact.kind, fact.version, fact.body)
    except (UnknownFact, UnreadableFact):
        return None
    return header, fact
