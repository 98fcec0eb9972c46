"""A small signed counter: keeps a journal in memory, makes the messages of the protocol."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.contract import encode_body, kind_of
from core.facts.base import Fact, Header
from core.facts.catalog import OpeningStock, ProductAdded, ProductRecord
from core.facts.selling import Refers, SaleCompleted, SaleLine, TenderPart
from core.facts.sync import Carried
from core.journal import NO_HASH, Entry, link
from core.sync.feed import START, head_bytes, line_bytes
from core.sync.messages import Enrol, Hello, LineHead, Push, PushedEntry
from core.sync.signing import (
    Signed,
    content_digest,
    signature_base,
    signature_header,
    signature_input,
)

_numbers = itertools.count(1)
DAY = "2026-11-24"


def fresh_id() -> bytes:
    """16 bytes that nothing else has in this run."""
    return b"\x01" * 8 + next(_numbers).to_bytes(8, "big")


def product(product_id: bytes, name: str = "Beras", price: int = 15_000) -> ProductRecord:
    """A product without much to it."""
    return ProductRecord(product_id, "", name, "", "", "kg", price, price * 8 // 10)


def added(product_id: bytes, qty: int = 0, value: int = 0, name: str = "Beras") -> ProductAdded:
    """The fact of a product with opening stock (thousandths, rupiah)."""
    opening = OpeningStock(product_id, qty, value) if qty else None
    return ProductAdded(product(product_id, name), opening)


def line(product_id: bytes, qty: int = 1000, price: int = 15_000) -> SaleLine:
    """A sale line of `qty` thousandths."""
    amount = price * qty // 1000
    return SaleLine(product_id, "Beras", "kg", 1, qty, price, price, amount, 0, 0, amount, 0)


def given_back(product_id: bytes, refers: Refers, qty: int = 1000, price: int = 15_000) -> SaleLine:
    """A line that gives `qty` thousandths back."""
    amount = price * qty // 1000
    return SaleLine(
        product_id,
        "Beras",
        "kg",
        1,
        -qty,
        price,
        price,
        -amount,
        0,
        0,
        -amount,
        0,
        refers=refers,
        back_to="stock",
    )


def sale(
    number: int,
    shift_id: bytes,
    lines: Sequence[SaleLine],
    *,
    kind: str = "cash",
    customer_id: bytes = b"",
) -> SaleCompleted:
    """A sale (or refund, where lines give back), paid by one tender."""
    total = sum(one.net for one in lines)
    back = any(one.refers for one in lines)
    return SaleCompleted(
        number,
        shift_id,
        "refund" if back else "sale",
        tuple(lines),
        (TenderPart(kind, total),),
        total,
        0,
        0,
        True,
        customer_id,
    )


class Counter:
    """One line of a counter: its key, its journal, its clock."""

    def __init__(self, register: str = "K1", shop: bytes | None = None) -> None:
        """A counter that has written nothing."""
        self.device = fresh_id()
        self.shop = shop or fresh_id()
        self.register = register
        self.key = Ed25519PrivateKey.generate()
        self.entries: list[Entry] = []
        self.boot = b"boot" + self.device[8:]
        self.clock_ms = 1_795_000_000_000
        self.mono_ms = 0
        self.parent: Counter | None = None
        self.epoch = 1
        self.n = 0
        self.feed_hash = START
        self.older: list[LineHead] = []

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        return self.key.public_key().public_bytes_raw()

    @property
    def head(self) -> tuple[int, bytes]:
        """Seq and hash of the last entry."""
        return (self.entries[-1].seq, self.entries[-1].hash) if self.entries else (0, NO_HASH)

    def write(
        self, fact: Fact, *, at_ms: int | None = None, day: str = DAY, anchored: bool = False
    ) -> Entry:
        """Append a fact to the journal; at a time of the test's choice as of an earlier start of
        the program, which the server has seen nothing of (unless `anchored`)."""
        self.clock_ms += 1000
        self.mono_ms += 1000
        boot = self.boot if at_ms is None or anchored else b"before"
        header = Header(at_ms or self.clock_ms, boot, self.mono_ms, day)
        kind, version = kind_of(fact)
        return self.append(kind, version, encode_body(header, fact))

    def append(self, kind: str, version: int, body: bytes) -> Entry:
        """Append bytes as they are."""
        seq, digest = self.head
        entry = link(self.shop, self.device, seq + 1, kind, version, digest, body)
        self.entries.append(entry)
        return entry

    def carry(self, entry: Entry) -> Entry:
        """Carry an entry of an older line."""
        return self.write(
            Carried(
                entry.shop,
                entry.device,
                entry.seq,
                entry.kind,
                entry.version,
                entry.body,
                entry.prev_hash,
            )
        )

    def child(self, register: str = "K1b") -> Counter:
        """A new line that follows this one, with a key of its own."""
        line = Counter(register, self.shop)
        line.parent = self
        line.clock_ms = self.clock_ms
        return line

    def line_head(self) -> LineHead:
        """This line, as it stands."""
        seq, digest = self.head
        if self.parent is None:
            return LineHead(self.device, self.register, seq, digest)
        parent_seq, parent_hash = self.parent.head
        return LineHead(
            self.device, self.register, seq, digest, self.parent.device, parent_seq, parent_hash
        )

    def enrol(self, code: str) -> Enrol:
        """The request to join."""
        lines = (*self.older, self.line_head())
        return Enrol(code, self.public_key, self.shop, lines, "Depan", "test")

    def hello(self, *, wall_ms: int | None = None, vouched: bool = True) -> Hello:
        """The greeting; a child brings its key, and its parent's word where it is `vouched`."""
        vouch, public = b"", b""
        if self.parent is not None:
            public = self.public_key
            seq, digest = self.parent.head
            if vouched:
                data = line_bytes(self.parent.device, seq, digest, self.device, public)
                vouch = self.parent.key.sign(data)
        return Hello(
            (1,),
            self.line_head(),
            self.epoch if self.n else 0,
            self.n,
            self.feed_hash,
            0,
            wall_ms or self.clock_ms,
            self.mono_ms,
            self.boot,
            "test",
            0,
            public,
            vouch,
        )

    def push(
        self,
        first: int = 1,
        last: int | None = None,
        *,
        signer: Counter | None = None,
        epoch: int | None = None,
    ) -> Push:
        """The entries from `first` to `last` (by seq; all that follow where it is None)."""
        some = self.entries[first - 1 : last]
        before = self.entries[first - 2].hash if first > 1 else NO_HASH
        return self.push_of(some, first, before, signer=signer, epoch=epoch)

    def push_of(
        self,
        some: Sequence[Entry],
        first: int,
        before: bytes,
        *,
        signer: Counter | None = None,
        epoch: int | None = None,
        claimed: dict[int, bytes] | None = None,
    ) -> Push:
        """A batch of the given entries."""
        last_hash = some[-1].hash if some else before
        head = head_bytes(self.shop, self.device, first + len(some) - 1, last_hash)
        return Push(
            self.epoch if epoch is None else epoch,
            self.device,
            first,
            before,
            last_hash,
            (signer or self).key.sign(head),
            tuple(
                PushedEntry(one.kind, one.version, one.body, (claimed or {}).get(one.seq, b""))
                for one in some
            ),
        )

    def signed(
        self,
        method: str,
        path: str,
        query: str = "",
        body: bytes = b"",
        *,
        now_ms: int | None = None,
        nonce: str = "",
    ) -> dict[str, str]:
        """The headers of a signed request."""
        created = (int(time.time() * 1000) if now_ms is None else now_ms) // 1000
        signed = Signed(created, nonce or f"nonce-{next(_numbers):016d}", self.device)
        digest = content_digest(body)
        signature = self.key.sign(signature_base(method, path, query, digest, signed))
        return {
            "content-digest": digest,
            "signature-input": signature_input(signed),
            "signature": signature_header(signature),
        }
