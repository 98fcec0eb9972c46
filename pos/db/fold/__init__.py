"""The one fold: how a fact changes the tables, for commands, verify and the feed alike."""

from __future__ import annotations

from pos.db.fold.dispatch import fold

__all__ = ["fold"]
