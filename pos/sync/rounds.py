"""One round with the server: hello, push what it lacks, pull what is new, compare.

Nothing here knows of threads, sockets or a window: `speaker` carries requests, so a simulator
can drive rounds one after the other. Where the server stands is asked each time and never kept:
what is sent follows from its head, what is pulled from the cursor that lies with the data.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Final, Literal, NamedTuple
from urllib.parse import urlencode

from core.contract import KINDS
from core.facts.orders import OrderPlaced
from core.facts.sync import Carried, SyncDiffered
from core.sync.feed import cursor_bytes, line_bytes
from core.sync.limits import (
    PAGE_ENTRIES,
    PROTOCOL,
)
from core.sync.messages import (
    Ack,
    FeedPage,
    Hello,
    Welcome,
)
from core.sync.snapshot import RECENT_FROM
from pos.db.base import BadChunk
from pos.db.database import Database
from pos.db.past import entries_missing
from pos.device.clock import Clock
from pos.device.witness import Witness
from pos.sync.apply import (
    BytesNeeded,
    LineTaken,
    apply_page,
)
from pos.sync.comparing import Comparison
from pos.sync.contacts import refresh_contacts
from pos.sync.due import fold_what_is_due
from pos.sync.goback import pull_whole
from pos.sync.lines import Fork, Line, arrived, has_waiting, note_arrived, own_lines
from pos.sync.memory import Cursor, Server, cursor, waiting_count
from pos.sync.orphans import orphans
from pos.sync.pages import PageRefused
from pos.sync.past import PastFetcher
from pos.sync.pushing import Pusher
from pos.sync.recovery import offer_again, recover
from pos.sync.refold import find_waiting, finish_refold
from pos.sync.snapshot import Beginning, is_wanted
from pos.sync.talk import exchange_talk
from pos.sync.whole import hash_before, mend_entry, offered
from pos.sync.wire import Key, Said, Speaker, is_signed

State = Literal["trusted", "unconfirmed", "revoked"]
_log = logging.getLogger(__name__)
PROGRAM: Final = f"huyula {version('huyula')}"
"""What the owner's page of counters says about the program here."""
STRETCHES: Final = 4
"""So many stretches of older entries are fetched in a round."""


class Outcome(NamedTuple):
    """How a round ended well.

    `fork` asks for a new line of history before the next round, `to_write` to be written down:
    where both did not hold the same, whole bytes of what the server has damaged, and what nobody
    can send in its own line's name any more.
    `digest_equal` is None where the server gave nothing to compare with. `older`: so many entries
    from before a snapshot are still to come.
    """

    sent: int
    received: int
    waiting: int
    head: int
    epoch: int
    feed: int
    digest_equal: bool | None
    state: State = "trusted"
    kinds: frozenset[str] = frozenset()
    fork: Fork | None = None
    to_write: tuple[SyncDiffered | Carried, ...] = ()
    older: int = 0


