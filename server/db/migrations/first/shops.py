"""Shops, their people, counters and feeds, as revision 0001 makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required

TABLES = ("shop", "shop_staff", "device", "shop_feed")


def create() -> None:
    """Create the tables."""
    op.create_table(
        "shop",
        required("shop_id", id_type()),
        required("name", sa.Text()),
        required("zone", sa.Text()),
        required("day_close_minutes", sa.SmallInteger()),
        required("server_device", id_type()),
        required("created_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", name="pk_shop"),
    )
    op.create_table(
        "shop_staff",
        required("shop_id", id_type()),
        required("account_id", id_type()),
        required("role", sa.Text()),
        required("created_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "account_id", name="pk_shop_staff"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.shop_id"], name="fk_shop_staff_shop"),
        sa.CheckConstraint("role IN ('owner', 'manager', 'viewer')", name="ck_shop_staff_role"),
    )
    _device()
    op.create_table(
        "shop_feed",
        required("shop_id", id_type()),
        required("epoch", sa.Integer()),
        required("next_n", sa.BigInteger()),
        required("feed_hash", sa.LargeBinary()),
        required("unknown", sa.Text()),
        optional("deal_after", id_type()),
        sa.PrimaryKeyConstraint("shop_id", name="pk_shop_feed"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.shop_id"], name="fk_shop_feed_shop"),
    )


def _device() -> None:
    op.create_table(
        "device",
        required("shop_id", id_type()),
        required("device", id_type()),
        required("register", sa.Text()),
        required("public_key", sa.LargeBinary()),
        required("entry_shop", id_type()),
        required("acked_seq", sa.BigInteger()),
        required("acked_hash", sa.LargeBinary()),
        optional("parent_device", id_type()),
        optional("parent_seq", sa.BigInteger()),
        optional("parent_hash", sa.LargeBinary()),
        required("state", sa.Text()),
        required("created_ms", sa.BigInteger()),
        optional("last_seen_ms", sa.BigInteger()),
        optional("clock_offset_ms", sa.BigInteger()),
        optional("backup_ms", sa.BigInteger()),
        required("waiting", sa.Integer()),
        required("version", sa.Text()),
        required("release_due", sa.Boolean()),
        sa.PrimaryKeyConstraint("shop_id", "device", name="pk_device"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.shop_id"], name="fk_device_shop"),
        sa.CheckConstraint(
            "state IN ('trusted', 'unconfirmed', 'revoked')", name="ck_device_state"
        ),
    )
