"""Kinds of fact, and fields of them and of a snapshot's rows, that came before this program knew
them: folded in their place once it does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from core.contract import KINDS, UnknownFact, UnreadableFact, decode_body
from core.facts.shifts import ShiftClosed
from core.facts.sync import Carried
from core.sync.snapshot import GROWN
from pos.db.base import base_of
from pos.db.database import Database
from pos.journal.chains import Decided, decided
from pos.journal.mending import mend
from pos.journal.order import effect_pos, end_waiting
from pos.sync.memory import recall, remember
from pos.sync.refold import in_slices, note_refolded

_NAME = "kinds"
_SNAPSHOT = f"snapshot+{GROWN}"
_EQUAL_Z = "z_report+1"
"""Two Z reports of one line may have one number: of a program from before the second is missing."""


def note_kinds(db: Database) -> None:
    """The tables are made by what this program knows; inside the caller's transaction."""
    remember(db, _NAME, _known())


def is_to_fold(db: Database) -> bool:
    """Whether the tables were made without a kind, or fields of one, that is known now and that the
    journal holds."""
    kept = recall(db, _NAME)
    new = set(_known().split(",")) - set(kept.split(","))
    return bool(kept and new) and not new.isdisjoint(_held(db))


def fold_known_kinds(db: Database, breathe: Callable[[], None] = lambda: None) -> bool:
    """Fold again where a kind that was only kept so far is known now; whether it was so. `breathe`
    is called between slices of writing."""
    if recall(db, _NAME) == _known():
        return False
    is_due = is_to_fold(db)
    if is_due:
        says = decided(db)
        mend(db, lambda at: _decide(at, says), in_slices(breathe))
    else:
        with db.transaction():
            note_kinds(db)
    return is_due


def _known() -> str:
    return ",".join([*sorted(_name(kind, version) for kind, version in KINDS), _SNAPSHOT, _EQUAL_Z])


def _name(kind: str, version: int) -> str:
    known = KINDS.get((kind, version))
    grown = f"+{known.GROWN}" if known is not None and known.GROWN else ""
    return f"{kind}:{version}{grown}"


def _held(db: Database) -> set[str]:
    """Kinds of all entries, of those inside others, and the rows that this counter began with."""
    found = {_name(*row) for row in db.rows("SELECT DISTINCT kind, version FROM journal")}
    for version, body in db.rows("SELECT version, body FROM journal WHERE kind=?", (Carried.KIND,)):
        with suppress(UnknownFact, UnreadableFact):
            fact = decode_body(Carried.KIND, version, body)[1]
            if isinstance(fact, Carried):
                found.add(_name(fact.kind, fact.version))
                # Who closes under another's line is a copy, and brings it inside an entry.
                if fact.kind == ShiftClosed.KIND:
                    found.add(_EQUAL_Z)
    if base_of(db) is not None:
        found.add(_SNAPSHOT)
    return found


def _decide(db: Database, says: Decided) -> None:
    """What was held back counts where the feed says so, and what was set aside waits no longer:
    the decision may be of such a kind."""
    found = db.rows("SELECT n, order_n FROM feed WHERE n>(SELECT coalesce(max(n), 0) FROM base)")
    db.many(
        "UPDATE feed SET order_n=? WHERE n=?",
        [(says.places.get(n), n) for n, order_n in found if says.places.get(n) != order_n],
    )
    for n in says.aside:
        pos = int(db.scalar("SELECT pos FROM feed WHERE n=?", (n,)))
        db.run("DELETE FROM waiting WHERE pos=?", (effect_pos(db, pos),))
    end_waiting(db)
    note_kinds(db)
    note_refolded(db)
