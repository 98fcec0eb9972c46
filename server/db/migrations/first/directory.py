"""The directory, as revision 0001 makes it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required


def create() -> None:
    """Create the directory's tables."""
    op.create_table(
        "known_shop",
        required("shop", id_type()),
        required("name", sa.Text()),
        required("created_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop", name="pk_known_shop"),
    )
    op.create_table(
        "account",
        required("account_id", id_type()),
        required("email", sa.Text()),
        required("password", sa.Text()),
        optional("totp_secret", sa.Text()),
        optional("totp_step", sa.BigInteger()),
        required("created_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("account_id", name="pk_account"),
        sa.UniqueConstraint("email", name="uq_account_email"),
    )
    op.create_table(
        "recovery_code",
        required("account_id", id_type()),
        required("code_hash", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name="pk_recovery_code"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name="fk_recovery_code_account"
        ),
    )
    op.create_table(
        "membership",
        required("account_id", id_type()),
        required("shop", id_type()),
        sa.PrimaryKeyConstraint("account_id", "shop", name="pk_membership"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name="fk_membership_account"
        ),
    )
    op.create_index("ix_membership_shop", "membership", ["shop"])
    _sessions()
    _devices()
    op.create_table(
        "gerai_name",
        required("name", sa.Text()),
        required("shop", id_type()),
        required("claimed_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("name", name="pk_gerai_name"),
    )
    op.create_index("ix_gerai_name_shop", "gerai_name", ["shop"])
    _orders_of_providers()
    op.create_table(
        "order_key",
        required("key_hash", sa.LargeBinary()),
        required("shop", id_type()),
        required("order_id", id_type()),
        required("created_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("key_hash", name="pk_order_key"),
    )
    op.create_table(
        "order_watch",
        required("shop", id_type()),
        required("due_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop", name="pk_order_watch"),
    )
    op.create_index("ix_order_watch_due_ms", "order_watch", ["due_ms"])
    _office()
    op.create_table(
        "rate",
        required("bucket", sa.Text()),
        required("window_ms", sa.BigInteger()),
        required("count", sa.Integer()),
        sa.PrimaryKeyConstraint("bucket", "window_ms", name="pk_rate"),
    )
    op.create_table(
        "server_value",
        required("name", sa.Text()),
        required("value", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("name", name="pk_server_value"),
    )


def _office() -> None:
    op.create_table(
        "office_user",
        required("account_id", id_type()),
        required("created_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("account_id", name="pk_office_user"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name="fk_office_user_account"
        ),
    )
    op.create_table(
        "office_case",
        required("shop", id_type()),
        required("kind", sa.Text()),
        required("order_id", id_type()),
        required("since_ms", sa.BigInteger()),
        required("number", sa.BigInteger()),
        required("amount", sa.BigInteger()),
        required("until_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop", "kind", "order_id", name="pk_office_case"),
    )
    op.create_index("ix_office_case_kind_since_ms", "office_case", ["kind", "since_ms"])


def _orders_of_providers() -> None:
    op.create_table(
        "provider_order",
        required("provider", sa.Text()),
        required("key", sa.Text()),
        required("shop", id_type()),
        required("order_key", sa.Text()),
        required("claimed_ms", sa.BigInteger()),
        optional("poll_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("provider", "key", name="pk_provider_order"),
    )
    op.create_index("ix_provider_order_poll_ms", "provider_order", ["poll_ms"])


def _sessions() -> None:
    op.create_table(
        "session",
        required("token_hash", sa.LargeBinary()),
        required("account_id", id_type()),
        required("csrf", sa.Text()),
        required("created_ms", sa.BigInteger()),
        required("seen_ms", sa.BigInteger()),
        required("expires_ms", sa.BigInteger()),
        optional("totp_proposed", sa.Text()),
        optional("proposed_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("token_hash", name="pk_session"),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name="fk_session_account"),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])
    op.create_table(
        "half_session",
        required("token_hash", sa.LargeBinary()),
        required("account_id", id_type()),
        required("expires_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("token_hash", name="pk_half_session"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name="fk_half_session_account"
        ),
    )
    op.create_index("ix_half_session_account_id", "half_session", ["account_id"])


def _devices() -> None:
    op.create_table(
        "pairing",
        required("place", sa.Text()),
        required("code_hash", sa.LargeBinary()),
        required("shop", id_type()),
        required("created_ms", sa.BigInteger()),
        required("expires_ms", sa.BigInteger()),
        required("tries", sa.SmallInteger()),
        optional("used_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("place", name="pk_pairing"),
    )
    op.create_table(
        "device_key",
        required("device", id_type()),
        required("public_key", sa.LargeBinary()),
        required("shop", id_type()),
        required("created_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("device", name="pk_device_key"),
        sa.UniqueConstraint("public_key", name="uq_device_key_public_key"),
    )
