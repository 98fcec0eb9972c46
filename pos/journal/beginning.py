"""Where chains begin here: at their first entries, or at what a snapshot says, which is proved.

The snapshot proves itself by the server's signature over its contents and the hashes in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.journal import NO_HASH
from core.sync.feed import START, next_hash
from core.sync.past import PastRows
from core.sync.past import signed_bytes as signed_past
from core.sync.snapshot import Contents, Head, Identity, Whole, signed_bytes
from pos.db.base import BadChunk, Base, base_of, contents_of, rows_from
from pos.db.database import Database
from pos.db.past import PastPage, past_pages
from pos.journal.difference import Difference, show
from pos.journal.laying_entries import old_place


class Start(NamedTuple):
    """Numbers of the feed are chained after `after`; a snapshot says what counts up to `n`.

    `heads` are entries that others may follow though they are not here. `older` are the whole
    entries from before `after`, as their rows in the feed must be.
    """

    n: int = 0
    after: int = 0
    feed_hash: bytes = START
    heads: frozenset[tuple[bytes, int, bytes]] = frozenset()
    identities: frozenset[bytes] = frozenset()
    places: Mapping[int, int] = {}
    older: Mapping[int, tuple[Any, ...]] = {}
    differences: tuple[Difference, ...] = ()


def start_of(db: Database) -> Start:
    """As it is kept; what of it is not as the server signed it is among `differences`."""
    base = base_of(db)
    if base is None:
        return Start()
    wrong = list(_contents(db))
    start = Start(base.n, base.after_n, base.after_hash, differences=tuple(wrong))
    if wrong or not base.laid:
        return start
    heads: set[tuple[bytes, int, bytes]] = set()
    identities: set[bytes] = set()
    places: dict[int, int] = {}
    older: dict[int, tuple[Any, ...]] = {}

    def note(row: Whole) -> None:
        if row.n in places or row.n in older:
            return  # as it was when it came first
        if row.order_n:
            places[row.n] = row.order_n
        if row.n <= base.after_n:
            pos = old_place(base, row.n)
            older[row.n] = (pos, row.at_ms, row.verdict, NO_HASH, row.hash)
            if row.seq > 1:
                heads.add((row.device, row.seq - 1, row.prev_hash))

    left = base.laid
    try:
        for _group, rows in rows_from(db):
            for row in rows[:left]:
                match row:
                    case Head():
                        heads.add((row.device, row.seq, row.hash))
                    case Identity():
                        identities.add(row.hash)
                    case Whole():
                        note(row)
            left = max(0, left - len(rows))
        key = db.scalar("SELECT value FROM local_setting WHERE name='sync_server_key'")
        for page, fault in _past(db, base, bytes.fromhex(str(key or ""))):
            if fault:
                wrong.append(
                    Difference("past_page", str(page.place), fault, "changed", "as signed")
                )
            for row in page.content.rows[: page.laid]:
                note(row)
    except BadChunk as error:
        return start._replace(differences=(_wrong("base_chunk", "data", str(error)),))
    return start._replace(
        heads=frozenset(heads),
        identities=frozenset(identities),
        places=places,
        older=older,
        differences=tuple(wrong),
    )


def _past(db: Database, base: Base, server: bytes) -> Iterator[tuple[PastPage, str]]:
    """What was fetched afterwards, each with what is wrong with it; stretches follow one another
    down to where the feed begins, each proved by the feed's hash behind it."""
    upper, after_hash = base.after_n, base.after_hash
    shop = db.scalar("SELECT value FROM local_setting WHERE name='sync_shop'")
    for page in past_pages(db):
        rows = page.content
        of = (rows.shop.hex(), rows.after, rows.after_hash, rows.first, rows.last, rows.before_hash)
        wrong = ""
        if not _is_signed(server, page.signature, signed_past(page.signed)):
            wrong = "signature"
        elif of != (
            shop, base.after_n, base.after_hash, page.first, page.last, page.before_hash
        ):  # fmt: skip
            wrong = "another"
        elif rows.last:
            if rows.last != upper or not fits(rows, after_hash):
                wrong = "feed_hash"
            upper, after_hash = rows.first - 1, rows.before_hash
        yield page, wrong


def fits(rows: PastRows, after_hash: bytes) -> bool:
    """Whether a stretch is what the feed's hash behind it says."""
    at, before = rows.first, rows.before_hash
    for row in sorted((one for one in rows.rows if one.n >= rows.first), key=lambda one: one.n):
        if row.n != at:
            return False
        at, before = at + 1, next_hash(before, row.n, row.hash, row.at_ms, row.verdict)
    begins = rows.first > 1 or rows.before_hash == START
    return begins and at == rows.last + 1 and before == after_hash


def _is_signed(server: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(server).verify(signature, data)
    except Exception:  # the library's several ways of saying no
        return False
    return True


def cursor_n(db: Database) -> int:
    """The last number of the feed that is applied."""
    base = base_of(db)
    last = int(db.scalar("SELECT max(n) FROM feed") or 0)
    if base is None or last > base.n:
        return last
    return base.n if base.is_done else 0


def _contents(db: Database) -> Iterator[Difference]:
    raw = db.tuple_of("SELECT contents, signature FROM base WHERE place=1")
    key = db.scalar("SELECT value FROM local_setting WHERE name='sync_server_key'")
    assert raw is not None, "there is a base"
    try:
        contents = contents_of(db)
        signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(str(key or "")))
        signer.verify(bytes(raw[1]), signed_bytes(bytes(raw[0])))
    except BadChunk:
        yield _wrong("base", "contents", "unreadable")
        return
    except Exception:  # the library's several ways of saying no
        yield _wrong("base", "signature", "not the server's")
        return
    yield from _columns(db, contents)
    chunks = db.rows("SELECT place, hash FROM base_chunk ORDER BY place")
    expected = [(place, one.hash) for place, one in enumerate(contents.chunks, 1)]
    base = base_of(db)
    if [tuple(row) for row in chunks] != expected and base is not None and base.laid:
        yield _wrong("base_chunk", "hash", f"{len(chunks)} chunks")


def _columns(db: Database, contents: Contents) -> Iterator[Difference]:
    row = db.tuple_of("SELECT n, epoch, feed_hash, after_n, after_hash FROM base WHERE place=1")
    signed = (
        contents.n, contents.epoch, contents.feed_hash, contents.after, contents.after_hash,
    )  # fmt: skip
    if row != signed:
        yield Difference("base", "1", "row", show(row), show(signed))
    count = sum(one.rows for one in contents.chunks)
    base = base_of(db)
    if base is not None and base.is_done and base.laid != count:
        yield Difference("base", "1", "laid", str(base.laid), str(count))


def _wrong(table: str, column: str, found: str) -> Difference:
    return Difference(table, "1", column, found, "as signed")
