"""Pictures of goods, after the journal and apart from it: send what the server lacks, fetch what
this counter lacks (docs/sync.md).

A step is a few small requests; between two of them a round may begin, and a step that is cut off
anywhere goes on from there. What the server has is asked each time. Nothing that happens to a
picture fails a round: a picture that cannot be read is noted and passed over.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode

from core.sync.pictures import (
    COPY_BYTES,
    PICTURES_ASKED,
    Lacking,
    PicturePart,
    PicturesAsked,
    PictureSent,
    PicturesTold,
    PictureTaken,
    copy_bytes,
)
from pos.catalog.pictures import (
    BadPicture,
    drop_all_unused,
    has_unused,
    keep_copy,
    picture_hash,
    pictures_not_here,
)
from pos.db.database import Database
from pos.device.signed import is_signed
from pos.sync.memory import Server
from pos.sync.picture_memory import (
    forget_old_refusals,
    newest_picture,
    note_asked,
    note_refused,
    refused_pictures,
)
from pos.sync.picture_pace import Pace
from pos.sync.picture_parts import Part, Parts
from pos.sync.retry import Backoff
from pos.sync.wire import Said, Speaker

ARRIVED: Final = frozenset({"picture_arrived"})
"""The change notice: no fact, but whoever shows goods reads again."""

ASK_S: Final = 3600.0
"""How often the server is asked where nothing is known to wait."""

MOST_FAULTS: Final = 3
"""So often a picture that comes out wrong is tried before the program's next start."""

WHOLE_S: Final = 60.0
"""How long a request may take: a part is small, but the server reads a whole picture."""


class Moved(NamedTuple):
    """What a step did; `is_more` where another one has something to do right away."""

    sent: int = 0
    received: int = 0
    is_more: bool = False


class Pictures:
    """The pictures of one counter on their way; one step at a time."""

    def __init__(
        self,
        folder: Path,
        *,
        mono_ms: Callable[[], int],
        chance: Callable[[], float],
        go_on: Callable[[], bool] = lambda: True,
    ) -> None:
        """`folder` is the data folder; `go_on` turns False when a round waits."""
        self._parts = Parts(folder)
        self._pace = Pace(mono_ms, go_on)
        self._mono_ms = mono_ms
        self._backoff = Backoff(chance)
        self._faults: Counter[bytes] = Counter()
        self._due_ms = 0
        self._seen: tuple[int, tuple[bytes, ...]] | None = None
        self._lacking_after = b""
        self._wanted_after = b""

    def due_s(self, db: Database) -> float:
        """Seconds until a step is worth while: 0 where a picture was chosen or named since."""
        if self._seen != self._standing(db):
            return 0.0
        return max(0.0, (self._due_ms - self._mono_ms()) / 1000)

    def failed(self, db: Database, at_least_s: float = 0.0) -> None:
        """A step did not end well, or could not begin: the next one comes later, by time alone."""
        # Where the database itself is the trouble, `due_s` meets it next.
        with contextlib.suppress(sqlite3.Error):
            self._seen = self._standing(db)
        self._wait(self._backoff.failed(at_least_s))

    def step(self, db: Database, server: Server, speaker: Speaker) -> Moved:
        """Some requests about pictures.

        Raises:
            NoAnswer, Said: no network, or the server has other worries.
            OSError, sqlite3.Error: there is no room here, for instance.
        """
        self._pace.begin()
        step = _Step(db, server, speaker, self._pace, self._parts, self._faults)
        refused = refused_pictures(db)
        missing = [name for name in pictures_not_here(db) if name not in refused]
        newest = newest_picture(db)
        wanted = _from(missing, self._wanted_after)
        told = step.ask(wanted, self._lacking_after)
        for name in told.refused:
            note_refused(db, name, "refused")
        left = step.send(_own(db, told.lacking), refused)
        unready = step.fetch(told.ready)
        self._tidy(db, missing)
        note_asked(db, left, newest, full=step.is_full)
        # Only from a page with nothing left to do to the next one, and so through all of them.
        if not left:
            self._lacking_after = told.lacking[-1].hash if told.more else b""
        if not unready:
            self._wanted_after = wanted[-1] if wanted and wanted[-1] < missing[-1] else b""
        return self._rest(db, step, left, unready)

    def _rest(self, db: Database, step: _Step, left: int, unready: int) -> Moved:
        seen = self._standing(db)
        # What came by this very step is no news to the next one.
        is_news = self._seen is None or seen[1] != self._seen[1]
        self._seen = seen
        is_begun = bool(step.moved and (unready or (left and not step.is_full)))
        is_more = is_begun or bool(self._lacking_after or self._wanted_after)
        if step.moved or is_news:
            self._backoff.answered()
        if is_more:
            self._wait(self._pace.rest_s())
        elif seen[1] or (left and not step.is_full):
            # Another counter has it and is on its way, or it is in nobody's hands.
            self._wait(self._backoff.failed())
        else:
            self._wait(ASK_S)
        return Moved(step.sent, step.received, is_more)

    def _tidy(self, db: Database, missing: Sequence[bytes]) -> None:
        forget_old_refusals(db)
        self._parts.keep_only(missing)
        if has_unused(db):
            with db.transaction():
                drop_all_unused(db)

    def _standing(self, db: Database) -> tuple[int, tuple[bytes, ...]]:
        return newest_picture(db), tuple(pictures_not_here(db))

    def _wait(self, seconds: float) -> None:
        self._due_ms = self._mono_ms() + int(seconds * 1000)


