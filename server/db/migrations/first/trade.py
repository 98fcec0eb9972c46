"""What was sold, paid and moved, as revision 0001 makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required

TABLES = (
    "sale",
    "sale_line",
    "payment",
    "sale_mark",
    "line_mark",
    "payment_mark",
    "repayment",
    "stock_movement",
    "debt_movement",
    "cash_movement",
    "shift",
    "shift_cash",
    "sales_month",
)


def create() -> None:
    """Create the tables."""
    _sale()
    _sale_line()
    _payment()
    _sale_mark()
    _line_mark()
    _payment_mark()
    _repayment()
    _stock_movement()
    _debt_movement()
    _cash_movement()
    _shift()
    _shift_cash()
    _sales_month()


def _sale() -> None:
    op.create_table(
        "sale",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("device", id_type()),
        required("seq", sa.BigInteger()),
        optional("carrier", id_type()),
        required("receipt", sa.Text()),
        required("shift_id", id_type()),
        required("type", sa.Text()),
        required("day", sa.Text()),
        required("at_ms", sa.BigInteger()),
        optional("staff_id", id_type()),
        optional("customer_id", id_type()),
        required("gross", sa.BigInteger()),
        required("discount", sa.BigInteger()),
        required("tax", sa.BigInteger()),
        required("rounding", sa.BigInteger()),
        required("total", sa.BigInteger()),
        required("cost", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "n", name="pk_sale"),
    )
    op.create_index("ix_sale_day", "sale", ["shop_id", "day"])
    op.create_index("ix_sale_device", "sale", ["shop_id", "device", "seq"])
    op.create_index("ix_sale_receipt", "sale", ["shop_id", "receipt"])


def _sale_line() -> None:
    op.create_table(
        "sale_line",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("line_no", sa.SmallInteger()),
        required("product_id", id_type()),
        required("qty", sa.BigInteger()),
        required("factor", sa.BigInteger()),
        required("gross", sa.BigInteger()),
        required("discount", sa.BigInteger()),
        required("net", sa.BigInteger()),
        required("tax", sa.BigInteger()),
        required("cost", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "n", "line_no", name="pk_sale_line"),
    )


def _payment() -> None:
    op.create_table(
        "payment",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("i", sa.SmallInteger()),
        required("kind", sa.Text()),
        required("amount", sa.BigInteger()),
        required("reference", sa.Text()),
        sa.PrimaryKeyConstraint("shop_id", "n", "i", name="pk_payment"),
    )


def _sale_mark() -> None:
    op.create_table(
        "sale_mark",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("refunded", sa.BigInteger()),
        required("copies", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "n", name="pk_sale_mark"),
    )


def _line_mark() -> None:
    op.create_table(
        "line_mark",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("line_no", sa.SmallInteger()),
        required("qty", sa.BigInteger()),
        required("net", sa.BigInteger()),
        required("tax", sa.BigInteger()),
        required("cost", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "n", "line_no", name="pk_line_mark"),
    )


def _payment_mark() -> None:
    op.create_table(
        "payment_mark",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("i", sa.SmallInteger()),
        required("found", sa.SmallInteger()),
        required("settled_n", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "n", "i", name="pk_payment_mark"),
    )


def _repayment() -> None:
    op.create_table(
        "repayment",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("device", id_type()),
        required("receipt", sa.Text()),
        required("customer_id", id_type()),
        required("account", sa.Text()),
        required("amount", sa.BigInteger()),
        required("day", sa.Text()),
        required("at_ms", sa.BigInteger()),
        required("kind", sa.Text()),
        sa.PrimaryKeyConstraint("shop_id", "n", name="pk_repayment"),
    )
    op.create_index("ix_repayment_day", "repayment", ["shop_id", "day"])


def _stock_movement() -> None:
    op.create_table(
        "stock_movement",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("i", sa.SmallInteger()),
        required("product_id", id_type()),
        required("kind", sa.Text()),
        required("qty", sa.BigInteger()),
        required("value", sa.BigInteger()),
        required("line_no", sa.SmallInteger()),
        sa.PrimaryKeyConstraint("shop_id", "n", "i", name="pk_stock_movement"),
    )
    op.create_index("ix_stock_movement_product", "stock_movement", ["shop_id", "product_id", "n"])


def _debt_movement() -> None:
    op.create_table(
        "debt_movement",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("i", sa.SmallInteger()),
        required("customer_id", id_type()),
        required("account", sa.Text()),
        required("amount", sa.BigInteger()),
        required("day", sa.Text()),
        sa.PrimaryKeyConstraint("shop_id", "n", "i", name="pk_debt_movement"),
    )
    op.create_index("ix_debt_movement_customer", "debt_movement", ["shop_id", "customer_id", "day"])


def _cash_movement() -> None:
    op.create_table(
        "cash_movement",
        required("shop_id", id_type()),
        required("n", sa.BigInteger()),
        required("i", sa.SmallInteger()),
        required("shift_id", id_type()),
        required("kind", sa.Text()),
        required("amount", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "n", "i", name="pk_cash_movement"),
    )
    op.create_index("ix_cash_movement_shift", "cash_movement", ["shop_id", "shift_id"])


def _shift() -> None:
    op.create_table(
        "shift",
        required("shop_id", id_type()),
        required("shift_id", id_type()),
        required("n", sa.BigInteger()),
        required("device", id_type()),
        required("day", sa.Text()),
        required("opened_ms", sa.BigInteger()),
        optional("opened_by", id_type()),
        optional("closed_n", sa.BigInteger()),
        optional("closed_ms", sa.BigInteger()),
        optional("closed_by", id_type()),
        optional("z_number", sa.BigInteger()),
        optional("counted", sa.BigInteger()),
        optional("expected", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "shift_id", name="pk_shift"),
    )


def _shift_cash() -> None:
    op.create_table(
        "shift_cash",
        required("shop_id", id_type()),
        required("shift_id", id_type()),
        required("cash", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "shift_id", name="pk_shift_cash"),
    )


def _sales_month() -> None:
    op.create_table(
        "sales_month",
        required("shop_id", id_type()),
        required("month", sa.Text()),
        required("count", sa.BigInteger()),
        required("total", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "month", name="pk_sales_month"),
    )
