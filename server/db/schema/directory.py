"""The directory: what must be unique in the world, and in which shop to look.

Small, never distributed, no foreign key to or from a shop's table.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import Index

from server.db.schema.base import metadata
from server.db.types import Big, Hash, Id, Millis, Money, Small

# Every shop of this server, so that a job can go from one to the next.
known_shop = Table(
    "known_shop",
    metadata,
    Column("shop", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_ms", Millis, nullable=False),
)

# Email in lower case; password argon2id; totp_step: the last step used, never again.
account = Table(
    "account",
    metadata,
    Column("account_id", Id, primary_key=True),
    Column("email", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("totp_secret", Text),
    Column("totp_step", Big),
    Column("created_ms", Millis, nullable=False),
    UniqueConstraint("email"),
)

# SHA-256 of the account and a recovery code; a code that was used is gone.
recovery_code = Table(
    "recovery_code",
    metadata,
    Column("account_id", Id, primary_key=True),
    Column("code_hash", Hash, primary_key=True),
    ForeignKeyConstraint(["account_id"], ["account.account_id"]),
)

# In which shops an account works; as what, says shop_staff there.
membership = Table(
    "membership",
    metadata,
    Column("account_id", Id, primary_key=True),
    Column("shop", Id, primary_key=True),
    ForeignKeyConstraint(["account_id"], ["account.account_id"]),
    Index(None, "shop"),
)

# SHA-256 of the cookie's random token; the token itself is kept nowhere. Totp_proposed: the secret
# that a phone is to show a code of before it is in force.
session = Table(
    "session",
    metadata,
    Column("token_hash", Hash, primary_key=True),
    Column("account_id", Id, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created_ms", Millis, nullable=False),
    Column("seen_ms", Millis, nullable=False),
    Column("expires_ms", Millis, nullable=False),
    Column("totp_proposed", Text),
    Column("proposed_ms", Millis),
    ForeignKeyConstraint(["account_id"], ["account.account_id"]),
    Index(None, "account_id"),
)

# Who has given the right password and owes the code: opens no page. SHA-256 of a random token.
half_session = Table(
    "half_session",
    metadata,
    Column("token_hash", Hash, primary_key=True),
    Column("account_id", Id, nullable=False),
    Column("expires_ms", Millis, nullable=False),
    ForeignKeyConstraint(["account_id"], ["account.account_id"]),
    Index(None, "account_id"),
)

# Place: the code's first letters, by which wrong tries find the code they were meant for.
pairing = Table(
    "pairing",
    metadata,
    Column("place", Text, primary_key=True),
    Column("code_hash", Hash, nullable=False),
    Column("shop", Id, nullable=False),
    Column("created_ms", Millis, nullable=False),
    Column("expires_ms", Millis, nullable=False),
    Column("tries", Small, nullable=False),
    Column("used_ms", Millis),
)

# A counter's shop comes from its key, never from what it says.
device_key = Table(
    "device_key",
    metadata,
    Column("device", Id, primary_key=True),
    Column("public_key", Hash, nullable=False),
    Column("shop", Id, nullable=False),
    Column("created_ms", Millis, nullable=False),
    UniqueConstraint("public_key"),
)

# A gerai's address. The newest of a shop is its address, older ones lead there.
gerai_name = Table(
    "gerai_name",
    metadata,
    Column("name", Text, primary_key=True),
    Column("shop", Id, nullable=False),
    Column("claimed_ms", Millis, nullable=False),
    Index(None, "shop"),
)

# Of an order page's key only the SHA-256: whoever reads this table opens no page.
order_key = Table(
    "order_key",
    metadata,
    Column("key_hash", Hash, primary_key=True),
    Column("shop", Id, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("created_ms", Millis, nullable=False),
)

# Shops with orders that the clock may have to step on, and when to look at them next.
order_watch = Table(
    "order_watch",
    metadata,
    Column("shop", Id, primary_key=True),
    Column("due_ms", Millis, nullable=False),
    Index(None, "due_ms"),
)

# A provider's notification names an order key of ours or its own id (key), never a shop. Poll_ms:
# not later than when the payment is to be asked about next, empty where it need not be.
provider_order = Table(
    "provider_order",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("shop", Id, nullable=False),
    Column("order_key", Text, nullable=False),
    Column("claimed_ms", Millis, nullable=False),
    Column("poll_ms", Millis),
    Index(None, "poll_ms"),
)

# Who settles complaints; the account may work in shops, too.
office_user = Table(
    "office_user",
    metadata,
    Column("account_id", Id, primary_key=True),
    Column("created_ms", Millis, nullable=False),
    ForeignKeyConstraint(["account_id"], ["account.account_id"]),
)

# Where the office has something to decide: `kind` is "complaint" or "review". What it is about
# lies with the shop, which this follows; what the office's list shows is here, so that the list
# goes to no shop: nothing that anybody wrote. `amount` rupiah and `until_ms` are a complaint's.
office_case = Table(
    "office_case",
    metadata,
    Column("shop", Id, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("order_id", Id, primary_key=True),
    Column("since_ms", Millis, nullable=False),
    Column("number", Big, nullable=False),
    Column("amount", Money, nullable=False),
    Column("until_ms", Millis, nullable=False),
    Index(None, "kind", "since_ms"),
)

# How often something was tried in a window of time.
rate = Table(
    "rate",
    metadata,
    Column("bucket", Text, primary_key=True),
    Column("window_ms", Millis, primary_key=True),
    Column("count", Integer, nullable=False),
)

# Its signing key, and which PostgreSQL it last served from.
server_value = Table(
    "server_value",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
