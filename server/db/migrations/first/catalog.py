"""Goods and their history, as revision 0001 makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required

TABLES = (
    "product",
    "product_stock",
    "product_barcode",
    "field_stamp",
    "field_change",
    "catalog_import",
    "alias",
)


def create() -> None:
    """Create the tables."""
    _product()
    _product_stock()
    _product_barcode()
    _field_stamp()
    _field_change()
    _catalog_import()
    _alias()


def _product() -> None:
    op.create_table(
        "product",
        required("shop_id", id_type()),
        required("product_id", id_type()),
        required("code", sa.Text()),
        required("name", sa.Text()),
        required("sort_name", sa.Text()),
        required("category", sa.Text()),
        required("brand", sa.Text()),
        required("unit", sa.Text()),
        required("price", sa.BigInteger()),
        required("tax_class", sa.Text()),
        required("min_stock", sa.BigInteger()),
        required("favourite", sa.Boolean()),
        required("fractional", sa.Boolean()),
        required("online", sa.Boolean()),
        required("units", sa.Text()),
        required("barcodes", sa.Text()),
        required("tiers", sa.Text()),
        required("picture", sa.LargeBinary()),
        required("active", sa.Boolean()),
        required("halal", sa.Text()),
        required("import_id", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "product_id", name="pk_product"),
    )
    op.create_index("ix_product_sort", "product", ["shop_id", "sort_name"])
    has_picture = sa.text("length(picture) > 0")
    op.create_index(
        "ix_product_picture",
        "product",
        ["shop_id", "picture"],
        postgresql_where=has_picture,
        sqlite_where=has_picture,
    )
    op.create_index(
        "ix_product_online",
        "product",
        ["shop_id", "sort_name", "product_id"],
        postgresql_where=sa.text("online"),
        sqlite_where=sa.text("online = 1"),
    )


def _product_stock() -> None:
    op.create_table(
        "product_stock",
        required("shop_id", id_type()),
        required("product_id", id_type()),
        required("qty", sa.BigInteger()),
        required("value", sa.BigInteger()),
        optional("cost", sa.BigInteger()),
        required("sold", sa.BigInteger()),
        required("known", sa.SmallInteger()),
        sa.PrimaryKeyConstraint("shop_id", "product_id", name="pk_product_stock"),
    )


def _product_barcode() -> None:
    op.create_table(
        "product_barcode",
        required("shop_id", id_type()),
        required("product_id", id_type()),
        required("code", sa.Text()),
        sa.PrimaryKeyConstraint("shop_id", "product_id", "code", name="pk_product_barcode"),
    )
    op.create_index("ix_product_barcode_code", "product_barcode", ["shop_id", "code"])


def _field_stamp() -> None:
    op.create_table(
        "field_stamp",
        required("shop_id", id_type()),
        required("document", sa.LargeBinary()),
        required("field", sa.Text()),
        required("table_name", sa.Text()),
        required("value", sa.Text()),
        required("at_ms", sa.BigInteger()),
        required("hash", sa.LargeBinary()),
        sa.PrimaryKeyConstraint(
            "shop_id", "document", "field", "table_name", name="pk_field_stamp"
        ),
    )


def _field_change() -> None:
    op.create_table(
        "field_change",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("i", sa.BigInteger()),
        required("table_name", sa.Text()),
        required("document", sa.LargeBinary()),
        required("field", sa.Text()),
        required("old", sa.Text()),
        required("new", sa.Text()),
        required("outcome", sa.Text()),
        sa.PrimaryKeyConstraint("shop_id", "n", "i", name="pk_field_change"),
    )
    op.create_index("ix_field_change_document", "field_change", ["shop_id", "document"])


def _catalog_import() -> None:
    op.create_table(
        "catalog_import",
        required("shop_id", id_type()),
        required("import_id", sa.LargeBinary()),
        required("n", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "import_id", "n", name="pk_catalog_import"),
    )


def _alias() -> None:
    op.create_table(
        "alias",
        required("shop_id", id_type()),
        required("table_name", sa.Text()),
        required("source", id_type()),
        required("target", id_type()),
        required("n", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "table_name", "source", name="pk_alias"),
    )
