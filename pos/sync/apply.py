"""Applying pages of the feed: in slices of at most some 20 ms, each one transaction.

The cursor is the feed's last row, so it moves with what it describes. Own entries only get their
number; others' are folded among the accepted ones, under what waits (`pos.sync.rebase`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from core.births import born_goods
from core.contract import UnknownFact, UnreadableFact
from core.errors import Refused
from core.facts.base import Fact
from core.facts.catalog import ImportTakenBack
from core.facts.sync import Carried, DocumentsMerged, EntryJudged
from core.journal import Entry, is_whole
from core.movements import movements
from core.sync.feed import counts, next_hash, verdict_codes
from core.sync.messages import FeedEntry, FeedPage
from pos.db.database import Database
from pos.db.fold import accept_fields
from pos.db.fold.customers import accept_lending
from pos.db.fold.folding import Folding, target_of
from pos.db.own import others_wait, wrote
from pos.journal.begun import begin, end
from pos.journal.ends import forget_ends, note_end
from pos.journal.order import Placed, counts_at, effect, effect_pos, has_twin, note_carried
from pos.journal.refold import fold_one
from pos.sync.contacts import note_news
from pos.sync.indexing import index_or_note, index_rest
from pos.sync.memory import cursor, waiting_count
from pos.sync.out_of_turn import out_of_turn, under_own_marks
from pos.sync.pages import PageRefused, check_page
from pos.sync.rebase import Lifted
from pos.sync.refold import finish_refold, note_refold
from pos.sync.slices import Slices
from pos.sync.touched import costed_goods, takes_long, touched_goods
from pos.sync.unmerged import lies_in_a_merge, means_another, over_waiting, under_a_merge
from pos.sync.whole import DAMAGED, hash_before, note_damaged, put_carried_whole, put_whole


class BytesNeeded(Refused):
    """The page leaves out bytes of an entry `n` that is not here: ask for all of them. Or it lets
    an earlier one count that is damaged here: that one is asked for first."""

    code = "bytes_needed"


class LineTaken(Refused):
    """Another counter has written on under this one's line: a new line is opened first."""

    code = "line_taken"


class Applied(NamedTuple):
    """What a page brought: how many entries of others, and the kinds of all facts in it."""

    received: int
    kinds: frozenset[str]


class _Done(NamedTuple):
    """How many entries of a slice were new here, and the goods whose words are still to be written
    into the search."""

    received: int
    unindexed: list[bytes]


class _Step(NamedTuple):
    placed: Placed
    waited: bool


def apply_page(
    db: Database,
    page: FeedPage,
    *,
    breathe: Callable[[], None] = lambda: None,
    clock: Callable[[], float] = time.monotonic,
    is_last: bool = True,
) -> Applied:
    """Apply a page whole; `breathe` is called between slices, when nobody is kept waiting.

    A program that ends in between goes on from the last slice. Where all is to be folded again that
    is done once no page follows: it takes as long as the history is.

    Raises:
        PageRefused, BytesNeeded, LineTaken: nothing, or only whole slices before, was applied.
    """
    check_page(cursor(db), page, breathe)
    received, slices = 0, Slices(page.entries, waiting_count(db))
    while part := slices.take():
        began = clock()
        with db.transaction():
            if part[0].n != cursor(db).n + 1:
                # Beside this round, whoever looked for older entries gave the snapshot up.
                raise PageRefused(why="first")
            if part[0] is page.entries[0] and not slices.is_last:
                begin(db, page)
            done = _Slice(db, page, part).run()
            if slices.is_last:
                end(db)
        slices.took((clock() - began) * 1000)
        received += done.received
        breathe()
        index_rest(db, done.unindexed, breathe)
    if is_last:
        finish_refold(db, breathe)
    return Applied(received, frozenset(entry.kind for entry in page.entries))


