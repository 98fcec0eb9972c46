"""What a counter remembers of the server: in `local_setting`, each row with its seal."""

from __future__ import annotations

from typing import NamedTuple

from core.sync.feed import START
from pos.db.database import Database
from pos.db.sealed import put_sealed


class Server(NamedTuple):
    """The server that this counter is enrolled at: its address, our shop there, its public key."""

    url: str
    shop: bytes
    key: bytes


class Cursor(NamedTuple):
    """How far the feed is applied: epoch, last number, feed hash there."""

    epoch: int
    n: int
    feed_hash: bytes


def recall(db: Database, name: str) -> str:
    """A remembered text, "" where there is none."""
    return str(db.scalar("SELECT value FROM local_setting WHERE name=?", (f"sync_{name}",)) or "")


def remember(db: Database, name: str, value: str) -> None:
    """Keep a text; inside the caller's transaction."""
    put_sealed(db, "local_setting", {"name": f"sync_{name}", "value": value})


def server(db: Database) -> Server | None:
    """The server of this counter, None where it is not enrolled."""
    shop = recall(db, "shop")
    if not shop:
        return None
    return Server(recall(db, "url"), bytes.fromhex(shop), bytes.fromhex(recall(db, "server_key")))


def is_forgotten(db: Database) -> bool:
    """Whether the server no longer knows this counter: it was restored from before it joined."""
    return recall(db, "error") == "unknown_device"


def cursor(db: Database) -> Cursor:
    """How far the feed is applied; at its start until a snapshot is laid down and found right."""
    epoch = int(recall(db, "epoch") or 0)
    base = db.tuple_of("SELECT n, feed_hash, done FROM base")
    row = db.tuple_of("SELECT n, feed_hash FROM feed ORDER BY n DESC LIMIT 1")
    if base is not None and (row is None or row[0] <= base[0]):
        row = base if base[2] else None
    return Cursor(epoch, 0, START) if row is None else Cursor(epoch, row[0], bytes(row[1]))


def waiting_count(db: Database) -> int:
    """How many entries the accepted state does not know yet."""
    return int(db.scalar("SELECT count(*) FROM waiting") or 0)
