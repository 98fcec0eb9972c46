"""A shop's books, as revision 0001 makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required

TABLES = (
    "ledger_account",
    "ledger_balance",
    "ledger_hold",
    "ledger_entry",
    "ledger_posting",
    "ledger_day",
    "ledger_seal",
)
_APPEND_ONLY = ("ledger_account", "ledger_entry", "ledger_posting", "ledger_seal")


def create() -> None:
    """Create the tables."""
    _account()
    _balance()
    _hold()
    _entry()
    _posting()
    _days()
    if op.get_bind().dialect.name == "sqlite":
        _keep_on_sqlite()


def _keep_on_sqlite() -> None:
    """SQLite knows no privileges: its triggers say no where PostgreSQL's do. Nothing rests on
    them; the program's own guard refuses such statements before they are sent."""
    for table in _APPEND_ONLY:
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{what.lower()} BEFORE {what} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _key(name: str, table: str, own: str, theirs: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["shop_id", own], [f"{table}.shop_id", f"{table}.{theirs}"], name=name
    )


def _account() -> None:
    op.create_table(
        "ledger_account",
        required("shop_id", id_type()),
        required("account_id", id_type()),
        required("kind", sa.Text()),
        required("code", sa.Text()),
        required("side", sa.Text()),
        required("created_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "account_id", name="pk_ledger_account"),
        sa.UniqueConstraint("shop_id", "code", name="uq_ledger_account_code"),
        sa.CheckConstraint("side IN ('debit', 'credit')", name="ck_ledger_account_side"),
    )


def _balance() -> None:
    op.create_table(
        "ledger_balance",
        required("shop_id", id_type()),
        required("account_id", id_type()),
        required("side", sa.Text()),
        required("balance", sa.BigInteger()),
        required("held", sa.BigInteger()),
        optional("floor", sa.BigInteger()),
        required("frozen", sa.Boolean()),
        sa.PrimaryKeyConstraint("shop_id", "account_id", name="pk_ledger_balance"),
        _key("fk_ledger_balance_account", "ledger_account", "account_id", "account_id"),
        sa.CheckConstraint("side IN ('debit', 'credit')", name="ck_ledger_balance_side"),
        sa.CheckConstraint("held >= 0", name="ck_ledger_balance_held"),
        sa.CheckConstraint("balance - held >= floor", name="ck_ledger_balance_floor"),
    )


def _hold() -> None:
    op.create_table(
        "ledger_hold",
        required("shop_id", id_type()),
        required("hold_id", id_type()),
        required("kind", sa.Text()),
        required("reference", sa.Text()),
        required("debit", id_type()),
        required("credit", id_type()),
        required("amount", sa.BigInteger()),
        required("opened_ms", sa.BigInteger()),
        optional("expires_ms", sa.BigInteger()),
        required("state", sa.Text()),
        required("posted", sa.BigInteger()),
        optional("ended_ms", sa.BigInteger()),
        required("hash", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "hold_id", name="pk_ledger_hold"),
        _key("fk_ledger_hold_debit", "ledger_account", "debit", "account_id"),
        _key("fk_ledger_hold_credit", "ledger_account", "credit", "account_id"),
        sa.CheckConstraint("amount > 0", name="ck_ledger_hold_amount"),
        sa.CheckConstraint("debit <> credit", name="ck_ledger_hold_accounts"),
        sa.CheckConstraint(
            "state IN ('open', 'posted', 'voided', 'expired')", name="ck_ledger_hold_state"
        ),
        sa.CheckConstraint("posted >= 0 AND posted <= amount", name="ck_ledger_hold_posted"),
        sa.CheckConstraint("(state = 'posted') = (posted > 0)", name="ck_ledger_hold_used"),
        sa.CheckConstraint("(state = 'open') = (ended_ms IS NULL)", name="ck_ledger_hold_ended"),
    )
    _partial("ix_ledger_hold_open", "ledger_hold", "expires_ms", "state = 'open'", unique=False)


def _entry() -> None:
    op.create_table(
        "ledger_entry",
        required("shop_id", id_type()),
        required("entry_id", id_type()),
        required("kind", sa.Text()),
        required("reference", sa.Text()),
        required("day", sa.Text()),
        required("recorded_ms", sa.BigInteger()),
        required("recorded_day", sa.Text()),
        optional("reversal_of", id_type()),
        optional("hold_id", id_type()),
        required("postings", sa.SmallInteger()),
        required("hash", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "entry_id", name="pk_ledger_entry"),
        _key("fk_ledger_entry_reversal", "ledger_entry", "reversal_of", "entry_id"),
        _key("fk_ledger_entry_hold", "ledger_hold", "hold_id", "hold_id"),
        sa.CheckConstraint("postings > 0", name="ck_ledger_entry_postings"),
        sa.CheckConstraint("reversal_of <> entry_id", name="ck_ledger_entry_reversal"),
    )
    op.create_index(
        "ix_ledger_entry_recorded", "ledger_entry", ["shop_id", "recorded_day", "entry_id"]
    )
    op.create_index("ix_ledger_entry_reference", "ledger_entry", ["shop_id", "reference"])
    for name, column in (("reversal", "reversal_of"), ("hold", "hold_id")):
        _partial(
            f"ix_ledger_entry_{name}", "ledger_entry", column, f"{column} IS NOT NULL", unique=True
        )


def _partial(name: str, table: str, column: str, condition: str, *, unique: bool) -> None:
    where = sa.text(condition)
    op.create_index(
        name,
        table,
        ["shop_id", column],
        unique=unique,
        postgresql_where=where,
        sqlite_where=where,
    )


def _posting() -> None:
    op.create_table(
        "ledger_posting",
        required("shop_id", id_type()),
        required("entry_id", id_type()),
        required("i", sa.SmallInteger()),
        required("debit", id_type()),
        required("credit", id_type()),
        required("amount", sa.BigInteger()),
        required("day", sa.Text()),
        required("recorded_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "entry_id", "i", name="pk_ledger_posting"),
        _key("fk_ledger_posting_entry", "ledger_entry", "entry_id", "entry_id"),
        _key("fk_ledger_posting_debit", "ledger_account", "debit", "account_id"),
        _key("fk_ledger_posting_credit", "ledger_account", "credit", "account_id"),
        sa.CheckConstraint("amount > 0", name="ck_ledger_posting_amount"),
        sa.CheckConstraint("debit <> credit", name="ck_ledger_posting_accounts"),
    )
    for side in ("debit", "credit"):
        op.create_index(
            f"ix_ledger_posting_{side}", "ledger_posting", ["shop_id", side, "day", "recorded_ms"]
        )


def _days() -> None:
    op.create_table(
        "ledger_day",
        required("shop_id", id_type()),
        required("day", sa.Text()),
        required("ends_ms", sa.BigInteger()),
        required("sealed", sa.Boolean()),
        sa.PrimaryKeyConstraint("shop_id", "day", name="pk_ledger_day"),
    )
    op.create_table(
        "ledger_seal",
        required("shop_id", id_type()),
        required("day", sa.Text()),
        required("entries", sa.BigInteger()),
        required("previous", sa.LargeBinary()),
        required("hash", sa.LargeBinary()),
        required("sealed_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "day", name="pk_ledger_seal"),
    )
