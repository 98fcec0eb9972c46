"""What is said on orders: lent by the server, and what the shop says until the server has it.

Written once and never edited: later changes are revisions of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _id(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), autoincrement=False, nullable=False)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "order_message",
        _id("order_id"),
        sa.Column("i", sa.Integer(), autoincrement=False, nullable=False),
        _number("at_ms"),
        _text("who"),
        _text("text"),
        _number("read"),
        sa.PrimaryKeyConstraint("order_id", "i"),
    )
    op.create_table(
        "order_word",
        _id("key"),
        sa.Column("order_id", sa.LargeBinary(), nullable=False),
        _number("at_ms"),
        _text("text"),
        _text("refused"),
        sa.PrimaryKeyConstraint("key"),
    )
