"""Facts of many counters in one shop: joined, carried, decided, merged, allotted, judged.

Most of them are written by the server, which keeps a chain of its own for each shop.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from core.facts.base import Fact, FieldChange

DocumentTable = Literal["product", "customer", "setting", "staff"]


class ShopJoined(Fact, frozen=True, array_like=True):
    """This counter joined a shop that was there before it; written by the counter itself.

    `settings` are the shop's as they stood, each with the value that the counter had.
    """

    KIND: ClassVar[str] = "shop_joined"
    VERSION: ClassVar[int] = 1

    shop: bytes
    name: str
    settings: tuple[FieldChange, ...]


class RegisterJoined(Fact, frozen=True, array_like=True):
    """A line of history belongs to the shop from now on, under a code that is its own here.

    `parent` is the line that it follows, empty for a counter's first. `before_seq` is how long
    its chain was when its counter joined: what it said about settings until then is past.
    """

    KIND: ClassVar[str] = "register_joined"
    VERSION: ClassVar[int] = 1

    device: bytes
    register: str
    name: str
    parent: bytes = b""
    before_seq: int = 0


class RegisterLeft(Fact, frozen=True, array_like=True):
    """A counter was revoked: it sells on, what it writes waits for the owner."""

    KIND: ClassVar[str] = "register_left"
    VERSION: ClassVar[int] = 1

    device: bytes
    reason: str


class Carried(Fact, frozen=True, array_like=True):
    """An entry of an older line that the server has otherwise, with its original bytes inside.

    Its identity is the hash of the original, so it counts once however often it arrives.
    `claimed` is that hash where a disk has damaged the bytes and they do not have it any more
    (empty otherwise): such bytes never count.
    """

    KIND: ClassVar[str] = "carried"
    VERSION: ClassVar[int] = 1

    shop: bytes
    device: bytes
    seq: int
    kind: str
    version: int
    body: bytes
    prev_hash: bytes
    claimed: bytes = b""


class FieldDecided(Fact, frozen=True, array_like=True):
    """The same field was changed at two places: which value stands (both as JSON text).

    `won` and `lost` are the hashes of the two facts; `won` is empty for the value that the
    document was born with.
    """

    KIND: ClassVar[str] = "field_decided"
    VERSION: ClassVar[int] = 1

    table: DocumentTable
    document: bytes
    field: str
    value: str
    other: str
    won: bytes
    lost: bytes


class DocumentsMerged(Fact, frozen=True, array_like=True):
    """Two records of one thing, made at two counters: what is said of `source` means `target`."""

    KIND: ClassVar[str] = "documents_merged"
    VERSION: ClassVar[int] = 1

    table: Literal["product", "customer"]
    source: bytes
    target: bytes


class Apart(msgspec.Struct, frozen=True, array_like=True):
    """Two records that look like one thing and are two."""

    source: bytes
    target: bytes


class KeptApart(Fact, frozen=True, array_like=True):
    """Somebody looked at these pairs and said that they are not one thing: ask no more.

    A note: nothing but the question follows from it, so a program that does not know it goes on.
    """

    KIND: ClassVar[str] = "note_kept_apart"
    VERSION: ClassVar[int] = 1

    table: Literal["product", "customer"]
    pairs: tuple[Apart, ...]


class Allotment(msgspec.Struct, frozen=True, array_like=True):
    """So much more (rupiah; negative: less) may this register lend to the customer by itself."""

    device: bytes
    amount: int


class KasbonAllotted(Fact, frozen=True, array_like=True):
    """What is left of a customer's limit, dealt out to the registers.

    What is owed plus what is dealt out never exceeds the limit, so that counters without network
    cannot exceed it together.
    """

    KIND: ClassVar[str] = "kasbon_allotted"
    VERSION: ClassVar[int] = 1

    customer_id: bytes
    parts: tuple[Allotment, ...]


class EntryJudged(Fact, frozen=True, array_like=True):
    """What became of an entry in quarantine: it counts from here on, or it is set aside."""

    KIND: ClassVar[str] = "entry_judged"
    VERSION: ClassVar[int] = 1

    hash: bytes
    decision: Literal["released", "set_aside"]
    reason: str = ""


class EpochBegan(Fact, frozen=True, array_like=True):
    """The server went back in time (a backup was restored): the first entry of its new epoch."""

    KIND: ClassVar[str] = "epoch_began"
    VERSION: ClassVar[int] = 1

    epoch: int
    reason: str


class SyncDiffered(Fact, frozen=True, array_like=True):
    """At feed number `n` counter and server did not hold the same; nothing was overwritten."""

    KIND: ClassVar[str] = "sync_differed"
    VERSION: ClassVar[int] = 1

    epoch: int
    n: int
    group: str
    ours: str
    theirs: str
