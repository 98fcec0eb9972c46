"""Opening a data folder: lock, tables, and which line of history goes on writing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from core.errors import Refused
from core.facts.base import Fact
from core.facts.shop import LineOpened, LineReason
from core.ids import line_code
from core.journal import NO_HASH
from pos.counter import Counter, Head, Transaction, read_head
from pos.db.database import Database, open_database
from pos.db.migrate import migrate, revision
from pos.device.clock import Clock
from pos.device.lock import FolderLock
from pos.device.vault import Vault
from pos.device.witness import Mark, Witness, folder_id, machine_digest
from pos.search import index as search_index

DATABASE_NAME = "counter.db"
RESTORED_NAME = "restored"


class NoShop(Refused):
    """The data folder holds no shop yet."""

    code = "no_shop"


def database_file(folder: Path) -> Path:
    """The counter's file in a data folder."""
    return folder / DATABASE_NAME


def open_counter(
    folder: Path, *, clock: Clock | None = None, witness: Witness | None = None
) -> Counter:
    """Open a shop for selling: one writer, tables up to date.

    The line of history is checked before the first write, not here, so that looking costs
    nothing.

    Raises:
        NoShop: there is no shop in the folder.
        FolderInUse: another program writes in it.
        DamagedDatabase, NewerDatabase: the file cannot be used.
    """
    if not database_file(folder).exists():
        raise NoShop(folder=str(folder))
    counter = _open(folder, clock, witness)
    if read_head(counter.db) is None:
        counter.close()
        raise NoShop(folder=str(folder))
    counter.before_first_write = lambda: ensure_line(counter)
    return counter


def _open(folder: Path, clock: Clock | None, witness: Witness | None) -> Counter:
    lock = FolderLock(folder)
    try:
        db = open_database(database_file(folder))
    except BaseException:
        lock.release()
        raise
    try:
        migrate(db, database_file(folder))
        search_index.create_tables(db.raw)
    except BaseException:
        db.close()
        lock.release()
        raise
    return Counter(folder, db, clock or Clock(), witness or Witness(vault=Vault()), lock)


def read_only(folder: Path) -> Database:
    """Open a shop for looking only: needs no lock.

    Raises:
        NoShop: there is no shop in the folder.
    """
    if not database_file(folder).exists():
        raise NoShop(folder=str(folder))
    db = open_database(database_file(folder), read_only=True)
    if not revision(db):
        db.close()
        raise NoShop(folder=str(folder))
    return db


def begin_history(
    folder: Path,
    *,
    register: str = "K1",
    clock: Clock | None = None,
    witness: Witness | None = None,
) -> Counter:
    """Make a data folder with the first entry of its first line; settings and staff follow.

    Raises:
        Refused: `shop_exists` where the folder holds a shop already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if database_file(folder).exists():
        raise ShopExists(folder=str(folder))
    counter = _open(folder, clock, witness)
    key = counter.clock.random(32)
    with counter.db.transaction():
        head = Head(counter.new_id(), counter.new_id(), 0, 0, NO_HASH)
        tx = Transaction(counter, head)
        _own(counter.db, head.device)
        tx.append(LineOpened(register, "founded", machine_digest(), hashlib.sha256(key).digest()))
    _keep(counter, tx.head, key)
    return counter


class ShopExists(Refused):
    """There is a shop in this folder already; nothing was changed."""

    code = "shop_exists"


def _keep(counter: Counter, head: Head, key: bytes) -> None:
    try:
        counter.witness.remember(head.device, key, counter.folder)
    except OSError as error:
        raise WitnessUnwritable(folder=str(counter.witness.place), why=str(error)) from error
    number = counter.db.scalar("SELECT last_receipt FROM line WHERE device=?", (head.device,))
    counter.witness.set_mark(head.device, Mark(head.seq, head.hash, int(number or 0)))


class WitnessUnwritable(Refused):
    """The place outside the data folder, by which copies are recognised, cannot be written."""

    code = "witness_unwritable"


def ensure_line(counter: Counter) -> LineReason | None:
    """Compare the journal with what this machine remembers; open a new line where they differ.

    Returns why a new line was opened, or None where the old one simply goes on.
    """
    head = read_head(counter.db)
    if head is None:
        return None
    reason = _difference(counter, head)
    if reason is None:
        return None
    open_line(counter, reason, head)
    (counter.folder / RESTORED_NAME).unlink(missing_ok=True)
    counter.announce(frozenset({"line_opened"}))
    return reason


def open_line(
    counter: Counter,
    reason: LineReason,
    parent: Head,
    *,
    register: str = "",
    then: Sequence[Fact] = (),
) -> None:
    """Open a new line of history that follows `parent`, and write `then` as its next entries.

    `register` is its code where one was given; else it is made from the parent's.
    """
    device, key = counter.new_id(), counter.clock.random(32)
    code = counter.db.scalar("SELECT register FROM line WHERE device=?", (parent.device,))
    with counter.any_day(), counter.db.transaction():
        last = read_head(counter.db)
        assert last is not None, "a line follows another"
        head = last._replace(device=device, seq=0, hash=NO_HASH)
        tx = Transaction(counter, head)
        _own(counter.db, device)
        tx.append(
            LineOpened(
                register or line_code(str(code), device),
                reason,
                machine_digest(),
                hashlib.sha256(key).digest(),
                parent.device,
                parent.seq,
                parent.hash,
            )
        )
        for fact in then:
            tx.append(fact)
    _keep(counter, tx.head, key)


def _own(db: Database, device: bytes) -> None:
    db.run(
        "INSERT INTO own_line (place, device) SELECT coalesce(max(place), 0) + 1, ? FROM own_line",
        (device,),
    )


def _difference(counter: Counter, head: Head) -> LineReason | None:
    if (counter.folder / RESTORED_NAME).exists():
        return "restored"
    row = counter.db.one("SELECT machine, key FROM line WHERE device=?", (head.device,))
    record = counter.witness.record(head.device)
    if row is None or row[0] != machine_digest() or record is None:
        return "moved"
    if record.digest != row[1]:
        return "moved"
    if record.folder_id != folder_id(counter.folder):
        return "copied"
    mark = counter.witness.mark(head.device)
    return _behind(counter.db, head, mark) if mark is not None else None


def _behind(db: Database, head: Head, mark: Mark) -> LineReason | None:
    """A mark ahead of the journal, or beside it, means that the journal went back in time."""
    known = db.scalar(
        "SELECT 1 FROM journal WHERE device=? AND seq=? AND hash=?",
        (head.device, mark.seq, mark.hash),
    )
    return None if known else "behind"
