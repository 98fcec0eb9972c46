"""Checking what the tables follow from: each line's chain, the feed's chain, and what waits."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any, NamedTuple

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.shop import LineOpened
from core.facts.sync import Carried, EntryJudged
from core.journal import NO_HASH, Entry, is_whole
from core.sync.carrying import original_hash
from core.sync.feed import QUARANTINED, counts, next_hash, verdict_word
from pos.db.database import Database
from pos.journal.beginning import Start, cursor_n, start_of
from pos.journal.difference import Difference, show
from pos.journal.ends import stretches
from pos.journal.lost import lost_entries
from pos.journal.order import counts_at, effect_pos, enrolled, out_of_place


def chain_differences(db: Database) -> Iterator[Difference]:
    """All that does not fit in journal, feed and what waits."""
    start = start_of(db)
    yield from start.differences
    yield from _journal(db, start)
    yield from _own_lines(db)
    yield from _feed(db, start)
    yield from _pages(db, start)
    yield from _waiting(db)


def _journal(db: Database, start: Start) -> Iterator[Difference]:
    # What an entry follows may have come after it: a snapshot's entries come before older ones,
    # which are pulled where it had to be given up.
    known = start.heads | {
        (bytes(row[0]), row[1], bytes(row[2]))
        for row in db.raw.execute("SELECT device, seq, hash FROM journal")
    }
    shops: dict[bytes, bytes] = {}
    mine = {bytes(row[0]) for row in db.rows("SELECT device FROM own_line")}
    apart, alone = _apart(db), _alone(db)
    rows = db.raw.execute(
        "SELECT pos, shop, device, seq, kind, version, body, prev_hash, hash FROM journal"
        " ORDER BY pos"
    )
    count = 0
    for row in rows:
        pos, entry = row[0], Entry(*row[1:])
        # Before the first place are older entries than a snapshot's whole ones: see `_laid`.
        count += pos > 0
        is_right = pos == count if pos > 0 else pos < 0
        follows = pos in alone or _follows(entry, known)
        fault = _fault(entry, follows, shops, pos in apart) if is_right else "pos"
        key = f"{entry.device.hex()}:{entry.seq}"
        if fault:
            yield Difference("journal", key, fault, str(pos), str(count))
        if entry.kind == LineOpened.KIND and entry.device in mine:
            yield from _parent(key, entry, known)


def _apart(db: Database) -> set[int]:
    """Entries that are held in quarantine, themselves or inside another."""
    return {
        pos
        for *places, verdict in db.rows(
            "SELECT f.pos, coalesce(c.pos, f.pos), f.verdict FROM feed f LEFT JOIN carried c"
            " ON c.carrier_pos=f.pos WHERE f.verdict LIKE 'quarantined%'"
        )
        if verdict_word(verdict) == QUARANTINED
        for pos in places
    }


def _alone(db: Database) -> set[int]:
    """Others' entries that are in no feed: a server lost them, and gets them back one by one. What
    they followed may be nobody's any more."""
    return {
        row[0]
        for row in db.rows(
            "SELECT pos FROM journal WHERE pos NOT IN (SELECT pos FROM feed)"
            " AND device NOT IN (SELECT device FROM own_line)"
        )
    }


def _follows(entry: Entry, known: Set[tuple[bytes, int, bytes]]) -> bool:
    if entry.seq == 1:
        return entry.prev_hash == NO_HASH
    return (entry.device, entry.seq - 1, entry.prev_hash) in known


def _fault(entry: Entry, follows: bool, shops: dict[bytes, bytes], apart: bool) -> str:
    """What is wrong with an entry; one in quarantine may be damaged."""
    if not follows:
        return "fork"
    if entry.shop != shops.setdefault(entry.device, entry.shop):
        return "shop"
    return "" if is_whole(entry) or apart else "hash"


