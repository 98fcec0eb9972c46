"""When the server went back in time: what both still agree on, and what it is offered back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Final

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.sync import Carried, EntryJudged
from core.sync.messages import Witnessed
from pos.db.base import base_of, drop_base, drop_parts
from pos.db.database import Database
from pos.journal.begun import cut, entries_of, offer_of_begun
from pos.journal.ends import note_end, stretches
from pos.journal.lost import keep
from pos.journal.mending import mend
from pos.journal.order import effect_pos
from pos.sync.memory import recall, remember
from pos.sync.refold import in_slices, note_refold, note_refolded
from pos.sync.talk import hear_again

STEP_ENTRIES: Final = 500
"""So many entries of the feed are taken off in one transaction, if a page of it ends there."""

_GIVEN_UP: Final = "given_up"
_END: Final = (
    "SELECT {which}(p.n) FROM page p JOIN feed f ON f.n=p.n"
    " WHERE p.n>=? AND p.n<? AND p.signature<>x''"
)
_STEP: Final = "SELECT n FROM feed WHERE n>? ORDER BY n DESC LIMIT 1 OFFSET ?"


def common_candidates(db: Database, most: int) -> Iterator[tuple[int, bytes]]:
    """Ends of pages up to a number, newest first, in growing steps: where both may agree."""
    ends = [
        (row[0], bytes(row[1]))
        for row in db.rows(
            "SELECT p.n, p.feed_hash FROM page p JOIN feed f ON f.n=p.n WHERE p.n<=?"
            " ORDER BY p.n DESC",
            (most,),
        )
    ]
    at, step = 0, 1
    while at < len(ends):
        yield ends[at]
        at, step = at + step, step * 2


def offers(db: Database, common: int) -> Iterator[Witnessed]:
    """The pages after a number, as the server signed them, with all their bytes; of what is from
    before a snapshot's whole entries those that are here."""
    for one in stretches(db, common):
        entries = entries_of(db, one.after, one.last)
        yield Witnessed(one.epoch, one.after, one.before, entries, one.feed_hash, one.signature)
    yield from offer_of_begun(db, common)


def go_back(
    db: Database, common: int, epoch: int, breathe: Callable[[], None] = lambda: None
) -> None:
    """Keep the feed up to a number: what came after waits again, our own and others'.

    The feed is shortened page by page, newest first, so that the writer is never held for long: a
    program that ends in between has gone back less far, still in the epoch of before, and is told
    so once more. `breathe` is called between these steps, when nobody is kept waiting. Then all is
    folded again: the order of what waits is another now. Before the number of a snapshot there is
    nothing to go back to but the feed's start, and the snapshot is given up.
    """
    while _one_step(db, common):
        breathe()
    base = base_of(db)
    if base is not None and common < base.n:
        common = 0
        _give_up(db, epoch, breathe)
    mend(db, lambda at: _end_at(at, common, epoch), in_slices(breathe))


def is_given_up(db: Database) -> bool:
    """Whether the snapshot is about to go: nothing is laid down on it any more."""
    return bool(recall(db, _GIVEN_UP))


def finish_giving_up(db: Database, breathe: Callable[[], None] = lambda: None) -> None:
    """Go back to the feed's start where a program that gave its snapshot up ended over it."""
    epoch = recall(db, _GIVEN_UP)
    if epoch:
        go_back(db, 0, int(epoch), breathe)


def _give_up(db: Database, epoch: int, breathe: Callable[[], None]) -> None:
    """Take off the feed what a snapshot stands for, and that itself but for its name.

    From the first step on there is no way back: what is left could not be folded with the snapshot.
    """
    with db.transaction():
        remember(db, _GIVEN_UP, str(epoch))
        note_refold(db)
    drop_parts(db, breathe)
    while _one_step(db, 0):
        breathe()


def _one_step(db: Database, common: int) -> bool:
    """Shorten the feed by some pages; whether there is more of it than the folding may take."""
    with db.transaction():
        end = _end_of_step(db, common)
        if end is not None:
            _shorten(db, end)
            note_refold(db)
    return end is not None


