"""A shop's accepted state at one number of its feed, for a counter that begins there.

Rows of the contract, of neither side's tables: documents and sums as they stand at `n`, and
whole the entries that somebody may still refer to (those after `after`, and some older ones),
each with the movements that the server reckoned. They travel in groups, as MessagePack arrays
in zstd chunks named by their SHA-256; the server's signature is over the contents that name them.

Laid down in this order every beginning of the rows is a state by itself.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from core.facts.catalog import BarcodeRecord, TierRecord, UnitRecord
from core.sync.digest import GroupDigest
from core.sync.messages import Answer, Message

CONTRACT: Final = 1
"""The newest form of the rows that this program writes and reads."""

GROWN: Final = 1
"""How often rows got fields at their end: a program from before laid them without these."""

CHUNK_BYTES: Final = 4 * 1024 * 1024
"""Rows are cut into chunks of about so many bytes unpacked: about 1 MiB packed."""

PIECE_BYTES: Final = 256 * 1024
"""How much of a chunk is asked for at a time: so much is lost when the line is cut."""

WHOLE_DAYS: Final = 90
"""Entries received in so many days come whole."""

RECENT_FROM: Final = 5_000
"""A feed of so many entries is not pulled by a counter that begins: it takes a snapshot."""


SOLD: Final = "sold"
"""Among `Early` fields: how often goods were sold that are not here yet."""


class Row(msgspec.Struct, frozen=True, array_like=True):
    """The base of all rows."""


class Head(Row, frozen=True):
    """A line's last entry up to the number after which entries come whole."""

    device: bytes
    seq: int
    hash: bytes


class Identity(Row, frozen=True):
    """An older entry that counted inside another one: it counts once, also if it comes again."""

    hash: bytes


class Day(Row, frozen=True):
    """Sums (rupiah) of a business date's sales that are not among the whole entries."""

    day: str
    sales: int
    gross: int
    discount: int
    tax: int
    rounding: int
    total: int
    cost: int


class Setting(Row, frozen=True):
    """A setting of the shop; `value` as it is stored."""

    name: str
    value: str


class Person(Row, frozen=True):
    """Somebody who may work here; `permissions` is JSON text."""

    id: bytes
    name: str
    role: str
    active: bool
    permissions: str


class Merged(Row, frozen=True):
    """What is said of `source` means `target`."""

    table: str
    source: bytes
    target: bytes


class Early(Row, frozen=True):
    """A field's accepted value (JSON text) of what is not here yet: its own fact is still held."""

    table: str
    document: bytes
    field: str
    value: str


class Customer(Row, frozen=True):
    """A customer; what is owed follows from the debts."""

    id: bytes
    name: str
    phone: str
    note: str
    credit_limit: int
    member_no: str
    balance_limit: int
    active: bool


class Product(Row, frozen=True):
    """Goods with their fields and pool: quantity (thousandths) and value (rupiah)."""

    id: bytes
    code: str
    name: str
    category: str
    brand: str
    unit: str
    price: int
    cost: int | None
    tax_class: str
    min_stock: int
    favourite: bool
    fractional: bool
    active: bool
    picture: bytes
    import_id: bytes
    sold: int
    qty: int
    value: int
    units: tuple[UnitRecord, ...]
    barcodes: tuple[BarcodeRecord, ...]
    tiers: tuple[TierRecord, ...]
    online: bool = False
    halal: str = ""


class Share(Row, frozen=True):
    """What a counter may still lend to a customer by itself (rupiah)."""

    customer_id: bytes
    device: bytes
    amount: int


class Stock(Row, frozen=True):
    """Goods moved (thousandths, rupiah): by an entry, or by all that is not here whole."""

    product_id: bytes
    kind: str
    qty: int
    value: int
    line_no: int


class Debt(Row, frozen=True):
    """A debt changed (rupiah) on an account on a business date."""

    customer_id: bytes
    account: str
    amount: int
    day: str


