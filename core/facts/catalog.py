"""Facts about goods: added, changed, imported, an import taken back."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from core.facts.base import Fact, FieldChange
from core.facts.stock import StockLine


class UnitRecord(msgspec.Struct, frozen=True, array_like=True):
    """A larger unit: how many base units it holds, and its own price in rupiah if it has one."""

    unit: str
    factor: int
    price: int | None = None


class BarcodeRecord(msgspec.Struct, frozen=True, array_like=True):
    """A barcode in normal form and the unit it stands on."""

    code: str
    unit: str


class TierRecord(msgspec.Struct, frozen=True, array_like=True):
    """From this quantity on (thousandths of the base unit) one base unit costs this."""

    min_qty: int
    price: int


class ProductRecord(msgspec.Struct, frozen=True, array_like=True):
    """A product as it is written when added. Price and cost are rupiah a base unit; `online`: the
    gerai shows it. `halal` as `core.halal` has it."""

    product_id: bytes
    code: str
    name: str
    category: str
    brand: str
    unit: str
    price: int
    cost: int | None = None
    tax_class: str = "kena"
    min_stock: int = 0
    favourite: bool = False
    fractional: bool = False
    units: tuple[UnitRecord, ...] = ()
    barcodes: tuple[BarcodeRecord, ...] = ()
    tiers: tuple[TierRecord, ...] = ()
    picture: bytes = b""
    online: bool = False
    halal: str = ""


class OpeningStock(msgspec.Struct, frozen=True, array_like=True):
    """What lay on the shelf when the product was written down, and what it had cost in all."""

    product_id: bytes
    qty: int
    value: int


class ProductAdded(Fact, frozen=True, array_like=True):
    """A product was written down, with what lay on the shelf."""

    KIND: ClassVar[str] = "product_added"
    VERSION: ClassVar[int] = 1
    GROWN: ClassVar[int] = 1

    product: ProductRecord
    opening: OpeningStock | None = None


class ProductChanged(Fact, frozen=True, array_like=True):
    """Fields of a product changed; lists (units, barcodes, tiers) travel whole as one field."""

    KIND: ClassVar[str] = "product_changed"
    VERSION: ClassVar[int] = 1
    GROWN: ClassVar[int] = 1

    product_id: bytes
    changes: tuple[FieldChange, ...]


class ImportedChange(msgspec.Struct, frozen=True, array_like=True):
    """What an import changed on one product."""

    product_id: bytes
    changes: tuple[FieldChange, ...]


class CatalogImported(Fact, frozen=True, array_like=True):
    """A part of an imported goods list (a list of 100,000 comes in parts of a hundred)."""

    KIND: ClassVar[str] = "catalog_imported"
    VERSION: ClassVar[int] = 1
    GROWN: ClassVar[int] = 1

    import_id: bytes
    part: int
    file_name: str
    products: tuple[ProductRecord, ...]
    opening: tuple[OpeningStock, ...]
    changes: tuple[ImportedChange, ...]


class ImportTakenBack(Fact, frozen=True, array_like=True):
    """An import was undone whole: its new goods archived, its stock out, its changes reversed.

    `lines` say what goes out, so that every counter takes out the same.
    """

    KIND: ClassVar[str] = "import_taken_back"
    VERSION: ClassVar[int] = 1

    import_id: bytes
    lines: tuple[StockLine, ...] = ()
