"""Payments through a provider: a shop's merchant accounts, each attempt to pay an order, what was
given back, and every word that was exchanged about it.

An order has one open attempt at most, by a key. What was said is only ever added to.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from server.db.schema.base import APPEND_ONLY, NEVER_REMOVED, metadata, shop_id
from server.db.types import Big, Id, Millis, Money, Small

_OPEN = text("state IN ('asking', 'pending')")
_TROUBLED = text("trouble <> ''")

# Server_key: sealed. Base: empty for the provider's own address. Active: new payments use it.
provider_account = Table(
    "provider_account",
    metadata,
    shop_id(),
    Column("provider", Text, primary_key=True),
    Column("environment", Text, primary_key=True),
    Column("base", Text, nullable=False),
    Column("client_key", Text, nullable=False),
    Column("server_key", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("changed_ms", Millis, nullable=False),
    CheckConstraint("environment IN ('sandbox', 'production')", name="environment"),
    info=NEVER_REMOVED,
)

# Version: grows with each change, so that an answer which was asked for before another one was
# stored is asked for anew. Missing: how often the provider did not know it. Trouble: why a person
# must look. Shown: what the buyer needs to pay (JSON).
order_payment = Table(
    "order_payment",
    metadata,
    shop_id(),
    Column("payment_id", Id, primary_key=True),
    Column("order_id", Id, nullable=False),
    Column("attempt", Small, nullable=False),
    Column("provider", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("provider_key", Text, nullable=False),
    Column("transaction_id", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("bank", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("refunded", Money, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Big, nullable=False),
    Column("missing", Small, nullable=False),
    Column("shown", Text, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("created_ms", Millis, nullable=False),
    Column("expires_ms", Millis, nullable=False),
    Column("paid_ms", Millis),
    Column("next_poll_ms", Millis),
    UniqueConstraint("shop_id", "order_id", "attempt", name="uq_order_payment_attempt"),
    UniqueConstraint("shop_id", "provider", "provider_key", name="uq_order_payment_key"),
    ForeignKeyConstraint(
        ["shop_id", "provider", "environment"],
        [
            "provider_account.shop_id",
            "provider_account.provider",
            "provider_account.environment",
        ],
        name="fk_order_payment_account",
    ),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("refunded >= 0 AND refunded <= amount", name="refunded"),
    CheckConstraint(
        "state IN ('asking', 'pending', 'failed', 'cancelled', 'expired', 'paid',"
        " 'part_refunded', 'refunded', 'charged_back')",
        name="state",
    ),
    Index(
        "ix_order_payment_open",
        "shop_id",
        "order_id",
        unique=True,
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    ),
    Index(
        "ix_order_payment_trouble",
        "shop_id",
        "created_ms",
        postgresql_where=_TROUBLED,
        sqlite_where=_TROUBLED,
    ),
    info=NEVER_REMOVED,
)

# Refund_key: what the provider knows it by. Said: its words where it refused.
order_payment_refund = Table(
    "order_payment_refund",
    metadata,
    shop_id(),
    Column("refund_id", Id, primary_key=True),
    Column("payment_id", Id, nullable=False),
    Column("refund_key", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("created_ms", Millis, nullable=False),
    Column("ended_ms", Millis),
    UniqueConstraint("shop_id", "payment_id", "refund_key", name="uq_order_payment_refund_key"),
    ForeignKeyConstraint(
        ["shop_id", "payment_id"],
        ["order_payment.shop_id", "order_payment.payment_id"],
        name="fk_order_payment_refund_payment",
    ),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("state IN ('asking', 'done', 'refused')", name="state"),
    CheckConstraint("(state = 'asking') = (ended_ms IS NULL)", name="ended"),
    info=NEVER_REMOVED,
)

# Said_id: the hash of what was said, so that the same word is kept once. No key is ever in it.
order_payment_said = Table(
    "order_payment_said",
    metadata,
    shop_id(),
    Column("payment_id", Id, primary_key=True),
    Column("said_id", Id, primary_key=True),
    Column("what", Text, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("at_ms", Millis, nullable=False),
    ForeignKeyConstraint(
        ["shop_id", "payment_id"],
        ["order_payment.shop_id", "order_payment.payment_id"],
        name="fk_order_payment_said_payment",
    ),
    info=APPEND_ONLY,
)

# A file of the provider's that the owner brought; its id is the hash of what was in it.
settlement_report = Table(
    "settlement_report",
    metadata,
    shop_id(),
    Column("report_id", Id, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("lines", Big, nullable=False),
    Column("by_account", Id, nullable=False),
    Column("added_ms", Millis, nullable=False),
    info=APPEND_ONLY,
)

# Line_id: the hash of what it says, so that a line of two files is kept, and its fee booked, once.
# Provider_key: the payment that is meant, which may not be known here (yet). Transaction_id: of a
# payout, what the provider calls it. Trouble: "fee" where another one was booked.
settlement_line = Table(
    "settlement_line",
    metadata,
    shop_id(),
    Column("line_id", Id, primary_key=True),
    Column("report_id", Id, nullable=False),
    Column("provider_key", Text, nullable=False),
    Column("transaction_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("fee", Money, nullable=False),
    Column("settled_ms", Millis),
    Column("trouble", Text, nullable=False),
    ForeignKeyConstraint(
        ["shop_id", "report_id"],
        ["settlement_report.shop_id", "settlement_report.report_id"],
        name="fk_settlement_line_report",
    ),
    CheckConstraint("kind IN ('payment', 'refund', 'chargeback', 'payout')", name="kind"),
    CheckConstraint("amount > 0 AND fee >= 0", name="amount"),
    Index("ix_settlement_line_provider_key", "shop_id", "provider_key"),
    info=APPEND_ONLY,
)

# What a provider paid out to the shop's bank account. Reference: what the provider calls it. Day:
# when it arrived. Until_day: the last day whose payments are in it, and then the fee is what is
# missing to them; empty where nobody said, and then a fee is the payout's own. Short: how much more
# arrived than was known to be there, when whoever recorded it said that it is right.
provider_payout = Table(
    "provider_payout",
    metadata,
    shop_id(),
    Column("payout_id", Id, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("until_day", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("fee", Money, nullable=False),
    Column("short", Money, nullable=False),
    Column("by_account", Id, nullable=False),
    Column("recorded_ms", Millis, nullable=False),
    ForeignKeyConstraint(
        ["shop_id", "provider", "environment"],
        [
            "provider_account.shop_id",
            "provider_account.provider",
            "provider_account.environment",
        ],
        name="fk_provider_payout_account",
    ),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("fee >= 0 AND short >= 0", name="fee"),
    Index("ix_provider_payout_day", "shop_id", "day"),
    info=APPEND_ONLY,
)

# One that was recorded wrongly, and by whom it was taken back.
provider_payout_undone = Table(
    "provider_payout_undone",
    metadata,
    shop_id(),
    Column("payout_id", Id, primary_key=True),
    Column("by_account", Id, nullable=False),
    Column("at_ms", Millis, nullable=False),
    ForeignKeyConstraint(
        ["shop_id", "payout_id"],
        ["provider_payout.shop_id", "provider_payout.payout_id"],
        name="fk_provider_payout_undone_payout",
    ),
    info=APPEND_ONLY,
)

# Which payout a report's line is about.
provider_payout_line = Table(
    "provider_payout_line",
    metadata,
    shop_id(),
    Column("line_id", Id, primary_key=True),
    Column("payout_id", Id, primary_key=True),
    ForeignKeyConstraint(
        ["shop_id", "line_id"],
        ["settlement_line.shop_id", "settlement_line.line_id"],
        name="fk_provider_payout_line_line",
    ),
    ForeignKeyConstraint(
        ["shop_id", "payout_id"],
        ["provider_payout.shop_id", "provider_payout.payout_id"],
        name="fk_provider_payout_line_payout",
    ),
    Index("ix_provider_payout_line_payout", "shop_id", "payout_id"),
    info=APPEND_ONLY,
)

# That a payout of a report is none of this shop's, or is to be looked at after all: a word for each
# time, and the last one counts. Reason: the owner's, empty where it is brought back.
settlement_line_aside = Table(
    "settlement_line_aside",
    metadata,
    shop_id(),
    Column("line_id", Id, primary_key=True),
    Column("i", Small, primary_key=True),
    Column("is_aside", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by_account", Id, nullable=False),
    Column("at_ms", Millis, nullable=False),
    ForeignKeyConstraint(
        ["shop_id", "line_id"],
        ["settlement_line.shop_id", "settlement_line.line_id"],
        name="fk_settlement_line_aside_line",
    ),
    info=APPEND_ONLY,
)

TABLES = (
    provider_account,
    order_payment,
    order_payment_refund,
    order_payment_said,
    settlement_report,
    settlement_line,
    settlement_line_aside,
    provider_payout,
    provider_payout_undone,
    provider_payout_line,
)
