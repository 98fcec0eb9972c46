"""The counter: one open data folder, and the one way to write in it.

A command makes a fact and appends it inside `counter.transaction()`; the entry, the tables it
changes and the print jobs become durable together. After the commit, listeners hear which
kinds of fact were written.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from core.contract import UnknownFact, UnreadableFact, decode_body, encode_body, kind_of
from core.dates import business_date
from core.errors import Refused
from core.facts.base import Fact, Header
from core.facts.sync import Carried
from core.ids import uuid7
from core.journal import link
from pos.db.database import Database
from pos.db.fold import fold
from pos.db.fold.folding import Folding, Standing
from pos.device.clock import BACKWARD_TOLERANCE_MS, BUILD_MS, Clock
from pos.device.lock import FolderLock
from pos.device.witness import Mark, Witness
from pos.journal.order import note_carried
from pos.shop.settings import Settings, load_settings

_log = logging.getLogger(__name__)
Listener = Callable[[frozenset[str]], None]


class ClockInDoubt(Refused):
    """The wall clock cannot be right; the cashier must confirm the business date first."""

    code = "clock_in_doubt"


class Head(NamedTuple):
    """The end of this counter's own chain as read inside the writing transaction.

    `pos` is the journal's last place, which another line's entry may have taken. `enrolled` says
    that there is a server which what is written waits for.
    """

    shop: bytes
    device: bytes
    pos: int
    seq: int
    hash: bytes
    enrolled: bool = False


# Of two entries with one number the later is this counter's: it goes on from what it wrote.
_HEAD = (
    "SELECT shop, device, (SELECT max(pos) FROM journal), seq, hash,"
    " (SELECT count(*) FROM local_setting WHERE name='sync_shop') FROM journal"
    " WHERE device=(SELECT device FROM own_line ORDER BY place DESC LIMIT 1)"
    " ORDER BY seq DESC LIMIT 1"
)
_NUMBERED = (
    "SELECT count(DISTINCT seq) FROM journal WHERE device=?"
    " AND kind IN ('sale_completed', 'debt_repaid')"
)


def read_head(db: Database) -> Head | None:
    """The last entry of the line that is being written."""
    row = db.tuple_of(_HEAD)
    return None if row is None else Head(row[0], row[1], row[2], row[3], row[4], bool(row[5]))


class OwnLine(NamedTuple):
    """A line of history that this counter writes: its device id, its register code, and why it
    was opened (`LineOpened.reason`)."""

    device: bytes
    register: str
    reason: str


class Transaction:
    """An open transaction: facts are appended and folded at once."""

    def __init__(self, counter: Counter, head: Head) -> None:
        """Begin at the head."""
        self.counter = counter
        self.db = counter.db
        self.head = self._began = head
        self.kinds: set[str] = set()
        self.header: Header | None = None

    def append(self, fact: Fact) -> int:
        """Write a fact as the next entry and fold it; returns its journal position."""
        head = self.head
        kind, version = kind_of(fact)
        header = self.header = self.counter.header()
        entry = link(
            head.shop,
            head.device,
            head.seq + 1,
            kind,
            version,
            head.hash,
            encode_body(header, fact),
        )
        pos = head.pos + 1
        self.db.run(
            "INSERT INTO journal (pos, shop, device, seq, kind, version, body, prev_hash, hash)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (pos, *entry),
        )
        if kind == Carried.KIND:
            note_carried(self.db, pos, entry)  # what waits is what it carries
        elif head.enrolled:
            self.db.run("INSERT INTO waiting (pos) VALUES (?)", (pos,))
        standing: Standing = "waiting" if head.enrolled else "alone"
        fold(Folding(self.db, pos, head.device, entry.seq, header, entry.hash, standing), fact)
        self.head = head._replace(pos=pos, seq=entry.seq, hash=entry.hash)
        self.kinds.add(kind)
        return pos

    def next_number(self) -> int:
        """The next receipt number of this line of history."""
        return self.last_number() + 1

    def last_number(self) -> int:
        """The highest receipt number that this line has given.

        Where the disk has damaged the fact that gave it, the tables forget it; on paper it stays.
        So what is kept outside the file is asked, too. Where that is gone or lags, as many numbers
        were given as there are entries that have one, whether they can still be read or not.
        """
        last = self.db.scalar("SELECT last_receipt FROM line WHERE device=?", (self.head.device,))
        mark = self.counter.witness.mark(self.head.device)
        known = max(int(last or 0), mark.receipt if mark else 0)
        if mark is None or mark.seq < self._began.seq:
            known = max(known, int(self.db.scalar(_NUMBERED, (self.head.device,))))
        return known


class Counter:
    """One open data folder. Who acts is set by `acting` and, for one command, `approved`."""

    def __init__(
        self, folder: Path, db: Database, clock: Clock, witness: Witness, lock: FolderLock
    ) -> None:
        """Use `pos.opening.open_counter`, which checks and migrates first."""
        self.folder = folder
        self.db = db
        self.clock = clock
        self.witness = witness
        self._lock = lock
        self.staff_id = b""
        self.approver_id = b""
        self.confirmed_day = ""
        self.listeners: list[Listener] = []
        self.before_first_write: Callable[[], object] | None = None
        self._settings: Settings | None = None
        self._last: Header | None = None

    @property
    def settings(self) -> Settings:
        """The shop's settings as they are now."""
        if self._settings is None:
            self._settings = load_settings(self.db)
        return self._settings

    @property
    def register(self) -> str:
        """The register code of the line being written, as on its receipts."""
        return self.line.register

    @property
    def line(self) -> OwnLine:
        """The line being written; empty before the first entry."""
        head = read_head(self.db)
        row = head and self.db.tuple_of(
            "SELECT device, register, reason FROM line WHERE device=?", (head.device,)
        )
        return OwnLine(bytes(row[0]), row[1], row[2]) if row else OwnLine(b"", "", "")

    def new_id(self) -> bytes:
        """A fresh UUIDv7."""
        return uuid7(self.clock.now_ms(), self.clock.random(10))

    def today(self) -> str:
        """The business date now.

        Raises:
            ClockInDoubt: the clock cannot be right and nobody has confirmed the date yet.
        """
        doubt = self.clock_doubt()
        if doubt and not self.confirmed_day:
            raise ClockInDoubt(reason=doubt, proposal=self.proposed_day())
        if doubt:
            return self.confirmed_day
        now = self.clock.now_ms()
        return business_date(now, self.settings.zone, self.settings.day_close_minutes)

    def clock_doubt(self) -> str:
        """Why the wall clock cannot be right ("before_build", "before_last_entry"), or ""."""
        now = self.clock.now_ms()
        if now < BUILD_MS:
            return "before_build"
        last = self._last_header()
        if last is None:
            return ""
        # The last entry may itself carry a wrong instant; the date confirmed for it stands.
        settings, latest = self.settings, now + BACKWARD_TOLERANCE_MS
        day = business_date(latest, settings.zone, settings.day_close_minutes)
        return "before_last_entry" if latest < last.at_ms or day < last.day else ""

    def proposed_day(self) -> str:
        """The business date that is likely when the clock is in doubt: the last one written."""
        last = self._last_header()
        if last is not None:
            return last.day
        return business_date(BUILD_MS, self.settings.zone, self.settings.day_close_minutes)

    def _last_header(self) -> Header | None:
        # Nobody else writes (the folder is locked), so the last header read stays the last.
        if self._last is not None:
            return self._last
        rows = self.db.rows(
            "SELECT kind, version, body FROM journal"
            " WHERE device=(SELECT device FROM own_line ORDER BY place DESC LIMIT 1)"
            " ORDER BY seq DESC LIMIT 20"
        )
        for row in rows:
            # An entry that the disk has damaged must not keep anybody from selling.
            with contextlib.suppress(UnknownFact, UnreadableFact):
                self._last = decode_body(row[0], row[1], row[2])[0]
                break
        return self._last

    def header(self) -> Header:
        """The circumstances of a fact written now."""
        return Header(
            self.clock.now_ms(),
            self.clock.boot,
            self.clock.mono_ms(),
            self.today(),
            self.staff_id,
            self.approver_id,
        )

    @contextmanager
    def approved(self, approver_id: bytes) -> Iterator[None]:
        """For the commands inside: a manager at the counter has allowed them."""
        before, self.approver_id = self.approver_id, approver_id
        try:
            yield
        finally:
            self.approver_id = before

    @contextmanager
    def any_day(self) -> Iterator[None]:
        """For what the program writes by itself: where the clock is in doubt, or comes to be while
        it writes, and nobody was asked yet, the last business date stands in."""
        before = self.confirmed_day
        self.confirmed_day = before or self.proposed_day()
        try:
            yield
        finally:
            self.confirmed_day = before

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """The one way to write. Facts appended inside are durable when this returns."""
        if self.before_first_write is not None:
            self.before_first_write()
            self.before_first_write = None
        with self.db.transaction():
            head = read_head(self.db)
            if head is None:
                raise Refused(why="journal_empty")
            tx = Transaction(self, head)
            yield tx
            number = tx.last_number() if tx.kinds else 0
        self._after(tx, number)

    def _after(self, tx: Transaction, number: int) -> None:
        # Nothing is read here any more: what is committed must not look as if it had failed.
        head = tx.head
        self._last = tx.header or self._last
        if tx.kinds:
            self.witness.set_mark(head.device, Mark(head.seq, head.hash, number))
        if not tx.kinds.isdisjoint(("settings_changed", "shop_joined")):
            self._settings = None
        self.announce(frozenset(tx.kinds))

    def heard(self, kinds: frozenset[str]) -> None:
        """Facts of these kinds have come from elsewhere: forget what is kept of the tables."""
        self._settings = None
        self.announce(kinds)

    def announce(self, kinds: frozenset[str]) -> None:
        """Tell listeners which kinds of fact were written. One that fails keeps nobody from hearing
        it, nor whoever wrote from knowing that it is written."""
        for listener in tuple(self.listeners if kinds else ()):
            try:
                listener(kinds)
            except Exception:
                _log.exception("a listener")

    def close(self) -> None:
        """Close the file and give the folder free."""
        self.db.close()
        self.witness.close()
        self._lock.release()

    def __enter__(self) -> Counter:
        """A counter is closed at the end of a with block."""
        return self

    def __exit__(self, *_: Any) -> None:
        """Close."""
        self.close()
