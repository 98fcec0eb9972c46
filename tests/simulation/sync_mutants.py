"""Faults of sync put into the product on purpose (`tests.simulation.mutants` says which fault of a
run shows each). Nothing in the product's files is changed; each is a patch that lasts as long as
its context. The names are those of the plan of mutants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import msgspec

import pos.db.fold.stock as counter_stock
import pos.opening as opening
import pos.sync.apply as apply
import pos.sync.pushing as pushing
import server.sync.fold.fields as server_fields
import server.sync.greeting as greeting
import server.sync.http.requests as requests
import server.sync.journal as server_journal
import server.sync.pages as pages
from core.contract import UnknownFact, UnreadableFact, decode_body, encode_body
from core.cost import Pool
from core.sync.messages import Ack, Pushed
from core.sync.wire import Malformed
from pos.db import database
from pos.sync.memory import recall, remember
from pos.sync.retry import Backoff
from pos.sync.wire import NoAnswer
from server.devices.joining import key_of
from server.sync import speakers
from server.sync.chain import Standing
from server.sync.feed import Step
from server.sync.identity import Identities
from server.sync.pages import Page
from server.sync.refusals import EpochChanged
from server.sync.standing import hash_at
from tests.simulation import serverside
from tests.simulation.serverside import SimServer

Patches = AbstractContextManager[Any]


@contextmanager
def _all(*patches: Patches) -> Iterator[None]:
    with ExitStack() as stack:
        for one in patches:
            stack.enter_context(one)
        yield


def skip_by_number() -> Patches:
    """M1: what has a number that is known is skipped, whatever its hash."""

    def compare(arrived: Any, first_seq: int, prev: bytes, head: Any, stored: Any) -> Standing:
        seq, digest = head
        if first_seq > seq + 1:
            return Standing(0, "gap", seq, digest)
        return Standing(min(len(arrived), seq + 1 - first_seq), "", seq, digest)

    return patch.object(server_journal, "compare", compare)


def ack_before_commit() -> Patches:
    """M2: the answer leaves, then the process dies before it has committed."""
    handle = SimServer.handle

    def early(self: SimServer, wire: Any) -> Any:
        with self._driver() as driver:
            image = driver.serialize()
        answer = handle(self, wire)
        if wire.path.endswith("/journal") and answer.status == 200 and self.chance.random() < 0.2:
            with self._driver() as driver:
                driver.deserialize(image)
            self.start()
        return answer

    return patch.object(SimServer, "handle", early)


def no_unique_place() -> Patches:
    """M4: nothing compares what comes with what is there, and no key forbids it."""

    def compare(arrived: Any, first_seq: int, prev: bytes, head: Any, stored: Any) -> Standing:
        return Standing(0, "", *head)

    lasting = serverside.lasting_store

    def without_keys(image: bytes, chance: Any, fuse: Any) -> Any:
        store = lasting(image, chance, fuse)
        raw = store.engine.pool._creator()  # type: ignore[attr-defined]
        sql = raw.execute("SELECT sql FROM sqlite_master WHERE name='entry'").fetchone()[0]
        bare = re.sub(r",\s*CONSTRAINT uq_entry_\w+ UNIQUE \([^)]*\)", "", sql)
        assert bare != sql or "uq_entry" not in sql
        if bare != sql:
            raw.execute(bare.replace("entry", "entry_bare", 1))
            raw.execute("INSERT INTO entry_bare SELECT * FROM entry")
            raw.execute("DROP TABLE entry")
            raw.execute("ALTER TABLE entry_bare RENAME TO entry")
        return store

    return _all(
        patch.object(server_journal, "compare", compare),
        patch.object(serverside, "lasting_store", without_keys),
    )


def stock_set_absolutely() -> Patches:
    """M5: a movement sets stock to what this counter last thought it was, plus the movement."""
    known: dict[tuple[int, bytes], Pool] = {}
    moved = counter_stock.moved
    pools = counter_stock._pools

    def stale(at: Any, ids: set[bytes]) -> Any:
        found = pools(at, ids)
        if at.standing == "waiting":
            for key, (pool, hint) in found.items():
                found[key] = (known.setdefault((id(at.db), key), pool), hint)
        return found

    assert moved
    return patch.object(counter_stock, "_pools", stale)


def _in_two(first: Callable[[Any], Any], then: Callable[[Any, Any], Any]) -> Patches:
    """A slice of a page applied in two transactions."""

    def run(self: Any) -> apply._Done:
        kept = first(self)
        self._db.run("COMMIT")
        self._db.run("BEGIN IMMEDIATE")
        then(self, kept)
        return apply._Done(self._received, [])

    return patch.object(apply._Slice, "run", run)


def cursor_first() -> Patches:
    """M6: the cursor is saved, then the page is applied."""

    def store(part: Any) -> None:
        part._note_page()
        for entry in part._entries:
            part._store(entry)

    def fold(part: Any, _: None) -> None:
        part._find_out_of_turn()
        lifted = apply.Lifted(part._db, part._moved_goods())
        for step in part._steps:
            part._take(step, lifted)
        lifted.put_back()
        if lifted.is_to_fold:
            apply.note_refold(part._db)

    return _in_two(store, fold)


def cursor_last() -> Patches:
    """M7: the page is applied, then the cursor is saved in another transaction."""
    run = apply._Slice.run

    def whole(part: Any) -> Any:
        before = part._db.scalar("SELECT coalesce(max(n), 0) FROM feed")
        run(part)
        rows = part._db.raw.execute("SELECT * FROM feed WHERE n>?", (before,)).fetchall()
        part._db.run("DELETE FROM feed WHERE n>?", (before,))
        return rows

    def save(part: Any, rows: Any) -> None:
        part._db.many("INSERT INTO feed VALUES (?,?,?,?,?,?)", rows)

    return _in_two(whole, save)


def _with_flags(taken_as_answer: type[Exception] | None) -> Patches:
    """What was sent is remembered here; where the server stands is not asked."""
    push_all, push = pushing.Pusher.push_all, pushing.Pusher._push

    def by_flag(self: Any, lines: Any, acks: dict[bytes, Ack]) -> Any:
        mine = {}
        for line in lines:
            flag = recall(self._db, f"sent_{line.device.hex()}")
            if flag and line.device in acks:
                seq, digest = flag.split(":")
                acks[line.device] = Ack(line.device, int(seq), bytes.fromhex(digest))
            mine[line.device] = acks.get(line.device)
        return push_all(self, lines, {key: ack for key, ack in mine.items() if ack})

    def flagging(self: Any, line: Any, part: Any) -> Any:
        def note() -> None:
            with self._db.transaction():
                last = part[-1]
                remember(self._db, f"sent_{line.device.hex()}", f"{last.seq}:{last.hash.hex()}")

        if taken_as_answer is None:
            note()
            return push(self, line, part)
        try:
            answer = push(self, line, part)
        except NoAnswer as error:
            if error.details.get("status") != 200:
                raise
            note()
            return Pushed(1, 0, "", Ack(line.device, part[-1].seq, part[-1].hash), 0, 0, (), b"")
        note()
        return answer

    keep = pushing.Pusher._keep_ack

    def trusting(self: Any, pushed: Pushed, shop: bytes) -> None:
        if pushed.receipt:
            keep(self, pushed, shop)

    return _all(
        patch.object(pushing.Pusher, "push_all", by_flag),
        patch.object(pushing.Pusher, "_push", flagging),
        patch.object(pushing.Pusher, "_keep_ack", trusting),
    )


def flag_sent() -> Patches:
    """M8: an entry is marked as sent when it is sent."""
    return _with_flags(None)


def no_backoff() -> Patches:
    """M13: after a failure it is tried again at once, and again."""
    return patch.object(Backoff, "failed", lambda self, at_least_s=0.0: 0.0)


def backoff_without_reset() -> Patches:
    """M13, the other half: waits grow and never become short again."""
    return patch.object(Backoff, "answered", lambda self: None)


def html_is_an_ack() -> Patches:
    """M14: any answer with status 200 means that the batch was stored."""
    return _with_flags(NoAnswer)


def nothing_new_beyond_head() -> Patches:
    """M17: a cursor beyond the head is told that nothing has come."""
    check, read_page = greeting.check_cursor, pages.read_page

    def lenient(tx: Any, head: Any, epoch: int, n: int, digest: bytes) -> None:
        if n <= head.n:
            check(tx, head, epoch, n, digest)

    def page(services: Any, shop: bytes, device: bytes, **more: Any) -> Page:
        with services.store.reading_shop(shop) as tx:
            head = pages.head_of(tx)
        if more["after"] > head.n:
            return Page(more["after"] + 1, (), more["after"], more["digest"], head, None)
        return read_page(services, shop, device, **more)

    return _all(
        patch.object(greeting, "check_cursor", lenient),
        patch.object(requests, "read_page", page),
        patch.object(server_journal, "check_epoch", lambda tx, epoch, asked: None),
    )


def epoch_ignored() -> Patches:
    """M18: a cursor is a number; which history it is of is not asked."""

    def by_number(tx: Any, head: Any, epoch: int, n: int, digest: bytes) -> None:
        if n > head.n:
            raise EpochChanged(epoch=head.epoch, n=head.n, feed_hash=hash_at(tx, head.n))

    return _all(
        patch.object(greeting, "check_cursor", by_number),
        patch.object(pages, "check_cursor", by_number),
        patch.object(server_journal, "check_epoch", lambda tx, epoch, asked: None),
    )


def mark_ignored() -> Patches:
    """M19: how far a line had come is not compared when the program starts."""
    return patch.object(opening, "_behind", lambda db, head, mark: None)


def same_register_code() -> Patches:
    """M20: a new line prints its parent's code."""
    return patch.object(opening, "line_code", lambda code, device: code)


