"""A shop's goods in memory, and short ways to plan a table."""

from __future__ import annotations

import uuid

from core.text import fold
from pos.importing.model import (
    CellValue,
    Choices,
    ExistingProduct,
    ImportedTier,
    ImportedUnit,
    ImportPlan,
    Mapping,
    PlannedRow,
    Sheet,
    Table,
)
from pos.importing.planning import plan


class Shop:
    """A catalog that answers as the counter's would and takes plans in as it would."""

    def __init__(self, *products: ExistingProduct) -> None:
        self.products = list(products)

    def by_barcode(self, barcode: str) -> list[ExistingProduct]:
        return [
            p
            for p in self.products
            if barcode in p.barcodes or any(unit.barcode == barcode for unit in p.units)
        ]

    def by_code(self, code: str) -> ExistingProduct | None:
        return next((p for p in self.products if (p.code or "").lower() == code.lower()), None)

    def by_name(self, folded: str) -> list[ExistingProduct]:
        return [p for p in self.products if fold(p.name) == folded]

    def take(self, planned: ImportPlan) -> None:
        """Do what the plan says."""
        for row in planned.rows:
            if row.action == "new":
                self.products.append(self._made(row))
            elif row.action == "changed":
                self._change(row)

    def _made(self, row: PlannedRow) -> ExistingProduct:
        item = row.item
        assert item is not None
        return ExistingProduct(
            id=uuid.uuid4().bytes,
            name=item.name,
            code=item.code,
            category=item.category,
            brand=item.brand,
            unit=item.unit or "pcs",
            price=item.price or 0,
            cost=item.cost,
            barcodes=item.barcodes,
            units=item.units,
            tiers=item.tiers,
            min_stock=item.min_stock,
            stock=item.stock or 0,
        )

    def _change(self, row: PlannedRow) -> None:
        at = next(i for i, p in enumerate(self.products) if p.id == row.product_id)
        old = self.products[at]
        values = {field: getattr(old, field) for field in old.__struct_fields__}
        for change in row.changes:
            assert values[change.field] == change.old or change.field == "unit"
            values[change.field] = change.new
        self.products[at] = ExistingProduct(**values)


def table(*rows: tuple[CellValue, ...]) -> Table:
    """A table of one sheet."""
    return Table("barang.xlsx", "xlsx", (Sheet("Data", rows),), "00")


def planned(
    *rows: tuple[CellValue, ...],
    shop: Shop | None = None,
    mapping: Mapping | None = None,
    choices: Choices | None = None,
) -> ImportPlan:
    """The plan of a table of one sheet, for an empty shop unless one is given."""
    return plan(table(*rows), mapping, shop or Shop(), choices)


def codes(row: PlannedRow) -> list[str]:
    """The reasons of a row by their codes."""
    return [reason.code for reason in row.reasons]


def product(name: str, **fields: object) -> ExistingProduct:
    """A product of the shop."""
    values: dict[str, object] = {"id": uuid.uuid4().bytes, "name": name, **fields}
    return ExistingProduct(**values)  # type: ignore[arg-type]


__all__ = [
    "ImportedTier",
    "ImportedUnit",
    "Shop",
    "codes",
    "planned",
    "product",
    "table",
]
