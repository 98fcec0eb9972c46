"""Payments through a provider, as revision 0001 makes their tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required

TABLES = (
    "provider_account",
    "order_payment",
    "order_payment_refund",
    "order_payment_said",
    "settlement_report",
    "settlement_line",
    "settlement_line_aside",
    "provider_payout",
    "provider_payout_undone",
    "provider_payout_line",
)
_NEVER_CHANGED = {
    "payment_said": "order_payment_said",
    "settlement_report": "settlement_report",
    "settlement_line": "settlement_line",
    "settlement_line_aside": "settlement_line_aside",
    "provider_payout": "provider_payout",
    "provider_payout_undone": "provider_payout_undone",
    "provider_payout_line": "provider_payout_line",
}


def create() -> None:
    """Create the tables."""
    _account()
    _payment()
    _refund()
    _said()
    _reports()
    _asides()
    _payouts()
    if op.get_bind().dialect.name == "sqlite":
        for name, table in _NEVER_CHANGED.items():
            for what in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {name}_{what.lower()} BEFORE {what} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def _account() -> None:
    op.create_table(
        "provider_account",
        required("shop_id", id_type()),
        required("provider", sa.Text()),
        required("environment", sa.Text()),
        required("base", sa.Text()),
        required("client_key", sa.Text()),
        required("server_key", sa.Text()),
        required("active", sa.Boolean()),
        required("changed_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "provider", "environment", name="pk_provider_account"),
        sa.CheckConstraint(
            "environment IN ('sandbox', 'production')", name="ck_provider_account_environment"
        ),
    )


def _payment() -> None:
    op.create_table(
        "order_payment",
        required("shop_id", id_type()),
        required("payment_id", id_type()),
        required("order_id", id_type()),
        required("attempt", sa.SmallInteger()),
        required("provider", sa.Text()),
        required("environment", sa.Text()),
        required("provider_key", sa.Text()),
        required("transaction_id", sa.Text()),
        required("method", sa.Text()),
        required("bank", sa.Text()),
        required("channel", sa.Text()),
        required("amount", sa.BigInteger()),
        required("refunded", sa.BigInteger()),
        required("state", sa.Text()),
        required("version", sa.BigInteger()),
        required("missing", sa.SmallInteger()),
        required("shown", sa.Text()),
        required("trouble", sa.Text()),
        required("created_ms", sa.BigInteger()),
        required("expires_ms", sa.BigInteger()),
        optional("paid_ms", sa.BigInteger()),
        optional("next_poll_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "payment_id", name="pk_order_payment"),
        sa.UniqueConstraint("shop_id", "order_id", "attempt", name="uq_order_payment_attempt"),
        sa.UniqueConstraint("shop_id", "provider", "provider_key", name="uq_order_payment_key"),
        sa.ForeignKeyConstraint(
            ["shop_id", "provider", "environment"],
            [
                "provider_account.shop_id",
                "provider_account.provider",
                "provider_account.environment",
            ],
            name="fk_order_payment_account",
        ),
        sa.CheckConstraint("amount > 0", name="ck_order_payment_amount"),
        sa.CheckConstraint(
            "refunded >= 0 AND refunded <= amount", name="ck_order_payment_refunded"
        ),
        sa.CheckConstraint(
            "state IN ('asking', 'pending', 'failed', 'cancelled', 'expired', 'paid',"
            " 'part_refunded', 'refunded', 'charged_back')",
            name="ck_order_payment_state",
        ),
    )
    _partial("ix_order_payment_open", "order_id", "state IN ('asking', 'pending')", unique=True)
    _partial("ix_order_payment_trouble", "created_ms", "trouble <> ''", unique=False)


def _partial(name: str, column: str, condition: str, *, unique: bool) -> None:
    where = sa.text(condition)
    op.create_index(
        name,
        "order_payment",
        ["shop_id", column],
        unique=unique,
        postgresql_where=where,
        sqlite_where=where,
    )


def _to_payment(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["shop_id", "payment_id"], ["order_payment.shop_id", "order_payment.payment_id"], name=name
    )


def _refund() -> None:
    op.create_table(
        "order_payment_refund",
        required("shop_id", id_type()),
        required("refund_id", id_type()),
        required("payment_id", id_type()),
        required("refund_key", sa.Text()),
        required("amount", sa.BigInteger()),
        required("reason", sa.Text()),
        required("state", sa.Text()),
        required("said", sa.Text()),
        required("created_ms", sa.BigInteger()),
        optional("ended_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "refund_id", name="pk_order_payment_refund"),
        sa.UniqueConstraint(
            "shop_id", "payment_id", "refund_key", name="uq_order_payment_refund_key"
        ),
        _to_payment("fk_order_payment_refund_payment"),
        sa.CheckConstraint("amount > 0", name="ck_order_payment_refund_amount"),
        sa.CheckConstraint(
            "state IN ('asking', 'done', 'refused')", name="ck_order_payment_refund_state"
        ),
        sa.CheckConstraint(
            "(state = 'asking') = (ended_ms IS NULL)", name="ck_order_payment_refund_ended"
        ),
    )


def _said() -> None:
    op.create_table(
        "order_payment_said",
        required("shop_id", id_type()),
        required("payment_id", id_type()),
        required("said_id", id_type()),
        required("what", sa.Text()),
        required("verified", sa.Boolean()),
        required("body", sa.Text()),
        required("at_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "payment_id", "said_id", name="pk_order_payment_said"),
        _to_payment("fk_order_payment_said_payment"),
    )


def _reports() -> None:
    op.create_table(
        "settlement_report",
        required("shop_id", id_type()),
        required("report_id", id_type()),
        required("provider", sa.Text()),
        required("name", sa.Text()),
        required("lines", sa.BigInteger()),
        required("by_account", id_type()),
        required("added_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "report_id", name="pk_settlement_report"),
    )
    op.create_table(
        "settlement_line",
        required("shop_id", id_type()),
        required("line_id", id_type()),
        required("report_id", id_type()),
        required("provider_key", sa.Text()),
        required("transaction_id", sa.Text()),
        required("kind", sa.Text()),
        required("amount", sa.BigInteger()),
        required("fee", sa.BigInteger()),
        optional("settled_ms", sa.BigInteger()),
        required("trouble", sa.Text()),
        sa.PrimaryKeyConstraint("shop_id", "line_id", name="pk_settlement_line"),
        sa.ForeignKeyConstraint(
            ["shop_id", "report_id"],
            ["settlement_report.shop_id", "settlement_report.report_id"],
            name="fk_settlement_line_report",
        ),
        sa.CheckConstraint(
            "kind IN ('payment', 'refund', 'chargeback', 'payout')",
            name="ck_settlement_line_kind",
        ),
        sa.CheckConstraint("amount > 0 AND fee >= 0", name="ck_settlement_line_amount"),
    )
    op.create_index(
        "ix_settlement_line_provider_key", "settlement_line", ["shop_id", "provider_key"]
    )


def _to(table: str, key: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["shop_id", key], [f"{table}.shop_id", f"{table}.{key}"], name=name
    )


def _asides() -> None:
    op.create_table(
        "settlement_line_aside",
        required("shop_id", id_type()),
        required("line_id", id_type()),
        required("i", sa.SmallInteger()),
        required("is_aside", sa.Boolean()),
        required("reason", sa.Text()),
        required("by_account", id_type()),
        required("at_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "line_id", "i", name="pk_settlement_line_aside"),
        _to("settlement_line", "line_id", "fk_settlement_line_aside_line"),
    )


def _payouts() -> None:
    op.create_table(
        "provider_payout",
        required("shop_id", id_type()),
        required("payout_id", id_type()),
        required("provider", sa.Text()),
        required("environment", sa.Text()),
        required("reference", sa.Text()),
        required("day", sa.Text()),
        required("until_day", sa.Text()),
        required("amount", sa.BigInteger()),
        required("fee", sa.BigInteger()),
        required("short", sa.BigInteger()),
        required("by_account", id_type()),
        required("recorded_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "payout_id", name="pk_provider_payout"),
        sa.ForeignKeyConstraint(
            ["shop_id", "provider", "environment"],
            [
                "provider_account.shop_id",
                "provider_account.provider",
                "provider_account.environment",
            ],
            name="fk_provider_payout_account",
        ),
        sa.CheckConstraint("amount > 0", name="ck_provider_payout_amount"),
        sa.CheckConstraint("fee >= 0 AND short >= 0", name="ck_provider_payout_fee"),
    )
    op.create_index("ix_provider_payout_day", "provider_payout", ["shop_id", "day"])
    op.create_table(
        "provider_payout_undone",
        required("shop_id", id_type()),
        required("payout_id", id_type()),
        required("by_account", id_type()),
        required("at_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "payout_id", name="pk_provider_payout_undone"),
        _to("provider_payout", "payout_id", "fk_provider_payout_undone_payout"),
    )
    op.create_table(
        "provider_payout_line",
        required("shop_id", id_type()),
        required("line_id", id_type()),
        required("payout_id", id_type()),
        sa.PrimaryKeyConstraint("shop_id", "line_id", "payout_id", name="pk_provider_payout_line"),
        _to("settlement_line", "line_id", "fk_provider_payout_line_line"),
        _to("provider_payout", "payout_id", "fk_provider_payout_line_payout"),
    )
    op.create_index(
        "ix_provider_payout_line_payout", "provider_payout_line", ["shop_id", "payout_id"]
    )
