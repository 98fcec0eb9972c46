"""What this counter alone has chosen: theme and size of letters; no fact, no other counter.

They lie in `local_setting`, each row with its seal, so that `verify` notices a changed one.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from pos.db.database import Database
from pos.db.sealed import put_sealed

Theme = Literal["light", "dark", "system"]
Scale = Literal["small", "normal", "large"]


class Preferences(msgspec.Struct, frozen=True):
    """How the window looks on this counter."""

    theme: Theme = "system"
    scale: Scale = "normal"


def load_preferences(db: Database) -> Preferences:
    """The choices as they stand; what is missing or unknown is as at first."""
    stored = {row[0]: row[1] for row in db.rows("SELECT name, value FROM local_setting")}
    theme, scale = stored.get("theme", ""), stored.get("scale", "")
    return Preferences(
        theme=theme if theme in get_args(Theme) else "system",
        scale=scale if scale in get_args(Scale) else "normal",
    )


def save_preferences(db: Database, chosen: Preferences) -> None:
    """Keep the choices, durably."""
    with db.transaction():
        for name in ("theme", "scale"):
            put_sealed(db, "local_setting", {"name": name, "value": getattr(chosen, name)})
