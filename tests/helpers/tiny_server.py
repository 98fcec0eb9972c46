"""The smallest server that keeps the protocol's promises: it numbers, judges and hands out.

No network and no clock: entries go in by `push`, pages come out by `page`. Its accepted state is
kept by the same fold as the counters', so that all can be compared with it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from core.contract import decode_body, encode_body, kind_of
from core.errors import Refused
from core.facts.base import Fact, Header
from core.facts.catalog import CatalogImported, ProductChanged
from core.facts.customers import CustomerChanged
from core.facts.shop import SettingsChanged, StaffChanged
from core.facts.sync import Carried, EntryJudged, FieldDecided, RegisterJoined
from core.journal import NO_HASH, Entry, entry_hash, link
from core.sync.carrying import original_hash
from core.sync.feed import JOINED, OK, QUARANTINED, START, counts, next_hash, verdict
from core.sync.fields import FIRST, Stamp, judge
from core.sync.messages import Enrolled, FeedEntry, FeedPage
from pos.db.database import Database, open_database
from pos.db.fold.fields import normal, standing
from pos.db.fold.folding import Folding
from pos.db.schema import metadata
from pos.journal.order import Placed, note_carried
from pos.journal.refold import fold_one
from tests.helpers.small_snapshot import SERVER_KEY

SHOP = b"S" * 16
LINE = b"\xff" * 16


class TinyServer:
    """One shop's feed."""

    def __init__(self, chance: random.Random | None = None) -> None:
        """An empty feed; `chance` makes pages of uneven length."""
        self.chance = chance or random.Random(1)
        self.feed: list[FeedEntry] = []
        self.hashes = [START]
        self.heads: dict[bytes, tuple[int, bytes]] = {}
        self.before: dict[bytes, int] = {}
        self.stamps: dict[tuple[str, bytes, str], Stamp] = {}
        self.held: list[bytes] = []
        self.counted: set[bytes] = set()
        self.words: dict[bytes, str] = {}
        self.revoked: set[bytes] = set()
        self.time = 1
        self.epoch = 1
        self.members = 0
        self.db = open_database(None)
        metadata.create_all(self.db.connection)
        with self.db.transaction():
            self.db.run(
                "INSERT INTO local_setting (name, value, seal) VALUES ('sync_shop', 'x', x'')"
            )

    # -- joining

    def enrol(self, lines: list[tuple[bytes, int]], code: str) -> Enrolled:
        """A counter with these lines (device, length) joins under a code."""
        first = not self.members
        self.members += 1
        for device, seq in lines:
            self.before[device] = 0 if first else seq
            self.write(RegisterJoined(device, code, "", b"", self.before[device]))
        settings = {row[0]: row[1] for row in self.db.rows("SELECT name, value FROM setting")}
        return Enrolled(
            self.epoch, self.time, "r", SHOP, "Toko", SERVER_KEY, code, first, "123456", settings
        )

    # -- taking in

    def push(self, entries: list[Entry]) -> None:
        """Entries of one line in order; those that are here are skipped."""
        for entry in entries:
            seq, digest = self.heads.get(entry.device, (0, NO_HASH))
            if entry.seq <= seq:
                continue
            assert entry.seq == seq + 1 and entry.prev_hash == digest, "gap or fork"
            self.heads[entry.device] = (entry.seq, entry.hash)
            self._accept(entry, self._verdict(entry))

    def _verdict(self, entry: Entry) -> str:
        if entry.hash in self.words:
            return self.words[entry.hash]
        if entry.device in self.revoked:
            return verdict(QUARANTINED, "revoked")
        if entry.seq <= self.before.get(entry.device, 0) and entry.kind == SettingsChanged.KIND:
            return JOINED
        return OK

    def write(self, fact: Fact) -> None:
        """An entry of the server's own line."""
        seq, digest = self.heads.get(LINE, (0, NO_HASH))
        kind, version = kind_of(fact)
        header = Header(self.time, b"server00", self.time, "2026-11-24")
        entry = link(SHOP, LINE, seq + 1, kind, version, digest, encode_body(header, fact))
        self.heads[LINE] = (entry.seq, entry.hash)
        self._accept(entry, OK)

    def release(self) -> None:
        """Let the oldest entry in quarantine count."""
        if self.held:
            self.write(EntryJudged(self.held.pop(0), "released"))

    def _accept(self, entry: Entry, word: str) -> None:
        self.time += 1000
        n = len(self.feed) + 1
        self.feed.append(
            FeedEntry(
                n, entry.device, entry.seq, entry.kind, entry.version, entry.prev_hash,
                entry.hash, self.time, word, entry.shop, entry.body,
            )
        )  # fmt: skip
        self.hashes.append(next_hash(self.hashes[-1], n, entry.hash, self.time, word))
        with self.db.transaction():
            self.db.run("INSERT INTO journal VALUES (?,?,?,?,?,?,?,?,?)", (n, *entry))
            note_carried(self.db, n, entry)
        if not counts(word):
            self.held.append(entry.hash)
            return
        self._released(entry)
        self._count(Placed(n, entry, "accepted", word))

    def _released(self, entry: Entry) -> None:
        if entry.kind not in (EntryJudged.KIND, Carried.KIND):
            return
        fact: Any = decode_body(entry.kind, entry.version, entry.body)[1]
        if isinstance(fact, Carried):
            fact = decode_body(fact.kind, fact.version, fact.body)[1]
        if not isinstance(fact, EntryJudged):
            return
        row = self.db.tuple_of("SELECT * FROM journal WHERE hash=?", (fact.hash,))
        assert row is not None
        if fact.decision == "released":
            self._count(Placed(row[0], Entry(*row[1:]), "accepted", ""))

    def _count(self, placed: Placed) -> None:
        fact: Any = None
        if placed.entry.kind == Carried.KIND:
            fact = decode_body(placed.entry.kind, placed.entry.version, placed.entry.body)[1]
        identity = original_hash(fact) if fact is not None else placed.entry.hash
        if identity in self.counted:
            return
        self.counted.add(identity)
        decisions = [] if placed.verdict == JOINED else list(self._judge(placed))
        with self.db.transaction():
            # One that was held counts where it was let go, not where it came.
            self.db.run(
                "INSERT OR REPLACE INTO feed (n, pos, at_ms, verdict, order_n, feed_hash)"
                " VALUES (?1,?1,0,'',?2,x'')",
                (placed.pos, len(self.feed)),
            )
            fold_one(self.db, placed, _loud, lambda at, fact: None)
        for decision in decisions:
            self.write(decision)

    def _judge(self, placed: Placed) -> Iterator[FieldDecided]:
        entry = placed.entry
        header, fact = decode_body(entry.kind, entry.version, entry.body)
        at = Folding(self.db, placed.pos, entry.device, entry.seq, header, entry.hash, "accepted")
        mine = Stamp(self.time, entry.hash)
        for table, document, change in _changes(fact):
            key = (table, document, change.field)
            now = standing(at, table, document, change.field)
            stamp = self.stamps.get(key, FIRST)
            new = normal(table, change.field, change.new)
            old = normal(table, change.field, change.old) if change.old else ""
            result = "applied" if now is None else judge(now, stamp, old, new, mine)
            if result in ("applied", "won"):
                self.stamps[key] = mine
            if result in ("won", "lost"):
                value, other = (new, now) if result == "won" else (now, new)
                won, lost = (mine, stamp) if result == "won" else (stamp, mine)
                yield FieldDecided(
                    table, document, change.field, value or "", other or "", won.hash, lost.hash
                )

    # -- handing out

    def page(self, after: int, lines: set[bytes], most: int = 0) -> FeedPage:
        """Entries after a number, those of `lines` without bytes."""
        most = most or self.chance.randint(1, 12)
        entries = tuple(
            FeedEntry(
                one.n, one.device, one.seq, one.kind, one.version, one.prev_hash, one.hash,
                one.at_ms, one.verdict, one.shop, None if one.device in lines else one.body,
            )
            for one in self.feed[after : after + most]
        )  # fmt: skip
        last = after + len(entries)
        return FeedPage(
            self.epoch, self.time, "r", after + 1, entries, self.hashes[last], b"", len(self.feed)
        )


def _loud(placed: Placed, what: str, why: str) -> None:
    raise AssertionError(f"{placed.entry.kind} cannot be folded: {what} {why}")


def _changes(fact: Fact) -> Iterator[tuple[Any, bytes, Any]]:
    match fact:
        case ProductChanged():
            yield from (("product", fact.product_id, change) for change in fact.changes)
        case CustomerChanged():
            yield from (("customer", fact.customer_id, change) for change in fact.changes)
        case StaffChanged():
            yield from (("staff", fact.staff_id, change) for change in fact.changes)
        case SettingsChanged():
            yield from (("setting", b"", change) for change in fact.changes)
        case CatalogImported():
            for one in fact.changes:
                yield from (("product", one.product_id, change) for change in one.changes)


def own_entries(db: Database, device: bytes) -> list[Entry]:
    """A line's entries as a counter pushes them."""
    return [
        Entry(*row)
        for row in db.raw.execute(
            "SELECT shop, device, seq, kind, version, body, prev_hash, hash FROM journal"
            " WHERE device=? ORDER BY seq",
            (device,),
        )
    ]


__all__ = ["LINE", "SHOP", "Refused", "TinyServer", "entry_hash", "own_entries"]
