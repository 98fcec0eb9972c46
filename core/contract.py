"""The registry of fact kinds and the bytes they become.

A body is msgpack of `[header, fact]`; the bytes that are hashed are the bytes that are stored
and sent. A kind and version once released stay readable for ever.
"""

from __future__ import annotations

from typing import Any

import msgspec

from core.errors import Refused
from core.facts import catalog, customers, orders, selling, shifts, shop, stock, sync
from core.facts.base import Fact, Header

_CLASSES: tuple[type[Fact], ...] = (
    shop.LineOpened,
    shop.SettingsChanged,
    shop.StaffAdded,
    shop.StaffChanged,
    shop.PinChanged,
    shop.BusinessDateConfirmed,
    catalog.ProductAdded,
    catalog.ProductChanged,
    catalog.CatalogImported,
    catalog.ImportTakenBack,
    stock.StockReceived,
    stock.StockAdjusted,
    customers.CustomerAdded,
    customers.CustomerChanged,
    customers.DebtRepaid,
    shifts.ShiftOpened,
    shifts.CashMoved,
    shifts.DrawerOpened,
    shifts.ShiftClosed,
    selling.SaleCompleted,
    selling.TenderSwapped,
    selling.ReceiptCopied,
    selling.RefundSettled,
    selling.CartParked,
    selling.CartFetched,
    sync.ShopJoined,
    sync.RegisterJoined,
    sync.RegisterLeft,
    sync.Carried,
    sync.FieldDecided,
    sync.DocumentsMerged,
    sync.KeptApart,
    sync.KasbonAllotted,
    sync.EntryJudged,
    sync.EpochBegan,
    sync.SyncDiffered,
    orders.OrderPlaced,
    orders.OrderStepped,
    orders.OrderSaid,
    orders.OrderReviewed,
)

KINDS: dict[tuple[str, int], type[Fact]] = {
    (str(cls.KIND), int(cls.VERSION)): cls  # type: ignore[attr-defined]
    for cls in _CLASSES
}

_encoder = msgspec.msgpack.Encoder()
_decoders: dict[tuple[str, int], msgspec.msgpack.Decoder[Any]] = {}


class UnknownFact(Refused):
    """An entry of a kind or version that this program does not know: reported, never guessed."""

    code = "unknown_fact"


class UnreadableFact(Refused):
    """An entry whose bytes are not a fact of the kind that it claims to be."""

    code = "unreadable_fact"


def may_be_ignored(kind: str) -> bool:
    """Whether an unknown kind says by its name that nothing follows from it."""
    return kind.startswith("note_")


def kind_of(fact: Fact) -> tuple[str, int]:
    """The kind and version under which a fact is written."""
    return str(fact.KIND), int(fact.VERSION)  # type: ignore[attr-defined]


def encode_body(header: Header, fact: Fact) -> bytes:
    """The bytes of an entry's body."""
    return _encoder.encode((header, fact))


def decode_body(kind: str, version: int, body: bytes) -> tuple[Header, Fact]:
    """Read an entry's body back.

    Raises:
        UnknownFact: the kind or version is not known here.
        UnreadableFact: the bytes do not hold such a fact.
    """
    decoder = _decoders.get((kind, version))
    if decoder is None:
        cls = KINDS.get((kind, version))
        if cls is None:
            raise UnknownFact(kind=kind, version=version)
        decoder = msgspec.msgpack.Decoder(tuple[Header, cls])  # type: ignore[valid-type]
        _decoders[(kind, version)] = decoder
    try:
        header, fact = decoder.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        # Text that is not UTF-8 comes out as a ValueError of its own.
        raise UnreadableFact(kind=kind, version=version, why=str(error)) from error
    return header, fact
