"""The one fold: how a fact changes the tables, for commands, verify and the feed alike."""

from __future__ import annotations

from pos.db.fold.dispatch import accept_fields, fold

__all__ = ["accept_fields", "fold"]
