"""The feed: every entry of a shop in the server's order, and where each line stands.

These tables grow with every sale: no foreign keys (each costs a look-up a row); what they name is
checked by the fold and proved by `verify`.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table, Text, UniqueConstraint, text

from server.db.schema.base import metadata, shop_id
from server.db.types import Big, Hash, Id, Millis, Small

# Step_n: the first number of the transaction that wrote it; pages of the feed end with one.
entry = Table(
    "entry",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("device", Id, nullable=False),
    Column("seq", Big, nullable=False),
    Column("entry_shop", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", Small, nullable=False),
    Column("prev_hash", Hash, nullable=False),
    Column("hash", Hash, nullable=False),
    Column("at_ms", Millis, nullable=False),
    Column("received_ms", Millis, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("step_n", Big, nullable=False),
    Column("feed_hash", Hash, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("shop_id", "device", "seq", name="uq_entry_device"),
    UniqueConstraint("shop_id", "hash", name="uq_entry_hash"),
    Index(
        "ix_entry_verdict",
        "shop_id",
        "n",
        postgresql_where=text("verdict <> ''"),
        sqlite_where=text("verdict <> ''"),
    ),
)

# A line's last stored entry, whoever brought it; at_ms is its corrected time.
line_head = Table(
    "line_head",
    metadata,
    shop_id(),
    Column("device", Id, primary_key=True),
    Column("seq", Big, nullable=False),
    Column("hash", Hash, nullable=False),
    Column("at_ms", Millis, nullable=False),
)

# The server's clock and a counter's monotonic one at the same moment.
anchor = Table(
    "anchor",
    metadata,
    shop_id(),
    Column("device", Id, primary_key=True),
    Column("boot", LargeBinary, primary_key=True),
    Column("server_ms", Millis, nullable=False),
    Column("mono_ms", Millis, nullable=False),
)

# What a carried entry holds, where it counts: hash is that of the original.
carried = Table(
    "carried",
    metadata,
    shop_id(),
    Column("hash", Hash, primary_key=True),
    Column("n", Big, nullable=False),
    Column("carrier", Id, nullable=False),
)

# What waits for the owner, and what became of it (decision is empty while it waits).
quarantine = Table(
    "quarantine",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("hash", Hash, nullable=False),
    Column("code", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("decided_n", Big, nullable=False),
    Index("ix_quarantine_hash", "shop_id", "hash"),
)

# Facts about a sale that is not here yet.
waiting = Table(
    "waiting",
    metadata,
    shop_id(),
    Column("device", Id, primary_key=True),
    Column("seq", Big, primary_key=True),
    Column("n", Big, primary_key=True),
)

# The digests of the accepted state at the end of a transaction; page counts transactions.
feed_digest = Table(
    "feed_digest",
    metadata,
    shop_id(),
    Column("n", Big, primary_key=True),
    Column("page", Big, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# Where the feed stood when an epoch began: up to there the feeds of both epochs are the same.
# `looked_n`, `looked_ms`: until where, and when last, all orders were looked at for payments that
# the server forgot (empty: not yet).
feed_epoch = Table(
    "feed_epoch",
    metadata,
    shop_id(),
    Column("epoch", Big, primary_key=True),
    Column("n", Big, nullable=False),
    Column("feed_hash", Hash, nullable=False),
    Column("at_ms", Millis, nullable=False),
    Column("looked_n", Big),
    Column("looked_ms", Millis),
)

# What a counter signed when it sent a batch: that this was its chain up to there.
head_signature = Table(
    "head_signature",
    metadata,
    shop_id(),
    Column("device", Id, primary_key=True),
    Column("seq", Big, primary_key=True),
    Column("hash", Hash, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

# Used once, so that a request that was overheard cannot be sent again to another process.
nonce = Table(
    "nonce",
    metadata,
    shop_id(),
    Column("device", Id, primary_key=True),
    Column("nonce", Text, primary_key=True),
    Column("at_ms", Millis, nullable=False),
)

TABLES = (
    entry,
    line_head,
    anchor,
    carried,
    quarantine,
    waiting,
    feed_digest,
    feed_epoch,
    head_signature,
    nonce,
)