class Round:
    """One round; `run` does it whole or raises `NoAnswer` or `Said` where it could not go on."""

    def __init__(
        self,
        db: Database,
        server: Server,
        speaker: Speaker,
        clock: Clock,
        witness: Witness,
        *,
        breathe: Callable[[], None] = lambda: None,
        wait_ms: int = 0,
        backup_ms: int = 0,
    ) -> None:
        """`breathe` is called between slices of writing; `wait_ms` is how long to wait for news."""
        self._db = db
        self._server = server
        self._speaker = speaker
        self._clock = clock
        self._witness = witness
        self._breathe = breathe
        self._wait_ms = wait_ms
        self._backup_ms = backup_ms
        self._received = 0
        self._pusher = Pusher(db, server, speaker, clock)
        self._past = PastFetcher(db, server, speaker, breathe=breathe)
        self._kinds: set[str] = set()
        self._comparison = Comparison(db, speaker, breathe)
        self._state: State = "trusted"
        self._orphans: tuple[Carried, ...] = ()

    def run(self) -> Outcome:
        """Hello, push, pull, compare.

        Raises:
            NoAnswer: the network or the server is away.
            Said: the server refused, and not in a way that a round can answer.
        """
        try:
            fold_what_is_due(self._db, self._breathe)
            return self._meet()
        except BadChunk:
            _log.warning("the snapshot that this counter began with is damaged", exc_info=True)
        self._pull_whole()
        return self._meet()

    def _pull_whole(self) -> None:
        """Do without the snapshot, which cannot be laid down again; not while the server is away or
        gives nothing: the sums in it are missed until the feed is here. One that was restored is
        followed first, which ends without the snapshot, too."""
        try:
            state = _state(self._hello(own_lines(self._db)).state)
        except Said as said:
            self._go_back(said)
            return
        if state == "trusted":
            pull_whole(self._db, cursor(self._db).epoch, self._breathe)

    def _meet(self) -> Outcome:
        try:
            fork = self._try()
        except Said as said:
            self._go_back(said)
            fork = self._try()
        if fork is None and self._state == "trusted":
            self._ask_for_buyers()
        return self._outcome(fork)

    def _go_back(self, said: Said) -> None:
        """To where the server is, where that is what it said."""
        if said.problem.error != "epoch":
            raise said
        self._beginning().lay_what_is_here()
        recover(self._db, self._speaker, said.problem, self._breathe)

    def _ask_for_buyers(self) -> None:
        """Who ordered and what is said, which no fact holds; who shows orders reads them again."""
        is_new = refresh_contacts(self._db, self._speaker, self._clock.now_ms())
        if exchange_talk(self._db, self._speaker) or is_new:
            self._kinds.add(OrderPlaced.KIND)

    def _try(self) -> Fork | None:
        lines = own_lines(self._db)
        welcome = self._hello(lines)
        self._state = _state(welcome.state)
        self._begin(welcome)
        line = lines[-1]
        if welcome.register and welcome.register != line.register:
            return Fork(line.device, line.seq, True, welcome.register)
        fork = self._pusher.push_all(lines, _acks(welcome))
        if self._state == "revoked":
            self._orphans = orphans(self._db, self._older_speak(lines[:-1]), line)
        if fork is None and self._state == "trusted":
            fork = self._pull_all(lines)
            if fork is None and offer_again(self._db, self._speaker):
                fork = self._pull_all(lines)
            if fork is None:
                self._fill()
        return fork

    def _older_speak(self, lines: list[Line]) -> list[Line]:
        """A revoked line speaks for itself alone; what older ones wrote and nobody else may have
        they bring themselves, each trusted or not as the server knows it. Returns those that
        cannot: their keys are lost, here or at the server."""
        mute: list[Line] = []
        for line in lines:
            if arrived(self._db, line) or not has_waiting(self._db, line):
                continue
            key = self._witness.key(line.device)
            try:
                if key is not None:
                    self._line_speaks(line, self._speaker.as_line(line.device, Key(key)))
            except Said as said:
                key = None if said.problem.error == "unknown_device" else key
            if key is None:
                mute.append(line)
        return mute

    def _line_speaks(self, line: Line, speaker: Speaker) -> None:
        acks = _acks(self._greet(speaker, line))
        ack = acks.get(line.device)
        if ack is not None and ack.seq >= line.seq:
            note_arrived(self._db, line)
            return
        pusher = Pusher(self._db, self._server, speaker, self._clock)
        pusher.push_all([line], acks)  # nothing, where the server said nothing of this line
        self._pusher.sent += pusher.sent

    def _begin(self, welcome: Welcome) -> None:
        """A counter that begins takes a snapshot before it sends anything of its own."""
        acked = sum(ack.seq for ack in welcome.acks)
        if self._state != "trusted" or not is_wanted(self._db, welcome.n, acked, RECENT_FROM):
            return
        if self._beginning().run():
            self._received, self._kinds = welcome.n, {kind for kind, _version in KINDS}
            self._comparison.is_equal = True  # that is what it was checked by

    def _beginning(self) -> Beginning:
        return Beginning(self._db, self._server, self._speaker, breathe=self._breathe)

    def _fill(self) -> None:
        """Some more of what is older than a snapshot's whole entries; the rest in later rounds."""
        before = entries_missing(self._db)
        for _ in range(STRETCHES):
            if not self._past.stretch():
                break
        finish_refold(self._db, self._breathe)
        if before and not entries_missing(self._db):
            self._kinds.update(kind for kind, _version in KINDS)  # whoever shows it reads again

    def _outcome(self, fork: Fork | None) -> Outcome:
        at = cursor(self._db)
        head = own_lines(self._db)[-1].seq
        return Outcome(
            self._pusher.sent,
            self._received,
            waiting_count(self._db),
            head,
            at.epoch,
            at.n,
            self._comparison.is_equal,
            self._state,
            frozenset(self._kinds),
            fork,
            self._comparison.handed_over() + offered(self._db) + self._orphans,
            entries_missing(self._db),
        )

    # -- hello

    def _hello(self, lines: list[Line]) -> Welcome:
        try:
            return self._greet(self._speaker, lines[-1])
        except Said as said:
            if said.problem.error != "unknown_device" or len(lines) < 2:
                raise
        self._introduce(lines[:-1])
        return self._greet(self._speaker, lines[-1])

    def _introduce(self, older: list[Line]) -> None:
        """The server may never have heard of the line before the one in use either: from the newest
        on that it knows, oldest first. A counter may have had a thousand."""
        unheard: list[Line] = []
        for line in reversed(older):
            if self._is_heard(line):
                break
            unheard.append(line)
        else:
            return
        for line in reversed(unheard):
            self._is_heard(line)

    def _is_heard(self, line: Line) -> bool:
        """Say hello as an older line; whether the server knows it, or does now."""
        key = self._witness.key(line.device)
        if key is None:
            return False
        try:
            self._greet(self._speaker.as_line(line.device, Key(key)), line)
        except Said as said:
            return said.problem.error == "epoch"
        return True

    def _greet(self, speaker: Speaker, line: Line) -> Welcome:
        at, key = cursor(self._db), speaker.key
        hello = Hello(
            protocols=(PROTOCOL,),
            line=line.head(),
            epoch=at.epoch,
            n=at.n,
            feed_hash=at.feed_hash,
            waiting=waiting_count(self._db),
            wall_ms=self._clock.now_ms(),
            mono_ms=self._clock.mono_ms(),
            boot=self._clock.boot,
            program=PROGRAM,
            backup_ms=self._backup_ms,
            public_key=key.public,
            vouched=self._vouched(line, key),
        )
        welcome = speaker.ask(Welcome, "POST", "/sync/hello", hello)
        assert welcome is not None, "hello is always answered"
        return welcome

    def _vouched(self, line: Line, key: Key) -> bytes:
        parent = self._witness.key(line.parent_device) if line.parent_device else None
        if parent is None:
            return b""
        what = line_bytes(
            line.parent_device, line.parent_seq, line.parent_hash, line.device, key.public
        )
        return Key(parent).sign(what)

    # -- pull

    def _pull_all(self, lines: list[Line]) -> Fork | None:
        full, wait_ms = False, self._wait_ms
        while True:
            page = self._page(cursor(self._db), full, wait_ms)
            if page is None or not page.entries:
                # Older entries, which come next, are laid down on tables that are right.
                finish_refold(self._db, self._breathe)
                return None
            if self._past.meant_by(page):
                finish_refold(self._db, self._breathe)
            find_waiting(self._db)
            try:
                self._apply(page)
            except BytesNeeded as needed:
                n = int(str(needed.details["n"]))
                if n < page.first:
                    if not self._mend(n):
                        raise
                elif full:
                    raise
                else:
                    full = True
                continue
            except LineTaken:
                return self._pusher.parted(lines[-1], lines[-1].seq)
            full, wait_ms = False, 0
            if page.entries[-1].n >= page.head:
                return None

    def _mend(self, n: int) -> bool:
        """Fetch the bytes of an earlier entry that the disk has damaged; whether they are here."""
        before = hash_before(self._db, n)
        if before is None:
            return False
        page = self._page(Cursor(cursor(self._db).epoch, n - 1, before), True, 0)
        return page is not None and bool(page.entries) and mend_entry(self._db, page.entries[0])

    def _page(self, at: Cursor, full: bool, wait_ms: int) -> FeedPage | None:
        query = {
            "epoch": at.epoch,
            "after": at.n,
            "hash": at.feed_hash.hex(),
            "wait": wait_ms,
            "limit": PAGE_ENTRIES,
        }
        if full:
            query["full"] = 1
        return self._speaker.ask(
            FeedPage,
            "GET",
            "/sync/feed",
            query=urlencode(query),
            timeout_s=30.0 + wait_ms / 1000,
        )

    def _apply(self, page: FeedPage) -> None:
        last = page.entries[-1].n
        signed = cursor_bytes(self._server.shop, page.epoch, last, page.feed_hash)
        if not is_signed(self._server.key, page.signature, signed):
            raise PageRefused(why="signature")
        applied = apply_page(self._db, page, breathe=self._breathe, is_last=last >= page.head)
        self._received += applied.received
        self._kinds |= applied.kinds
        if page.digest is not None and last >= page.head:
            self._comparison.with_theirs(page.digest)


def _acks(welcome: Welcome) -> dict[bytes, Ack]:
    return {bytes(ack.device): ack for ack in welcome.acks}


def _state(text: str) -> State:
    return text if text in ("unconfirmed", "revoked") else "trusted"  # type: ignore[return-value]
