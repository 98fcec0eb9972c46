"""A shop's books: accounts, entries of balanced postings, what is held, days and their seals.

What is written down stays: the service's role may not change or remove entries, postings,
accounts and seals (`server.db.rls`). Only balances, holds and days move on, and none is removed.
Accounts that must be checked before they pay have a row of `ledger_balance`; those that only
gather (clearing, income, fees) have none, and their balance is the sum of their postings. No
foreign key leads to `ledger_balance`, so that locking it never meets the locks that keys take.
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
from server.db.types import Big, Hash, Id, Millis, Money, Small

_REVERSES = text("reversal_of IS NOT NULL")
_USES_HOLD = text("hold_id IS NOT NULL")
_OPEN = text("state = 'open'")


def _to(name: str, table: str, own: str, theirs: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["shop_id", own], [f"{table}.shop_id", f"{table}.{theirs}"], name=name
    )


ledger_account = Table(
    "ledger_account",
    metadata,
    shop_id(),
    Column("account_id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("created_ms", Millis, nullable=False),
    UniqueConstraint("shop_id", "code", name="uq_ledger_account_code"),
    CheckConstraint("side IN ('debit', 'credit')", name="side"),
    info=APPEND_ONLY,
)

# Balance: on the account's own side. Held: what open holds speak for.
ledger_balance = Table(
    "ledger_balance",
    metadata,
    shop_id(),
    Column("account_id", Id, primary_key=True),
    Column("side", Text, nullable=False),
    Column("balance", Money, nullable=False),
    Column("held", Money, nullable=False),
    Column("floor", Money),
    Column("frozen", Boolean, nullable=False),
    _to("fk_ledger_balance_account", "ledger_account", "account_id", "account_id"),
    CheckConstraint("side IN ('debit', 'credit')", name="side"),
    CheckConstraint("held >= 0", name="held"),
    CheckConstraint("balance - held >= floor", name="floor"),
    info=NEVER_REMOVED,
)

# Posted: what an entry used of it; what was left became free again.
ledger_hold = Table(
    "ledger_hold",
    metadata,
    shop_id(),
    Column("hold_id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("debit", Id, nullable=False),
    Column("credit", Id, nullable=False),
    Column("amount", Money, nullable=False),
    Column("opened_ms", Millis, nullable=False),
    Column("expires_ms", Millis),
    Column("state", Text, nullable=False),
    Column("posted", Money, nullable=False),
    Column("ended_ms", Millis),
    Column("hash", Hash, nullable=False),
    _to("fk_ledger_hold_debit", "ledger_account", "debit", "account_id"),
    _to("fk_ledger_hold_credit", "ledger_account", "credit", "account_id"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("debit <> credit", name="accounts"),
    CheckConstraint("state IN ('open', 'posted', 'voided', 'expired')", name="state"),
    CheckConstraint("posted >= 0 AND posted <= amount", name="posted"),
    CheckConstraint("(state = 'posted') = (posted > 0)", name="used"),
    CheckConstraint("(state = 'open') = (ended_ms IS NULL)", name="ended"),
    Index(
        "ix_ledger_hold_open",
        "shop_id",
        "expires_ms",
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    ),
    info=NEVER_REMOVED,
)

# Day: when it took effect. Recorded_day: whose seal it is in. Postings: how many it has.
ledger_entry = Table(
    "ledger_entry",
    metadata,
    shop_id(),
    Column("entry_id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("recorded_ms", Millis, nullable=False),
    Column("recorded_day", Text, nullable=False),
    Column("reversal_of", Id),
    Column("hold_id", Id),
    Column("postings", Small, nullable=False),
    Column("hash", Hash, nullable=False),
    _to("fk_ledger_entry_reversal", "ledger_entry", "reversal_of", "entry_id"),
    _to("fk_ledger_entry_hold", "ledger_hold", "hold_id", "hold_id"),
    CheckConstraint("postings > 0", name="postings"),
    CheckConstraint("reversal_of <> entry_id", name="reversal"),
    Index("ix_ledger_entry_recorded", "shop_id", "recorded_day", "entry_id"),
    Index("ix_ledger_entry_reference", "shop_id", "reference"),
    Index(
        "ix_ledger_entry_reversal",
        "shop_id",
        "reversal_of",
        unique=True,
        postgresql_where=_REVERSES,
        sqlite_where=_REVERSES,
    ),
    Index(
        "ix_ledger_entry_hold",
        "shop_id",
        "hold_id",
        unique=True,
        postgresql_where=_USES_HOLD,
        sqlite_where=_USES_HOLD,
    ),
    info=APPEND_ONLY,
)

# One amount, two accounts: whatever is in it, it balances. Day and recorded_ms are the entry's,
# so that an account's statement is read by key.
ledger_posting = Table(
    "ledger_posting",
    metadata,
    shop_id(),
    Column("entry_id", Id, primary_key=True),
    Column("i", Small, primary_key=True),
    Column("debit", Id, nullable=False),
    Column("credit", Id, nullable=False),
    Column("amount", Money, nullable=False),
    Column("day", Text, nullable=False),
    Column("recorded_ms", Millis, nullable=False),
    _to("fk_ledger_posting_entry", "ledger_entry", "entry_id", "entry_id"),
    _to("fk_ledger_posting_debit", "ledger_account", "debit", "account_id"),
    _to("fk_ledger_posting_credit", "ledger_account", "credit", "account_id"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("debit <> credit", name="accounts"),
    Index("ix_ledger_posting_debit", "shop_id", "debit", "day", "recorded_ms"),
    Index("ix_ledger_posting_credit", "shop_id", "credit", "day", "recorded_ms"),
    info=APPEND_ONLY,
)

# A day that entries are recorded on. Whoever records locks the newest one for as long; whoever
# seals a day waits for those who are still on it.
ledger_day = Table(
    "ledger_day",
    metadata,
    shop_id(),
    Column("day", Text, primary_key=True),
    Column("ends_ms", Millis, nullable=False),
    Column("sealed", Boolean, nullable=False),
    info=NEVER_REMOVED,
)

ledger_seal = Table(
    "ledger_seal",
    metadata,
    shop_id(),
    Column("day", Text, primary_key=True),
    Column("entries", Big, nullable=False),
    Column("previous", Hash, nullable=False),
    Column("hash", Hash, nullable=False),
    Column("sealed_ms", Millis, nullable=False),
    info=APPEND_ONLY,
)

TABLES = (
    ledger_account,
    ledger_balance,
    ledger_hold,
    ledger_entry,
    ledger_posting,
    ledger_day,
    ledger_seal,
)
