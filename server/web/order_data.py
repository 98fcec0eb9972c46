"""What is kept of orders and their buyer, as the buyer takes it along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.orders.reviews import may_review
from server.orders.reading import Found, Order, read_orders
from server.orders.reviewing import Review, read_reviews
from server.services import Services
from server.shops.reading import shop_here


def data_of(shop: str, order: Order, review: Review | None) -> dict[str, Any]:
    """What is kept of an order of the shop of this name, and of its buyer."""
    contact = order.contact
    return {
        "shop": shop,
        "number": order.placed.number,
        "placed_ms": order.placed_ms,
        "total": order.placed.total,
        "lines": [
            {"name": one.name, "qty_thousandths": one.qty, "unit": one.unit, "net": one.net}
            for one in order.story.lines
        ],
        "contact": None
        if contact is None
        else {
            "name": contact.name,
            "phone": contact.phone,
            "address": contact.address,
            "note": contact.note,
            "address_range": order.origin,
        },
        "review": _review_data(order, review),
        "messages": [
            {"at_ms": one.at_ms, "who": one.who, "text": one.text} for one in order.messages
        ],
    }


def data_of_all(services: Services, found: Sequence[Found]) -> list[dict[str, Any]]:
    """The same of many orders, in their order, each shop asked once; those that were never placed
    are left out."""
    data: dict[bytes, dict[str, Any]] = {}
    for shop_id in dict.fromkeys(one.shop_id for one in found):
        own = {one.order_id: one.key for one in found if one.shop_id == shop_id}
        with services.store.reading_shop(shop_id) as tx:
            here = shop_here(tx)
            orders, reviews = read_orders(tx, own), read_reviews(tx, own)
        if here is not None:
            for order_id, order in orders.items():
                page = {"page": f"/pesanan/{own[order_id].hex()}"}
                data[own[order_id]] = page | data_of(here.name, order, reviews.get(order_id))
    return [data[one.key] for one in found if one.key in data]


def _review_data(order: Order, found: Review | None) -> dict[str, Any] | None:
    if found is None or not may_review(order.story.standing):
        return None
    return {"stars": found.stars, "name": found.name, "words": found.words, "at_ms": found.at_ms}
