"""Buyers' own accounts: of the directory, since a buyer belongs to no shop.

What an account holds is sealed by a key that only its password, its recovery code or a session's
token opens: whoever reads these tables learns a phone number, and no name, address or order.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from server.db.schema.base import metadata
from server.db.types import Hash, Id, Millis

# Nobody proves a phone number here, so several accounts may give the same: phone and proof (what a
# password was stretched to) together are one. Key_by_*: the account's key, sealed.
buyer = Table(
    "buyer",
    metadata,
    Column("buyer_id", Id, primary_key=True),
    Column("phone", Text, nullable=False),
    Column("proof", Hash, nullable=False),
    Column("key_by_password", LargeBinary, nullable=False),
    Column("code_hash", Hash, nullable=False),
    Column("key_by_code", LargeBinary, nullable=False),
    Column("details", LargeBinary, nullable=False),
    Column("favourites", LargeBinary),
    Column("created_ms", Millis, nullable=False),
    Column("seen_ms", Millis, nullable=False),
    UniqueConstraint("phone", "proof"),
    UniqueConstraint("code_hash"),
    Index(None, "seen_ms"),
)

# Of the cookie's token only the SHA-256; the token opens key_by_token.
buyer_session = Table(
    "buyer_session",
    metadata,
    Column("token_hash", Hash, primary_key=True),
    Column("buyer_id", Id, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("key_by_token", LargeBinary, nullable=False),
    Column("created_ms", Millis, nullable=False),
    Column("seen_ms", Millis, nullable=False),
    Column("expires_ms", Millis, nullable=False),
    ForeignKeyConstraint(["buyer_id"], ["buyer.buyer_id"]),
    Index(None, "buyer_id"),
)

buyer_address = Table(
    "buyer_address",
    metadata,
    Column("buyer_id", Id, primary_key=True),
    Column("address_id", Id, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("added_ms", Millis, nullable=False),
    ForeignKeyConstraint(["buyer_id"], ["buyer.buyer_id"]),
)

# The keys of order pages. Mark: what tells the account one key from another, and nobody else.
buyer_order = Table(
    "buyer_order",
    metadata,
    Column("buyer_id", Id, primary_key=True),
    Column("mark", Id, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("added_ms", Millis, nullable=False),
    ForeignKeyConstraint(["buyer_id"], ["buyer.buyer_id"]),
    Index(None, "buyer_id", "added_ms"),
)
