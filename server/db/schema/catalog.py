"""Goods, the value of what lies on the shelf, and who changed which field when."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, LargeBinary, Table, Text, func, literal_column

from server.db.schema.base import metadata, shop_id
from server.db.types import Big, Id, Millis, Money, Quantity, Small

# Units, barcodes and tiers are JSON lists as they travel in field changes.
product = Table(
    "product",
    metadata,
    shop_id(),
    Column("product_id", Id, primary_key=True),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sort_name", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("price", Money, nullable=False),
    Column("tax_class", Text, nullable=False),
    Column("min_stock", Quantity, nullable=False),
    Column("favourite", Boolean, nullable=False),
    Column("fractional", Boolean, nullable=False),
    Column("online", Boolean, nullable=False),
    Column("units", Text, nullable=False),
    Column("barcodes", Text, nullable=False),
    Column("tiers", Text, nullable=False),
    Column("picture", LargeBinary, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("halal", Text, nullable=False),
    Column("import_id", LargeBinary, nullable=False),
    Index("ix_product_sort", "shop_id", "sort_name"),
)

HAS_PICTURE = func.length(product.c.picture) > literal_column("0")
"""Goods that name a picture: few among many, so they have an index of their own."""

Index(
    "ix_product_picture",
    product.c.shop_id,
    product.c.picture,
    postgresql_where=HAS_PICTURE,
    sqlite_where=HAS_PICTURE,
)

# What a gerai shows, in its order: often few of many.
Index(
    "ix_product_online",
    product.c.shop_id,
    product.c.sort_name,
    product.c.product_id,
    postgresql_where=product.c.online,
    sqlite_where=product.c.online,
)

# Narrow, since every sale changes it. A row may be here before its product's own fact (known=0).
product_stock = Table(
    "product_stock",
    metadata,
    shop_id(),
    Column("product_id", Id, primary_key=True),
    Column("qty", Quantity, nullable=False),
    Column("value", Money, nullable=False),
    Column("cost", Money),
    Column("sold", Big, nullable=False),
    Column("known", Small, nullable=False),
)

product_barcode = Table(
    "product_barcode",
    metadata,
    shop_id(),
    Column("product_id", Id, primary_key=True),
    Column("code", Text, primary_key=True),
    Index("ix_product_barcode_code", "shop_id", "code"),
)

# The value that stands and who set it, for each field that was ever changed.
field_stamp = Table(
    "field_stamp",
    metadata,
    shop_id(),
    Column("document", LargeBinary, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("at_ms", Millis, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

# History: each change as it came, with what became of it (core.sync.fields).
field_change = Table(
    "field_change",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("i", Big, primary_key=True),
    Column("table_name", Text, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("field", Text, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Index("ix_field_change_document", "shop_id", "document"),
)

catalog_import = Table(
    "catalog_import",
    metadata,
    shop_id(),
    Column("import_id", LargeBinary, primary_key=True),
    Column("n", Big, primary_key=True),
)

alias = Table(
    "alias",
    metadata,
    shop_id(),
    Column("table_name", Text, primary_key=True),
    Column("source", Id, primary_key=True),
    Column("target", Id, nullable=False),
    Column("n", Big, nullable=False),
)

TABLES = (
    product,
    product_stock,
    product_barcode,
    field_stamp,
    field_change,
    catalog_import,
    alias,
)