class _Step:
    """The requests of one step, and what they came to."""

    def __init__(
        self,
        db: Database,
        server: Server,
        speaker: Speaker,
        pace: Pace,
        parts: Parts,
        faults: Counter[bytes],
    ) -> None:
        self._db = db
        self._server = server
        self._speaker = speaker
        self._pace = pace
        self._parts = parts
        self._faults = faults
        self.sent = 0
        self.received = 0
        self.moved = False
        self.is_full = False

    def ask(self, wanted: Sequence[bytes], after: bytes) -> PicturesTold:
        asked = PicturesAsked(tuple(wanted), after)
        told = self._speaker.ask(PicturesTold, "POST", "/sync/pictures", asked)
        assert told is not None, "the question is always answered"
        return told

    # -- up

    def send(self, lacking: Sequence[Lacking], refused: frozenset[bytes]) -> int:
        """Send what the server lacks and this counter has; how many of them are left."""
        left = [
            one
            for one in lacking
            if one.hash not in refused and self._faults[one.hash] < MOST_FAULTS
        ]
        count = len(left)
        for one in left:
            if self.is_full or not self._pace.may():
                break
            if self._send_one(one):
                count -= 1
        return count

    def _send_one(self, one: Lacking) -> bool:
        """Send one picture as far as this step goes; whether it need not be sent any more."""
        row = self._db.tuple_of(
            "SELECT data, copy, signature FROM picture WHERE hash=?", (one.hash,)
        )
        if row is None:
            return True
        data, copy, signature = bytes(row[0]), bytes(row[1]), bytes(row[2])
        if picture_hash(data) != (copy or one.hash):
            return True  # damaged here: `verify` says so, another counter may have it
        at = min(one.received, len(data) - 1)
        while self._pace.may():
            part = data[at : at + self._pace.part_bytes]
            sent = PictureSent(one.hash, at, len(data), part, copy, signature)
            try:
                taken = self._up(sent)
            except Said as said:
                return self._refused(one.hash, said)
            self.moved = self.moved or taken.kept or taken.received > at
            if taken.kept:
                self.sent += 1
                return True
            if taken.received == at:
                return False
            at = min(taken.received, len(data) - 1)
        return False

    def _up(self, sent: PictureSent) -> PictureTaken:
        began_ms = self._pace.begin_part()
        taken = self._speaker.ask(PictureTaken, "POST", "/sync/picture", sent, timeout_s=WHOLE_S)
        assert taken is not None, "a part is always answered"
        self._pace.end_part(len(sent.data), began_ms)
        return taken

    def _refused(self, name: bytes, said: Said) -> bool:
        error = said.problem.error
        if error == "bad_picture":
            note_refused(self._db, name, error)
            self.moved = True
            return True
        if error == "pictures_full":
            self.is_full = True
            return False
        if error == "no_picture":
            return True  # no goods name it any more, or it went meanwhile
        if error == "wrong_picture":
            return self._spoiled(name)
        raise said

    def _spoiled(self, name: bytes) -> bool:
        """Begin anew later, but not for ever; whether it is given up."""
        self._faults[name] += 1
        return self._faults[name] >= MOST_FAULTS

    # -- down

    def fetch(self, ready: Sequence[bytes]) -> int:
        """Fetch pictures that the server has; how many of them are left."""
        left = sum(1 for name in ready if self._faults[name] < MOST_FAULTS)
        for name in (one for one in ready if self._faults[one] < MOST_FAULTS):
            if not self._pace.may():
                break
            if self._fetch_one(name):
                left -= 1
        return left

    def _fetch_one(self, name: bytes) -> bool:
        """Fetch one picture as far as this step goes; whether it is here."""
        part = self._parts.read(name)
        while self._pace.may():
            try:
                answer = self._down(name, len(part.data))
            except Said as said:
                return self._refused(name, said)
            if answer.copy != part.copy and part.data:
                # The server has made another copy meanwhile.
                self._parts.drop(name)
                part = Part()
                continue
            data = part.data + answer.data
            if not self._is_right(name, answer, len(data)):
                self._parts.drop(name)
                return self._spoiled(name)
            if len(data) == answer.size:
                return self._whole(name, answer, data)
            self._store_part(name, answer, part)
            part = Part(answer.copy, data)
            self.moved = True
        return False

    def _down(self, name: bytes, offset: int) -> PicturePart:
        began_ms = self._pace.begin_part()
        query = urlencode({"hash": name.hex(), "offset": offset, "most": self._pace.part_bytes})
        answer = self._speaker.ask(PicturePart, "GET", "/sync/picture", query=query)
        assert answer is not None, "a question for a picture is always answered"
        self._pace.end_part(len(answer.data), began_ms)
        return answer

    def _is_right(self, name: bytes, answer: PicturePart, come: int) -> bool:
        """Whether this is the server's word, and a part that leads somewhere."""
        signed = copy_bytes(self._server.shop, name, answer.copy)
        return (
            bool(answer.data)
            and come <= answer.size <= COPY_BYTES
            and is_signed(self._server.key, answer.signature, signed)
        )

    def _store_part(self, name: bytes, answer: PicturePart, before: Part) -> None:
        if before.data:
            self._parts.add(name, answer.data)
        else:
            self._parts.begin(name, answer.copy, answer.data)

    def _whole(self, name: bytes, answer: PicturePart, data: bytes) -> bool:
        is_it = picture_hash(data) == answer.copy
        if is_it:
            try:
                with self._db.transaction():
                    keep_copy(self._db, name, data, answer.signature)
            except BadPicture:
                is_it = False
        self._parts.drop(name)
        self.received += is_it
        self.moved = self.moved or is_it
        return is_it or self._spoiled(name)


def _from(names: Sequence[bytes], after: bytes) -> list[bytes]:
    """The next names to ask for; from the start again at the end."""
    rest = [name for name in names if name > after]
    return (rest or list(names))[:PICTURES_ASKED]


def _own(db: Database, lacking: Sequence[Lacking]) -> list[Lacking]:
    """Those of which this counter has the bytes."""
    return [one for one in lacking if db.scalar("SELECT 1 FROM picture WHERE hash=?", (one.hash,))]
