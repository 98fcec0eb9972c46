"""What gerai sell, to be found over all shops, as revision 0001 makes it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required

TABLES = ("search_gerai", "search_product")
"""Read by everybody, changed by the shop that they name."""


def create() -> None:
    """Create the tables, and on PostgreSQL what finds words by parts of them."""
    _gerai()
    _product()
    op.create_table(
        "search_word",
        required("word", sa.Text()),
        sa.PrimaryKeyConstraint("word", name="pk_search_word"),
    )
    op.create_table(
        "search_mark",
        required("shop", id_type()),
        required("mark", sa.BigInteger()),
        required("product_id", id_type()),
        sa.PrimaryKeyConstraint("shop", "mark", "product_id", name="pk_search_mark"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _words()


def _gerai() -> None:
    op.create_table(
        "search_gerai",
        required("owner", id_type()),
        required("name", sa.Text()),
        required("title", sa.Text()),
        required("sort_title", sa.Text()),
        required("district", sa.Text()),
        optional("lat", sa.BigInteger()),
        optional("lon", sa.BigInteger()),
        required("zone", sa.Text()),
        required("hours", sa.Text()),
        required("term_ms", sa.BigInteger()),
        optional("seen_ms", sa.BigInteger()),
        required("day_ends_ms", sa.BigInteger()),
        required("reckoned", sa.Text()),
        sa.PrimaryKeyConstraint("owner", name="pk_search_gerai"),
    )
    op.create_index("ix_search_gerai_district", "search_gerai", ["district", "sort_title"])
    op.create_index("ix_search_gerai_day", "search_gerai", ["day_ends_ms"])


def _product() -> None:
    op.create_table(
        "search_product",
        required("owner", id_type()),
        required("product_id", id_type()),
        required("name", sa.Text()),
        required("folded", sa.Text()),
        required("size", sa.SmallInteger()),
        required("category", sa.Text()),
        required("category_key", sa.Text()),
        required("district", sa.Text()),
        required("unit", sa.Text()),
        required("price", sa.BigInteger()),
        required("fractional", sa.Boolean()),
        required("picture", sa.LargeBinary()),
        required("width", sa.SmallInteger()),
        required("height", sa.SmallInteger()),
        required("qty", sa.BigInteger()),
        required("reserved", sa.BigInteger()),
        required("sold", sa.BigInteger()),
        required("lasts_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("owner", "product_id", name="pk_search_product"),
        postgresql_with={"fillfactor": "80"},
    )
    for name, first in (
        ("ix_search_product_price", ["price"]),
        ("ix_search_product_size", ["size", "price"]),
        ("ix_search_product_category", ["category_key", "price"]),
    ):
        op.create_index(name, "search_product", [*first, "owner", "product_id"])


_WORDS = (
    "array_to_tsvector(array_remove(string_to_array(folded"
    " || replace(rtrim(folded), ' ', (' @' || district) || '@'), ' '), ''))"
)


def _words() -> None:
    without_list = {"fastupdate": "off"}
    op.create_index(
        "ix_search_product_words",
        "search_product",
        [sa.text(_WORDS)],
        postgresql_using="gin",
        postgresql_with=without_list,
    )
    # Trusted since PostgreSQL 13: whoever owns the database may add it.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_index(
        "ix_search_word_trigram",
        "search_word",
        ["word"],
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
        postgresql_with=without_list,
    )