def carried_anew() -> Patches:
    """M21: what is carried is a fact of its own, whatever it holds."""
    return _all(
        patch.object(Identities, "counts", lambda self, digest: False),
        patch.object(Identities, "came_carried", lambda self, digest: False),
    )


def quarantine_stops() -> Patches:
    """M22: a batch with an entry that cannot be taken is refused whole."""
    take = server_journal._take

    def strict(step: Any, line: Any, new: Any, anchor: Any, refusal: str) -> Any:
        if any(one.code in ("unreadable", "damaged") for one in new):
            raise Malformed(why="an entry")
        return take(step, line, new, anchor, refusal)

    return patch.object(server_journal, "_take", strict)


def arrival_decides() -> Patches:
    """M24: which value a change replaced is not looked at: whatever comes last stands."""

    def judge(standing: str, stamp: Any, old: str, new: str, change: Any) -> str:
        return "same" if new == standing else "applied"

    return patch.object(server_fields, "judge", judge)


def bytes_encoded_anew() -> Patches:
    """M27: the server stores what it understood, not what came."""
    put = Step._put

    def encoding(self: Any, device: bytes, shop: bytes, entry: Any, at_ms: int, text: str) -> None:
        try:
            body = encode_body(*decode_body(entry.kind, entry.version, entry.body))
            entry = entry._replace(body=body)
        except (UnknownFact, UnreadableFact, msgspec.MsgspecError):
            pass
        put(self, device, shop, entry, at_ms, text)

    return patch.object(Step, "_put", encoding)


def shop_from_body() -> Patches:
    """M28: the shop is that of the line named in the body, not that of the key."""
    take = requests.take_journal

    def anywhere(services: Any, shop: bytes, signer: bytes, push: Any) -> Any:
        known = key_of(services, push.device)
        return take(services, known[0] if known else shop, signer, push)

    def line(tx: Any, signer: bytes, push: Any) -> Any:
        return speakers.find(tx, push.device)

    def refusal(tx: Any, device: bytes, signer: bytes) -> str:
        return speakers.find(tx, device, lock=True).refusal

    return _all(
        patch.object(requests, "take_journal", anywhere),
        patch.object(server_journal, "_line_of", line),
        patch.object(server_journal, "_refusal", refusal),
    )


def not_flushed() -> Patches:
    """M29: a commit does not wait until the disk has it."""

    def normal(connection: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    return patch.object(database, "make_durable", normal)