class _Slice:
    """Some entries of a page, applied in the caller's transaction."""

    def __init__(self, db: Database, page: FeedPage, entries: Sequence[FeedEntry]) -> None:
        self._db = db
        self._page = page
        self._entries = entries
        self._next = int(db.scalar("SELECT coalesce(max(pos), 0) + 1 FROM journal"))
        own = db.scalar("SELECT device FROM own_line ORDER BY place DESC LIMIT 1")
        self._line = bytes(own or b"")
        self._received = 0
        self._steps: list[_Step] = []
        self._out_of_turn: set[int] = set()
        self._read: dict[int, tuple[Folding, Fact] | None] = {}

    def run(self) -> _Done:
        """Store, then fold."""
        if self._page.epoch > 1 and others_wait(self._db):
            # After a server went back, others' entries return in an order of their own.
            note_refold(self._db)
        self._note_unknown_references()
        self._note_page()
        note_news(self._db, {entry.kind for entry in self._entries})
        for entry in self._entries:
            self._store(entry)
        self._read.clear()  # who carried an entry may have come after it
        self._leave_long_ones()
        self._find_out_of_turn()
        lifted = Lifted(self._db, self._moved_goods())
        if lies_in_a_merge(self._db, lifted.products):
            note_refold(self._db)
        for step in self._steps:
            self._take(step, lifted)
        lifted.put_back()
        if lifted.is_to_fold:
            note_refold(self._db)
        return _Done(self._received, index_or_note(self._db, touched_goods(self._facts())))

    def _note_unknown_references(self) -> None:
        """What the server did not know when a fact spoke of it may be known here: it waits."""
        unknown = any("unknown_reference" in verdict_codes(one.verdict) for one in self._entries)
        if unknown and self._something_waits():
            note_refold(self._db)

    def _note_page(self) -> None:
        if not self._page.entries:
            return
        page = self._page
        forget_ends(self._db, cursor(self._db).n)
        note_end(self._db, page.entries[-1].n, page.epoch, page.feed_hash, page.signature)

    def _store(self, entry: FeedEntry) -> None:
        pos, full, new = self._place(entry)
        if DAMAGED in verdict_codes(entry.verdict):
            note_damaged(self._db, pos, full)
        placed = Placed(pos, full, "accepted", entry.verdict)
        order_n = entry.n if counts(entry.verdict) and not self._known_twin(placed) else None
        before = cursor(self._db).feed_hash
        self._db.run(
            "INSERT INTO feed (n, pos, at_ms, verdict, order_n, feed_hash) VALUES (?,?,?,?,?,?)",
            (
                entry.n,
                pos,
                entry.at_ms,
                entry.verdict,
                order_n,
                next_hash(before, entry.n, entry.hash, entry.at_ms, entry.verdict),
            ),
        )
        self._received += new
        if entry.kind in (EntryJudged.KIND, Carried.KIND) and order_n is not None:
            self._release(placed, entry.n)
        if order_n is not None:
            self._steps.append(_Step(placed, self._waits(placed)))
        if not counts(entry.verdict):
            self._hold(pos)

    def _hold(self, pos: int) -> None:
        """Another's entry that waited, since a server had lost it, is held there now: it counts for
        nobody, as everywhere else, until somebody decides. What is not in the feed itself, but in
        a carrier of ours, goes on waiting."""
        place = effect_pos(self._db, pos)
        if wrote(self._db, place) or self._is_ours_to_carry(place):
            return
        if self._db.run("DELETE FROM waiting WHERE pos=?", (place,)):
            note_refold(self._db)

    def _is_ours_to_carry(self, place: int) -> bool:
        """Whether the entry at a place came behind where a line of ours was left, and is not in the
        feed under that line's own name."""
        carries = (
            "SELECT 1 FROM journal j JOIN own_line o ON o.device=j.device"
            " WHERE j.pos=? AND j.pos NOT IN (SELECT pos FROM feed)"
        )
        return self._db.tuple_of(carries, (place,)) is not None

    def _place(self, entry: FeedEntry) -> tuple[int, Entry, bool]:
        """Where the entry lies in the journal, what it is, and whether it is new here."""
        found = self._db.scalar(
            "SELECT pos FROM journal WHERE device=? AND seq=? AND hash=?",
            (entry.device, entry.seq, entry.hash),
        )
        if found is not None:
            return int(found), self._whole(int(found), entry), False
        if entry.device == self._line:
            raise LineTaken(seq=entry.seq)
        if entry.body is None:
            raise BytesNeeded(n=entry.n)
        pos, self._next = self._next, self._next + 1
        row = Entry(
            entry.shop, entry.device, entry.seq, entry.kind, entry.version, entry.body,
            entry.prev_hash, entry.hash,
        )  # fmt: skip
        self._db.run(
            "INSERT INTO journal (pos, shop, device, seq, kind, version, body, prev_hash, hash)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (pos, *row),
        )
        note_carried(self._db, pos, row)
        put_carried_whole(self._db, pos, row)
        if has_twin(self._db, pos, row) and self._something_waits():
            # What waits and speaks of that number may mean another sale by it from now on.
            note_refold(self._db)
        return pos, row, True

    def _something_waits(self) -> bool:
        return self._db.tuple_of("SELECT 1 FROM waiting LIMIT 1") is not None

    def _whole(self, pos: int, entry: FeedEntry) -> Entry:
        """An entry that is here; where a disk has damaged it the server has it whole."""
        mine = self._entry(pos)
        if DAMAGED in verdict_codes(entry.verdict) or is_whole(mine):
            return mine
        if entry.body is None:
            raise BytesNeeded(n=entry.n)
        whole = mine._replace(kind=entry.kind, version=entry.version, body=entry.body)
        if is_whole(whole):
            put_whole(self._db, pos, whole)
            return whole
        return mine

    def _entry(self, pos: int) -> Entry:
        row = self._db.tuple_of(
            "SELECT shop, device, seq, kind, version, body, prev_hash, hash FROM journal"
            " WHERE pos=?",
            (pos,),
        )
        assert row is not None, "it was stored just now"
        return Entry(*row)

    def _known_twin(self, placed: Placed) -> bool:
        """Whether what this entry is or carries counts already, as an entry or inside another."""
        if counts_at(self._db, effect_pos(self._db, placed.pos)):
            return True
        found = self._db.tuple_of(
            "SELECT 1 FROM base_identity i WHERE i.hash=?2 OR i.hash IN"
            " (SELECT hash FROM carried WHERE carrier_pos=?1)",
            (placed.pos, placed.entry.hash),
        )
        return found is not None

    def _release(self, placed: Placed, n: int) -> None:
        found = self._effect(placed)
        fact = found[1] if found else None
        if not isinstance(fact, EntryJudged):
            return
        row = self._db.tuple_of(
            "SELECT f.n, f.pos, f.verdict FROM feed f JOIN journal j ON j.pos=f.pos"
            " WHERE f.order_n IS NULL AND f.verdict LIKE 'quarantined%' AND j.hash=?",
            (fact.hash,),
        )
        if row is None:
            return
        if fact.decision != "released":
            self._set_aside(row[1])
            return
        held = Placed(row[1], self._entry(row[1]), "accepted", row[2])
        if self._known_twin(held):
            return  # it came another way meanwhile, and counts there
        if not is_whole(held.entry) and hash_before(self._db, row[0]) is not None:
            raise BytesNeeded(n=row[0])  # the disk has damaged it since; the server has it whole
        self._db.run("UPDATE feed SET order_n=? WHERE n=?", (n, row[0]))
        self._steps.append(_Step(held, self._waits(held)))

    def _set_aside(self, pos: int) -> None:
        """An own entry counts nowhere and waits no longer: what it did here is taken back."""
        if self._db.run("DELETE FROM waiting WHERE pos=?", (effect_pos(self._db, pos),)):
            note_refold(self._db)

    def _waits(self, placed: Placed) -> bool:
        pos = self._effect_pos(placed)
        return self._db.tuple_of("SELECT 1 FROM waiting WHERE pos=?", (pos,)) is not None

    def _effect_pos(self, placed: Placed) -> int:
        found = self._effect(placed)
        return found[0].pos if found else effect_pos(self._db, placed.pos)

    def _effect(self, placed: Placed) -> tuple[Folding, Fact] | None:
        if placed.pos not in self._read:
            try:
                self._read[placed.pos] = effect(self._db, placed)
            except (UnknownFact, UnreadableFact):
                self._read[placed.pos] = None
        return self._read[placed.pos]

    def _facts(self) -> Iterator[tuple[Folding, Fact]]:
        for step in self._steps:
            found = self._effect(step.placed)
            if found is not None:
                yield found

    def _leave_long_ones(self) -> None:
        """What would hold the writer for long is not folded here but with all else, beside the
        counter, and written some rows at a time. It counts, though: an own one waits no longer."""
        for step in list(self._steps):
            found = self._effect(step.placed)
            if found is not None and takes_long(self._db, found[1]):
                self._steps.remove(step)
                self._db.run("DELETE FROM waiting WHERE pos=?", (found[0].pos,))
                note_refold(self._db)

    def _find_out_of_turn(self) -> None:
        """Which entries are accepted although an older one still waits."""
        waited = [
            (step.placed.pos, found[0].pos, found[1])
            for step in self._steps
            if step.waited and (found := self._effect(step.placed)) is not None
        ]
        for pos, is_due in out_of_turn(self._db, waited) if waited else ():
            self._out_of_turn.add(pos)
            if is_due:
                note_refold(self._db)

    def _moved_goods(self) -> set[bytes]:
        """Goods whose pools are moved in another order than here so far, or at another cost."""
        found: set[bytes] = set()
        for step in self._steps:
            known = self._effect(step.placed)
            if known is None:
                continue
            at, fact = known
            # Of what waits for goods that are born now nothing is on their pool yet.
            mine = {*costed_goods(fact), *born_goods(fact)}
            if not step.waited or step.placed.pos in self._out_of_turn:
                mine.update(move.product_id for move in movements(fact).stock)
            found.update(target_of(at, "product", product_id) for product_id in mine)
        return found

    def _take(self, step: _Step, lifted: Lifted) -> None:
        if step.waited:
            self._accept(step.placed, lifted)
        else:
            fold_one(self._db, step.placed, _kept, self._folded)

    def _folded(self, at: Folding, fact: Fact) -> None:
        """What touches whole documents is folded again under what waits and is about them."""
        match fact:
            case ImportTakenBack():
                far = self._something_waits()
            case DocumentsMerged():
                far = over_waiting(at, fact)
            case _:
                far = under_a_merge(at, fact) or under_own_marks(self._db, fact)
        if far:
            note_refold(self._db)

    def _accept(self, placed: Placed, lifted: Lifted) -> None:
        found, pos = self._effect(placed), self._effect_pos(placed)
        self._db.run("DELETE FROM waiting WHERE pos=?", (pos,))
        if found is not None:
            if means_another(*found):
                note_refold(self._db)
            lifted.accept(pos)
            accept_fields(*found)
            accept_lending(*found)


def _kept(placed: Placed, what: str, why: str) -> None:
    """What cannot be folded is in the journal and in nobody's way; a kind that is not known yet is
    folded once it is (`pos.sync.upgrade`)."""
