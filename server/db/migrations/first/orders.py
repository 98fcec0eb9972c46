"""Orders of the gerai, as revision 0001 makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required

TABLES = (
    "shop_order",
    "order_event",
    "reservation",
    "order_contact",
    "order_message",
    "stray_money",
    "stray_money_use",
    "order_review",
    "order_review_goods",
)


def create() -> None:
    """Create the tables."""
    _folded()
    op.create_table(
        "order_contact",
        required("shop_id", id_type()),
        required("order_id", id_type()),
        required("at_ms", sa.BigInteger()),
        required("name", sa.Text()),
        required("phone", sa.Text()),
        required("address", sa.Text()),
        required("note", sa.Text()),
        required("origin", sa.Text()),
        sa.PrimaryKeyConstraint("shop_id", "order_id", name="pk_order_contact"),
    )
    op.create_index("ix_order_contact_phone", "order_contact", ["shop_id", "phone"])
    op.create_index("ix_order_contact_origin", "order_contact", ["shop_id", "origin"])
    op.create_table(
        "order_message",
        required("shop_id", id_type()),
        required("order_id", id_type()),
        required("i", sa.SmallInteger()),
        required("at_ms", sa.BigInteger()),
        required("who", sa.Text()),
        required("text", sa.Text()),
        required("n", sa.BigInteger()),
        required("key", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "i", name="pk_order_message"),
    )
    _stray()
    op.create_index("ix_order_message_n", "order_message", ["shop_id", "n"])
    op.create_table(
        "order_review",
        required("shop_id", id_type()),
        required("order_id", id_type()),
        required("at_ms", sa.BigInteger()),
        required("changed_ms", sa.BigInteger()),
        required("stars", sa.SmallInteger()),
        *(required(name, sa.Text()) for name in ("name", "words", "answer")),
        required("answered_ms", sa.BigInteger()),
        *(required(name, sa.Text()) for name in ("report", "hidden_why")),
        sa.PrimaryKeyConstraint("shop_id", "order_id", name="pk_order_review"),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="ck_order_review_stars"),
    )
    op.create_index("ix_order_review_at_ms", "order_review", ["shop_id", "at_ms"])
    op.create_table(
        "order_review_goods",
        required("shop_id", id_type()),
        required("product_id", id_type()),
        required("order_id", id_type()),
        sa.PrimaryKeyConstraint("shop_id", "product_id", "order_id", name="pk_order_review_goods"),
        sa.ForeignKeyConstraint(
            ["shop_id", "order_id"],
            ["order_review.shop_id", "order_review.order_id"],
            name="fk_order_review_goods_review",
        ),
    )


def _folded() -> None:
    op.create_table(
        "shop_order",
        required("shop_id", id_type()),
        required("order_id", id_type()),
        required("n", sa.BigInteger()),
        required("number", sa.BigInteger()),
        required("placed_ms", sa.BigInteger()),
        required("changed_ms", sa.BigInteger()),
        required("state", sa.Text()),
        required("payment", sa.Text()),
        required("handover", sa.Text()),
        required("pay_way", sa.Text()),
        required("way", sa.Text()),
        required("total", sa.BigInteger()),
        required("paid", sa.BigInteger()),
        required("refunded", sa.BigInteger()),
        optional("due_ms", sa.BigInteger()),
        required("body", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "order_id", name="pk_shop_order"),
    )
    op.create_index("ix_shop_order_number", "shop_order", ["shop_id", "number"])
    op.create_index("ix_shop_order_state", "shop_order", ["shop_id", "state", "placed_ms"])
    op.create_index("ix_shop_order_due_ms", "shop_order", ["shop_id", "due_ms"])
    op.create_table(
        "order_event",
        required("shop_id", id_type()),
        required("order_id", id_type()),
        required("n", sa.BigInteger()),
        required("at_ms", sa.BigInteger()),
        required("by_server", sa.Boolean()),
        required("told", sa.Text()),
        required("body", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "n", name="pk_order_event"),
    )
    op.create_table(
        "reservation",
        required("shop_id", id_type()),
        required("order_id", id_type()),
        required("product_id", id_type()),
        required("qty", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "product_id", name="pk_reservation"),
    )
    op.create_index("ix_reservation_product_id", "reservation", ["shop_id", "product_id"])


def _stray() -> None:
    op.create_table(
        "stray_money",
        required("shop_id", id_type()),
        required("money_id", id_type()),
        required("amount", sa.BigInteger()),
        required("remaining", sa.BigInteger()),
        required("day", sa.Text()),
        required("note", sa.Text()),
        required("noted_ms", sa.BigInteger()),
        required("by_account", id_type()),
        sa.PrimaryKeyConstraint("shop_id", "money_id", name="pk_stray_money"),
        sa.CheckConstraint("amount > 0", name="ck_stray_money_amount"),
        sa.CheckConstraint(
            "remaining >= 0 AND remaining <= amount", name="ck_stray_money_remaining"
        ),
    )
    op.create_index("ix_stray_money_noted_ms", "stray_money", ["shop_id", "noted_ms"])
    op.create_table(
        "stray_money_use",
        required("shop_id", id_type()),
        required("money_id", id_type()),
        required("i", sa.SmallInteger()),
        optional("order_id", id_type()),
        required("amount", sa.BigInteger()),
        required("at_ms", sa.BigInteger()),
        required("by_account", id_type()),
        sa.PrimaryKeyConstraint("shop_id", "money_id", "i", name="pk_stray_money_use"),
        sa.ForeignKeyConstraint(
            ["shop_id", "money_id"],
            ["stray_money.shop_id", "stray_money.money_id"],
            name="fk_stray_money_use_money",
        ),
        sa.CheckConstraint("amount > 0", name="ck_stray_money_use_amount"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER stray_money_use_{what.lower()} BEFORE {what} ON stray_money_use"
                " BEGIN SELECT RAISE(ABORT, 'stray_money_use is append-only'); END"
            )
