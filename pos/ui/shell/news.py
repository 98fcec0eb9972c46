"""Which kinds of fact change what a list shows; they may come from another counter at any time."""

from __future__ import annotations

from typing import Final

# They may stand for a fact of any other kind, or say what became of one.
_ANY: Final = frozenset({"carried", "entry_judged", "documents_merged", "field_decided"})

PICTURES: Final = frozenset({"picture_arrived"})
"""No fact: the bytes of a picture that facts named before have come."""

TILES: Final = _ANY | {"product_added", "product_changed", "catalog_imported", "import_taken_back"}
"""Names, prices and favourites."""

GOODS: Final = TILES | {"stock_received", "stock_adjusted", "sale_completed"}
"""What `TILES` names, and the stock."""

CUSTOMERS: Final = _ANY | {
    "customer_added",
    "customer_changed",
    "debt_repaid",
    "kasbon_allotted",
    "sale_completed",
    "tender_swapped",
}
"""Customers and what they owe."""

ORDERS: Final = _ANY | {"order_placed", "order_stepped", "note_order_said"}
"""Orders from the gerai online."""

CARTS: Final = _ANY | {"cart_parked", "cart_fetched"}
"""Parked carts."""
