"""Orders of the gerai: what follows from their facts, and beside it what a buyer may have deleted.

`shop_order`, `order_event` and `reservation` are folds of the feed. Contacts and messages are not:
no fact holds a buyer (docs/decisions/0023-orders.md).
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
)

from server.db.schema.base import APPEND_ONLY, NEVER_REMOVED, metadata, shop_id
from server.db.types import Big, Id, Millis, Money, Quantity, Small

# `n` is the feed number of the placing; `body` the fact as MessagePack. `due_ms`: when the clock
# takes a step unless somebody does before, empty where it takes none.
shop_order = Table(
    "shop_order",
    metadata,
    shop_id(),
    Column("order_id", Id, primary_key=True),
    Column("n", Big, nullable=False),
    Column("number", Big, nullable=False),
    Column("placed_ms", Millis, nullable=False),
    Column("changed_ms", Millis, nullable=False),
    Column("state", Text, nullable=False),
    Column("payment", Text, nullable=False),
    Column("handover", Text, nullable=False),
    Column("pay_way", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("total", Money, nullable=False),
    Column("paid", Money, nullable=False),
    Column("refunded", Money, nullable=False),
    Column("due_ms", Millis),
    Column("body", LargeBinary, nullable=False),
    Index("ix_shop_order_number", "shop_id", "number"),
    Index("ix_shop_order_state", "shop_id", "state", "placed_ms"),
    Index("ix_shop_order_due_ms", "shop_id", "due_ms"),
)

# One a fact; `told` are the codes of its steps as they came out, "" for one that counted. An event
# may be here before its order: then a counter spoke of one that this server has lost.
order_event = Table(
    "order_event",
    metadata,
    shop_id(),
    Column("order_id", Id, primary_key=True),
    Column("n", Big, primary_key=True),
    Column("at_ms", Millis, nullable=False),
    Column("by_server", Boolean, nullable=False),
    Column("told", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# Only what is set aside now, of the products that are meant (after mergers).
reservation = Table(
    "reservation",
    metadata,
    shop_id(),
    Column("order_id", Id, primary_key=True),
    Column("product_id", Id, primary_key=True),
    Column("qty", Quantity, nullable=False),
    Index("ix_reservation_product_id", "shop_id", "product_id"),
)

# `origin`: the range of addresses that the order came from, against floods.
order_contact = Table(
    "order_contact",
    metadata,
    shop_id(),
    Column("order_id", Id, primary_key=True),
    Column("at_ms", Millis, nullable=False),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Index("ix_order_contact_phone", "shop_id", "phone"),
    Index("ix_order_contact_origin", "shop_id", "origin"),
)

# `who`: "buyer" or "shop". `n` is the feed number of its note; `key` what a counter knows it by,
# nothing for what was written on a page.
order_message = Table(
    "order_message",
    metadata,
    shop_id(),
    Column("order_id", Id, primary_key=True),
    Column("i", Small, primary_key=True),
    Column("at_ms", Millis, nullable=False),
    Column("who", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("n", Big, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Index("ix_order_message_n", "shop_id", "n"),
)

# Money on the shop's own QRIS or account that nobody could tell the order of. `note` says who may
# have sent it, and is emptied when all of it was used.
stray_money = Table(
    "stray_money",
    metadata,
    shop_id(),
    Column("money_id", Id, primary_key=True),
    Column("amount", Money, nullable=False),
    Column("remaining", Money, nullable=False),
    Column("day", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("noted_ms", Millis, nullable=False),
    Column("by_account", Id, nullable=False),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("remaining >= 0 AND remaining <= amount", name="remaining"),
    Index("ix_stray_money_noted_ms", "shop_id", "noted_ms"),
    info=NEVER_REMOVED,
)

# Order_id: empty where it was given back.
stray_money_use = Table(
    "stray_money_use",
    metadata,
    shop_id(),
    Column("money_id", Id, primary_key=True),
    Column("i", Small, primary_key=True),
    Column("order_id", Id),
    Column("amount", Money, nullable=False),
    Column("at_ms", Millis, nullable=False),
    Column("by_account", Id, nullable=False),
    ForeignKeyConstraint(
        ["shop_id", "money_id"],
        ["stray_money.shop_id", "stray_money.money_id"],
        name="fk_stray_money_use_money",
    ),
    CheckConstraint("amount > 0", name="amount"),
    info=APPEND_ONLY,
)

# One an order; `name` as the buyer wants to be shown, "" for none. `hidden_why` is what the office
# says, "" while it is shown; `report` what the shop says against it.
order_review = Table(
    "order_review",
    metadata,
    shop_id(),
    Column("order_id", Id, primary_key=True),
    Column("at_ms", Millis, nullable=False),
    Column("changed_ms", Millis, nullable=False),
    Column("stars", Small, nullable=False),
    Column("name", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_ms", Millis, nullable=False),
    Column("report", Text, nullable=False),
    Column("hidden_why", Text, nullable=False),
    CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    Index("ix_order_review_at_ms", "shop_id", "at_ms"),
)

# Which goods the order of a review had: written with it, so that a product's page finds its own.
order_review_goods = Table(
    "order_review_goods",
    metadata,
    shop_id(),
    Column("product_id", Id, primary_key=True),
    Column("order_id", Id, primary_key=True),
    ForeignKeyConstraint(
        ["shop_id", "order_id"],
        ["order_review.shop_id", "order_review.order_id"],
        name="fk_order_review_goods_review",
    ),
)

FOLDED = (shop_order, order_event, reservation)
TABLES = (
    *FOLDED,
    order_contact,
    order_message,
    order_review,
    order_review_goods,
    stray_money,
    stray_money_use,
)
