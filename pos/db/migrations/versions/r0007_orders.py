"""Orders from the gerai online: what was written about each, how it stands, and whose it is.

Written once and never edited: later changes are revisions of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _id(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), autoincrement=False, nullable=False)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "order_event",
        sa.Column("pos", sa.Integer(), autoincrement=False, nullable=False),
        _bytes("order_id"),
        _text("kind"),
        _bytes("device"),
        _number("seq"),
        _number("at_ms"),
        _bytes("staff_id"),
        _bytes("body"),
        sa.PrimaryKeyConstraint("pos"),
    )
    op.create_index("order_event_order", "order_event", ["order_id"])
    terms = ("accept_by", "agree_by", "pay_by", "collect_by", "inspect_by")
    op.create_table(
        "online_order",
        _id("id"),
        *(_number(name) for name in ("number", "at_ms", "changed_ms")),
        *(_text(name) for name in ("way", "area")),
        _number("fee"),
        *(_text(name) for name in ("pay_way", "state", "payment", "handover")),
        *(_number(name) for name in ("total", "paid", "refunded")),
        *(_bytes(name) for name in ("lines", "offered", "proof")),
        *(_number(name, nullable=True) for name in terms),
        _text("reason"),
        _bytes("sale_device"),
        _number("sale_seq"),
        _text("clash"),
        _bytes("clash_device"),
        _number("clash_seq"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("online_order_number", "online_order", ["number"])
    op.create_index("online_order_state", "online_order", ["state", "at_ms"])
    op.create_table(
        "order_contact",
        _id("order_id"),
        *(_text(name) for name in ("name", "phone", "address", "note")),
        sa.PrimaryKeyConstraint("order_id"),
    )
