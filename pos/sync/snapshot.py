"""A counter that begins takes a snapshot of the shop instead of its whole feed.

Chunks are kept in the counter's own file as they come, a piece at a time, so that a line that is
cut costs one piece. When all are here they are checked against the server's digests, and only then
laid into the tables: in slices of at most some 20 ms, each of which is a state that `verify`
proves. The feed goes on behind it once all is laid.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import msgspec

from core.sync.feed import cursor_bytes
from core.sync.limits import APPLY_MS
from core.sync.snapshot import (
    CONTRACT,
    PIECE_BYTES,
    Contents,
    Manifest,
    SnapshotWanted,
    Whole,
    read_contents,
    signed_bytes,
)
from pos.catalog.indexing import rebuild, refresh
from pos.db.base import BadChunk, base_of, contents_of, drop_base, drop_parts, rows_from
from pos.db.database import Database
from pos.db.sealed import put_sealed
from pos.journal.ends import note_alone, note_end
from pos.journal.laying import Layer
from pos.journal.laying_entries import BadRow
from pos.sync.goback import pull_whole
from pos.sync.meeting import meets_what_waits
from pos.sync.memory import Server, cursor, recall, remember
from pos.sync.refold import finish_refold, note_refold
from pos.sync.snapshot_check import BadSnapshot, check_snapshot
from pos.sync.wire import NoAnswer, Said, Speaker, is_signed

FIRST_SLICE: Final = 64
LEAST_IN_SLICE: Final = {"entry": 8}
"""What a busy machine makes no smaller: the commits would take longer than the rows. A row of
entries is a whole sale; of all other groups `FIRST_SLICE` rows take a millisecond or two."""

MOST_IN_SLICE: Final = 2_048
_TRIES: Final = 3
_LOADING: Final = {"synchronous": 1, "cache_size": -65_536, "wal_autocheckpoint": 8_000}


def is_wanted(db: Database, feed: int, acked: int, least: int) -> bool:
    """Whether this counter begins with a snapshot, or has begun to.

    The server's feed has `feed` entries, `acked` of them this counter's. What it wrote itself must
    be unknown to the server, so that it can wait on top of the snapshot.
    """
    base = base_of(db)
    if base is not None:
        return not base.is_done
    if feed < least or acked or recall(db, "no_snapshot") or cursor(db).n:
        return False
    return (
        db.tuple_of("SELECT 1 FROM feed LIMIT 1") is None
        and db.tuple_of(
            "SELECT 1 FROM journal WHERE device NOT IN (SELECT device FROM own_line) LIMIT 1"
        )
        is None
    )


class Beginning:
    """Fetches a snapshot and lays it down; what was done already is not done again."""

    def __init__(
        self,
        db: Database,
        server: Server,
        speaker: Speaker,
        *,
        breathe: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`breathe` is called between slices of writing, when nobody is kept waiting."""
        self._db = db
        self._server = server
        self._speaker = speaker
        self._breathe = breathe
        self._clock = clock

    def run(self) -> bool:
        """Whether the snapshot is laid down; False where the feed is to be pulled after all.

        Raises:
            NoAnswer, Said: not now; the next round goes on from here.
        """
        for _ in range(_TRIES):
            try:
                self._fetch()
                self._lay_all()
                return True
            except Said as said:
                if said.problem.error not in ("gone", "protocol"):
                    raise
                self._forget()  # the shop has gone on: its newest is taken
                if said.problem.error == "protocol":
                    break
            except (BadSnapshot, BadChunk):
                if self._laid():
                    self._undo()  # damaged in this file, between the check and now
                    break
                self._forget()
            except (BadRow, sqlite3.IntegrityError):
                self._undo()
                break
        with self._db.transaction():
            remember(self._db, "no_snapshot", "1")
        return False

    def lay_what_is_here(self) -> None:
        """Lay a snapshot down whose chunks are all here, asking nothing of the server: before this
        counter goes back with a server that was restored, or it would lose what it has of others
        and may be the last to have. One that cannot be laid down goes, as it would by going back.
        """
        base = base_of(self._db)
        if base is None or base.is_done or not self._is_fetched():
            return
        with suppress(BadSnapshot, BadChunk, BadRow, sqlite3.IntegrityError):
            self._lay_all()

    def _is_fetched(self) -> bool:
        sizes = [one.size for one in contents_of(self._db).chunks]
        rows = self._db.rows("SELECT length(data) FROM base_chunk ORDER BY place")
        return [row[0] for row in rows] == sizes

    def _lay_all(self) -> None:
        if not self._laid():
            check_snapshot(self._db)
            self._note_ends()
        with self._loading():
            self._lay()
        self._finish()

    def _laid(self) -> int:
        base = base_of(self._db)
        return base.laid if base is not None else 0

    def _forget(self) -> None:
        drop_parts(self._db, self._breathe)
        with self._db.transaction():
            drop_base(self._db)
            self._db.run("DELETE FROM page")

    def _undo(self) -> None:
        pull_whole(self._db, cursor(self._db).epoch, self._breathe)

    # -- fetching

    def _fetch(self) -> None:
        if base_of(self._db) is None:
            self._keep(self._ask())
        if self._laid():
            return  # laying begins when all chunks are here
        for place, chunk in enumerate(contents_of(self._db).chunks, 1):
            data = bytes(
                self._db.scalar("SELECT data FROM base_chunk WHERE place=?", (place,)) or b""
            )
            while len(data) < chunk.size:
                data += self._piece(chunk.hash, len(data), chunk.size)
                with self._db.transaction():
                    # Put together here: SQLite would make text of two pieces.
                    self._db.run(
                        "INSERT OR REPLACE INTO base_chunk (place, hash, data) VALUES (?,?,?)",
                        (place, chunk.hash, data),
                    )
                self._breathe()
            if hashlib.sha256(data).digest() != chunk.hash:
                with self._db.transaction():
                    self._db.run("DELETE FROM base_chunk WHERE place=?", (place,))
                raise NoAnswer(why="damaged")

    def _piece(self, digest: bytes, start: int, size: int) -> bytes:
        end = min(start + PIECE_BYTES, size)
        found = self._speaker.fetch(f"/sync/snapshot/{digest.hex()}", start, end)
        if not 0 < len(found) <= size - start:
            raise NoAnswer(why="damaged")
        return found

    def _ask(self) -> Manifest:
        answer = self._speaker.ask(
            Manifest, "POST", "/sync/snapshot", SnapshotWanted(), timeout_s=120.0
        )
        assert answer is not None, "a snapshot is always answered"
        return answer

    def _keep(self, manifest: Manifest) -> None:
        contents = self._signed(manifest)
        with self._db.transaction():
            put_sealed(
                self._db,
                "base",
                {
                    "place": 1,
                    "n": contents.n,
                    "epoch": contents.epoch,
                    "feed_hash": contents.feed_hash,
                    "after_n": contents.after,
                    "after_hash": contents.after_hash,
                    "contents": manifest.contents,
                    "signature": manifest.signature,
                    "laid": 0,
                    "done": 0,
                },
            )

    def _signed(self, manifest: Manifest) -> Contents:
        key = self._server.key
        if not is_signed(key, manifest.signature, signed_bytes(manifest.contents)):
            raise BadSnapshot(why="signature")
        try:
            contents = read_contents(manifest.contents)
        except msgspec.MsgspecError as error:
            raise BadSnapshot(why="contents") from error
        epoch = cursor(self._db).epoch
        if contents.epoch > epoch:
            raise NoAnswer(why="epoch")  # it went back since this round's hello: the next is told
        if (
            contents.shop != self._server.shop
            or contents.epoch != epoch
            or contents.contract > CONTRACT
            or not self._ends(contents)
        ):
            raise BadSnapshot(why="another")
        return contents

    def _ends(self, contents: Contents) -> bool:
        """Whether the server has signed each page, and the last one is where the feed stands."""
        last = (0, b"")
        for page in contents.pages:
            at = cursor_bytes(self._server.shop, contents.epoch, page.n, page.feed_hash)
            if not is_signed(self._server.key, page.signature, at):
                return False
            last = page.n, page.feed_hash
        return last == (contents.n, contents.feed_hash)

    # -- laying down

    @contextmanager
    def _loading(self) -> Iterator[None]:
        """While much is written on this connection: no flush for each slice, more pages in memory.

        What a power cut takes is laid down again: slices are lost from the last one backwards, and
        a sale's own flush, on its connection, takes all before it to the disk.
        """
        before = [self._db.scalar(f"PRAGMA {name}") for name in _LOADING]
        try:
            for name, value in _LOADING.items():
                self._db.run(f"PRAGMA {name}={value}")
            yield
        finally:
            for name, value in zip(_LOADING, before, strict=True):
                self._db.run(f"PRAGMA {name}={value}")
            self._db.run("PRAGMA shrink_memory")

    def _lay(self) -> None:
        base = base_of(self._db)
        assert base is not None, "it was fetched"
        layer, laid = Layer(self._db, base, new=True), base.laid
        size, before = FIRST_SLICE, ""
        for group, rows in rows_from(self._db, base.laid):
            if group != before:
                size, before = LEAST_IN_SLICE.get(group, size), group
            start = 0
            while start < len(rows):
                part = rows[start : start + size]
                began = self._clock()
                with self._db.transaction():
                    layer.lay(group, part)
                    if layer.entries.has_moved:
                        note_refold(self._db)
                    laid += len(part)
                    self._note(laid, done=False)
                took_ms = (self._clock() - began) * 1000
                start += len(part)
                if took_ms > APPLY_MS / 2:
                    size = max(LEAST_IN_SLICE.get(group, FIRST_SLICE), size // 2)
                elif took_ms < APPLY_MS / 4:
                    size = min(MOST_IN_SLICE, size * 2)
                self._breathe()
        self._index()

    def _finish(self) -> None:
        """The feed goes on behind it from here; with this commit all before is on the disk."""
        # Looked at before the writer is held: it takes long where much waits, and goods that are
        # written down meanwhile are known to nobody else.
        meets = meets_what_waits(self._db)
        with self._db.transaction():
            self._note(self._laid(), done=True)
            if meets:
                note_refold(self._db)
            # Who ordered and what was said is in no snapshot.
            remember(self._db, "contacts", "new")
            remember(self._db, "talk_due", "1")
        finish_refold(self._db, self._breathe)

    def _note_ends(self) -> None:
        """What is laid down now can be offered back from the first slice on."""
        contents = contents_of(self._db)
        older: list[Whole] = []
        for _, rows in rows_from(self._db, groups=("entry",)):
            older += [row for row in rows if row.n <= contents.after]
            if rows[-1].n > contents.after:
                break
        with self._db.transaction():
            if contents.after:
                note_end(self._db, contents.after, 0, contents.after_hash)
            note_alone(self._db, contents.epoch, older)
            for page in contents.pages:
                note_end(self._db, page.n, contents.epoch, page.feed_hash, page.signature)

    def _index(self) -> None:
        """Goods are found by name: at once where nobody sells here yet, else a few at a time."""
        if self._db.tuple_of("SELECT 1 FROM waiting w JOIN sale s ON s.id=w.pos LIMIT 1") is None:
            with self._db.transaction():
                rebuild(self._db)
            return
        missing = self._db.rows(
            "SELECT id FROM product WHERE active=1"
            " AND id NOT IN (SELECT product_id FROM search_doc)"
        )
        for start in range(0, len(missing), FIRST_SLICE):
            with self._db.transaction():
                for row in missing[start : start + FIRST_SLICE]:
                    refresh(self._db, bytes(row[0]))
            self._breathe()

    def _note(self, laid: int, *, done: bool) -> None:
        row = self._db.one("SELECT * FROM base WHERE place=1")
        assert row is not None, "there is a base"
        names = (
            "place",
            "n",
            "epoch",
            "feed_hash",
            "after_n",
            "after_hash",
            "contents",
            "signature",
        )
        kept = {name: getattr(row, name) for name in names}
        put_sealed(self._db, "base", {**kept, "laid": laid, "done": int(done)})
