"""The server's own proof: a shop's feed folded again into an empty database, and compared.

It checks the feed's numbers and hashes, the chain of every line, each table that follows from the
feed, and the newest digests. It reads only.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Row, Table, bindparam, create_engine, delete, select, update

from core.journal import NO_HASH, entry_hash
from core.sync.feed import QUARANTINED, START
from server.db.schema import SHOP, catalog, journal, metadata, orders, people, shops, trade
from server.db.store import Store
from server.db.transaction import ShopTx
from server.marks import mark_shop
from server.services import Services
from server.sync.arrivals import DAMAGED, prepare
from server.sync.asking import LOCK
from server.sync.chain import Arrived
from server.sync.feed import FoldFailed, Step
from server.sync.fold.books import unpack_digests
from server.sync.grown import names_in, reads_more
from server.sync.owing_again import post_again, turns_between
from server.sync.rows import write_rows
from server.sync.spoiled import is_of_the_data

FOLDED: Final[tuple[Table, ...]] = (
    *people.TABLES,
    *catalog.TABLES,
    *trade.TABLES,
    *orders.FOLDED,
    journal.line_head,
    journal.carried,
    journal.quarantine,
    journal.waiting,
)
MOST_DIFFERENCES: Final = 200
_PART: Final = 500
_ROWS: Final = 10_000
_entry = journal.entry
_ENTRIES = (
    select(_entry)
    .where(_entry.c.shop_id == SHOP, _entry.c.n > bindparam("after"))
    .order_by(_entry.c.n)
    .limit(_PART)
)
_FEED = select(shops.shop_feed).where(shops.shop_feed.c.shop_id == SHOP)
_UNKNOWN = select(shops.shop_feed.c.unknown).where(shops.shop_feed.c.shop_id == SHOP)
_NOTE_UNKNOWN = (
    update(shops.shop_feed)
    .where(shops.shop_feed.c.shop_id == SHOP)
    .values(unknown=bindparam("kinds"))
)
_SHOP = select(shops.shop).where(shops.shop.c.shop_id == SHOP)
_DIGEST = select(journal.feed_digest.c.body).where(
    journal.feed_digest.c.shop_id == SHOP, journal.feed_digest.c.n == bindparam("at")
)


class Difference(msgspec.Struct, frozen=True):
    """One thing that is not as the feed says: the table, and the row as found and as expected."""

    table: str
    found: str
    expected: str


class Proof(msgspec.Struct, frozen=True):
    """What a shop's feed proves. `ok`: nothing differs."""

    ok: bool
    shop: bytes
    entries: int
    differences: tuple[Difference, ...]


def verify(services: Services, shop_id: bytes) -> Proof:
    """Prove a shop's tables against its feed."""
    with (
        _empty() as fresh,
        services.store.reading_shop(shop_id, snapshot=True) as tx,
    ):
        return _prove(tx, fresh, shop_id)


def refold(services: Services, shop_id: bytes) -> Proof:
    """Put what follows from a shop's feed in place of what its tables hold: after an upgrade that
    knows facts which the one before did not, or where `verify` found a difference.

    What orders owe by facts that are read for the first time is posted. Returns what differed. The
    feed itself is never changed.
    """
    with _empty() as fresh, services.store.shop(shop_id) as tx:
        feed = tx.one(LOCK)
        assert feed is not None, "a shop without a feed"
        proof = _prove(tx, fresh, shop_id)
        if not proof.ok:
            # Else the tables were damaged, and the books were right.
            reads_more_now = any(map(reads_more, names_in(feed.unknown)))
            with fresh.reading_shop(shop_id) as new:
                turns = turns_between(tx, new) if reads_more_now else []
                for table in FOLDED:
                    _replace(tx, new, table)
                _replace_digest(tx, new)
            post_again(services, tx, turns)
            mark_shop(tx, shop_id)
        with fresh.reading_shop(shop_id) as new:
            tx.run(_NOTE_UNKNOWN, kinds=new.scalar(_UNKNOWN))
        return proof


