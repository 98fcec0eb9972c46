"""A till: its disk, its clocks, what the machine remembers outside the data folder, and the
program that runs on it, which may be killed, restored, copied."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pos.sync.rounds as rounds
from core import contract
from core.journal import Entry
from core.sync.limits import PROTOCOL
from pos.backup.files import back_up, restore
from pos.counter import Counter, read_head
from pos.device.witness import Witness
from pos.opening import RESTORED_NAME, database_file, open_counter
from pos.shop.founding import found_shop
from pos.sync.memory import cursor, server, waiting_count
from pos.sync.retry import Backoff
from tests.simulation.holding import in_snapshot, whole_hashes
from tests.simulation.nature import Fuse, FusedConnection, MachineClock, Truth
from tests.simulation.story import Row

ALL_KINDS = dict(contract.KINDS)


@contextmanager
def newest_program() -> Iterator[None]:
    """Inside, this process is the server: it knows every kind, whoever speaks to it."""
    missing = {key: kind for key, kind in ALL_KINDS.items() if key not in contract.KINDS}
    contract.KINDS.update(missing)
    try:
        yield
    finally:
        for key in missing:
            contract.KINDS.pop(key, None)
            contract._decoders.pop(key, None)


class Shown(NamedTuple):
    """A sale whose number the cashier has seen."""

    hash: bytes
    receipt: str
    total: int


class Kept(NamedTuple):
    """A backup of a till, on another medium."""

    file: Path
    at: int


class Machine:
    """One till. `counter` is the running program, None while it is off."""

    def __init__(
        self, place: Path, name: str, shop: int, truth: Truth, chance: random.Random
    ) -> None:
        """A machine without a program."""
        self.name, self.shop, self.truth, self.chance = name, shop, truth, chance
        self.place = place
        self.folder, self.state = place / "shop", place / "state"
        place.mkdir(parents=True, exist_ok=True)
        self.id = f"machine-{name}"
        self.clock = MachineClock(truth, chance)
        self.fuse = Fuse()
        self.fuse.is_live = False
        self.counter: Counter | None = None
        self.staff_id = b""
        self.shown: list[Shown] = []
        self.kept: list[Kept] = []
        self.requests = 0
        self.due = 0
        self.backoff = Backoff(chance.random)
        self.unknown: tuple[str, int] | None = None
        self.was_revoked = False
        self.was_old = False
        self.mark_is_spoilt = False
        self.last_error = ""
        self.is_full = False
        self.is_aged = False

    @contextmanager
    def here(self) -> Iterator[None]:
        """Inside, this process is that machine: its name, and the kinds that its program knows."""
        os.environ["HUYULA_MACHINE"] = self.id
        hidden = contract.KINDS.pop(self.unknown, None) if self.unknown else None
        if self.unknown:
            contract._decoders.pop(self.unknown, None)
        before, self.fuse.is_live = self.fuse.is_live, True
        spoken, rounds.PROTOCOL = rounds.PROTOCOL, 0 if self.is_aged else PROTOCOL
        try:
            yield
        finally:
            rounds.PROTOCOL = spoken
            self.fuse.is_live = before
            if hidden is not None and self.unknown:
                contract.KINDS[self.unknown] = hidden

    def found(self, shop_name: str) -> Counter:
        """Found a shop on it."""
        with self.here():
            made = found_shop(
                self.folder, shop_name, "Ibu Sri", clock=self.clock, witness=Witness(self.state)
            )
        self.counter, self.staff_id = made, made.staff_id
        self._fuse()
        return made

    def _fuse(self) -> None:
        assert self.counter is not None and isinstance(self.counter.db.raw, FusedConnection)
        self.fuse.mend()
        self.counter.db.raw.fuse = self.fuse

    def start(self) -> Counter:
        """Start the program; it checks its line before it writes."""
        assert self.counter is None
        with self.here():
            made = open_counter(self.folder, clock=self.clock, witness=Witness(self.state))
        made.staff_id = self.staff_id
        self.counter = made
        self._fuse()
        return made

    def stop(self) -> None:
        """End the program, in order or not: the file holds what was committed."""
        if self.counter is None:
            return
        self.fuse.mend()
        raw = self.counter.db.raw
        if raw.in_transaction:
            sqlite3.Connection.execute(raw, "ROLLBACK")
        self.counter.close()
        self.counter = None

    def lose_power(self) -> None:
        """Switched off: of what was written the disk has got what was flushed, and some of the
        rest, or something else in its place."""
        assert self.counter is not None and isinstance(self.counter.db.raw, FusedConnection)
        raw, file = self.counter.db.raw, database_file(self.folder)
        assert raw.wal is not None
        log = raw.wal.read_bytes() if raw.wal.exists() else b""
        kept = self.chance.randint(min(raw.synced, len(log)), len(log))
        rest = self.chance.randbytes(self.chance.choice((0, len(log) - kept)))
        image = file.read_bytes()
        self.stop()  # which puts the log into the file
        for one in self.folder.glob(file.name + "*"):
            one.unlink()
        file.write_bytes(image)
        raw.wal.write_bytes(log[:kept] + rest)

    # -- disks

    def back_up(self) -> None:
        """Copy the shop to another medium."""
        assert self.counter is not None
        file = self.place / f"backup-{len(self.kept)}.db"
        back_up(self.counter.db, file)
        self.kept.append(Kept(file, self.truth.now))

    def restore(self, kept: Kept, *, by_command: bool) -> None:
        """Put a backup in place: by the program's own command, or behind its back."""
        self.stop()
        if by_command:
            restore(self.folder, kept.file)
        else:
            current = database_file(self.folder)
            for file in self.folder.glob(current.name + "*"):
                file.unlink()
            shutil.copy(kept.file, current)
        self.start()

    def clone(self, place: Path, name: str, *, same_machine: bool) -> Machine:
        """A copy of the disk in another machine, or of the whole machine, memory and all."""
        other = Machine(place, name, self.shop, self.truth, self.chance)
        assert self.counter is not None
        other.folder.mkdir(parents=True)
        back_up(self.counter.db, database_file(other.folder))
        shutil.copytree(self.state, other.state)
        other.staff_id = self.staff_id
        other.clock.wrong_ms = self.clock.wrong_ms
        other.was_revoked = self.was_revoked
        other.unknown, other.was_old, other.is_aged = self.unknown, self.was_old, self.is_aged
        if same_machine:
            other.id = self.id
            witness = Witness(other.state)
            for file in sorted(other.state.glob("*.json")):
                record = witness.record(bytes.fromhex(file.stem))
                assert record is not None
                witness.remember(bytes.fromhex(file.stem), record.key, other.folder)
        other.start()
        return other

    def spoil_mark(self, how: str) -> bytes:
        """The high-water mark is torn, or of an earlier moment. Names the line of which nothing
        shows any more that its file was brought back, if it was and nothing was written since."""
        hidden = b""
        for file in sorted(self.state.glob("*.mark"))[-1:]:
            self.mark_is_spoilt = True
            hidden = self._went_back(bytes.fromhex(file.stem))
            whole = file.read_bytes()
            if how == "torn":
                file.write_bytes(whole[: self.chance.randint(0, max(0, len(whole) - 1))])
            elif self.counter is not None:
                row = self.counter.db.tuple_of(
                    "SELECT seq, hash FROM journal WHERE device=? ORDER BY seq LIMIT 1",
                    (bytes.fromhex(file.stem),),
                )
                if row is not None:
                    text = f"{row[0]:020d} {bytes(row[1]).hex()} {0:012d}\n"
                    file.write_bytes(text.encode())
        return hidden

    def _went_back(self, device: bytes) -> bytes:
        mark = Witness(self.state).mark(device)
        with closing(sqlite3.connect(database_file(self.folder))) as db:
            row = (
                mark
                and db.execute(
                    "SELECT 1 FROM journal WHERE device=? AND seq=? AND hash=?",
                    (device, mark.seq, mark.hash),
                ).fetchone()
            )
        told = (self.folder / RESTORED_NAME).exists()  # by the restore command, which wrote it down
        return b"" if row or mark is None or told else device

    def fill_disk(self, full: bool) -> None:
        """No page more may be written, or again any number."""
        assert self.counter is not None
        raw = self.counter.db.raw
        most = raw.execute("PRAGMA page_count").fetchone()[0] if full else 1 << 30
        raw.execute(f"PRAGMA max_page_count={most}")
        self.is_full = full

    @property
    def is_sound(self) -> bool:
        """Whether nothing is in its way: no death ahead, room on the disk, nobody else writing."""
        raw = self.counter.db.raw if self.counter is not None else None
        busy = isinstance(raw, FusedConnection) and (raw.busy or raw.fails)
        return self.fuse.left is None and not self.is_full and not busy

    def expects(self, error: sqlite3.OperationalError) -> bool:
        """Whether an error of its file is one that was laid in its way."""
        return self.is_full or "locked" in str(error) or "disk I/O" in str(error)

    def cause(self, error: sqlite3.OperationalError) -> str:
        """What it was, for the report."""
        if "disk I/O" in str(error):
            return "disk failed"
        return "disk full" if self.is_full else "busy"

    # -- looking

    @property
    def is_enrolled(self) -> bool:
        """Whether it belongs to a shop at the server."""
        return self.counter is not None and server(self.counter.db) is not None

    def row(self, at: int, what: str) -> Row:
        """How it stands, for the story."""
        if self.counter is None or self.fuse.is_dead:
            return Row(at, self.name, what)
        db = self.counter.db
        live, self.fuse.is_live = self.fuse.is_live, False
        head, mine = read_head(db), cursor(db)
        waits = waiting_count(db)
        self.fuse.is_live = live
        seq = f"{head.device[-2:].hex()}:{head.seq}" if head else ""
        return Row(at, self.name, what, seq, str(waits), f"{mine.epoch}/{mine.n}")

    def hash_of(self, pos: int) -> bytes:
        """The hash of the entry at a place of the journal."""
        assert self.counter is not None
        return bytes(self.counter.db.scalar("SELECT hash FROM journal WHERE pos=?", (pos,)))

    def hashes(self, *, own_only: bool = False) -> set[bytes]:
        """Of every fact that lies here whole: as an entry, carried in one, or in a snapshot."""
        assert self.counter is not None
        own = " WHERE device IN (SELECT device FROM own_line)" if own_only else ""
        rows = self.counter.db.rows(
            f"SELECT shop, device, seq, kind, version, body, prev_hash, hash FROM journal{own}"
        )
        found = whole_hashes(Entry(*row) for row in rows)
        return found if own_only else found | in_snapshot(self.counter.db)


Act = Callable[[Any, Machine], None]
