"""Customers, staff, settings and registers, as revision 0001 makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.migrations.columns import id_type, optional, required

TABLES = (
    "customer",
    "customer_debt",
    "allotment",
    "staff",
    "setting",
    "register",
    "parked_cart",
)


def create() -> None:
    """Create the tables."""
    _customer()
    _customer_debt()
    _allotment()
    _staff()
    _setting()
    _register()
    _parked_cart()


def _customer() -> None:
    op.create_table(
        "customer",
        required("shop_id", id_type()),
        required("customer_id", id_type()),
        required("name", sa.Text()),
        required("sort_name", sa.Text()),
        required("phone", sa.Text()),
        required("note", sa.Text()),
        required("credit_limit", sa.BigInteger()),
        required("member_no", sa.Text()),
        required("balance_limit", sa.BigInteger()),
        required("active", sa.Boolean()),
        sa.PrimaryKeyConstraint("shop_id", "customer_id", name="pk_customer"),
    )
    op.create_index("ix_customer_sort", "customer", ["shop_id", "sort_name"])


def _customer_debt() -> None:
    op.create_table(
        "customer_debt",
        required("shop_id", id_type()),
        required("customer_id", id_type()),
        required("debt", sa.BigInteger()),
        required("balance", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "customer_id", name="pk_customer_debt"),
    )


def _allotment() -> None:
    op.create_table(
        "allotment",
        required("shop_id", id_type()),
        required("customer_id", id_type()),
        required("device", id_type()),
        required("amount", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "customer_id", "device", name="pk_allotment"),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        required("shop_id", id_type()),
        required("staff_id", id_type()),
        required("name", sa.Text()),
        required("role", sa.Text()),
        required("active", sa.Boolean()),
        required("permissions", sa.Text()),
        sa.PrimaryKeyConstraint("shop_id", "staff_id", name="pk_staff"),
    )


def _setting() -> None:
    op.create_table(
        "setting",
        required("shop_id", id_type()),
        required("name", sa.Text()),
        required("value", sa.Text()),
        sa.PrimaryKeyConstraint("shop_id", "name", name="pk_setting"),
    )


def _register() -> None:
    op.create_table(
        "register",
        required("shop_id", id_type()),
        required("device", id_type()),
        required("register", sa.Text()),
        required("printed", sa.Text()),
        required("name", sa.Text()),
        optional("parent", id_type()),
        required("root", id_type()),
        required("before_seq", sa.BigInteger()),
        required("last_number", sa.BigInteger()),
        required("joined_n", sa.BigInteger()),
        required("left_n", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "device", name="pk_register"),
    )


def _parked_cart() -> None:
    op.create_table(
        "parked_cart",
        required("shop_id", id_type()),
        required("cart_id", id_type()),
        required("n", sa.BigInteger()),
        required("name", sa.Text()),
        required("cart", sa.LargeBinary()),
        required("waits_for", sa.Text()),
        optional("staff_id", id_type()),
        required("at_ms", sa.BigInteger()),
        required("fetched_n", sa.BigInteger()),
        sa.PrimaryKeyConstraint("shop_id", "cart_id", name="pk_parked_cart"),
    )
