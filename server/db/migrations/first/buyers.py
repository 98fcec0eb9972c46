"""Buyers' own accounts, as revision 0001 makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required


def create() -> None:
    """Create the tables; they are of the directory and belong to no shop."""
    op.create_table(
        "buyer",
        required("buyer_id", id_type()),
        required("phone", sa.Text()),
        required("proof", sa.LargeBinary()),
        required("key_by_password", sa.LargeBinary()),
        required("code_hash", sa.LargeBinary()),
        required("key_by_code", sa.LargeBinary()),
        required("details", sa.LargeBinary()),
        optional("favourites", sa.LargeBinary()),
        required("created_ms", sa.BigInteger()),
        required("seen_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("buyer_id", name="pk_buyer"),
        sa.UniqueConstraint("phone", "proof", name="uq_buyer_phone_proof"),
        sa.UniqueConstraint("code_hash", name="uq_buyer_code_hash"),
    )
    op.create_index("ix_buyer_seen_ms", "buyer", ["seen_ms"])
    op.create_table(
        "buyer_session",
        required("token_hash", sa.LargeBinary()),
        required("buyer_id", id_type()),
        required("csrf", sa.Text()),
        required("key_by_token", sa.LargeBinary()),
        required("created_ms", sa.BigInteger()),
        required("seen_ms", sa.BigInteger()),
        required("expires_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("token_hash", name="pk_buyer_session"),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyer.buyer_id"], name="fk_buyer_session_buyer"),
    )
    op.create_index("ix_buyer_session_buyer_id", "buyer_session", ["buyer_id"])
    for table, key in (("buyer_address", "address_id"), ("buyer_order", "mark")):
        op.create_table(
            table,
            required("buyer_id", id_type()),
            required(key, id_type()),
            required("sealed", sa.LargeBinary()),
            required("added_ms", sa.BigInteger()),
            sa.PrimaryKeyConstraint("buyer_id", key, name=f"pk_{table}"),
            sa.ForeignKeyConstraint(["buyer_id"], ["buyer.buyer_id"], name=f"fk_{table}_buyer"),
        )
    op.create_index("ix_buyer_order_buyer_id_added_ms", "buyer_order", ["buyer_id", "added_ms"])
