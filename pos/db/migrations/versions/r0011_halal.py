"""Goods say themselves whether they are halal.

Written once and never edited: later changes are revisions of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column, empty: the word on the category counts. Whatever a newer program said of
    goods is folded again (`pos.sync.upgrade`)."""
    op.add_column("product", sa.Column("halal", sa.Text(), nullable=False, server_default=""))
