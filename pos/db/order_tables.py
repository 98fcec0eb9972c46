"""The tables of orders from the gerai online (docs/decisions/0023-orders.md).

`order_event` keeps what was written about an order, whole, since the story is told again when
something comes between; `online_order` is how the story ends. Both follow from the journal.
`order_contact` and `order_message` do not: names, addresses and words of buyers are the server's to
lend and can be erased. `order_word` is what the shop says until the server has it.
"""

from __future__ import annotations

from sqlalchemy import Index, Integer, Table

from pos.db.schema import _blob, _key, _money, _text, metadata

order_event = Table(
    "order_event",
    metadata,
    _key("pos", Integer),
    _blob("order_id"),
    _text("kind"),
    _blob("device"),
    _money("seq"),
    _money("at_ms"),
    _blob("staff_id"),
    _blob("body"),
    Index("order_event_order", "order_id"),
)

# `lines` and `offered` are MessagePack. A term that has not begun is NULL. `sale_device` and
# `sale_seq` name the sale of the handover that counts, `clash_*` one that does not.
online_order = Table(
    "online_order",
    metadata,
    _key("id"),
    _money("number"),
    _money("at_ms"),
    _money("changed_ms"),
    _text("way"),
    _text("area"),
    _money("fee"),
    _text("pay_way"),
    _text("state"),
    _text("payment"),
    _text("handover"),
    _money("total"),
    _money("paid"),
    _money("refunded"),
    _blob("lines"),
    _blob("offered"),
    _blob("proof"),
    _money("accept_by", nullable=True),
    _money("agree_by", nullable=True),
    _money("pay_by", nullable=True),
    _money("collect_by", nullable=True),
    _money("inspect_by", nullable=True),
    _text("reason"),
    _blob("sale_device"),
    _money("sale_seq"),
    _text("clash"),
    _blob("clash_device"),
    _money("clash_seq"),
    _money("answer_by", nullable=True),
    _money("settle_by", nullable=True),
    _money("office_by", nullable=True),
    _money("offer", nullable=True),
    _money("fee_open", nullable=True),
    _money("offered_fee", nullable=True),
    _text("courier", nullable=True),
    _text("waybill", nullable=True),
    Index("online_order_number", "number"),
    Index("online_order_state", "state", "at_ms"),
)

order_contact = Table(
    "order_contact",
    metadata,
    _key("order_id"),
    _text("name"),
    _text("phone"),
    _text("address"),
    _text("note"),
)

# `read`: 1 once somebody at this counter has seen it.
order_message = Table(
    "order_message",
    metadata,
    _key("order_id"),
    _key("i", Integer),
    _money("at_ms"),
    _text("who"),
    _text("text"),
    _money("read"),
)

# `refused`: why the server does not take it, empty while it is still to be sent.
order_word = Table(
    "order_word",
    metadata,
    _key("key"),
    _blob("order_id"),
    _money("at_ms"),
    _text("text"),
    _text("refused"),
)

FOLDED_OF_ORDERS: tuple[Table, ...] = (order_event, online_order)
