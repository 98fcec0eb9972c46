"""What was sold, paid and moved. `n` is the feed number of the fact; rows are lean on purpose:
what only a receipt shows (names, notes, prices) is in the fact itself.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text

from server.db.schema.base import metadata, shop_id
from server.db.types import Big, Id, Millis, Money, Quantity, Small

sale = Table(
    "sale",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("device", Id, nullable=False),
    Column("seq", Big, nullable=False),
    Column("carrier", Id),
    Column("receipt", Text, nullable=False),
    Column("shift_id", Id, nullable=False),
    Column("type", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("at_ms", Millis, nullable=False),
    Column("staff_id", Id),
    Column("customer_id", Id),
    Column("gross", Money, nullable=False),
    Column("discount", Money, nullable=False),
    Column("tax", Money, nullable=False),
    Column("rounding", Money, nullable=False),
    Column("total", Money, nullable=False),
    Column("cost", Money, nullable=False),
    Index("ix_sale_day", "shop_id", "day"),
    Index("ix_sale_device", "shop_id", "device", "seq"),
    Index("ix_sale_receipt", "shop_id", "receipt"),
)

sale_line = Table(
    "sale_line",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("line_no", Small, primary_key=True),
    Column("product_id", Id, nullable=False),
    Column("qty", Quantity, nullable=False),
    Column("factor", Big, nullable=False),
    Column("gross", Money, nullable=False),
    Column("discount", Money, nullable=False),
    Column("net", Money, nullable=False),
    Column("tax", Money, nullable=False),
    Column("cost", Money, nullable=False),
)

payment = Table(
    "payment",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("i", Small, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("reference", Text, nullable=False),
)

# What came back of a sale (rupiah paid out) and how often it was printed again.
sale_mark = Table(
    "sale_mark",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("refunded", Money, nullable=False),
    Column("copies", Big, nullable=False),
)

# What came back of a line: quantity (thousandths of its unit), money and cost.
line_mark = Table(
    "line_mark",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("line_no", Small, primary_key=True),
    Column("qty", Quantity, nullable=False),
    Column("net", Money, nullable=False),
    Column("tax", Money, nullable=False),
    Column("cost", Money, nullable=False),
)

# Found on the bank's list at closing (1, 0, or unknown: -1); settled_n: the fact that sent it back.
payment_mark = Table(
    "payment_mark",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("i", Small, primary_key=True),
    Column("found", Small, nullable=False),
    Column("settled_n", Big, nullable=False),
)

# Device: the line that wrote it, also where another one carried it here.
repayment = Table(
    "repayment",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("device", Id, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("account", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("day", Text, nullable=False),
    Column("at_ms", Millis, nullable=False),
    Column("kind", Text, nullable=False),
    Index("ix_repayment_day", "shop_id", "day"),
)

stock_movement = Table(
    "stock_movement",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("i", Small, primary_key=True),
    Column("product_id", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("qty", Quantity, nullable=False),
    Column("value", Money, nullable=False),
    Column("line_no", Small, nullable=False),
    Index("ix_stock_movement_product", "shop_id", "product_id", "n"),
)

debt_movement = Table(
    "debt_movement",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("i", Small, primary_key=True),
    Column("customer_id", Id, nullable=False),
    Column("account", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("day", Text, nullable=False),
    Index("ix_debt_movement_customer", "shop_id", "customer_id", "day"),
)

cash_movement = Table(
    "cash_movement",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("i", Small, primary_key=True),
    Column("shift_id", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Index("ix_cash_movement_shift", "shop_id", "shift_id"),
)

shift = Table(
    "shift",
    metadata,
    shop_id(),
    Column("shift_id", Id, primary_key=True),
    Column("n", Big, nullable=False),
    Column("device", Id, nullable=False),
    Column("day", Text, nullable=False),
    Column("opened_ms", Millis, nullable=False),
    Column("opened_by", Id),
    Column("closed_n", Big),
    Column("closed_ms", Millis),
    Column("closed_by", Id),
    Column("z_number", Big),
    Column("counted", Money),
    Column("expected", Money),
)

# Sums that the digests are of. Shifts and months are here as soon as something moved.
shift_cash = Table(
    "shift_cash",
    metadata,
    shop_id(),
    Column("shift_id", Id, primary_key=True),
    Column("cash", Money, nullable=False),
)

sales_month = Table(
    "sales_month",
    metadata,
    shop_id(),
    Column("month", Text, primary_key=True),
    Column("count", Big, nullable=False),
    Column("total", Money, nullable=False),
)

TABLES = (
    sale,
    sale_line,
    payment,
    sale_mark,
    line_mark,
    payment_mark,
    repayment,
    stock_movement,
    debt_movement,
    cash_movement,
    shift,
    shift_cash,
    sales_month,
)