def _replace(tx: ShopTx, new: ShopTx, table: Table) -> None:
    columns = [column for column in table.columns if column.name != "shop_id"]
    tx.run(delete(table).where(table.c.shop_id == SHOP))
    rows = [tuple(row) for row in new.rows(select(*columns).where(table.c.shop_id == SHOP))]
    for start in range(0, len(rows), _ROWS):
        names = [column.name for column in columns]
        write_rows(tx, table, names, rows[start : start + _ROWS])


def _replace_digest(tx: ShopTx, new: ShopTx) -> None:
    """The newest digests; older ones may be wrong and are dropped."""
    table = journal.feed_digest
    newest = new.one(select(table).where(table.c.shop_id == SHOP).order_by(table.c.n.desc()))
    if newest is not None:
        tx.run(delete(table).where(table.c.shop_id == SHOP))
        tx.insert(table, n=newest.n, page=newest.page, body=newest.body)


@contextmanager
def _empty() -> Iterator[Store]:
    """A database that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="huyula-verify-") as folder:
        file = Path(folder) / "fresh.db"
        file.write_bytes(_empty_file())
        fresh = Store(f"sqlite:///{file}")
        try:
            yield fresh
        finally:
            fresh.close()


@cache
def _empty_file() -> bytes:
    """The bytes of a database with every table and nothing in it: to make them takes longer than
    to prove a small shop, and all shops are proved one after the other."""
    with tempfile.TemporaryDirectory(prefix="huyula-verify-") as folder:
        file = Path(folder) / "empty.db"
        engine = create_engine(f"sqlite:///{file}")
        metadata.create_all(engine)
        engine.dispose()
        return file.read_bytes()


def _prove(tx: ShopTx, fresh: Store, shop_id: bytes) -> Proof:
    differences: list[Difference] = []
    row = tx.one(_SHOP)
    feed = tx.one(_FEED)
    assert row is not None and feed is not None
    with fresh.shop(shop_id) as new:
        values = {name: value for name, value in row._mapping.items() if name != "shop_id"}
        new.insert(shops.shop, **values)
        new.insert(shops.shop_feed, epoch=feed.epoch, next_n=1, feed_hash=START, unknown="")
    count = 0
    for rows in _steps(tx):
        count += len(rows)
        differences.extend(_fold_again(fresh, shop_id, rows))
    with fresh.reading_shop(shop_id) as new:
        differences.extend(_compare_heads(tx, new, feed))
        for table in FOLDED:
            differences.extend(_compare(tx, new, table))
            if len(differences) >= MOST_DIFFERENCES:
                break
    shown = tuple(differences[:MOST_DIFFERENCES])
    return Proof(not differences, shop_id, count, shown)


def _steps(tx: ShopTx) -> Iterator[list[Row[Any]]]:
    """The feed's entries, those of one transaction together."""
    after = 0
    step: list[Row[Any]] = []
    while rows := tx.rows(_ENTRIES, after=after):
        for row in rows:
            if step and row.step_n != step[0].step_n:
                yield step
                step = []
            step.append(row)
        after = rows[-1].n
    if step:
        yield step


def _fold_again(
    fresh: Store, shop_id: bytes, rows: list[Row[Any]], left: frozenset[bytes] = frozenset()
) -> Iterator[Difference]:
    """Fold a step's entries. What cannot be folded (`left`: their hashes) changes no table, alone,
    and is named: this program knows more of its kind than the one that took it in did."""
    while True:
        try:
            with fresh.shop(shop_id) as new:
                found = list(_refold(new, rows, left))
        except FoldFailed as failed:
            digest, why = failed.hash, failed.__cause__
            if digest in left:
                raise
        except Exception as error:
            digest, why = rows[0].hash, error
            if not is_of_the_data(error) or digest in left:
                raise
            if len(rows) > 1:
                # A table refused some row: by halves, until it is the one.
                for part in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
                    yield from _fold_again(fresh, shop_id, part, left)
                return
        else:
            yield from found
            return
        left |= {digest}
        n = next(row.n for row in rows if row.hash == digest)
        yield Difference("entry", f"{n}: {why!r}", "a fact that folds")


