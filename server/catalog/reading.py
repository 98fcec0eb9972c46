"""One product whole: what it is, its units, barcodes and price tiers."""

from __future__ import annotations

from typing import NamedTuple

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


class ProductFields(NamedTuple):
    """What the web lets a product's owner change. Rupiah; `min_stock` in thousandths."""

    name: str
    code: str
    category: str
    brand: str
    price: int
    cost: int | None
    min_stock: int
    active: bool


class Product(NamedTuple):
    """A product; barcodes as they stand on the pack. `picture` is its name, or empty."""

    product_id: bytes
    fields: ProductFields
    unit: str
    fractional: bool
    units: list[UnitRecord]
    barcodes: list[str]
    tiers: list[TierRecord]
    picture: bytes = b""


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
        row.price,
        row.cost,
        row.min_stock,
        row.active,
    )
    codes = msgspec.json.decode(row.barcodes, type=list[BarcodeRecord])
    return Product(
        row.product_id,
        fields,
        row.unit,
        row.fractional,
        msgspec.json.decode(row.units, type=list[UnitRecord]),
        [display_form(one.code) for one in codes],
        msgspec.json.decode(row.tiers, type=list[TierRecord]),
        row.picture,
    )
