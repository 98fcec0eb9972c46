"""Snapshots of a shop for counters that begin: made in one reading transaction, kept a while.

Number and rows are of the same moment, and that moment is the end of a transaction of the feed,
since only whole ones are seen. Chunks lie in this process and in a folder that all of this server
share; of one that is in neither (any more) a counter is told that it is `gone`, and it asks for the
snapshot again.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import zstandard

from core.sync.feed import cursor_bytes
from core.sync.limits import PAGE_BYTES, PAGE_ENTRIES
from core.sync.snapshot import (
    CHUNK_BYTES,
    CONTRACT,
    GROUPS,
    WHOLE_DAYS,
    Chunk,
    Contents,
    PageEnd,
    Row,
    join_rows,
    signed_bytes,
    write_contents,
    write_row,
)
from server.db.transaction import ShopTx
from server.services import Services
from server.sync import snapshot_rows
from server.sync.keys import ServerKey
from server.sync.pages import check_may_pull
from server.sync.refusals import Gone, OldProtocol, TooMany
from server.sync.snapshot_files import SnapshotFiles
from server.sync.standing import FeedHead, hash_at, head_of

MOST_PULLS: Final = 3
"""So many counters of one shop fetch parts of snapshots at a time; more come again."""

MOST_BYTES: Final = 256 * 1024 * 1024
MOST_SHOPS: Final = 64
_RETRY_S: Final = 2
_DAY_MS: Final = 86_400_000
_LEVEL: Final = 3


class Snapshot(NamedTuple):
    """A snapshot as it is kept: signed contents, and chunks by their hash."""

    shop: bytes
    head: FeedHead
    contents: bytes
    signature: bytes
    chunks: dict[bytes, bytes]

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.contents) + sum(map(len, self.chunks.values()))


class Kept(NamedTuple):
    """A chunk's bytes, and the epoch of the shop's feed."""

    body: bytes
    epoch: int


class Shelf:
    """The newest snapshot of each shop that was asked for lately, and who is fetching."""

    def __init__(self, shared: Path | None = None) -> None:
        """Nothing is kept yet. `shared` is a folder of all processes of this server."""
        self._files = SnapshotFiles(shared)
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, Snapshot] = OrderedDict()
        self._pulls: dict[bytes, int] = {}
        self._making: dict[bytes, threading.Lock] = {}

    @contextmanager
    def pull(self, shop: bytes) -> Iterator[None]:
        """One more counter of the shop fetches.

        Raises:
            TooMany: as many as may are at it.
        """
        with self._lock:
            if self._pulls.get(shop, 0) >= MOST_PULLS:
                raise TooMany(retry_s=_RETRY_S)
            self._pulls[shop] = self._pulls.get(shop, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                self._pulls[shop] -= 1
                if not self._pulls[shop]:
                    del self._pulls[shop]

    @contextmanager
    def making(self, shop: bytes) -> Iterator[None]:
        """One snapshot of a shop is made at a time: who waited finds it kept."""
        with self._lock:
            lock = self._making.setdefault(shop, threading.Lock())
        with lock:
            yield

    def kept(self, shop: bytes) -> Snapshot | None:
        """The shop's newest snapshot here."""
        with self._lock:
            found = self._kept.get(shop)
            if found is not None:
                self._kept.move_to_end(shop)
            return found

    def chunk(self, shop: bytes, digest: bytes) -> bytes | None:
        """A part of a snapshot of the shop that this or another process has made."""
        kept = self.kept(shop)
        found = kept.chunks.get(digest) if kept is not None else None
        return self._files.find(shop, digest) if found is None else found

    def keep(self, snapshot: Snapshot) -> None:
        """Keep it; what was asked for longest ago gives way."""
        self._files.keep(snapshot.shop, snapshot.chunks)
        with self._lock:
            self._kept[snapshot.shop] = snapshot
            self._kept.move_to_end(snapshot.shop)
            while len(self._kept) > 1 and (
                len(self._kept) > MOST_SHOPS
                or sum(one.size for one in self._kept.values()) > MOST_BYTES
            ):
                self._kept.popitem(last=False)


