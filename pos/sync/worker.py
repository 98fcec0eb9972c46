"""Sync's own thread, with its own connection: the window's thread never waits for the network.

A round begins when something was written here, when there is news (`pos.sync.ear`), and when time
has come; after a failure by time alone. What must be written through the counter itself (a new
line of history after a fork, a difference that was found) is handed to `forked` and `to_write`,
which the window runs on its own thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core.errors import Refused
from core.facts.sync import Carried, SyncDiffered
from core.sync.limits import POLL_MS
from pos.counter import read_head
from pos.db.base import BadChunk
from pos.db.database import Database, open_database
from pos.db.turns import turns_of
from pos.device.clock import Clock
from pos.device.witness import Witness
from pos.failures import as_refusal
from pos.sync.due import fold_what_is_due
from pos.sync.ear import Ear, Question
from pos.sync.lines import Fork, own_lines
from pos.sync.memory import Server, cursor, server
from pos.sync.past import PastFetcher
from pos.sync.pictures import ARRIVED, Pictures
from pos.sync.refold import finish_refold
from pos.sync.retry import Backoff
from pos.sync.rounds import Outcome, Round
from pos.sync.state import note_round
from pos.sync.transport import HttpSender
from pos.sync.wanted import Found, Wanted
from pos.sync.wire import Key, NoAnswer, Said, Send, Speaker

IDLE_S = 15.0
"""At least so long, and at most twice, between two rounds where nothing happens."""

FILL_S = 1.0
"""Between two rounds as long as older entries are still to come."""

_BREATH_S = 0.002
_CHECKPOINT_EVERY = 4
"""Slices. The log then stays below the thousand pages at which a sale's own commit would bring
them to the file; with 16 a sale in ten did (`docs/performance.md`)."""

_PATIENCE_S = 0.1
"""Sync goes on after so long where the window never rests."""

# Causes of silence that a person can do something about.
_TOLD = frozenset({"tls", "not_ours", "locked", "silent", "absent"})
_log = logging.getLogger(__name__)


class SyncWorker:
    """One counter's sync; `step` does one round, `start` keeps doing them."""

    def __init__(
        self,
        file: Path,
        *,
        clock: Clock,
        witness: Witness,
        changed: Callable[[frozenset[str]], None] = lambda kinds: None,
        forked: Callable[[Fork], None] = lambda fork: None,
        to_write: Callable[[tuple[SyncDiffered | Carried, ...]], None] = lambda facts: None,
        turned: Callable[[], None] = lambda: None,
        lost: Callable[[], None] = lambda: None,
        backup_ms: Callable[[], int] = lambda: 0,
        sender: Callable[[str], Send] = HttpSender,
    ) -> None:
        """`changed` hears which kinds of fact came in, `forked` that a new line is needed,
        `to_write` what is to be written down, `turned` that a round has ended, `lost` that
        the line's key is gone; all are called on this thread. `backup_ms` tells when the last
        backup was made."""
        self._file = file
        self._turns = turns_of(file)
        self._breaths = 0
        self._clock = clock
        self._witness = witness
        self._changed = changed
        self._forked = forked
        self._to_write = to_write
        self._turned = turned
        self._lost = lost
        self._kept_safe: set[bytes] = set()
        self._backup_ms = backup_ms
        self._sender = sender
        self._wake = threading.Event()
        self._asked = threading.Event()
        self._asks = self._answered = 0
        self._failing = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._backoff = Backoff(self._chance)
        self._ear = Ear(self.wake, self._chance)
        self._pictures = Pictures(
            file.parent,
            mono_ms=clock.mono_ms,
            chance=self._chance,
            go_on=lambda: not self._wake.is_set(),
        )
        self._is_trusted = False
        self._lines: tuple[str, Send, Send] | None = None
        self._looking = threading.Lock()
        self._in_round = threading.Lock()

    def _chance(self) -> float:
        return self._clock.random(1)[0] / 256

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something was written, or there is news: a round may begin.

        Not after a failure: then only time begins one, else each sale would knock at a door that
        is shut.
        """
        self._wake.set()

    def now(self) -> None:
        """A person asks: a round begins, whatever the last one came to."""
        self._asks += 1
        self._asked.set()
        self._wake.set()

    @property
    def is_asked(self) -> bool:
        """Whether somebody asked, and no round that began after that has ended yet."""
        return self._answered < self._asks

    def stop(self) -> None:
        """End after the request in hand."""
        self._stop.set()
        self.now()
        self._ear.stop()
        if self._thread is not None:
            self._thread.join(timeout=2)

    def _run(self) -> None:
        db = open_for_sync(self._file)
        try:
            while not self._stop.is_set():
                self._wake.clear()
                self._asked.clear()
                self._failing = False
                asks = self._asks
                wait_s = self._turn(db)
                self._answered = asks
                if not self._stop.is_set():
                    self._turned()
                    self._rest(db, wait_s)
        finally:
            db.close()

    def _turn(self, db: Database) -> float:
        """One round that nothing ends but the program's end; seconds until the next."""
        self._ear.hear(None)
        try:
            outcome = self.step(db)
            self._is_trusted = outcome is not None and outcome.state == "trusted"
            self._listen(db, outcome)
        except Said as said:
            return self._failed(db, said.problem.error, said.problem.retry_s)
        except Refused as refusal:
            return self._failed(db, _code(refusal))
        except Exception as error:
            _log.exception("sync")
            return self._failed(db, _cause(error))
        self._backoff.answered()
        if outcome is not None and outcome.older:
            return FILL_S  # history comes in slowly while nothing else is to be done
        return IDLE_S * (1 + self._chance())

    def _rest(self, db: Database, wait_s: float) -> None:
        """Wait for the next round. The time is the pictures', where the last round ended well."""
        event = self._asked if self._failing else self._wake
        until = time.monotonic() + wait_s
        while (left_s := until - time.monotonic()) > 0:
            is_free = self._is_trusted and not self._failing
            if event.wait(min(left_s, self._pictures_due_s(db)) if is_free else left_s):
                return
            if is_free and self._pictures_due_s(db) <= 0:
                self.step_pictures(db)

    def _pictures_due_s(self, db: Database) -> float:
        try:
            return self._pictures.due_s(db)
        except Exception:
            _log.exception("pictures")
            return IDLE_S

    def step_pictures(self, db: Database) -> None:
        """Some requests about pictures. What goes wrong there is tried again in time; it is no
        failure of sync."""
        try:
            found, who = server(db), self._speaker(db)
            if found is None or who is None:
                self._pictures.failed(db)
                return
            moved = self._pictures.step(db, found, who)
        except Said as said:
            self._pictures.failed(db, said.problem.retry_s)
        except Refused:
            self._pictures.failed(db)
        except Exception:
            _log.exception("pictures")
            self._pictures.failed(db)
        else:
            if moved.received:
                self._changed(ARRIVED)
            if moved.sent or moved.received:
                self._turned()

    def _failed(self, db: Database, error: str, at_least_s: float = 0.0) -> float:
        if self._stop.is_set():
            return 0.0
        self._failing = True
        try:
            note_round(db, self._clock.now_ms(), error, "", None)
        except Exception:
            _log.exception("sync state")
        return self._backoff.failed(at_least_s)

    def step(self, db: Database, wait_ms: int = 0) -> Outcome | None:
        """One round; None where this counter is not enrolled or its key is not here.

        Raises:
            NoAnswer, Said, PageRefused: it did not end well.
        """
        if server(db) is not None:
            # Whatever the keyring or the server will say; what is damaged the round sees to.
            with suppress(BadChunk), self._in_round:
                fold_what_is_due(db, lambda: self._breathe(db))
        found, who = server(db), self._speaker(db)
        if found is not None and who is None:
            self._lost()
        if found is None or who is None:
            return None
        with self._in_round:
            outcome = Round(
                db,
                found,
                who,
                self._clock,
                self._witness,
                breathe=lambda: self._breathe(db),
                wait_ms=min(wait_ms, POLL_MS),
                backup_ms=self._backup_ms(),
            ).run()
        note_round(db, self._clock.now_ms(), "", outcome.state, outcome.digest_equal)
        if outcome.kinds:
            self._changed(outcome.kinds)
        if outcome.to_write:
            self._to_write(outcome.to_write)
        if outcome.fork is not None:
            self._forked(outcome.fork)
        self._keep_safe(own_lines(db)[-1].device)
        return outcome

    def _keep_safe(self, device: bytes) -> None:
        """Once for each line: its key goes into the system's keyring, if that takes it."""
        if device not in self._kept_safe:
            self._kept_safe.add(device)
            self._witness.keep_safe(device)

    def look_for(self, wanted: Wanted, told: Callable[[Found], None]) -> None:
        """Fetch older entries that somebody looks for, beside the rounds; `told` how that ended, on
        a thread of its own."""
        thread = threading.Thread(
            target=lambda: told(self._look(wanted)), name="sync-older", daemon=True
        )
        thread.start()

    def _look(self, wanted: Wanted) -> Found:
        with self._looking:
            try:
                return self._looked(wanted)
            except NoAnswer:
                return "no_network"
            except Said as said:
                _log.info("older entries: %s", said.problem.error)
            except Exception:
                _log.exception("older entries")
            return "refused"

    def _looked(self, wanted: Wanted) -> Found:
        db = open_database(self._file)
        try:
            found = server(db)
            send = self._sender(found.url) if found is not None else None
            who = self._speaker(db, send=send)
            if found is None or who is None:
                return "refused"
            fetcher = PastFetcher(db, found, who, breathe=lambda: self._breathe(db))
            is_found = fetcher.look_for(wanted)
            if self._in_round.acquire(blocking=False):
                # Not while pages are applied: each would make the folding begin anew. A round folds
                # again what is due.
                try:
                    finish_refold(db, lambda: self._breathe(db))
                finally:
                    self._in_round.release()
            return "found" if is_found else "none"
        finally:
            db.close()

    def _speaker(
        self, db: Database, *, listening: bool = False, send: Send | None = None
    ) -> Speaker | None:
        """Who speaks for the line in use; what listens has a connection of its own."""
        found, head = server(db), read_head(db)
        if found is None or head is None:
            return None
        key = self._witness.key(head.device)
        if key is None:
            return None
        if send is None:
            _url, round_send, ear_send = self._connections(found)
            send = ear_send if listening else round_send
        clock = self._clock
        return Speaker(send, head.device, Key(key), now_ms=clock.now_ms, random=clock.random)

    def _connections(self, found: Server) -> tuple[str, Send, Send]:
        if self._lines is None or self._lines[0] != found.url:
            self._lines = (found.url, self._sender(found.url), self._sender(found.url))
        return self._lines

    def _listen(self, db: Database, outcome: Outcome | None) -> None:
        """Hold a question until the next round, where the server answers such ones."""
        if outcome is None or outcome.state != "trusted" or outcome.fork is not None:
            return
        who = self._speaker(db, listening=True)
        if who is not None:
            self._ear.hear(Question(who, cursor(db)))

    def _breathe(self, db: Database) -> None:
        """Between slices the window gets its turn; the program's end, too."""
        if self._stop.wait(_BREATH_S):
            raise NoAnswer(why="stopped")
        self._turns.wait_for_rest(_PATIENCE_S)
        self._breaths += 1
        if self._breaths % _CHECKPOINT_EVERY == 0:
            # What is in the log goes to the file here, while nobody waits for this connection;
            # else the commit that finds the log full does it, and that may be a sale's.
            db.run("PRAGMA wal_checkpoint(PASSIVE)")


def open_for_sync(file: Path) -> Database:
    """The counter's file as sync writes into it: a commit does not wait for the disk.

    So the writer is not held for an fsync, nor for a checkpoint. What sync writes, the server has:
    after a power cut it is fetched again from where the file stands. A sale's commit, which does
    wait, takes everything before it to the disk as well.
    """
    db = open_database(file)
    db.run("PRAGMA synchronous=NORMAL")
    db.run("PRAGMA wal_autocheckpoint=0")
    db.goes_first = False
    return db


def _code(refusal: Refused) -> str:
    why = str(refusal.details.get("why", ""))
    return f"{refusal.code}.{why}" if why in _TOLD else refusal.code


def _cause(error: Exception) -> str:
    """The code of a full disk or the like; of a fault of the program, one for all."""
    try:
        return as_refusal(error).code
    except Exception:
        return "sync_failed"
