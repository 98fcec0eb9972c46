"""Older entries than a snapshot brought whole: in the background all of them, stretch by stretch
backwards; at once what somebody looks for, and what a fact of the feed means.

Each answer is checked and kept as the server signed it, then laid down in slices of at most some
20 ms. A stretch is proved by the feed's hash behind it, so that the last one ends at its start.
"""

from __future__ import annotations

import logging
import sqlite3
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import urlencode

import msgspec

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.errors import Refused
from core.facts.base import Fact
from core.facts.references import Reference, mark_of, references
from core.facts.selling import ReceiptCopied, RefundSettled, SaleCompleted, TenderSwapped
from core.facts.shifts import ShiftClosed
from core.facts.sync import Carried, EntryJudged
from core.journal import NO_HASH, entry_hash
from core.sync.carrying import original_hash
from core.sync.feed import counts
from core.sync.limits import APPLY_MS
from core.sync.messages import FeedPage
from core.sync.past import MOST_ASKED, Past, PastRows, read_past, show_places, signed_bytes
from core.sync.snapshot import Whole
from pos.db.base import Base, base_of
from pos.db.database import Database
from pos.db.past import filled_to, is_incomplete, keep_past, laid_of, note_laid, past_pages
from pos.journal.beginning import fits
from pos.journal.ends import note_past
from pos.journal.laying_entries import Entries
from pos.sync.goback import is_given_up, pull_whole
from pos.sync.memory import Server, cursor
from pos.sync.refold import note_refold
from pos.sync.wanted import Wanted
from pos.sync.wire import Speaker, is_signed

FIRST_SLICE: Final = 8
MOST_IN_SLICE: Final = 256
_MEANING: Final = (
    SaleCompleted.KIND, TenderSwapped.KIND, ReceiptCopied.KIND, RefundSettled.KIND,
    ShiftClosed.KIND, Carried.KIND, EntryJudged.KIND,
)  # fmt: skip
_OLD: Final = (
    "SELECT 1 WHERE (EXISTS (SELECT 1 FROM base_head WHERE device=?1 AND seq>=?2)"
    " OR ?3<>x'' AND EXISTS (SELECT 1 FROM base_identity WHERE hash BETWEEN ?3 AND ?4))"
    " AND NOT EXISTS (SELECT 1 FROM journal WHERE device=?1 AND seq=?2"
    " AND substr(hash, 1, length(?3))=?3)"
    " AND NOT EXISTS (SELECT 1 FROM carried c JOIN feed f ON f.pos=c.carrier_pos"
    " WHERE c.device=?1 AND c.seq=?2 AND c.carrier<>x'' AND f.order_n IS NOT NULL"
    " AND substr(c.hash, 1, length(?3))=?3)"
)
"""Whether an entry is older than the snapshot's whole ones and not here: inside one that is held it
counts for nobody, and may count by its own older entry."""
_log = logging.getLogger(__name__)
_HELD: Final = (
    "SELECT j.kind, j.version, j.body FROM journal j JOIN feed f ON f.pos=j.pos"
    " WHERE j.hash=? AND f.order_n IS NULL"
)


class BadPast(Refused):
    """Old entries that the server has not signed, or that do not follow; nothing of it is used."""

    code = "bad_past"


