"""One product whole: what it is, its units, barcodes and price tiers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import bindparam, select

from core.facts.catalog import BarcodeRecord, TierRecord, UnitRecord
from core.gtin import display_form
from server.db.schema.catalog import product, product_stock
from server.db.tied import meets, tied
from server.db.transaction import ShopTx

_ONE = (
    select(product, product_stock.c.cost)
    .select_from(product)
    .join(
        product_stock,
        meets(product_stock, product_stock.c.product_id == product.c.product_id),
        isouter=True,
    )
    .where(tied(product), product.c.product_id == bindparam("key"))
)
_MOST_CATEGORIES: Final = 200
_CATEGORIES = (
    select(product.c.category)
    .where(tied(product), product.c.active, product.c.category != "")
    .distinct()
    .order_by(product.c.category)
    .limit(_MOST_CATEGORIES)
)

_NAMES = select(product.c.product_id, product.c.name).where(
    tied(product), product.c.product_id.in_(bindparam("keys", expanding=True))
)


class ProductFields(NamedTuple):
    """What the web lets a product's owner change. Rupiah; `min_stock` in thousandths.

    Barcodes in normal form, as `core.facts.catalog` writes them; `halal` as `core.halal` has it.
    """

    name: str
    code: str
    category: str
    brand: str
    unit: str
    price: int
    cost: int | None
    tax_class: str
    min_stock: int
    favourite: bool
    fractional: bool
    online: bool
    units: tuple[UnitRecord, ...]
    barcodes: tuple[BarcodeRecord, ...]
    tiers: tuple[TierRecord, ...]
    active: bool
    halal: str = ""


class Product(NamedTuple):
    """A product of the shop. `picture` is its name, or empty."""

    product_id: bytes
    fields: ProductFields
    picture: bytes = b""

    def barcodes_on(self, unit: str) -> list[str]:
        """The barcodes on a unit of it, as they stand on the pack.

        One whose unit is gone stands on the base unit.
        """
        larger = {one.unit for one in self.fields.units}
        return [
            display_form(one.code)
            for one in self.fields.barcodes
            if (one.unit if one.unit in larger else self.fields.unit) == unit
        ]


def product_of(tx: ShopTx, product_id: bytes) -> Product | None:
    """A product, None where the shop has none of that id."""
    row = tx.one(_ONE, key=product_id)
    if row is None:
        return None
    fields = ProductFields(
        row.name,
        row.code,
        row.category,
        row.brand,
        row.unit,
        row.price,
        row.cost,
        row.tax_class,
        row.min_stock,
        row.favourite,
        row.fractional,
        row.online,
        _listed(row.units, UnitRecord),
        _listed(row.barcodes, BarcodeRecord),
        _listed(row.tiers, TierRecord),
        row.active,
        row.halal,
    )
    return Product(row.product_id, fields, row.picture)


def names_of(tx: ShopTx, product_ids: Collection[bytes]) -> dict[bytes, str]:
    """The names of goods, of those that are known."""
    if not product_ids:
        return {}
    return {row.product_id: row.name for row in tx.rows(_NAMES, keys=sorted(product_ids))}


def categories(tx: ShopTx) -> list[str]:
    """The categories that goods of the shop have, by name: what a form may propose."""
    return [row.category for row in tx.rows(_CATEGORIES)]


def _listed(text: str, kind: Any) -> Any:
    return msgspec.json.decode(text, type=tuple[kind, ...])
