"""Pictures of goods, as revision 0001 makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required

TABLES = ("picture", "picture_variant", "picture_part", "gerai_picture")


def create() -> None:
    """Create the tables."""
    op.create_table(
        "picture",
        required("shop_id", id_type()),
        required("hash", sa.LargeBinary()),
        required("refused", sa.Text()),
        required("copy", sa.LargeBinary()),
        required("width", sa.SmallInteger()),
        required("height", sa.SmallInteger()),
        required("size", sa.BigInteger()),
        required("at_ms", sa.BigInteger()),
        optional("unused_ms", sa.BigInteger()),
        required("drawn", sa.SmallInteger()),
        required("drawn_size", sa.BigInteger()),
        required("thumb", sa.LargeBinary()),
        required("data", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "hash", name="pk_picture"),
    )
    op.create_table(
        "picture_variant",
        required("shop_id", id_type()),
        required("hash", sa.LargeBinary()),
        required("step", sa.SmallInteger()),
        required("kind", sa.Text()),
        required("data", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "hash", "step", "kind", name="pk_picture_variant"),
    )
    op.create_table(
        "picture_part",
        required("shop_id", id_type()),
        required("device", id_type()),
        required("hash", sa.LargeBinary()),
        required("start", sa.BigInteger()),
        required("size", sa.BigInteger()),
        required("total", sa.BigInteger()),
        required("at_ms", sa.BigInteger()),
        required("data", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "device", "hash", "start", name="pk_picture_part"),
    )
    op.create_index("ix_picture_part_at_ms", "picture_part", ["shop_id", "at_ms"])
    op.create_table(
        "gerai_picture",
        required("shop_id", id_type()),
        required("role", sa.Text()),
        required("hash", sa.LargeBinary()),
        required("step", sa.SmallInteger()),
        required("kind", sa.Text()),
        required("data", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "role", "hash", "step", "kind", name="pk_gerai_picture"),
    )
