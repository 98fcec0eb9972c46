"""Kinds of fact that came before this program knew them: folded in their place once it does."""

from __future__ import annotations

from core.contract import KINDS
from pos.db.database import Database
from pos.sync.apply import refold_all
from pos.sync.memory import recall, remember


def fold_known_kinds(db: Database) -> bool:
    """Fold again where a kind that was only kept so far is known now; whether it was so."""
    kept = set(filter(None, recall(db, "unknown").split(",")))
    known = {f"{kind}:{version}" for kind, version in KINDS}
    if not kept & known:
        return False
    refold_all(db)
    with db.transaction():
        remember(db, "unknown", ",".join(sorted(kept - known)))
    return True
