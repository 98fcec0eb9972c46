"""A shop, who works in it, its counters, and the head of its feed."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, Table, Text

from server.db.schema.base import metadata, of_shop, shop_id
from server.db.types import Big, Hash, Id, Millis, Small

# Server_device: the device that the server's own facts of this shop belong to.
shop = Table(
    "shop",
    metadata,
    shop_id(),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("day_close_minutes", Small, nullable=False),
    Column("server_device", Id, nullable=False),
    Column("created_ms", Millis, nullable=False),
)

shop_staff = Table(
    "shop_staff",
    metadata,
    shop_id(),
    Column("account_id", Id, primary_key=True),
    Column("role", Text, nullable=False),
    Column("created_ms", Millis, nullable=False),
    of_shop(),
    CheckConstraint("role IN ('owner', 'manager', 'viewer')", name="role"),
)

# Entry_shop: the shop id hashed into its entries; a counter that lived alone keeps its own.
# Release_due: the line was confirmed, and not all that waited for that is released.
device = Table(
    "device",
    metadata,
    shop_id(),
    Column("device", Id, primary_key=True),
    Column("register", Text, nullable=False),
    Column("public_key", Hash, nullable=False),
    Column("entry_shop", Id, nullable=False),
    Column("acked_seq", Big, nullable=False),
    Column("acked_hash", Hash, nullable=False),
    Column("parent_device", Id),
    Column("parent_seq", Big),
    Column("parent_hash", Hash),
    Column("state", Text, nullable=False),
    Column("created_ms", Millis, nullable=False),
    Column("last_seen_ms", Millis),
    Column("clock_offset_ms", Millis),
    Column("backup_ms", Millis),
    Column("waiting", Integer, nullable=False),
    Column("version", Text, nullable=False),
    Column("release_due", Boolean, nullable=False),
    of_shop(),
    CheckConstraint("state IN ('trusted', 'unconfirmed', 'revoked')", name="state"),
)

# Narrow on purpose: its lock hands out the feed's numbers, one transaction at a time.
# Unknown: kinds of entries that were only kept, as kind:version with commas between; kinds of which
# a part was read, as kind:version+grown; * where there was no room for all (server.sync.grown).
# Deal_after: the last customer whose limit was dealt anew to all counters; the next ones are due.
shop_feed = Table(
    "shop_feed",
    metadata,
    shop_id(),
    Column("epoch", Integer, nullable=False),
    Column("next_n", Big, nullable=False),
    Column("feed_hash", Hash, nullable=False),
    Column("unknown", Text, nullable=False),
    Column("deal_after", Id),
    of_shop(),
)