def _refold(new: ShopTx, rows: list[Row[Any]], left: frozenset[bytes]) -> Iterator[Difference]:
    step = Step(new, max(row.received_ms for row in rows))
    step.decides = False
    step.forced = left
    prepared = [prepare(_arrived(row)) for row in rows]
    step.expect(one.fact for one in prepared)
    for row, one in zip(rows, prepared, strict=True):
        yield from _check_chain(step, row)
        step.replay(row.device, row.entry_shop, one, row.at_ms, row.verdict)
        if step.hash != row.feed_hash or step.n != row.n:
            found = f"{row.n} {row.feed_hash.hex()}"
            yield Difference("entry.feed_hash", found, f"{step.n} {step.hash.hex()}")
            step.n, step.hash = row.n, row.feed_hash
    step.close()


def _arrived(row: Row[Any]) -> Arrived:
    damaged = _is_damaged(row)
    return Arrived(row.seq, row.kind, row.version, row.body, row.prev_hash, row.hash, damaged)


def _is_damaged(row: Row[Any]) -> bool:
    return bool(row.verdict == f"{QUARANTINED}:{DAMAGED}")


def _check_chain(step: Step, row: Row[Any]) -> Iterator[Difference]:
    head = step.heads.get(row.device)
    place = f"{row.n} {row.device.hex()}:{row.seq}"
    if (row.seq, row.prev_hash) != (head.seq + 1, head.hash or NO_HASH):
        yield Difference("entry.prev_hash", place, f"{row.device.hex()}:{head.seq + 1}")
        head.seq = row.seq - 1
    digest = entry_hash(
        row.entry_shop, row.device, row.seq, row.kind, row.version, row.prev_hash, row.body
    )
    if digest != row.hash and not _is_damaged(row):
        yield Difference("entry.hash", f"{place} {row.hash.hex()}", digest.hex())


def _compare_heads(tx: ShopTx, new: ShopTx, feed: Row[Any]) -> Iterator[Difference]:
    again = new.one(_FEED)
    assert again is not None
    if (feed.next_n, feed.feed_hash) != (again.next_n, again.feed_hash):
        yield Difference("shop_feed", f"{feed.next_n}", f"{again.next_n}")
    found = tx.scalar(_DIGEST, at=feed.next_n - 1)
    expected = new.scalar(_DIGEST, at=again.next_n - 1)
    if found is None and expected is None:
        return
    ours = unpack_digests(found) if found is not None else {}
    theirs = unpack_digests(expected) if expected is not None else {}
    for group in sorted(ours.keys() | theirs.keys()):
        if ours.get(group) != theirs.get(group):
            yield Difference(f"digest {group}", str(ours.get(group)), str(theirs.get(group)))


def _compare(tx: ShopTx, new: ShopTx, table: Table) -> Iterator[Difference]:
    query = select(*(c for c in table.columns if c.name != "shop_id")).where(
        table.c.shop_id == SHOP
    )
    found = {tuple(row) for row in tx.rows(query)}
    expected = {tuple(row) for row in new.rows(query)}
    key = len([c for c in table.primary_key.columns if c.name != "shop_id"])
    name = str(table.name)  # a schema's names are a kind of text of their own: no answer holds them
    of_key = {row[:key]: row for row in expected - found}
    for row in sorted(found - expected, key=repr):
        other = of_key.pop(row[:key], None)
        yield Difference(name, _show(row), _show(other) if other else "")
    for row in of_key.values():
        yield Difference(name, "", _show(row))


def _show(row: tuple[Any, ...]) -> str:
    return " ".join(one.hex() if isinstance(one, bytes) else str(one) for one in row)
