"""The tables of the counter.

`FOLDED` tables follow from the journal and are compared with it by `verify`; `SEALED` tables
are local (queue, open cart, PIN) and carry a digest of each row. A `picture` is named by the
digest of its bytes, which facts carry; or the bytes are the server's `copy` with its `signature`.
Money is rupiah, quantities thousandths, instants UTC ms. A sale's id is its fact's `pos`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData()


def _key(name: str, kind: type[TypeEngine[Any]] = LargeBinary) -> Column[Any]:
    return Column(name, kind, primary_key=True, nullable=False, autoincrement=False)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable, default="")


def _money(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _blob(name: str, *, nullable: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=nullable)


def _pos() -> Column[int]:
    return Column("id", Integer, primary_key=True, nullable=False, autoincrement=False)


journal = Table(
    "journal",
    metadata,
    Column("pos", Integer, primary_key=True, nullable=False, autoincrement=False),
    _blob("shop"),
    _blob("device"),
    _money("seq"),
    _text("kind"),
    _money("version"),
    _blob("body"),
    _blob("prev_hash"),
    _blob("hash"),
    UniqueConstraint("device", "seq", "hash"),
)

line = Table(
    "line",
    metadata,
    _key("device"),
    _money("pos"),
    _text("register"),
    _text("reason"),
    _blob("parent_device"),
    _money("parent_seq"),
    _blob("parent_hash"),
    _blob("machine"),
    _blob("key"),
    _money("last_receipt"),
)

setting = Table("setting", metadata, _key("name", Text), _text("value"))

staff = Table(
    "staff",
    metadata,
    _key("id"),
    _text("name"),
    _text("role"),
    _money("active"),
    _text("permissions"),
)

product = Table(
    "product",
    metadata,
    _key("id"),
    _text("code"),
    _text("name"),
    _text("sort_name"),
    _text("category"),
    _text("brand"),
    _text("unit"),
    _money("price"),
    _money("cost", nullable=True),
    _text("tax_class"),
    _money("min_stock"),
    _money("favourite"),
    _money("fractional"),
    _money("online"),
    _money("active"),
    _blob("picture"),
    _blob("import_id"),
    _money("sold"),
    _money("stock"),
    _money("stock_value"),
    Column("halal", Text, nullable=False, server_default=""),
    Index("product_code", "code"),
    Index("product_sort", "sort_name", "id"),
    Index("product_category", "category", "sort_name"),
    Index("product_import", "import_id"),
    Index("product_picture", "picture", sqlite_where=text("picture<>x''")),
)

product_unit = Table(
    "product_unit",
    metadata,
    _key("product_id"),
    _key("unit", Text),
    _money("factor"),
    _money("price", nullable=True),
)

product_barcode = Table(
    "product_barcode",
    metadata,
    _key("barcode", Text),
    _key("product_id"),
    _text("unit"),
    Index("barcode_product", "product_id"),
)

product_tier = Table(
    "product_tier", metadata, _key("product_id"), _key("min_qty", Integer), _money("price")
)

catalog_import = Table(
    "catalog_import",
    metadata,
    _key("id"),
    _money("pos"),
    _text("file_name"),
    _money("parts"),
    _money("products"),
    _money("changes"),
    _money("taken_back"),
)

stock_movement = Table(
    "stock_movement",
    metadata,
    _key("pos", Integer),
    _key("n", Integer),
    _blob("product_id"),
    _text("kind"),
    _money("qty"),
    _money("value"),
    _money("line_no"),
    Index("movement_product", "product_id", "pos"),
)

customer = Table(
    "customer",
    metadata,
    _key("id"),
    _text("name"),
    _text("sort_name"),
    _text("phone"),
    _text("note"),
    _money("credit_limit"),
    _text("member_no"),
    _money("balance_limit"),
    _money("active"),
    _money("debt"),
    Index("customer_sort", "sort_name", "id"),
)

debt_movement = Table(
    "debt_movement",
    metadata,
    _key("pos", Integer),
    _key("n", Integer),
    _blob("customer_id"),
    _text("account"),
    _money("amount"),
    _text("day"),
    Index("debt_customer", "customer_id", "account", "day"),
)

shift = Table(
    "shift",
    metadata,
    _key("id"),
    _money("pos"),
    _blob("device"),
    _text("day"),
    _money("opened_ms"),
    _blob("opened_by"),
    _money("float_amount"),
    _money("closed_pos", nullable=True),
    _money("closed_ms", nullable=True),
    _blob("closed_by", nullable=True),
    _money("z_number", nullable=True),
    _money("counted", nullable=True),
    _money("expected", nullable=True),
    _text("note"),
    Index("shift_number", "device", "z_number"),
)

cash_movement = Table(
    "cash_movement",
    metadata,
    _key("pos", Integer),
    _key("n", Integer),
    _blob("shift_id"),
    _text("kind"),
    _money("amount"),
    _text("reason"),
    Index("cash_shift", "shift_id", "kind"),
)

drawer_opening = Table(
    "drawer_opening",
    metadata,
    Column("pos", Integer, primary_key=True, nullable=False, autoincrement=False),
    _blob("shift_id"),
    _blob("staff_id"),
    _text("reason"),
)

sale = Table(
    "sale",
    metadata,
    _pos(),
    _text("receipt"),
    _blob("device"),
    _money("seq"),
    _blob("shift_id"),
    _text("type"),
    _text("day"),
    _money("at_ms"),
    _blob("staff_id"),
    _blob("approved_by"),
    _blob("customer_id"),
    _money("gross"),
    _money("discount"),
    _money("tax"),
    _money("rounding"),
    _money("total"),
    _money("change"),
    _money("tax_included"),
    _money("cost"),
    _money("refunded"),
    _money("copies"),
    _text("ref"),
    _text("note"),
    _text("reason"),
    Index("sale_receipt", "receipt"),
    Index("sale_day", "day", "total"),
    Index("sale_shift", "shift_id"),
)

sale_line = Table(
    "sale_line",
    metadata,
    _key("sale_id", Integer),
    _key("line_no", Integer),
    _blob("product_id"),
    _text("name"),
    _text("unit"),
    _money("factor"),
    _money("qty"),
    _money("unit_price"),
    _money("list_price"),
    _money("gross"),
    _money("line_discount"),
    _money("cart_discount"),
    _money("net"),
    _money("tax"),
    _text("tax_class"),
    _text("note"),
    _text("price_reason"),
    _money("refers_sale"),
    _money("refers_line"),
    _text("back_to"),
    _money("cost"),
    _money("refunded_qty"),
    _money("refunded_net"),
    _money("refunded_tax"),
    _money("refunded_gross"),
    _money("refunded_line_discount"),
    _money("refunded_cart_discount"),
    _money("refunded_cost"),
    Index("line_product", "product_id"),
)

payment = Table(
    "payment",
    metadata,
    _key("sale_id", Integer),
    _key("n", Integer),
    _text("kind"),
    _money("amount"),
    _money("given"),
    _text("reference"),
    _text("confirmed"),
    _money("found", nullable=True),
    _money("settled"),
)

repayment = Table(
    "repayment",
    metadata,
    _pos(),
    _text("receipt"),
    _blob("customer_id"),
    _text("account"),
    _money("amount"),
    _text("day"),
    _money("at_ms"),
    _blob("staff_id"),
    _blob("shift_id"),
    _text("kind"),
    _text("reference"),
    _text("note"),
)

parked_cart = Table(
    "parked_cart",
    metadata,
    _key("id"),
    _money("pos"),
    _text("name"),
    _blob("cart"),
    _text("waits_for"),
    _blob("staff_id"),
    _money("at_ms"),
)

z_report = Table(
    "z_report",
    metadata,
    _key("device"),
    _key("device_z", Text),
    _money("z_number"),
    _blob("shift_id"),
    _text("day"),
    _money("pos"),
    _blob("body"),
    _key("head_hash"),
    _text("seal_words"),
)

open_cart = Table("open_cart", metadata, _pos(), _blob("cart"), _money("saved_ms"), _blob("seal"))

staff_secret = Table(
    "staff_secret",
    metadata,
    _key("staff_id"),
    _text("pin_hash"),
    _money("failures"),
    _money("locked_until_ms"),
    _blob("seal"),
)

picture = Table("picture", metadata, _key("hash"), _blob("data"), _blob("copy"), _blob("signature"))

local_setting = Table("local_setting", metadata, _key("name", Text), _text("value"), _blob("seal"))

FOLDED: tuple[Table, ...] = (
    line,
    setting,
    staff,
    product,
    product_unit,
    product_barcode,
    product_tier,
    catalog_import,
    stock_movement,
    customer,
    debt_movement,
    shift,
    cash_movement,
    drawer_opening,
    sale,
    sale_line,
    payment,
    repayment,
    parked_cart,
    z_report,
)
SEALED: tuple[Table, ...] = (open_cart, staff_secret, local_setting)