def _end_of_step(db: Database, common: int) -> int | None:
    """The end of a page to which the feed is shortened next: as far down as one step goes, but by a
    page at least. None where the rest is one step, or stands for a snapshot that is kept."""
    base = None if is_given_up(db) else base_of(db)
    least = max(common, 0 if base is None else base.n)
    goal = db.scalar(_STEP, (least, STEP_ENTRIES))
    if goal is None:
        return None
    end = db.scalar(_END.format(which="min"), (goal, _last(db)))
    if end is None:
        end = db.scalar(_END.format(which="max"), (least, goal))
    return None if end is None else int(end)


def _last(db: Database) -> int:
    """The feed's last number; behind a snapshot that is given up that is not the cursor's."""
    return int(db.scalar("SELECT max(n) FROM feed"))


def pull_whole(db: Database, epoch: int, breathe: Callable[[], None] = lambda: None) -> None:
    """Give the snapshot up, for good: what is here of this counter's own and it do not go together,
    or it is damaged. The feed says everything."""
    with db.transaction():
        remember(db, "no_snapshot", "1")
    go_back(db, 0, epoch, breathe)


def _end_at(db: Database, common: int, epoch: int) -> None:
    """The feed ends at a number, which is the server's too; inside the caller's transaction."""
    _shorten(db, common)
    base = base_of(db)
    if base is not None and common < base.n:
        # The state that was signed for is not the server's any more: the feed is pulled whole.
        drop_base(db)
    remember(db, "epoch", str(epoch))
    remember(db, _GIVEN_UP, "")
    note_refolded(db)
    hear_again(db, epoch, common)
    if common and not db.scalar("SELECT count(*) FROM page WHERE n=?", (common,)):
        _note_end(db, common)


def _shorten(db: Database, common: int) -> None:
    """The feed ends at a number; inside the caller's transaction."""
    # Others' entries that were held there, too: nobody says so any more, they wait like the rest.
    db.run(
        "INSERT OR IGNORE INTO waiting (pos) SELECT coalesce(c.pos, (SELECT min(t.pos)"
        " FROM carried t WHERE t.hash=j.hash AND t.carrier<>x''), f.pos)"
        " FROM feed f JOIN journal j ON j.pos=f.pos LEFT JOIN carried c ON c.carrier_pos=f.pos"
        " WHERE f.n>?",
        (common,),
    )
    # What was held and released after that number is held again; its own counter shows it still.
    # Looked for from there (hence CROSS and the plus), not among all that this counter ever wrote.
    db.run(
        "INSERT OR IGNORE INTO waiting (pos) SELECT f.pos FROM feed f CROSS JOIN journal j"
        " ON j.pos=f.pos WHERE +f.n<=?1 AND f.order_n>?1"
        " AND j.device IN (SELECT device FROM own_line)",
        (common,),
    )
    keep(db, offers(db, common))
    cut(db, common)
    for pos in _set_aside_after(db, common):
        db.run("INSERT OR IGNORE INTO waiting (pos) VALUES (?)", (pos,))
    db.run("UPDATE feed SET order_n=NULL WHERE n<=?1 AND order_n>?1", (common,))
    db.run("DELETE FROM feed WHERE n>?", (common,))
    db.run("DELETE FROM page WHERE n>?", (common,))


def _set_aside_after(db: Database, common: int) -> list[int]:
    """Own entries of up to a number that were set aside after it: nobody says so any more."""
    found: list[int] = []
    for kind, version, body in db.rows(
        "SELECT j.kind, j.version, j.body FROM feed f JOIN journal j ON j.pos=f.pos"
        " WHERE f.n>? AND j.kind IN (?,?)",
        (common, EntryJudged.KIND, Carried.KIND),
    ):
        with contextlib.suppress(UnknownFact, UnreadableFact):
            fact = decode_body(kind, version, body)[1]
            if isinstance(fact, Carried):
                fact = decode_body(fact.kind, fact.version, fact.body)[1]
            if not isinstance(fact, EntryJudged):
                continue
            row = db.tuple_of(
                "SELECT f.pos FROM feed f JOIN journal j ON j.pos=f.pos WHERE j.hash=? AND f.n<=?"
                " AND f.order_n IS NULL AND j.device IN (SELECT device FROM own_line)",
                (fact.hash, common),
            )
            if row is not None and fact.decision == "set_aside":
                found.append(effect_pos(db, row[0]))
    return found


def _note_end(db: Database, common: int) -> None:
    """The feed ends within a page that was signed further on: its new end has no signature."""
    digest = db.scalar("SELECT feed_hash FROM feed WHERE n=?", (common,))
    note_end(db, common, 0, bytes(digest))
