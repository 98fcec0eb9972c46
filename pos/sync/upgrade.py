"""Kinds of fact that came before this program knew them: folded in their place once it does."""

from __future__ import annotations

from core.contract import KINDS
from pos.db.database import Database
from pos.journal.chains import places
from pos.journal.mending import mend
from pos.journal.order import end_waiting
from pos.sync.memory import recall, remember


def fold_known_kinds(db: Database) -> bool:
    """Fold again where a kind that was only kept so far is known now; whether it was so."""
    kept = set(filter(None, recall(db, "unknown").split(",")))
    known = {f"{kind}:{version}" for kind, version in KINDS}
    if not kept & known:
        return False
    mend(db, _decide)
    with db.transaction():
        remember(db, "unknown", ",".join(sorted(kept - known)))
    return True


def _decide(db: Database) -> None:
    """What was held back counts where the feed says so: its release may be of such a kind."""
    wanted = places(db)
    found = db.rows("SELECT n, order_n FROM feed WHERE n>(SELECT coalesce(max(n), 0) FROM base)")
    db.many(
        "UPDATE feed SET order_n=? WHERE n=?",
        [(wanted.get(n), n) for n, order_n in found if wanted.get(n) != order_n],
    )
    end_waiting(db)
    remember(db, "refold", "")
