"""The tables by which a counter agrees with the server about the shop's facts (docs/sync.md).

`journal` holds entries of all lines in order of arrival; `own_line` says which lines are this
counter's, the last one being written. `feed` gives the accepted entries their numbers; `waiting`
holds those that the accepted state does not know yet. `FOLDED_BY_SYNC` follow from journal and
feed; `SEALED_BY_SYNC` are local and carry a digest of each row.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from pos.db.schema import _blob, _key, _money, _text, metadata

own_line = Table("own_line", metadata, _key("place", Integer), _blob("device"))

feed = Table(
    "feed",
    metadata,
    _key("n", Integer),
    _money("pos"),
    _money("at_ms"),
    _text("verdict"),
    # Where the entry counts: its own number, that of its release, or nowhere (NULL).
    Column("order_n", Integer, nullable=True),
    _blob("feed_hash"),
    Index("feed_pos", "pos"),
    Index("feed_order", "order_n", "n"),
)

waiting = Table("waiting", metadata, _key("pos", Integer))

# What the server signed: that this was its feed up to `n`.
page = Table(
    "page",
    metadata,
    _key("n", Integer),
    _money("epoch"),
    _blob("feed_hash"),
    _blob("signature"),
    _blob("seal"),
)

# The accepted value (JSON text; NULL: none yet) of a field that has own changes waiting.
field_base = Table(
    "field_base",
    metadata,
    _key("table_name", Text),
    _key("document"),
    _key("field", Text),
    Column("value", Text, nullable=True),
)

# Those changes, in the order in which they were made.
field_wait = Table(
    "field_wait",
    metadata,
    _key("pos", Integer),
    _key("n", Integer),
    _text("table_name"),
    _blob("document"),
    _text("field"),
    _text("value"),
    Index("field_wait_field", "table_name", "document", "field", "pos", "n"),
)

# Entries of an older line that came inside another entry: where their effects are kept. `carrier`
# is the line that carries it, empty where a disk has damaged what is inside: that never counts.
carried = Table(
    "carried",
    metadata,
    _key("carrier_pos", Integer),
    _blob("hash"),
    _money("pos"),
    _blob("carrier"),
    _blob("device"),
    _money("seq"),
    Index("carried_hash", "hash"),
    Index("carried_pos", "pos"),
    Index("carried_entry", "device", "seq"),
)

merged = Table(
    "merged",
    metadata,
    _key("table_name", Text),
    _key("source"),
    _blob("target"),
    Index("merged_target", "table_name", "target"),
)

# Pairs of which somebody said that they are two things.
kept_apart = Table("kept_apart", metadata, _key("table_name", Text), _key("source"), _key("target"))

# Facts about a sale that is not here yet.
late = Table("late", metadata, _key("pos", Integer), _key("device"), _key("seq", Integer))

# Carts that were taken up, so that it is all one which of the two facts arrives first.
fetched_cart = Table("fetched_cart", metadata, _key("id"))

staff_pin = Table("staff_pin", metadata, _key("device"), _key("staff_id"), _blob("digest"))

register = Table(
    "register",
    metadata,
    _key("device"),
    _text("code"),
    _text("name"),
    _blob("parent"),
    _money("before_seq"),
    _text("left_reason"),
)

# What a register may still lend to a customer by itself, in rupiah.
allotment = Table("allotment", metadata, _key("customer_id"), _key("device"), _money("amount"))

# Where this counter's feed begins: a snapshot, signed by the server (`core.sync.snapshot`). So many
# of its rows are laid down; `done` once all of them were found to be what the server signed.
base = Table(
    "base",
    metadata,
    _key("place", Integer),
    _money("n"),
    _money("epoch"),
    _blob("feed_hash"),
    _money("after_n"),
    _blob("after_hash"),
    _blob("contents"),
    _blob("signature"),
    _money("laid"),
    _money("done"),
    _blob("seal"),
)

base_chunk = Table("base_chunk", metadata, _key("place", Integer), _blob("hash"), _blob("data"))

# Entries from before those that came whole, as the server signed them (`core.sync.past`, zstd): a
# stretch of the feed, or (0, 0) what somebody asked for. So many of its rows are laid down.
past_page = Table(
    "past_page",
    metadata,
    _key("place", Integer),
    _money("first_n"),
    _money("last_n"),
    _blob("before_hash"),
    _blob("rows"),
    _blob("signature"),
    _money("entries"),
    _money("laid"),
    _blob("seal"),
)

# The rest follows from it: lines' last entries and what counted inside others before the first
# whole entry, and sums of the sales that are not here one by one.
base_head = Table("base_head", metadata, _key("device"), _money("seq"), _blob("hash"))

base_identity = Table("base_identity", metadata, _key("hash"))

past_day = Table(
    "past_day",
    metadata,
    _key("day", Text),
    _money("sales"),
    _money("gross"),
    _money("discount"),
    _money("tax"),
    _money("rounding"),
    _money("total"),
    _money("cost"),
)

FOLDED_BY_SYNC: tuple[Table, ...] = (
    field_base,
    field_wait,
    carried,
    merged,
    kept_apart,
    late,
    fetched_cart,
    staff_pin,
    register,
    allotment,
    base_head,
    base_identity,
    past_day,
)
SEALED_BY_SYNC: tuple[Table, ...] = (page, base, past_page)
