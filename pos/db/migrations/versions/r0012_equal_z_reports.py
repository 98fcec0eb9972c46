"""Two Z reports of one line may have one number: a counter and its copy both closed.

Written once and never edited: later changes are revisions of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """The hash of its entry tells one report from another, and two shifts of a line may have ended
    with one number. What was kept without its report so far is folded again (`pos.sync.upgrade`).
    """
    _reports()
    _shifts()


def _reports() -> None:
    op.create_table(
        "z_report_equal",
        sa.Column("device", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("device_z", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("z_number", sa.BigInteger(), nullable=False),
        sa.Column("shift_id", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("seal_words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("device", "device_z", "head_hash"),
    )
    op.execute(
        "INSERT INTO z_report_equal (device, device_z, z_number, shift_id, day, pos, body,"
        " head_hash, seal_words) SELECT device, device_z, z_number, shift_id, day, pos, body,"
        " head_hash, seal_words FROM z_report"
    )
    op.drop_table("z_report")
    op.rename_table("z_report_equal", "z_report")


def _shifts() -> None:
    op.create_table(
        "shift_equal",
        sa.Column("id", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.LargeBinary(), nullable=False),
        sa.Column("float_amount", sa.BigInteger(), nullable=False),
        sa.Column("closed_pos", sa.BigInteger(), nullable=True),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.LargeBinary(), nullable=True),
        sa.Column("z_number", sa.BigInteger(), nullable=True),
        sa.Column("counted", sa.BigInteger(), nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(
        "INSERT INTO shift_equal (id, pos, device, day, opened_ms, opened_by, float_amount,"
        " closed_pos, closed_ms, closed_by, z_number, counted, expected, note)"
        " SELECT id, pos, device, day, opened_ms, opened_by, float_amount,"
        " closed_pos, closed_ms, closed_by, z_number, counted, expected, note FROM shift"
    )
    op.drop_table("shift")
    op.rename_table("shift_equal", "shift")
    op.create_index("shift_number", "shift", ["device", "z_number"], unique=False)
