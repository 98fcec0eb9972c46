"""What a counter remembers of its pictures' way, and how many of them wait.

Whether the server has a picture is asked, not remembered. Kept are the pictures that it cannot read
(told to a person, never sent again) and how many were to be sent when it was last asked, so that
the number can be shown without a network.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from pos.catalog.pictures import pictures_not_here
from pos.db.database import Database
from pos.sync.memory import recall, remember, server

_REFUSED: Final = "picture_refused_"
_LEFT: Final = "pictures_left"
_ASKED: Final = "pictures_asked"
_FULL: Final = "pictures_full"


class PictureState(NamedTuple):
    """`to_send` and `to_fetch` wait; `refused` names goods whose picture the server cannot read.

    `full`: the server has no room for more pictures of this shop.
    """

    to_send: int
    to_fetch: int
    refused: tuple[str, ...]
    full: bool

    @property
    def waiting(self) -> int:
        """How many pictures are on their way."""
        return self.to_send + self.to_fetch


def picture_state(db: Database) -> PictureState:
    """As it is stored now; nothing waits at a counter without a server."""
    if server(db) is None:
        return PictureState(0, 0, (), False)
    refused = refused_pictures(db)
    left = int(recall(db, _LEFT) or 0) + _chosen_since(db, int(recall(db, _ASKED) or 0))
    fetch = sum(1 for name in pictures_not_here(db) if name not in refused)
    return PictureState(left, fetch, _names(db, refused), recall(db, _FULL) == "1")


def _chosen_since(db: Database, row: int) -> int:
    return int(db.scalar("SELECT count(*) FROM picture WHERE rowid>? AND copy=x''", (row,)) or 0)


def _names(db: Database, refused: frozenset[bytes]) -> tuple[str, ...]:
    rows = [
        db.tuple_of(
            "SELECT sort_name, name FROM product WHERE picture=? ORDER BY sort_name", (name,)
        )
        for name in refused
    ]
    return tuple(str(row[1]) for row in sorted(row for row in rows if row is not None))


def newest_picture(db: Database) -> int:
    """The place of the picture that came or was chosen last; 0 where there is none."""
    return int(db.scalar("SELECT max(rowid) FROM picture") or 0)


def refused_pictures(db: Database) -> frozenset[bytes]:
    """Pictures that the server cannot read."""
    prefix = f"sync_{_REFUSED}"
    rows = db.rows(
        "SELECT name FROM local_setting WHERE name>=? AND name<?", (prefix, f"{prefix}g")
    )
    return frozenset(bytes.fromhex(str(row[0])[len(prefix) :]) for row in rows)


def note_refused(db: Database, name: bytes, why: str) -> None:
    """Keep that the server cannot read a picture."""
    with db.transaction():
        remember(db, f"{_REFUSED}{name.hex()}", why)


def note_asked(db: Database, left: int, newest: int, *, full: bool) -> None:
    """Keep how many pictures are still to be sent, of those up to the place `newest`."""
    values = {_LEFT: str(left), _ASKED: str(newest), _FULL: "1" if full else "0"}
    changed = {name: value for name, value in values.items() if recall(db, name) != value}
    if changed:
        with db.transaction():
            for name, value in changed.items():
                remember(db, name, value)


def forget_old_refusals(db: Database) -> None:
    """Drop what was kept of pictures that no product shows any more."""
    gone = [
        name
        for name in refused_pictures(db)
        if not db.scalar("SELECT 1 FROM product WHERE picture=? LIMIT 1", (name,))
    ]
    if gone:
        with db.transaction():
            for name in gone:
                db.run("DELETE FROM local_setting WHERE name=?", (f"sync_{_REFUSED}{name.hex()}",))
