"""What gerai sell, to be found over all shops, and what of it must be looked at again.

Public facts only, reckoned from the shops' tables: whatever is here can be made again from them.
Every shop's rows are read by all (a search knows no shop), and each is changed by its own shop's
transaction alone (`EVERYBODY_READS`). On a distributed engine they lie with the directory.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    LargeBinary,
    Table,
    Text,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from server.db.schema.base import EVERYBODY_READS, metadata
from server.db.types import Big, Id, Millis, Money, Quantity, Small

# A gerai that is open to buyers. `name` is its address; `hours` its week and holidays as JSON.
# Seen: when the counters were last heard of, in steps; reckoned: what its goods were reckoned by.
search_gerai = Table(
    "search_gerai",
    metadata,
    Column("owner", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("sort_title", Text, nullable=False),
    Column("district", Text, nullable=False),
    Column("lat", Big),
    Column("lon", Big),
    Column("zone", Text, nullable=False),
    Column("hours", Text, nullable=False),
    Column("term_ms", Millis, nullable=False),
    Column("seen_ms", Millis),
    Column("day_ends_ms", Millis, nullable=False),
    Column("reckoned", Text, nullable=False),
    Index("ix_search_gerai_district", "district", "sort_title"),
    Index("ix_search_gerai_day", "day_ends_ms"),
    info=EVERYBODY_READS,
)

_WORDS: Final = (
    "array_to_tsvector(array_remove(string_to_array({of}folded"
    " || replace(rtrim({of}folded), ' ', (' @' || {of}district) || '@'), ' '), ''))"
)

search_words: Final = literal_column(_WORDS.format(of="search_product."), TSVECTOR)
"""A product's words on PostgreSQL: each by itself, and behind its kecamatan's code ("gula",
"@75.01.01@gula"). No folded word holds an "@", so that none begins like a code."""


def in_district(code: str) -> str:
    """What stands before a word in a kecamatan."""
    return f"@{code}@"


# Without a list of what is still to be sorted in: it would be read by every search.
_GIN: Final[dict[str, Any]] = {
    "postgresql_using": "gin",
    "postgresql_with": {"fastupdate": "off"},
    "info": {"engine": "postgresql"},
}

# Folded: " gula pasir 1 kg sembako ", so that a whole word has a blank on either side. Size: its
# length. Lasts: how long without word from the counter some is promised, -1 where none is.
# Quantity, reserved, sold and lasts change with every sale, so that no index may hold them.
search_product = Table(
    "search_product",
    metadata,
    Column("owner", Id, primary_key=True),
    Column("product_id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("size", Small, nullable=False),
    Column("category", Text, nullable=False),
    Column("category_key", Text, nullable=False),
    Column("district", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("price", Money, nullable=False),
    Column("fractional", Boolean, nullable=False),
    Column("picture", LargeBinary, nullable=False),
    Column("width", Small, nullable=False),
    Column("height", Small, nullable=False),
    Column("qty", Quantity, nullable=False),
    Column("reserved", Quantity, nullable=False),
    Column("sold", Quantity, nullable=False),
    Column("lasts_ms", Millis, nullable=False),
    Index("ix_search_product_price", "price", "owner", "product_id"),
    Index("ix_search_product_size", "size", "price", "owner", "product_id"),
    Index("ix_search_product_category", "category_key", "price", "owner", "product_id"),
    Index("ix_search_product_words", text(_WORDS.format(of="")), **_GIN).ddl_if(
        dialect="postgresql"
    ),
    postgresql_with={"fillfactor": "80"},
    info=EVERYBODY_READS,
)

# Every word of the index once; one that leads nowhere any more does no harm.
search_word = Table(
    "search_word",
    metadata,
    Column("word", Text, primary_key=True),
    Index("ix_search_word_trigram", "word", postgresql_ops={"word": "gin_trgm_ops"}, **_GIN).ddl_if(
        dialect="postgresql"
    ),
)

# Mark: tells one change from another; a product of ones or noughts means more than one (marks).
search_mark = Table(
    "search_mark",
    metadata,
    Column("shop", Id, primary_key=True),
    Column("mark", Big, primary_key=True),
    Column("product_id", Id, primary_key=True),
)
