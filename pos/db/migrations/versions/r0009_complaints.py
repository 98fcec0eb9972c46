"""A complaint's way to its end: until when who answers, and with what the shop would settle it.

Written once and never edited: later changes are revisions of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns; there is no complaint in a file from before."""
    for name in ("answer_by", "settle_by", "office_by", "offer"):
        op.add_column("online_order", sa.Column(name, sa.BigInteger(), nullable=True))
    op.execute("UPDATE online_order SET offer=0")
