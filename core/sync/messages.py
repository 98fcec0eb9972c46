"""What travels: one class a message, as MessagePack (or JSON, where bytes are base64).

Every answer of the server carries `epoch`, `server_ms` and `request_id`; an answer without them
is not the server's (a captive portal, a proxy) and counts as "no network". Fields are only ever
added, with defaults; unknown fields are skipped.
"""

from __future__ import annotations

import msgspec

from core.sync.digest import GroupDigest
from core.sync.limits import PROTOCOL


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """The base of all messages."""


class Answer(Message, frozen=True):
    """What every answer of the server carries. `server_ms` is its clock (UTC ms)."""

    epoch: int
    server_ms: int
    request_id: str


class Problem(Answer, frozen=True):
    """A request was refused: `error` names the rule, the rest is what it needs.

    `seq` and `hash` say where a chain stands (`gap`, `forked`); `n` and `feed_hash` where the
    feed stands (`epoch`); `retry_s` when to come again.
    """

    error: str = ""
    message: str = ""
    seq: int = 0
    hash: bytes = b""
    n: int = 0
    feed_hash: bytes = b""
    retry_s: int = 0


class LineHead(Message, frozen=True):
    """One of a counter's lines of history, as it stands: from the oldest to the one in use."""

    device: bytes
    register: str
    seq: int
    hash: bytes
    parent_device: bytes = b""
    parent_seq: int = 0
    parent_hash: bytes = b""


class Enrol(Message, frozen=True):
    """A counter asks to join with a one-time code; signed with the key that it brings.

    `shop` is the shop id in its entries, `lines` its history so far, the line in use last.
    `server_shop` is the shop that it belonged to before the server forgot it: it joins no other.
    """

    code: str
    public_key: bytes
    shop: bytes
    lines: tuple[LineHead, ...]
    name: str
    program: str
    protocol: int = PROTOCOL
    server_shop: bytes = b""


class Enrolled(Answer, frozen=True):
    """The counter belongs to the shop. `register` is its code here from now on; `first` says
    that its catalog becomes the shop's, else `settings` are the shop's (name: JSON text).
    `check` are six digits that both screens show."""

    shop: bytes
    shop_name: str
    server_key: bytes
    register: str
    first: bool
    check: str
    settings: dict[str, str] = {}


class Hello(Message, frozen=True):
    """Before a round: who, where in the chain, where in the feed, and which line is new.

    A line that the server does not know yet comes with its key, its parent and the parent's
    signature over both (`vouched`, empty where that key is gone).
    """

    protocols: tuple[int, ...]
    line: LineHead
    epoch: int
    n: int
    feed_hash: bytes
    waiting: int
    wall_ms: int
    mono_ms: int
    boot: bytes
    program: str
    backup_ms: int = 0
    public_key: bytes = b""
    vouched: bytes = b""


class Welcome(Answer, frozen=True):
    """Where the server stands with this counter.

    `acks` gives for lines that this counter speaks for the last entry stored; of older ones of
    which nothing is left to send, for the newest only. `state` is trusted, unconfirmed or revoked.
    `register` differs from the counter's own where that code is another's.
    """

    protocol: int
    state: str
    register: str
    acks: tuple[Ack, ...]
    n: int
    feed_hash: bytes
    server_key: bytes


class Ack(Message, frozen=True, array_like=True):
    """The last entry of a line that is stored durably."""

    device: bytes
    seq: int
    hash: bytes


class PushedEntry(Message, frozen=True, array_like=True):
    """An entry on its way up; its place follows from the batch, its hash from the chain.

    `claimed` is the hash of an entry that no longer fits its bytes (a damaged disk): it is stored
    apart, and the chain goes on from that hash.
    """

    kind: str
    version: int
    body: bytes
    claimed: bytes = b""


class Push(Message, frozen=True):
    """Entries of one line in their order. `signature` is over the head that they lead to."""

    epoch: int
    device: bytes
    first_seq: int
    prev_hash: bytes
    last_hash: bytes
    signature: bytes
    entries: tuple[PushedEntry, ...]


class Quarantine(Message, frozen=True):
    """An entry that could not be taken: why, as a code."""

    seq: int
    code: str


class Pushed(Answer, frozen=True):
    """What was stored, durably. `receipt` is the server's signature over the acknowledged head."""

    ack: Ack
    stored: int
    skipped: int
    quarantined: tuple[Quarantine, ...]
    receipt: bytes


class FeedEntry(Message, frozen=True, array_like=True):
    """A fact in the feed. `body` is None where the reader wrote it and has it.

    `at_ms` is the corrected time, `verdict` what the server made of it (`core.sync.feed`).
    """

    n: int
    device: bytes
    seq: int
    kind: str
    version: int
    prev_hash: bytes
    hash: bytes
    at_ms: int
    verdict: str
    shop: bytes
    body: bytes | None


class FeedPage(Answer, frozen=True):
    """Entries after a cursor. `feed_hash` is that of the last one, signed by the server.

    `head` is the newest number there is; `digest` is given where the page ends at a number for
    which the server keeps one.
    """

    first: int
    entries: tuple[FeedEntry, ...]
    feed_hash: bytes
    signature: bytes
    head: int
    digest: dict[str, GroupDigest] | None = None


class Witnessed(Message, frozen=True):
    """Entries that a restored server lost, back from a counter that had pulled them.

    They follow `after`, where the feed had the hash `before_hash`; `signature` is the server's own
    over the cursor (`epoch`, last number, `feed_hash`) of that time.
    """

    epoch: int
    after: int
    before_hash: bytes
    entries: tuple[FeedEntry, ...]
    feed_hash: bytes
    signature: bytes


class WitnessTaken(Answer, frozen=True):
    """How many of the offered entries were new to the server."""

    stored: int


class Drill(Answer, frozen=True):
    """The rows behind a group's digest, or its 256 parts, at the server's newest number."""

    n: int
    rows: tuple[tuple[str, tuple[int | str, ...]], ...]
