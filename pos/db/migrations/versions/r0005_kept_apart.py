"""Pairs of records that were said to be two things; records merged into one, found by that one.

Written once and never edited: later changes are revisions of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table and the index."""
    op.create_table(
        "kept_apart",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("source", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("target", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("table_name", "source", "target"),
    )
    op.create_index("merged_target", "merged", ["table_name", "target"])
