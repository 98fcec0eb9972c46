"""Orders that a courier brings: whether its fee is said yet, and with whom the goods went.

Written once and never edited: later changes are revisions of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns as an order has them that goes by no courier; whatever a newer server said of
    others is folded again (`pos.sync.upgrade`)."""
    for name in ("fee_open", "offered_fee"):
        op.add_column("online_order", sa.Column(name, sa.BigInteger(), nullable=True))
    for name in ("courier", "waybill"):
        op.add_column("online_order", sa.Column(name, sa.Text(), nullable=True))
    op.execute("UPDATE online_order SET fee_open=0, offered_fee=fee, courier='', waybill=''")
