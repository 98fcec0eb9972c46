"""Where a counter's feed begins if not at its first number: a snapshot, and what follows from it.

Written once and never edited: later changes are revisions of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _place() -> sa.Column[int]:
    return sa.Column("place", sa.Integer(), autoincrement=False, nullable=False)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "base",
        _place(),
        _number("n"),
        _number("epoch"),
        _bytes("feed_hash"),
        _number("after_n"),
        _bytes("after_hash"),
        _bytes("contents"),
        _bytes("signature"),
        _number("laid"),
        _number("done"),
        _bytes("seal"),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_table(
        "base_chunk", _place(), _bytes("hash"), _bytes("data"), sa.PrimaryKeyConstraint("place")
    )
    op.create_table(
        "past_page",
        _place(),
        _number("first_n"),
        _number("last_n"),
        _bytes("before_hash"),
        _bytes("rows"),
        _bytes("signature"),
        _number("entries"),
        _number("laid"),
        _bytes("seal"),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_table(
        "base_head",
        sa.Column("device", sa.LargeBinary(), autoincrement=False, nullable=False),
        _number("seq"),
        _bytes("hash"),
        sa.PrimaryKeyConstraint("device"),
    )
    op.create_table(
        "base_identity",
        sa.Column("hash", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    sums = ("sales", "gross", "discount", "tax", "rounding", "total", "cost")
    op.create_table(
        "past_day",
        sa.Column("day", sa.Text(), autoincrement=False, nullable=False),
        *(_number(name) for name in sums),
        sa.PrimaryKeyConstraint("day"),
    )