def take_snapshot(
    services: Services, shelf: Shelf, key: ServerKey, shop_id: bytes, device: bytes, contract: int
) -> Snapshot:
    """The shop's snapshot as it stands now, or the kept one of the same number.

    Raises:
        Revoked, Unconfirmed, UnknownLine: the counter may not pull.
        OldProtocol: it does not read what is written here.
        TooMany: too many of the shop are fetching.
    """
    if contract < CONTRACT:
        raise OldProtocol(protocol=contract)
    with shelf.pull(shop_id), shelf.making(shop_id):
        with services.store.reading_shop(shop_id, snapshot=True) as tx:
            check_may_pull(tx, device)
            head = head_of(tx)
            kept = shelf.kept(shop_id)
            if kept is not None and kept.head == head:
                return kept
            found = _make(tx, head, key, services.now_ms() - WHOLE_DAYS * _DAY_MS)
        shelf.keep(found)
        return found


def chunk_of(
    services: Services, shelf: Shelf, shop_id: bytes, device: bytes, digest: bytes
) -> Kept:
    """The bytes of a chunk of the shop's snapshots.

    Raises:
        Gone: it is of none that is kept (any more).
        Revoked, Unconfirmed, UnknownLine, TooMany: as `take_snapshot`.
    """
    with shelf.pull(shop_id):
        with services.store.reading_shop(shop_id) as tx:
            check_may_pull(tx, device)
            epoch = head_of(tx).epoch
        body = shelf.chunk(shop_id, digest)
        if body is None:
            raise Gone()
        return Kept(body, epoch)


def _make(tx: ShopTx, head: FeedHead, key: ServerKey, since_ms: int) -> Snapshot:
    read = snapshot_rows.read(tx, head, key, since_ms)
    chunks: dict[bytes, bytes] = {}
    listed: list[Chunk] = []
    for group in GROUPS:
        for rows, body in _chunks(read.rows(group)):
            digest = hashlib.sha256(body).digest()
            chunks[digest] = body
            listed.append(Chunk(group, digest, rows, len(body)))
    contents = write_contents(
        Contents(
            tx.shop_id,
            head.epoch,
            head.n,
            head.hash,
            read.after,
            read.after_hash,
            CONTRACT,
            read.digest,
            read.heads,
            tuple(listed),
            tuple(_page_ends(tx, read, head, key)),
        )
    )
    return Snapshot(tx.shop_id, head, contents, key.sign(signed_bytes(contents)), chunks)


def _page_ends(
    tx: ShopTx, read: snapshot_rows.Read, head: FeedHead, key: ServerKey
) -> Iterator[PageEnd]:
    """So that a counter can offer a restored server what it lost in pages of bounded length."""
    for n in (*_ends_before(read, head.n), head.n):
        digest = hash_at(tx, n) or head.hash
        yield PageEnd(n, digest, key.sign(cursor_bytes(tx.shop_id, head.epoch, n, digest)))


def _ends_before(read: snapshot_rows.Read, last: int) -> Iterator[int]:
    """Numbers before the last one at which as much has come as a page of the feed holds."""
    count = size = 0
    for row in read.entries:
        if not read.after < row.n < last:
            continue
        count, size = count + 1, size + len(row.body)
        if count == PAGE_ENTRIES or size >= PAGE_BYTES:
            yield row.n
            count = size = 0


def _chunks(rows: Iterator[Row]) -> Iterator[tuple[int, bytes]]:
    packer = zstandard.ZstdCompressor(level=_LEVEL)
    part: list[bytes] = []
    size = 0
    for row in rows:
        part.append(write_row(row))
        size += len(part[-1])
        if size >= CHUNK_BYTES:
            yield len(part), packer.compress(join_rows(part))
            part, size = [], 0
    if part:
        yield len(part), packer.compress(join_rows(part))
