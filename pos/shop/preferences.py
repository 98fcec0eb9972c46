"""What this counter alone has chosen: its look, touch and keys; no fact, no other counter.

They lie in `local_setting`, each row with its seal, so that `verify` notices a changed one.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from pos.db.database import Database
from pos.db.sealed import put_sealed

Theme = Literal["light", "dark", "system"]
Scale = Literal["small", "normal", "large"]
_ON, _OFF = "1", "0"


class Preferences(msgspec.Struct, frozen=True):
    """How the window looks on this counter, and which keys it hears.

    `touch` is for fingers: larger rows, lists that are dragged. `keys` holds only acts that have
    another key than the standard (`pos.shop.keys`).
    """

    theme: Theme = "system"
    scale: Scale = "normal"
    touch: bool = False
    keys: dict[str, str] = {}


def load_preferences(db: Database) -> Preferences:
    """The choices as they stand; what is missing or unknown is as at first."""
    stored = {row[0]: row[1] for row in db.rows("SELECT name, value FROM local_setting")}
    theme, scale = stored.get("theme", ""), stored.get("scale", "")
    return Preferences(
        theme=theme if theme in get_args(Theme) else "system",
        scale=scale if scale in get_args(Scale) else "normal",
        touch=stored.get("touch") == _ON,
        keys=_keys(stored.get("keys", "")),
    )


def _keys(stored: str) -> dict[str, str]:
    try:
        return msgspec.json.decode(stored, type=dict[str, str]) if stored else {}
    except (msgspec.MsgspecError, UnicodeError):
        return {}


def save_preferences(db: Database, chosen: Preferences) -> None:
    """Keep the choices, durably."""
    values = {
        "theme": chosen.theme,
        "scale": chosen.scale,
        "touch": _ON if chosen.touch else _OFF,
        "keys": msgspec.json.encode(chosen.keys, order="sorted").decode(),
    }
    with db.transaction():
        for name, value in values.items():
            put_sealed(db, "local_setting", {"name": name, "value": value})
