"""The feed and its lines, as revision 0001 makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required

TABLES = (
    "entry",
    "line_head",
    "anchor",
    "carried",
    "quarantine",
    "waiting",
    "feed_digest",
    "feed_epoch",
    "head_signature",
    "nonce",
)


def create() -> None:
    """Create the tables."""
    _entry()
    _line_head()
    _anchor()
    _carried()
    _quarantine()
    _waiting()
    _feed_digest()
    _feed_epoch()
    _head_signature()
    _nonce()


def _entry() -> None:
    op.create_table(
        "entry",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("device", id_type()),
        required("seq", sa.BigInteger()),
        required("entry_shop", id_type()),
        required("kind", sa.Text()),
        required("version", sa.SmallInteger()),
        required("prev_hash", sa.LargeBinary()),
        required("hash", sa.LargeBinary()),
        required("at_ms", sa.BigInteger()),
        required("received_ms", sa.BigInteger()),
        required("verdict", sa.Text()),
        required("step_n", sa.BigInteger()),
        required("feed_hash", sa.LargeBinary()),
        required("body", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "n", name="pk_entry"),
        sa.UniqueConstraint("shop_id", "device", "seq", name="uq_entry_device"),
        sa.UniqueConstraint("shop_id", "hash", name="uq_entry_hash"),
    )
    # Few have one: what is flagged or in quarantine is found without reading the rest.
    judged = sa.text("verdict <> ''")
    op.create_index(
        "ix_entry_verdict",
        "entry",
        ["shop_id", "n"],
        postgresql_where=judged,
        sqlite_where=judged,
    )


def _line_head() -> None:
    op.create_table(
        "line_head",
        required("shop_id", id_type()),
        required("device", id_type()),
        required("seq", sa.BigInteger()),
        required("hash", sa.LargeBinary()),
        required("at_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "device", name="pk_line_head"),
    )


def _anchor() -> None:
    op.create_table(
        "anchor",
        required("shop_id", id_type()),
        required("device", id_type()),
        required("boot", sa.LargeBinary()),
        required("server_ms", sa.BigInteger()),
        required("mono_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "device", "boot", name="pk_anchor"),
    )


def _carried() -> None:
    op.create_table(
        "carried",
        required("shop_id", id_type()),
        required("hash", sa.LargeBinary()),
        required("n", sa.BigInteger()),
        required("carrier", id_type()),
        sa.PrimaryKeyConstraint("shop_id", "hash", name="pk_carried"),
    )


def _quarantine() -> None:
    op.create_table(
        "quarantine",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("hash", sa.LargeBinary()),
        required("code", sa.Text()),
        required("decision", sa.Text()),
        required("decided_n", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "n", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_hash", "quarantine", ["shop_id", "hash"])


def _waiting() -> None:
    op.create_table(
        "waiting",
        required("shop_id", id_type()),
        required("device", id_type()),
        required("seq", sa.BigInteger()),
        required("n", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "device", "seq", "n", name="pk_waiting"),
    )


def _feed_digest() -> None:
    op.create_table(
        "feed_digest",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("page", sa.BigInteger()),
        required("body", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "n", name="pk_feed_digest"),
    )


def _feed_epoch() -> None:
    op.create_table(
        "feed_epoch",
        required("shop_id", id_type()),
        required("epoch", sa.BigInteger()),
        required("n", sa.BigInteger()),
        required("feed_hash", sa.LargeBinary()),
        required("at_ms", sa.BigInteger()),
        optional("looked_n", sa.BigInteger()),
        optional("looked_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "epoch", name="pk_feed_epoch"),
    )


def _head_signature() -> None:
    op.create_table(
        "head_signature",
        required("shop_id", id_type()),
        required("device", id_type()),
        required("seq", sa.BigInteger()),
        required("hash", sa.LargeBinary()),
        required("signature", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "device", "seq", name="pk_head_signature"),
    )


def _nonce() -> None:
    op.create_table(
        "nonce",
        required("shop_id", id_type()),
        required("device", id_type()),
        required("nonce", sa.Text()),
        required("at_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "device", "nonce", name="pk_nonce"),
    )
