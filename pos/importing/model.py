"""What an import is made of: cells as read, rows as understood, the plan row by row.

Money is whole rupiah, quantities are thousandths of the base unit, rows are numbered as a
spreadsheet shows them, from 1. `None` in an `ImportRow` means "the file says nothing about this:
leave what the shop has"; a field named in `cleared` is to be emptied.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from typing import Literal, Protocol

import msgspec

CellValue = str | int | float | bool | None
"""A cell as the file holds it; `None` is a blank. Dates come as text, `24/11/2026`."""

Row = tuple[CellValue, ...]
Field = str
"""One of `headings.FIELDS`."""

Action = Literal["new", "changed", "unchanged", "none"]
Verdict = Literal["new", "changed", "unchanged", "warned", "refused"]


class Sheet(msgspec.Struct, frozen=True):
    """One sheet: `rows[0]` is spreadsheet row 1."""

    name: str
    rows: tuple[Row, ...]


class Table(msgspec.Struct, frozen=True):
    """A file as read. `fingerprint` is the SHA-256 of its bytes, in hexadecimal."""

    file_name: str
    kind: Literal["xlsx", "xls", "ods", "csv"]
    sheets: tuple[Sheet, ...]
    fingerprint: str
    encoding: str | None = None
    delimiter: str | None = None


class Mapping(msgspec.Struct, frozen=True):
    """Which column holds what, on which sheet, under which heading row.

    `heading_row` is a spreadsheet row from 1; 0 where the sheet has no headings. Columns count
    from 0.
    """

    sheet: int
    heading_row: int
    columns: dict[Field, int]


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Why a row is warned or refused: a code and what a sentence about it needs."""

    code: str
    details: MappingABC[str, str | int] = {}


class ImportedUnit(msgspec.Struct, frozen=True, gc=False):
    """A further unit of a product: `factor` base units, with a price and barcode of its own."""

    unit: str
    factor: int
    price: int | None = None
    barcode: str | None = None


class ImportedTier(msgspec.Struct, frozen=True, gc=False):
    """From `quantity` thousandths of the base unit on, one base unit costs `price` rupiah."""

    quantity: int
    price: int


class ImportRow(msgspec.Struct, frozen=True, gc=False):
    """One product as the file tells it. Barcodes are in normal form."""

    row: int
    name: str
    code: str | None = None
    category: str | None = None
    brand: str | None = None
    barcodes: tuple[str, ...] = ()
    unit: str | None = None
    price: int | None = None
    cost: int | None = None
    stock: int | None = None
    min_stock: int | None = None
    units: tuple[ImportedUnit, ...] = ()
    tiers: tuple[ImportedTier, ...] = ()
    cleared: frozenset[str] = frozenset()


class ExistingProduct(msgspec.Struct, frozen=True):
    """A product as the shop has it now, with all that an import could change."""

    id: bytes
    name: str
    code: str | None = None
    category: str | None = None
    brand: str | None = None
    unit: str = "pcs"
    price: int = 0
    cost: int | None = None
    barcodes: tuple[str, ...] = ()
    units: tuple[ImportedUnit, ...] = ()
    tiers: tuple[ImportedTier, ...] = ()
    min_stock: int | None = None
    stock: int = 0


class CatalogView(Protocol):
    """What planning asks the shop's goods; every method is called once a row, so be quick."""

    def by_barcode(self, barcode: str) -> list[ExistingProduct]:
        """Give the products that carry this barcode (normal form), on themselves or on a unit."""
        ...

    def by_code(self, code: str) -> ExistingProduct | None:
        """Give the product with this code, compared without regard to case."""
        ...

    def by_name(self, folded: str) -> list[ExistingProduct]:
        """Give the products whose `core.text.fold`ed name is this."""
        ...


ChangeValue = (
    str | int | None | tuple[str, ...] | tuple[ImportedUnit, ...] | tuple[ImportedTier, ...]
)


class Change(msgspec.Struct, frozen=True, gc=False):
    """One field of an existing product that the row would change."""

    field: str
    old: ChangeValue
    new: ChangeValue


class PlannedRow(msgspec.Struct, frozen=True, gc=False):
    """What will become of one row, and why.

    `action` is what is done; `warned` says that a person should look first; `verdict` is the one
    word for the preview and the command line. `ask` marks rows that an owner ticks before they
    are taken (a price below cost, a price lowered by more than half).
    """

    row: int
    action: Action
    warned: bool
    reasons: tuple[Reason, ...]
    item: ImportRow | None = None
    product_id: bytes | None = None
    changes: tuple[Change, ...] = ()
    ask: bool = False
    name: str = ""

    @property
    def verdict(self) -> Verdict:
        """New, changed, unchanged, warned or refused."""
        if self.action == "none":
            return "refused"
        return "warned" if self.warned else self.action


class Counts(msgspec.Struct, frozen=True):
    """How many rows: new + changed + unchanged + refused are all; warned ones are among them."""

    new: int
    changed: int
    unchanged: int
    warned: int
    refused: int


class MoneySample(msgspec.Struct, frozen=True):
    """How one money cell was read: what the file shows, and the rupiah taken from it."""

    field: Field
    row: int
    shown: str
    rupiah: int


class Choices(msgspec.Struct, frozen=True):
    """What the owner decided in the preview.

    `leave_out` are spreadsheet rows not to be taken; `dash_clears` says whether a lone "-" in
    category, brand, cost or minimum stock empties the field ("hapus" always does).
    """

    leave_out: frozenset[int] = frozenset()
    dash_clears: bool = True


class ImportPlan(msgspec.Struct, frozen=True):
    """The whole answer to "what would this file do": nothing is done yet."""

    rows: tuple[PlannedRow, ...]
    counts: Counts
    samples: tuple[MoneySample, ...]
    mapping: Mapping
    fingerprint: str
