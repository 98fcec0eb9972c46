"""A step of a shop's feed: entries numbered, judged, folded and stored in one transaction.

The feed's row is locked first and until the commit, so that numbers become visible in their order
and without holes, and nobody else writes this shop's facts meanwhile. Therefore documents need no
locks of their own. The order for whoever locks more: feed, device, documents by id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from core.contract import UnknownFact, UnreadableFact, encode_body, kind_of
from core.dates import business_date
from core.facts.base import Fact, Header
from core.facts.shop import SettingsChanged
from core.facts.sync import Carried, EntryJudged
from core.journal import entry_hash
from core.sync.digest import NOTHING
from core.sync.feed import (
    FLAGGED,
    JOINED,
    OK,
    QUARANTINED,
    counts,
    next_hash,
    verdict,
    verdict_codes,
    verdict_word,
)
from core.sync.limits import DIGESTS_KEPT
from server.db.pipelining import together
from server.db.schema import journal
from server.db.transaction import ShopTx
from server.sync.arrivals import UNKNOWN_KIND, UNREADABLE, Prepared, kind_name
from server.sync.asking import ADVANCE, ENTRY, LAST_DIGEST, LOCK, OLD_DIGESTS, OWN
from server.sync.chain import Arrived
from server.sync.clock import Anchor, corrected
from server.sync.fold.at import At
from server.sync.fold.books import Books, Digests, pack_digests, unpack_digests
from server.sync.fold.dispatch import fold
from server.sync.fold.prefetch import prefetch
from server.sync.fold.stored import Original, place_of_row
from server.sync.grown import names_in, note_name, read_in_part
from server.sync.identity import Identities
from server.sync.lines import Heads
from server.sync.owing import post_turns
from server.sync.rows import write_rows
from server.sync.waking import wake

_ENTRY_COLUMNS: Final = (
    "n",
    "device",
    "seq",
    "entry_shop",
    "kind",
    "version",
    "prev_hash",
    "hash",
    "at_ms",
    "verdict",
    "feed_hash",
    "body",
)
_UNFOLDED: Final = (ValueError, TypeError, KeyError, ArithmeticError)
_SWEEP = 100
"""Old digests are dropped once in so many steps."""


def lock_feed(tx: ShopTx) -> None:
    """Nobody else writes the shop's facts until this transaction ends: what is read now holds."""
    tx.one(LOCK)


class FoldFailed(Exception):
    """An entry could be read but not folded: its step begins anew with it in quarantine, or without
    its release."""

    def __init__(self, digest: bytes) -> None:
        """Name the entry by its hash."""
        super().__init__(digest.hex())
        self.hash = digest