class PastFetcher:
    """Fetches older entries and lays them down, on one connection."""

    def __init__(
        self,
        db: Database,
        server: Server,
        speaker: Speaker,
        *,
        breathe: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`breathe` is called between slices of writing, when nobody is kept waiting."""
        self._db = db
        self._server = server
        self._speaker = speaker
        self._breathe = breathe
        self._clock = clock
        self._has_moved = False

    def stretch(self) -> bool:
        """Fetch and lay down the next older stretch of the feed; False where nothing is missing.

        Raises:
            NoAnswer, Said: not now.
            BadPast: what came is not what follows.
        """
        base = self._base()
        if base is None:
            return False
        with self._or_whole():
            self._finish(base)
            upper = filled_to(self._db, base)
            if not upper:
                return False
            self._take(base, self._ask(base, {"before": upper + 1}))
        return True

    def look_for(self, wanted: Wanted) -> bool:
        """Fetch and lay down what somebody looks for; whether the server has anything.

        It may be beside a round. So where it and what waits do not go together, it is only kept:
        the next round finds that out again, and pulls the feed whole.

        Raises:
            NoAnswer, Said, BadPast: as `stretch`.
        """
        query: dict[str, object] = {"receipt": wanted.receipt}
        if wanted.customer:
            query = {"customer": wanted.customer.hex()}
        base = self._base()
        with suppress(sqlite3.IntegrityError):
            return base is not None and self._take(base, self._ask(base, query))
        return True

    def meant_by(self, page: FeedPage) -> bool:
        """Fetch the older sales that facts of a page mean, so that they find them; whether what
        waits lies elsewhere now, so that all is to be folded again before the page is applied.

        Raises:
            NoAnswer, Said, BadPast: as `stretch`.
        """
        base = self._base()
        if base is None or not is_incomplete(self._db):
            return False
        self._has_moved = False
        places = sorted({one[:2] for one in self._meant(page) if self._is_old(one)})
        with self._or_whole():
            for start in range(0, len(places), MOST_ASKED):
                part = places[start : start + MOST_ASKED]
                self._take(base, self._ask(base, {"places": show_places(part)}))
        return self._has_moved

    def _meant(self, page: FeedPage) -> set[Reference]:
        """The entries that facts of a page mean, also those that they release."""
        found: set[Reference] = set()
        for entry in page.entries:
            if entry.kind not in _MEANING or entry.body is None:
                continue
            found.update(_references(entry.kind, entry.version, entry.body))
            fact = _decoded(entry.kind, entry.version, entry.body)
            if isinstance(fact, EntryJudged):
                for row in self._db.rows(_HELD, (fact.hash,)):
                    found.update(_references(*row))
        return found

    def _base(self) -> Base | None:
        base = base_of(self._db)
        return base if base is not None and base.is_done and base.after_n else None

    def _is_old(self, meant: Reference) -> bool:
        """Whether an entry is one of those from before the snapshot's whole ones, and not here: as
        its own, or inside another, where its own line may end before it."""
        device, seq, mark = meant
        ends = mark + b"\xff" * (len(NO_HASH) - len(mark))
        return self._db.tuple_of(_OLD, (device, seq, mark, ends)) is not None

    def _ask(self, base: Base, asked: dict[str, object]) -> tuple[Past, PastRows]:
        query = urlencode(
            {
                "epoch": cursor(self._db).epoch,
                "after": base.after_n,
                "hash": base.after_hash.hex(),
                **asked,
            }
        )
        answer = self._speaker.ask(Past, "GET", "/sync/past", query=query)
        assert answer is not None, "it is always answered"
        if not is_signed(self._server.key, answer.signature, signed_bytes(answer.rows)):
            raise BadPast(why="signature")
        try:
            rows = read_past(answer.rows)
        except msgspec.MsgspecError as error:
            raise BadPast(why="rows") from error
        of = (rows.shop, rows.after, rows.after_hash)
        if of != (self._server.shop, base.after_n, base.after_hash):
            raise BadPast(why="another")
        if "before" in asked and rows.last != int(str(asked["before"])) - 1:
            raise BadPast(why="first")
        if any(not _is_right(row, base) for row in rows.rows):
            raise BadPast(why="entry")
        return answer, rows

    def _take(self, base: Base, answered: tuple[Past, PastRows]) -> bool:
        answer, rows = answered
        if not rows.rows:
            return False
        if rows.last and not fits(rows, self._hash_behind(base)):
            raise BadPast(why="feed_hash")
        if not rows.last and all(self._is_here(row.n) for row in rows.rows):
            return True  # a customer's account is looked at many times a day
        with self._db.transaction():
            is_next = not rows.last or rows.last == filled_to(self._db, base)
            if not self._is_still(base) or not is_next:
                return False  # another went on meanwhile
            place = keep_past(self._db, answer.rows, answer.signature, rows)
            note_past(self._db, rows)
        self._lay(base, place, rows)
        return True

    def _is_still(self, base: Base) -> bool:
        """Whether older entries go below the snapshot: another may give it up meanwhile."""
        return base_of(self._db) == base and not is_given_up(self._db)

    def _is_here(self, n: int) -> bool:
        return self._db.tuple_of("SELECT 1 FROM feed WHERE n=?", (n,)) is not None

    def _hash_behind(self, base: Base) -> bytes:
        """The feed's hash at the last number that is missing."""
        found = self._db.scalar(
            "SELECT before_hash FROM past_page WHERE last_n>0 ORDER BY first_n LIMIT 1"
        )
        return base.after_hash if found is None else bytes(found)

    def _finish(self, base: Base) -> None:
        """What the program's end has cut."""
        for page in past_pages(self._db, unfinished=True):
            self._lay(base, page.place, page.content)

    def _lay(self, base: Base, place: int, rows: PastRows) -> None:
        size, is_done = FIRST_SLICE, False
        while not is_done:
            began = self._clock()
            with self._db.transaction():
                is_done = not self._is_still(base) or self._slice(base, place, rows, size)
            took_ms = (self._clock() - began) * 1000
            if took_ms > APPLY_MS / 2:
                size = max(1, size // 2)
            elif took_ms < APPLY_MS / 4:
                size = min(MOST_IN_SLICE, size * 2)
            self._breathe()

    @contextmanager
    def _or_whole(self) -> Iterator[None]:
        """Where an entry's place in journal or tables is taken, for what waits here is laid down
        there already, the feed is pulled whole; else every later round would end here. What a fact
        says is no such reason (`pos.journal.laying_entries`)."""
        try:
            yield
        except sqlite3.IntegrityError:
            _log.warning("older entries and what waits do not go together", exc_info=True)
            pull_whole(self._db, cursor(self._db).epoch, self._breathe)

    def _slice(self, base: Base, place: int, rows: PastRows, size: int) -> bool:
        """Lay down some rows, from where it stands now; whether that was all."""
        laid = laid_of(self._db, place)
        part = rows.rows[laid : laid + size]
        entries = Entries(self._db, base, new=True)
        entries.lay_past(part)
        if entries.has_moved:
            self._has_moved = True
            note_refold(self._db)
        note_laid(self._db, place, laid + len(part))
        return laid + len(part) == len(rows.rows)


def _is_right(row: Whole, base: Base) -> bool:
    """Whether an entry is what its hash says (one in quarantine may be damaged), and an old one."""
    found = entry_hash(
        row.shop, row.device, row.seq, row.kind, row.version, row.prev_hash, row.body
    )
    return row.n <= base.after_n and (found == row.hash or not counts(row.verdict))


def _decoded(kind: str, version: int, body: bytes) -> Fact | None:
    """What an entry says; of one that carries another, the other; None where it is not readable."""
    with suppress(UnknownFact, UnreadableFact):
        fact = decode_body(kind, version, body)[1]
        return _decoded(fact.kind, fact.version, fact.body) if isinstance(fact, Carried) else fact
    return None


def _references(kind: str, version: int, body: bytes) -> Iterable[Reference]:
    """The entries that one means; it carries one of them, or what it says refers to it."""
    with suppress(UnknownFact, UnreadableFact, ValueError, struct.error):
        fact = decode_body(kind, version, body)[1]
        if isinstance(fact, Carried):
            yield Reference(fact.device, fact.seq, mark_of(original_hash(fact)))
            yield from _references(fact.kind, fact.version, fact.body)
        else:
            yield from references(fact)
