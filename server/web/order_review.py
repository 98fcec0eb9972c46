"""The buyer's review on the order's page."""

from __future__ import annotations

from typing import Any

from core.orders.reviews import check_stars, may_review
from server.orders.reading import Order, Place
from server.orders.reviewing import read_review, write_review
from server.web.gerai_reviews import words
from server.web.view import View


def review_card(view: View, order: Order) -> dict[str, Any]:
    """What the page shows of it: the review that is there, and whether one may be written."""
    if not may_review(order.story.standing):
        return {"reviewed": None, "can_review": False}
    with view.services.store.reading_shop(view.here.id) as tx:
        found = read_review(tx, order.order_id)
    can = found is None or found.may_change(view.services.now_ms())
    return {
        "reviewed": found, "can_review": can and order.contact is not None, **words(view),
    }  # fmt: skip


def take_review(view: View, place: Place) -> None:
    """Write what the form has.

    Raises:
        Refused: it cannot be written so.
    """
    stars = check_stars(view.form.get("bintang", ""))
    write_review(
        view.services, place.shop_id, place.order_id, stars,
        view.form.get("nama", ""), view.form.get("kata", ""),
    )  # fmt: skip
