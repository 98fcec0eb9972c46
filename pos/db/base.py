"""Where this counter's feed begins: nowhere (at its first number), or at a snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final, NamedTuple

import msgspec
import zstandard

from core.sync.limits import UNPACKED_BYTES
from core.sync.snapshot import GROUPS, Contents, read_contents, read_rows
from pos.db.database import Database

_PARTS: Final = ("base_chunk", "past_page")


class Base(NamedTuple):
    """A snapshot that is kept here: the feed stood at `n`; entries after `after_n` came whole.

    `laid` rows of it are in the tables; `is_done` once all were and agreed with its digests.
    """

    n: int
    epoch: int
    feed_hash: bytes
    after_n: int
    after_hash: bytes
    laid: int
    is_done: bool


class BadChunk(ValueError):
    """What is kept of a snapshot, or of what followed it, is not what the server signed."""


def base_of(db: Database) -> Base | None:
    """The snapshot that this counter begins with, if it has one."""
    row = db.tuple_of(
        "SELECT n, epoch, feed_hash, after_n, after_hash, laid, done FROM base WHERE place=1"
    )
    if row is None:
        return None
    n, epoch, feed_hash, after_n, after_hash, laid, done = row
    return Base(n, epoch, feed_hash, after_n, after_hash, laid, bool(done))


def contents_of(db: Database) -> Contents:
    """What the server signed of it.

    Raises:
        BadChunk: it is not readable.
    """
    try:
        return read_contents(bytes(db.scalar("SELECT contents FROM base WHERE place=1") or b""))
    except msgspec.MsgspecError as error:
        raise BadChunk("contents") from error


def unpack_chunk(group: str, digest: bytes, count: int, data: bytes) -> list[Any]:
    """The rows of a chunk.

    Raises:
        BadChunk: it is not the one that was signed, or cannot be read.
    """
    if hashlib.sha256(data).digest() != digest:
        raise BadChunk("hash")
    try:
        body = zstandard.ZstdDecompressor().decompress(data, max_output_size=UNPACKED_BYTES)
        rows = read_rows(group, body)
    except Exception as error:  # of zstandard and msgspec, each their own
        raise BadChunk("content") from error
    if len(rows) != count:
        raise BadChunk("rows")
    return rows


def rows_from(
    db: Database, start: int = 0, groups: Collection[str] = GROUPS
) -> Iterator[tuple[str, list[Any]]]:
    """The rows after the first `start`, a chunk's at a time, with the name of their group; of some
    groups only, where they are given.

    Raises:
        BadChunk: a chunk is missing or is not what was signed.
    """
    seen = 0
    for place, chunk in enumerate(contents_of(db).chunks, 1):
        seen += chunk.rows
        if seen <= start or chunk.group not in groups:
            continue
        data = db.scalar("SELECT data FROM base_chunk WHERE place=?", (place,))
        if data is None:
            raise BadChunk("missing")
        rows = unpack_chunk(chunk.group, chunk.hash, chunk.rows, bytes(data))
        yield chunk.group, rows[max(0, start - seen + chunk.rows) :]


def drop_parts(db: Database, breathe: Callable[[], None] = lambda: None) -> None:
    """Forget what a snapshot that is given up consists of, a part in each transaction: it may be
    hundreds of megabytes. `breathe` is called between them. The snapshot itself stays, which nobody
    can lay down any more."""
    for table in _PARTS:
        while (place := db.scalar(f"SELECT place FROM {table} LIMIT 1")) is not None:
            with db.transaction():
                db.run(f"DELETE FROM {table} WHERE place=?", (place,))
            breathe()


def drop_base(db: Database) -> None:
    """Forget the snapshot; what it laid down goes with the next folding. In a transaction."""
    db.run("DELETE FROM base")
    for table in _PARTS:
        db.run(f"DELETE FROM {table}")