def _parent(key: str, entry: Entry, known: Set[tuple[bytes, int, bytes]]) -> Iterator[Difference]:
    try:
        fact = decode_body(entry.kind, entry.version, entry.body)[1]
    except (UnknownFact, UnreadableFact):
        return
    if not isinstance(fact, LineOpened) or not fact.parent_seq:
        return
    if (fact.parent_device, fact.parent_seq, fact.parent_hash) not in known:
        yield Difference("journal", key, "parent", "absent", fact.parent_hash.hex())


def _own_lines(db: Database) -> Iterator[Difference]:
    mine = {b""}
    for count, row in enumerate(db.rows("SELECT place, device FROM own_line ORDER BY place"), 1):
        if row[0] != count:
            yield Difference("own_line", str(row[0]), "place", str(row[0]), str(count))
        found = db.scalar("SELECT parent_device FROM line WHERE device=?", (row[1],))
        if found is None or bytes(found) not in mine or (count > 1 and not found):
            yield Difference("own_line", str(row[0]), "device", show(row[1]), show(found))
        mine.add(bytes(row[1]))
    if len(mine) == 1:
        yield Difference("own_line", "", "row", "absent", "present")
    lost = lost_entries(db)  # after a server went back others' lines wait again, too
    for row in db.rows(
        "SELECT device, pos FROM line WHERE pos IN (SELECT pos FROM waiting)"
        " OR NOT EXISTS (SELECT 1 FROM feed)"
    ):
        if bytes(row[0]) not in mine and row[1] not in lost:
            yield Difference("own_line", show(row[0]), "row", "absent", "present")


def _feed(db: Database, start: Start) -> Iterator[Difference]:
    expected = _decided(db, start).places
    before = start.feed_hash
    yield from _laid(db, start, expected)
    rows = db.raw.execute(
        "SELECT f.n, f.pos, f.at_ms, f.verdict, f.order_n, f.feed_hash, j.hash FROM feed f"
        " LEFT JOIN journal j ON j.pos=f.pos WHERE f.n>? ORDER BY f.n",
        (start.after,),
    )
    first = start.after + 1
    for count, (n, pos, at_ms, verdict, order_n, feed_hash, digest) in enumerate(rows, first):
        if n != count:
            yield Difference("feed", str(n), "n", str(n), str(count))
        if digest is None:
            yield Difference("feed", str(n), "pos", str(pos), "in the journal")
            continue
        before = next_hash(before, n, digest, at_ms, verdict)
        if before != feed_hash:
            yield Difference("feed", str(n), "feed_hash", show(feed_hash), show(before))
            before = feed_hash
        if order_n != expected.get(n):
            yield Difference("feed", str(n), "order_n", show(order_n), show(expected.get(n)))


def _laid(db: Database, start: Start, places: dict[int, int]) -> Iterator[Difference]:
    """What a snapshot brought from before its whole entries stands in the feed as it came."""
    rows = db.rows(
        "SELECT f.n, f.order_n, f.pos, f.at_ms, f.verdict, f.feed_hash, j.hash FROM feed f"
        " LEFT JOIN journal j ON j.pos=f.pos WHERE f.n<=? ORDER BY f.n",
        (start.after,),
    )
    seen = set[int]()
    for n, order_n, *found in rows:
        seen.add(n)
        if tuple(found) != start.older.get(n):
            yield Difference("feed", str(n), "row", show(tuple(found)), show(start.older.get(n)))
        if order_n != places.get(n):
            yield Difference("feed", str(n), "order_n", show(order_n), show(places.get(n)))
    for n in start.older.keys() - seen:
        yield Difference("feed", str(n), "row", "absent", "present")


class Decided(NamedTuple):
    """What the feed says of its numbers: where each counts, its own or that of its release
    (absent: nowhere), and which of those held in quarantine were set aside."""

    places: dict[int, int]
    aside: list[int]


def decided(db: Database) -> Decided:
    """What the feed that is here says, by all decisions in it that can be read."""
    return _decided(db, start_of(db))


