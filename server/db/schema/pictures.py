"""Pictures of goods, each shop's own: copies that the server made, and originals on their way.

No fact fills these tables; facts name a picture by the hash of its original. Two shops that have
the same picture have it twice: what one has is nothing that another could find out.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from server.db.schema.base import metadata, shop_id
from server.db.types import Big, Hash, Id, Millis, Small

# `refused` says why an original could not be read, and is empty for a picture that is kept. `drawn`
# says by which version of `server.pictures.variants` its variants were made, `drawn_size` how many
# bytes those have. The bytes come last, so that SQLite reads the rest of a row without them.
picture = Table(
    "picture",
    metadata,
    shop_id(),
    Column("hash", Hash, primary_key=True),
    Column("refused", Text, nullable=False),
    Column("copy", Hash, nullable=False),
    Column("width", Small, nullable=False),
    Column("height", Small, nullable=False),
    Column("size", Big, nullable=False),
    Column("at_ms", Millis, nullable=False),
    Column("unused_ms", Millis),
    Column("drawn", Small, nullable=False),
    Column("drawn_size", Big, nullable=False),
    Column("thumb", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

# What pages show of a picture that is kept: made of it, and made again where it is missing.
picture_variant = Table(
    "picture_variant",
    metadata,
    shop_id(),
    Column("hash", Hash, primary_key=True),
    Column("step", Small, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

# By device, so that no counter can spoil what another one of the shop is sending.
picture_part = Table(
    "picture_part",
    metadata,
    shop_id(),
    Column("device", Id, primary_key=True),
    Column("hash", Hash, primary_key=True),
    Column("start", Big, primary_key=True),
    Column("size", Big, nullable=False),
    Column("total", Big, nullable=False),
    Column("at_ms", Millis, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("ix_picture_part_at_ms", "shop_id", "at_ms"),
)

# A gerai's own pictures, by the role that a setting names them for; `hash` is of the original.
gerai_picture = Table(
    "gerai_picture",
    metadata,
    shop_id(),
    Column("role", Text, primary_key=True),
    Column("hash", Hash, primary_key=True),
    Column("step", Small, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

TABLES = (picture, picture_variant, picture_part, gerai_picture)
