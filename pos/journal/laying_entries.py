"""Laying entries that came with a snapshot or after it: into journal and feed, with what they moved
and what only entries leave (receipts, shifts, numbers used).

Older ones than the first whole entry lie before all others (at negative places, by their number in
the feed), whenever they come. They come later ones first, so that each sale finds all that was
done to it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import Final

from core.contract import UnknownFact, UnreadableFact
from core.errors import Refused
from core.facts import customers, orders, selling, shifts, shop, sync
from core.facts.base import Fact
from core.facts.catalog import CatalogImported, ImportTakenBack
from core.facts.selling import TenderSwapped
from core.facts.shifts import CashMoved
from core.facts.sync import DocumentsMerged
from core.journal import NO_HASH, Entry, entry_hash
from core.sync.feed import START, counts, next_hash
from core.sync.snapshot import Cash, Debt, Stock, Whole
from pos.db.base import Base
from pos.db.database import Database
from pos.db.fold import fold
from pos.db.fold.catalog import note_import, note_taken_back
from pos.db.fold.folding import Folding
from pos.failures import is_of_the_data
from pos.journal.laying_sums import Meanings, Sums, add_debts
from pos.journal.order import Placed, effect, effect_pos, note_carried
from pos.journal.places import settle_new

_LEAVING: Final = (
    shop.LineOpened,
    shop.PinChanged,
    sync.RegisterJoined,
    sync.RegisterLeft,
    sync.KeptApart,
    shifts.ShiftOpened,
    shifts.DrawerOpened,
    shifts.ShiftClosed,
    selling.SaleCompleted,
    selling.TenderSwapped,
    selling.ReceiptCopied,
    selling.RefundSettled,
    selling.CartParked,
    selling.CartFetched,
    customers.DebtRepaid,
    orders.OrderPlaced,
    orders.OrderStepped,
)
"""Facts that leave rows of their own beside what they move."""


class BadRow(Refused):
    """A snapshot's row that cannot be what the server holds; `why` says which."""

    code = "bad_snapshot"


def old_place(base: Base, n: int) -> int:
    """Where an entry lies that is older than those that came whole."""
    return n - base.after_n - 1