class Step:
    """One transaction of a shop's feed, from the lock to `close`."""

    def __init__(self, tx: ShopTx, now_ms: int, before: Step | None = None) -> None:
        """Lock the shop's feed. `now_ms` is the server's clock: nothing is received later.

        `before` is an earlier step that was committed: what it loaded is not read again, if the
        feed stands where it left it, since nobody else can have written anything then.
        """
        row = tx.one(LOCK)
        assert row is not None, "a shop without a feed"
        self.tx = tx
        self.now_ms = now_ms
        self.epoch: int = row.epoch
        self.n: int = row.next_n - 1
        self.hash: bytes = row.feed_hash
        self._unknown = names_in(row.unknown)
        self.deal_after: bytes | None = row.deal_after
        self.books = Books(tx)
        self.heads = Heads(tx)
        self.identities = Identities(tx)
        self.forced: frozenset[bytes] = frozenset()
        self.decides = True
        self._before = (self.epoch, self.n, self.deal_after)
        self._entries: list[tuple[object, ...]] = []
        self._server: tuple[bytes, str, int] | None = None
        self._digests: tuple[int, Digests] | None = None
        if before is not None and (before.epoch, before.n, before.hash) == (
            self.epoch,
            self.n,
            self.hash,
        ):
            self._adopt(before)

    def _adopt(self, before: Step) -> None:
        self.books.adopt(before.books)
        self.heads.adopt(before.heads)
        self.identities.adopt(before.identities)
        self._server = before._server
        self._digests = before._digests

    def expect(self, facts: Iterable[Fact | None]) -> None:
        """Load at once what these facts will touch."""
        prefetch(self.books, facts)

    def take(
        self,
        device: bytes,
        entry_shop: bytes,
        prepared: Prepared,
        anchor: Callable[[bytes], Anchor | None],
        refusal: str = "",
    ) -> str:
        """The next entry of a counter's line: judged, folded if it counts; returns the verdict.

        `refusal` is why everything of this line goes to quarantine, empty where it does not.
        """
        entry, header = prepared.entry, prepared.header
        head = self.heads.get(device)
        at_ms = max(head.at_ms, self.now_ms)
        if header is not None:
            at_ms = corrected(header, anchor(header.boot), head.at_ms, self.now_ms)
        # What can never be read says so first: trust may come later, whole bytes do not.
        code = prepared.code if prepared.code not in ("", UNKNOWN_KIND) else ""
        code = code or refusal or prepared.code
        if entry.hash in self.forced:
            code = code or UNREADABLE
        if code == UNKNOWN_KIND:
            text = verdict(FLAGGED, code)
        elif code:
            text = verdict(QUARANTINED, code)
        else:
            assert header is not None and prepared.fact is not None
            at = At(self.n + 1, device, entry.seq, header, at_ms, entry.hash)
            text = self._judge(at, prepared.fact)
        if prepared.unknown and counts(text):
            note_name(self._unknown, prepared.unknown)
        self._put(device, entry_shop, entry, at_ms, text)
        if not code:
            self._decide()
        return text

    def _judge(self, at: At, fact: Fact) -> str:
        at.joined = self._is_past(at, fact)
        self._fold(at, fact)
        if at.flags:
            return verdict(FLAGGED, *at.flags)
        return JOINED if at.joined else OK

    def _is_past(self, at: At, fact: Fact) -> bool:
        """Whether this is about settings and from before its counter joined the shop."""
        device, seq, kind = at.device, at.seq, type(fact)
        if isinstance(fact, Carried):
            device, seq = fact.device, fact.seq
            return (
                fact.kind == SettingsChanged.KIND
                and seq <= self.books.registers.get(device).before_seq
            )
        return kind is SettingsChanged and seq <= self.books.registers.get(device).before_seq

    def replay(
        self, device: bytes, entry_shop: bytes, prepared: Prepared, at_ms: int, text: str
    ) -> None:
        """Store an entry that was judged before, with the verdict and time of then.

        Raises:
            FoldFailed: what it says, or what it releases, could be folded then and cannot be now.
                One that is `forced` is stored as it is and changes no table.
        """
        fact, header, digest = prepared.fact, prepared.header, prepared.entry.hash
        if prepared.unknown and counts(text):
            note_name(self._unknown, prepared.unknown)
        folds = counts(text) and digest not in self.forced
        if folds and fact is not None and header is not None:
            at = At(self.n + 1, device, prepared.entry.seq, header, at_ms, digest)
            at.joined = verdict_word(text) == JOINED
            try:
                self._fold(at, fact)
            except FoldFailed as failed:
                raise FoldFailed(digest) from failed.__cause__
        self._put(device, entry_shop, prepared.entry, at_ms, text)
        if self.decides:
            self._decide()
        self.books.documents.decisions.clear()

    def say(self, fact: Fact, by: bytes = b"") -> bytes:
        """A fact of the server's own, in its line of this shop; returns its hash."""
        device, entry, header, at_ms = self._written(fact, by)
        at = At(self.n + 1, device, entry.seq, header, at_ms, entry.hash)
        self._put(device, self.tx.shop_id, entry, at_ms, self._judge(at, fact))
        self._decide()
        return entry.hash

    def hold(self, fact: Carried, code: str) -> None:
        """What a counter wrote, inside an entry of the server's own that waits for the owner."""
        device, entry, _, at_ms = self._written(fact)
        self._put(device, self.tx.shop_id, entry, at_ms, verdict(QUARANTINED, code))
        self.identities.hold(Original(fact).hash)

    def _written(self, fact: Fact, by: bytes = b"") -> tuple[bytes, Arrived, Header, int]:
        """The next entry of the server's own line: the line, the entry, its header and time."""
        device, zone, close = self._own_line()
        head = self.heads.get(device)
        at_ms = max(head.at_ms, self.now_ms)
        header = Header(at_ms, _BOOT, 0, business_date(at_ms, zone, close), by)
        kind, version = kind_of(fact)
        body = encode_body(header, fact)
        seq = head.seq + 1
        digest = entry_hash(self.tx.shop_id, device, seq, kind, version, head.hash, body)
        return device, Arrived(seq, kind, version, body, head.hash, digest, False), header, at_ms

    def _own_line(self) -> tuple[bytes, str, int]:
        if self._server is None:
            row = self.tx.one(OWN)
            assert row is not None
            self._server = (row.server_device, row.zone, row.day_close_minutes)
            head = None if row.seq is None else (row.seq, row.hash, row.at_ms)
            self.heads.know(row.server_device, head)
            self.identities.know(row.carried_n)
            self.books.marks.know(row.switch)
            if self._digests is None and row.page is not None:
                self._digests = (row.page, unpack_digests(row.body))
        return self._server

    def _decide(self) -> None:
        waiting, self.books.documents.decisions = self.books.documents.decisions, []
        for fact in waiting:
            self.say(fact)

    def _fold(self, at: At, fact: Fact) -> None:
        try:
            self._fold_counted(at, fact)
        except _UNFOLDED as error:
            raise FoldFailed(at.hash) from error

    def _fold_counted(self, at: At, fact: Fact) -> None:
        if isinstance(fact, Carried):
            original = Original(fact)
            if self.identities.counts(original.hash):
                return
            self.identities.carry(original.hash, at.n, at.device)
            try:
                at, inner = original.unfold(at)
            except UnknownFact as error:
                note_name(self._unknown, kind_name(error))
                at.flags.add(UNKNOWN_KIND)
                return
            except UnreadableFact:
                at.flags.add(UNREADABLE)
                return
            self._note_part(fact.kind, fact.version, fact.body, at, inner)
            fact = inner
        elif self.identities.came_carried(at.hash):
            return
        else:
            self.identities.count(at.hash)
        if isinstance(fact, EntryJudged):
            self._release(at, fact)
            return
        self.books.recent[at.n] = (at, fact)
        fold(self.books, at, fact)

    def _release(self, at: At, fact: EntryJudged) -> None:
        n = self.identities.decide(fact.hash, fact.decision, at.n)
        if n is None:
            at.flags.add("unknown_reference")
        elif fact.decision == "released":
            self._flush_entries()
            row = self.tx.one(ENTRY, at=n)
            assert row is not None
            try:
                then, released = place_of_row(row)
            except UnknownFact as error:
                note_name(self._unknown, kind_name(error))
                at.flags.add(UNKNOWN_KIND)
                return
            except UnreadableFact:
                at.flags.add(UNREADABLE)
                return
            then.flags = at.flags
            self._note_part(row.kind, row.version, row.body, then, released)
            try:
                self._fold_counted(then, released)
            except _UNFOLDED as error:
                raise FoldFailed(then.hash) from error

    def _note_part(self, kind: str, version: int, body: bytes, at: At, fact: Fact) -> None:
        part = read_in_part(kind, version, at.header, fact, body)
        if part:
            note_name(self._unknown, part)

    def _put(self, device: bytes, entry_shop: bytes, entry: Arrived, at_ms: int, text: str) -> None:
        self.n += 1
        self.hash = next_hash(self.hash, self.n, entry.hash, at_ms, text)
        self.heads.get(device).follow(entry.hash, at_ms)
        if verdict_word(text) == QUARANTINED:
            self.identities.quarantine(self.n, entry.hash, verdict_codes(text)[0])
        self._entries.append(
            (
                self.n,
                device,
                entry.seq,
                entry_shop,
                entry.kind,
                entry.version,
                entry.prev_hash,
                entry.hash,
                at_ms,
                text,
                self.hash,
                entry.body,
            )
        )

    def begin_epoch(self, epoch: int) -> None:
        """Raise the epoch: the server went back in time."""
        self.epoch = epoch

    def close(self, also: Callable[[], None] = lambda: None, *, last: bool = False) -> None:
        """Write everything, `also` what the caller adds; the commit makes it visible. `last`: the
        caller's transaction does nothing after it."""
        if (self.epoch, self.n, self.deal_after) == self._before:
            return
        tx = self.tx
        if self._digests is None:
            row = tx.one(LAST_DIGEST, at=self._before[1])
            self._digests = (row.page, unpack_digests(row.body)) if row else (0, {})
        page, digests = self._digests
        self.books.months.load()
        self.books.marks.load()
        turns = self.books.orders.turned()
        with together(tx, last=last and not turns):
            self._write(tx, page, digests)
            also()
        if turns and self.decides:
            post_turns(tx, turns, self.now_ms)
        tx.after_commit(partial(wake, tx.shop_id))

    def _write(self, tx: ShopTx, page: int, digests: Digests) -> None:
        self._flush_entries()
        digests = self.books.write(digests)
        digests["heads"] = self.heads.write(tx, digests.get("heads", NOTHING))
        self.identities.write(tx)
        self.books.marks.write(tx, self.n)
        if self.n != self._before[1]:
            tx.insert(journal.feed_digest, n=self.n, page=page + 1, body=pack_digests(digests))
            if page % _SWEEP == 0:
                tx.run(OLD_DIGESTS, oldest=page - DIGESTS_KEPT)
            self._digests = (page + 1, digests)
        tx.run(
            ADVANCE,
            to_epoch=self.epoch,
            to_n=self.n + 1,
            to_hash=self.hash,
            to_unknown=",".join(sorted(self._unknown)),
            to_deal_after=self.deal_after,
        )

    def _flush_entries(self) -> None:
        write_rows(
            self.tx,
            journal.entry,
            _ENTRY_COLUMNS,
            self._entries,
            constants={"received_ms": self.now_ms, "step_n": self._before[1] + 1},
        )
        self._entries.clear()


_BOOT = bytes(16)