class Cash(Row, frozen=True):
    """Cash into a drawer (rupiah; negative: out of it)."""

    shift_id: bytes
    kind: str
    amount: int


class Whole(Row, frozen=True):
    """An entry with what it moved. `order_n`: where it counts, 0 for nowhere.

    One that comes alone, from before the whole ones, brings the feed's hash before it and the
    server's signature over the feed up to it: a page of one entry, as whoever offers it to a
    restored server needs it.
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
    body: bytes
    order_n: int
    stock: tuple[Stock, ...] = ()
    debt: tuple[Debt, ...] = ()
    cash: tuple[Cash, ...] = ()
    before_hash: bytes = b""
    signature: bytes = b""


GROUPS: Final[dict[str, type[Row]]] = {
    "head": Head,
    "identity": Identity,
    "day": Day,
    "setting": Setting,
    "person": Person,
    "merged": Merged,
    "early": Early,
    "customer": Customer,
    "product": Product,
    "share": Share,
    "stock": Stock,
    "debt": Debt,
    "cash": Cash,
    "entry": Whole,
}
"""Groups in the order in which they are laid down."""


class Chunk(Row, frozen=True):
    """Some rows of a group: the SHA-256 and length of its packed bytes, and its number of rows."""

    group: str
    hash: bytes
    rows: int
    size: int


class PageEnd(Row, frozen=True):
    """The server signed that its feed was this up to `n`, as at the end of a page."""

    n: int
    feed_hash: bytes
    signature: bytes


class Contents(Message, frozen=True):
    """What a snapshot is of, and what it consists of; this is what the server signs.

    The feed stands at `n` with `feed_hash`; entries after `after`, where it had `after_hash`,
    come whole. `digest` and `heads` are those at `n`. `pages` are the places between both that
    the server has signed, the last one at `n`.
    """

    shop: bytes
    epoch: int
    n: int
    feed_hash: bytes
    after: int
    after_hash: bytes
    contract: int
    digest: dict[str, GroupDigest]
    heads: tuple[Head, ...]
    chunks: tuple[Chunk, ...]
    pages: tuple[PageEnd, ...]


class SnapshotWanted(Message, frozen=True):
    """A counter that begins asks for a snapshot in the newest form that it reads."""

    contract: int = CONTRACT


class Manifest(Answer, frozen=True):
    """A snapshot: its `Contents` as the bytes that are signed, and the server's signature."""

    contents: bytes
    signature: bytes


def signed_bytes(contents: bytes) -> bytes:
    """What the server signs."""
    return b"huyula snapshot 1\n" + contents


def read_contents(contents: bytes) -> Contents:
    """A manifest's contents.

    Raises:
        msgspec.MsgspecError: they are not such.
    """
    return _contents.decode(contents)


def write_contents(contents: Contents) -> bytes:
    """The bytes that are signed and sent."""
    return _encoder.encode(contents)


def read_rows(group: str, body: bytes) -> list[Any]:
    """The rows of a chunk, unpacked.

    Raises:
        KeyError: there is no such group.
        msgspec.MsgspecError: they are not its rows.
    """
    found: list[Any] = _decoders[group].decode(body)
    return found


def write_row(row: Row) -> bytes:
    """One row as bytes."""
    return _encoder.encode(row)


def join_rows(rows: list[bytes]) -> bytes:
    """Rows as the bytes of a chunk, not packed yet: a MessagePack array of them."""
    return b"\xdd" + len(rows).to_bytes(4, "big") + b"".join(rows)


_encoder = msgspec.msgpack.Encoder()
_contents = msgspec.msgpack.Decoder(Contents)
_decoders: Final[dict[str, msgspec.msgpack.Decoder[Any]]] = {
    name: msgspec.msgpack.Decoder(list[kind])  # type: ignore[valid-type]
    for name, kind in GROUPS.items()
}