class Entries:
    """Lays entries into `db`, in the caller's transactions."""

    def __init__(self, db: Database, base: Base, *, new: bool) -> None:
        """`new`: they also get their rows in journal and feed; else those are there. `has_moved`
        once what a fact did lies elsewhere than its place is, or could not be done on top of what
        is here: all is to be folded again."""
        self._db = db
        self._base = base
        self._new = new
        self.has_moved = False
        self._laid: set[int] = set()
        self._sums = Sums(db)

    def lay(self, rows: Sequence[Whole]) -> None:
        """Entries of the snapshot itself.

        Raises:
            BadRow: an entry is not what its hash says, or does not follow.
        """
        before, meant = self._feed_hash() if self._new else START, Meanings(self._db)
        for row in rows:
            if self._new:
                before = self._place(row, before)
                if row.n <= self._base.after_n:
                    self._settle(row)
            self._laid.add(row.n)
            if row.order_n:
                self._effect(row, meant, owed=True)

    def lay_past(self, rows: Iterable[Whole]) -> None:
        """Older entries that came afterwards; one that is laid down already is left.

        Raises:
            BadRow: an entry is not what its hash says.
        """
        meant = Meanings(self._db)
        for row in rows:
            if row.n > self._base.after_n:
                raise BadRow(why="order")
            if self._is_laid(row.n):
                continue
            if self._new:
                self._insert(row, NO_HASH)
                self._settle(row)
            self._laid.add(row.n)
            pos = old_place(self._base, row.n)
            if row.order_n:
                fact = self._effect(row, meant, owed=False)
                self._sums.take_out(row.stock, row.debt, row.cash, meant)
                if isinstance(fact, selling.SaleCompleted):
                    self._sums.take_out_sale(effect_pos(self._db, pos))

    def _settle(self, row: Whole) -> None:
        """The places of what an older entry is and of what it carries, of which either may have
        come another way."""
        pos = old_place(self._base, row.n)
        inside = self._db.scalar("SELECT hash FROM carried WHERE carrier_pos=?", (pos,))
        for digest in {row.hash, inside} - {None}:
            if settle_new(self._db, self._base, digest, pos):
                self.has_moved = True

    def _is_laid(self, n: int) -> bool:
        if n in self._laid:
            return True
        found = self._db.tuple_of("SELECT 1 FROM feed WHERE n=?", (n,)) if self._new else None
        return found is not None

    def _feed_hash(self) -> bytes:
        found = self._db.scalar(
            "SELECT feed_hash FROM feed WHERE n>? ORDER BY n DESC LIMIT 1", (self._base.after_n,)
        )
        return self._base.after_hash if found is None else bytes(found)

    def _place(self, row: Whole, before: bytes) -> bytes:
        """Into journal and feed; returns the feed hash there."""
        after = self._base.after_n
        last = int(self._db.scalar("SELECT coalesce(max(n), 0) FROM feed"))
        if row.n != last + 1 if row.n > after + 1 else row.n <= last:
            raise BadRow(why="order")
        if row.n > after:
            before = next_hash(before, row.n, row.hash, row.at_ms, row.verdict)
        self._insert(row, before if row.n > after else NO_HASH)
        return before

    def _insert(self, row: Whole, feed_hash: bytes) -> None:
        if counts(row.verdict) and row.hash != entry_hash(
            row.shop, row.device, row.seq, row.kind, row.version, row.prev_hash, row.body
        ):
            raise BadRow(why="entry")
        if row.n > self._base.after_n:
            last = self._db.scalar("SELECT coalesce(max(pos), 0) FROM journal WHERE pos>0")
            pos = int(last) + 1
        else:
            pos = old_place(self._base, row.n)
        entry = _entry(row)
        self._db.run("INSERT INTO journal VALUES (?,?,?,?,?,?,?,?,?)", (pos, *entry))
        note_carried(self._db, pos, entry)
        self._db.run(
            "INSERT INTO feed (n, pos, at_ms, verdict, order_n, feed_hash) VALUES (?,?,?,?,?,?)",
            (row.n, pos, row.at_ms, row.verdict, row.order_n or None, feed_hash),
        )

    def _effect(self, row: Whole, meant: Meanings, *, owed: bool) -> Fact | None:
        """Lay down what an entry moved and left; `owed`: debts are not among the customers' yet."""
        placed = Placed(self._pos(row.n), _entry(row), "accepted", row.verdict)
        kept = effect_pos(self._db, placed.pos)
        at: Folding | None = None
        fact: Fact | None = None
        with contextlib.suppress(UnknownFact, UnreadableFact):
            at, fact = effect(self._db, placed)
        # What was merged moves nothing here: its rows are the other's.
        if not isinstance(fact, DocumentsMerged):
            self._stock(kept, row.stock, meant)
            self._debts(kept, row.debt, meant)
            self._cash(kept, row.cash, _reason(fact))
        if owed:
            add_debts(self._db, row.debt, meant)
        if at is not None and fact is not None:
            self._leave(at._replace(laid=True), fact)
        return fact

    def _leave(self, at: Folding, fact: Fact) -> None:
        """What only entries leave, whole or not at all: as in `fold_one`, a damaged or hostile fact
        must not stand in others' way. It may be what came after it that is in its way: folding
        again finds out."""
        self._db.run("SAVEPOINT leaving")
        try:
            _leave(at, fact)
        except Exception as error:
            if not is_of_the_data(error):
                raise
            self._db.run("ROLLBACK TO leaving")
            self.has_moved = True
        self._db.run("RELEASE leaving")

    def _pos(self, n: int) -> int:
        pos = self._db.scalar("SELECT pos FROM feed WHERE n=?", (n,))
        if pos is None:
            raise BadRow(why="feed")
        return int(pos)

    def _stock(self, pos: int, rows: Sequence[Stock], meant: Meanings) -> None:
        self._db.many(
            "INSERT INTO stock_movement (pos, n, product_id, kind, qty, value, line_no)"
            " VALUES (?,?,?,?,?,?,?)",
            [
                (pos, n, meant.of("product", row.product_id), row.kind, row.qty, row.value,
                 row.line_no)
                for n, row in enumerate(rows, 1)
            ],
        )  # fmt: skip

    def _debts(self, pos: int, rows: Sequence[Debt], meant: Meanings) -> None:
        self._db.many(
            "INSERT INTO debt_movement (pos, n, customer_id, account, amount, day)"
            " VALUES (?,?,?,?,?,?)",
            [
                (pos, n, meant.of("customer", row.customer_id), row.account, row.amount, row.day)
                for n, row in enumerate(rows, 1)
            ],
        )

    def _cash(self, pos: int, rows: Sequence[Cash], reason: str) -> None:
        self._db.many(
            "INSERT INTO cash_movement (pos, n, shift_id, kind, amount, reason)"
            " VALUES (?,?,?,?,?,?)",
            [(pos, n, row.shift_id, row.kind, row.amount, reason) for n, row in enumerate(rows, 1)],
        )


def _entry(row: Whole) -> Entry:
    return Entry(
        row.shop, row.device, row.seq, row.kind, row.version, row.body, row.prev_hash, row.hash
    )


def _leave(at: Folding, fact: Fact) -> None:
    if isinstance(fact, _LEAVING):
        fold(at, fact)
    elif isinstance(fact, CatalogImported):
        note_import(at, fact)
    elif isinstance(fact, ImportTakenBack):
        note_taken_back(at, fact)


def _reason(fact: Fact | None) -> str:
    return fact.reason if isinstance(fact, CashMoved | TenderSwapped) else ""
