"""Customers, staff, settings, registers: what the shop's own facts say about them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, LargeBinary, Table, Text

from server.db.schema.base import metadata, shop_id
from server.db.types import Big, Id, Millis, Money

customer = Table(
    "customer",
    metadata,
    shop_id(),
    Column("customer_id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sort_name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("credit_limit", Money, nullable=False),
    Column("member_no", Text, nullable=False),
    Column("balance_limit", Money, nullable=False),
    Column("active", Boolean, nullable=False),
    Index("ix_customer_sort", "shop_id", "sort_name"),
)

# Here as soon as something was owed, also before the customer's own fact.
customer_debt = Table(
    "customer_debt",
    metadata,
    shop_id(),
    Column("customer_id", Id, primary_key=True),
    Column("debt", Money, nullable=False),
    Column("balance", Money, nullable=False),
)

# What is left of a register's share; device is the first line of its counter.
allotment = Table(
    "allotment",
    metadata,
    shop_id(),
    Column("customer_id", Id, primary_key=True),
    Column("device", Id, primary_key=True),
    Column("amount", Money, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    shop_id(),
    Column("staff_id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("permissions", Text, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    shop_id(),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# A line as the feed knows it. Printed: the code on its receipts. Root: the first line of the same
# counter. Left_n: revoked there.
register = Table(
    "register",
    metadata,
    shop_id(),
    Column("device", Id, primary_key=True),
    Column("register", Text, nullable=False),
    Column("printed", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("parent", Id),
    Column("root", Id, nullable=False),
    Column("before_seq", Big, nullable=False),
    Column("last_number", Big, nullable=False),
    Column("joined_n", Big, nullable=False),
    Column("left_n", Big, nullable=False),
)

parked_cart = Table(
    "parked_cart",
    metadata,
    shop_id(),
    Column("cart_id", Id, primary_key=True),
    Column("n", Big, nullable=False),
    Column("name", Text, nullable=False),
    Column("cart", LargeBinary, nullable=False),
    Column("waits_for", Text, nullable=False),
    Column("staff_id", Id),
    Column("at_ms", Millis, nullable=False),
    Column("fetched_n", Big, nullable=False),
)

TABLES = (
    customer,
    customer_debt,
    allotment,
    staff,
    setting,
    register,
    parked_cart,
)