def _decided(db: Database, start: Start) -> Decided:
    places: dict[int, int] = {}
    aside: list[int] = []
    counted = set(start.identities)
    held: dict[bytes, tuple[int, bytes]] = {}
    rows = db.raw.execute(
        "SELECT f.n, f.verdict, j.kind, j.version, j.hash, j.body FROM feed f"
        " JOIN journal j ON j.pos=f.pos ORDER BY f.n"
    )
    for n, verdict, kind, version, digest, body in rows:
        identity, fact = digest, _fact_of(kind, version, body)
        if isinstance(fact, Carried):
            identity = original_hash(fact)
            fact = _fact_of(fact.kind, fact.version, fact.body)
        if n <= start.n:
            if n in start.places:
                places[n] = start.places[n]
                counted.add(identity)
            elif not counts(verdict):
                held[digest] = n, identity
            continue
        if not counts(verdict):
            held[digest] = n, identity
        elif identity not in counted:
            counted.add(identity)
            places[n] = n
        if n not in places or not isinstance(fact, EntryJudged) or fact.hash not in held:
            continue
        before, identity = held[fact.hash]
        if fact.decision != "released":
            aside.append(before)
        elif identity not in counted:
            counted.add(identity)
            places[before] = n
    return Decided(places, aside)


def _fact_of(kind: str, version: int, body: bytes) -> Any:
    if kind not in (Carried.KIND, EntryJudged.KIND):
        return None
    try:
        return decode_body(kind, version, body)[1]
    except (UnknownFact, UnreadableFact):
        return None


def _pages(db: Database, start: Start) -> Iterator[Difference]:
    for row in db.rows(
        "SELECT p.n, p.feed_hash, f.feed_hash FROM page p JOIN feed f ON f.n=p.n"
        " WHERE p.feed_hash<>f.feed_hash AND p.n>?",
        (start.after,),
    ):
        yield Difference("page", str(row[0]), "feed_hash", show(row[1]), show(row[2]))
    # Older entries do not say what the feed's hash was; what is between two ends says it again.
    for one in stretches(db, 0, start.after):
        before = one.before
        for n, digest, at_ms, verdict in db.raw.execute(
            "SELECT f.n, j.hash, f.at_ms, f.verdict FROM feed f JOIN journal j ON j.pos=f.pos"
            " WHERE f.n>? AND f.n<=? ORDER BY f.n",
            (one.after, one.last),
        ):
            before = next_hash(before, n, digest, at_ms, verdict)
        if before != one.feed_hash:
            yield Difference("page", str(one.last), "feed_hash", show(one.feed_hash), show(before))
    last = cursor_n(db)
    if last and (db.scalar("SELECT max(n) FROM page") or 0) < last:
        yield Difference("page", str(last), "row", "absent", "present")


def _waiting(db: Database) -> Iterator[Difference]:
    """An entry waits if the feed has not let it count; one that is held there may be another's."""
    if not enrolled(db):
        for row in db.rows("SELECT pos FROM waiting"):
            yield Difference("waiting", str(row[0]), "row", "present", "absent")
        return
    for row in db.rows(
        "SELECT pos FROM waiting WHERE pos NOT IN (SELECT pos FROM journal) OR pos IN"
        " (SELECT pos FROM feed WHERE order_n IS NOT NULL)"
    ):
        yield Difference("waiting", str(row[0]), "row", "present", "absent")
    for pos, place in out_of_place(db):
        yield Difference("waiting", str(pos), "pos", str(pos), str(place))
    for row in db.rows(
        "SELECT pos FROM journal WHERE pos NOT IN (SELECT pos FROM feed) AND pos NOT IN"
        " (SELECT pos FROM waiting) AND pos NOT IN (SELECT pos FROM carried)"
        " AND pos NOT IN (SELECT carrier_pos FROM carried WHERE carrier_pos<>pos)"
        # One that came inside another first waits at that place.
        " AND NOT EXISTS (SELECT 1 FROM carried c JOIN waiting w ON w.pos=c.pos"
        " WHERE c.hash=journal.hash AND c.carrier<>x'')"
    ):
        place = effect_pos(db, row[0])
        if place == row[0] or not counts_at(db, place):
            yield Difference("waiting", str(row[0]), "row", "absent", "present")
