"""Pushing: what the server lacks of each line, in batches that suit the network.

Where to begin is asked of the server each round; what it answers is kept only as its receipt.
"""

from __future__ import annotations

from typing import Final

import msgspec

from core.journal import Entry, is_whole
from core.sync.feed import head_bytes
from core.sync.limits import BATCH_BYTES, BATCH_ENTRIES, FIRST_BATCH_BYTES
from core.sync.messages import Ack, Problem, Push, Pushed, PushedEntry
from pos.db.database import Database
from pos.device.clock import Clock
from pos.sync.lines import Fork, Line, entries_after, hash_at
from pos.sync.memory import Server, cursor, remember
from pos.sync.wire import Said, Speaker, is_signed

SLOW_S: Final = 4.0


class Pusher:
    """Sends what waits of a counter's lines; `sent` counts what was new to the server."""

    def __init__(self, db: Database, server: Server, speaker: Speaker, clock: Clock) -> None:
        """For one round."""
        self._db = db
        self._server = server
        self._speaker = speaker
        self._clock = clock
        self._batch_bytes = FIRST_BATCH_BYTES
        self.sent = 0

    def push_all(self, lines: list[Line], acks: dict[bytes, Ack]) -> Fork | None:
        """Send what waits, oldest line first; a fork is where the server went on otherwise.

        Raises:
            NoAnswer, Said: the round cannot go on.
        """
        for line in lines:
            ack = acks.get(line.device)
            if ack is None:
                continue  # a line without trust speaks for itself alone
            fork = self._push_line(line, ack, line is not lines[-1])
            if fork is not None:
                return fork
        return None

    def _is_known(self, line: Line) -> bool:
        """Whether the feed that is here has the last entry of a line."""
        return (
            self._db.tuple_of(
                "SELECT 1 FROM journal j JOIN feed f ON f.pos=j.pos WHERE j.device=? AND j.seq=?"
                " AND j.hash=?",
                (line.device, line.seq, line.hash),
            )
            is not None
        )

    def _push_line(self, line: Line, ack: Ack, is_old: bool) -> Fork | None:
        at = ack.seq
        if is_old and at >= line.seq and self._is_known(line):
            return None  # others may have gone on from there under the old line
        if at > line.seq or hash_at(self._db, line, at) != ack.hash:
            fork = self.parted(line, at)
            return None if is_old and fork.behind else fork
        while at < line.seq:
            part = self._batch(entries_after(self._db, line, at, BATCH_ENTRIES))
            began = self._clock.mono_ms()
            try:
                pushed = self._push(line, part)
            except Said as said:
                if said.problem.error == "forked":
                    fork = self.parted(line, said.problem.seq)
                    return None if is_old and fork.behind else fork
                if said.problem.error == "gap" and said.problem.seq < at:
                    at = said.problem.seq
                    continue
                if said.problem.error in ("too_large", "too_slow") and len(part) > 1:
                    self._batch_bytes = max(1, self._batch_bytes // 2)
                    continue
                raise
            self._keep_ack(pushed, part[-1].shop)
            slow = self._clock.mono_ms() - began > SLOW_S * 1000
            self._batch_bytes = (
                max(FIRST_BATCH_BYTES // 4, self._batch_bytes // 2)
                if slow
                else min(BATCH_BYTES, self._batch_bytes * 2)
            )
            self.sent += pushed.stored
            if pushed.ack.seq <= at and not pushed.skipped:
                break  # nothing moves: the next round asks again
            at = pushed.ack.seq
        return None

    def _batch(self, entries: list[Entry]) -> list[Entry]:
        size = 0
        for count, entry in enumerate(entries):
            size += len(entry.body) + 40
            if count and size > self._batch_bytes:
                return entries[:count]
        return entries

    def _push(self, line: Line, part: list[Entry]) -> Pushed:
        last = part[-1]
        signed = head_bytes(last.shop, line.device, last.seq, last.hash)
        push = Push(
            epoch=cursor(self._db).epoch,
            device=line.device,
            first_seq=part[0].seq,
            prev_hash=part[0].prev_hash,
            last_hash=last.hash,
            signature=self._speaker.key.sign(signed),
            entries=tuple(
                PushedEntry(entry.kind, entry.version, entry.body, _claimed(entry))
                for entry in part
            ),
        )
        pushed = self._speaker.ask(Pushed, "POST", "/sync/journal", push)
        assert pushed is not None, "a push is always answered"
        return pushed

    def _keep_ack(self, pushed: Pushed, shop: bytes) -> None:
        """Remember what the server has signed for; what to send next is asked anew."""
        ack = pushed.ack
        signed = head_bytes(shop, ack.device, ack.seq, ack.hash)
        if not is_signed(self._server.key, pushed.receipt, signed):
            raise Said(_problem("bad_receipt"), 200)
        kept = [ack.device.hex(), ack.seq, ack.hash.hex(), pushed.receipt.hex()]
        with self._db.transaction():
            remember(self._db, "acked", msgspec.json.encode(kept).decode())

    def parted(self, line: Line, theirs: int) -> Fork:
        """Where the server's chain of this line and ours were last the same."""
        low, high = 0, min(line.seq, theirs)
        while low < high:
            middle = (low + high + 1) // 2
            entry = entries_after(self._db, line, middle - 1, 1)
            if self._has(line, entry):
                low = middle
            else:
                high = middle - 1
        return Fork(line.device, low, low == line.seq)

    def _has(self, line: Line, entry: list[Entry]) -> bool:
        try:
            self._push(line, entry)
        except Said as said:
            if said.problem.error in ("forked", "gap"):
                return False
            raise
        return True


def _claimed(entry: Entry) -> bytes:
    """The hash of an entry that a damaged disk no longer fits; empty for a whole one."""
    return b"" if is_whole(entry) else entry.hash


def _problem(error: str) -> Problem:
    return Problem(0, 0, "", error)
