"""Reviews on a gerai: the newest on its first page, all of them on a page of their own."""

from __future__ import annotations

from typing import Any, Final

from core.orders.reviews import LEAST, MOST
from server.db.transaction import ShopTx
from server.http.problems import NotFound
from server.http.routes import Reply
from server.orders.reviewing import PAGE, Reviews, product_reviews, shown_reviews
from server.web.gerai_front import Front, render
from server.web.view import View

ON_FRONT: Final = 3


def front_reviews(front: Front, *, is_part: bool) -> Reviews | None:
    """What the first page shows; nothing on a part of its goods, or where there are none."""
    if is_part:
        return None
    with front.view.services.store.reading_shop(front.here.id) as tx:
        found = shown_reviews(tx, ON_FRONT)
    return found if found.written else None


def product_shown(tx: ShopTx, product_id: bytes) -> Reviews | None:
    """What a product's page shows; nothing where there are none."""
    found = product_reviews(tx, product_id, ON_FRONT)
    return found if found.written else None


def rating_data(found: Reviews) -> dict[str, Any]:
    """What search engines read of reviews."""
    return {
        "@type": "AggregateRating",
        "ratingValue": f"{found.tenths // 10}.{found.tenths % 10}",
        "reviewCount": found.written,
        "bestRating": MOST,
        "worstRating": LEAST,
    }


def reviews_page(front: Front) -> Reply:
    """All that are shown, a page at a time."""
    if not front.fields.gerai_open:
        raise NotFound()
    before_ms = front.view.number("sebelum")
    with front.view.services.store.reading_shop(front.here.id) as tx:
        found = shown_reviews(tx, PAGE, before_ms)
    return render(
        front,
        "gerai_review_page.html",
        reviews=found,
        is_later=bool(before_ms),
        **words(front.view),
    )


def words(view: View) -> dict[str, Any]:
    """How stars are said and drawn."""

    def average(tenths: int) -> str:
        text = f"{tenths // 10},{tenths % 10}"
        return text if view.language == "id" else text.replace(",", ".")

    return {
        "average": average,
        "drawn": lambda stars: "★" * stars + "☆" * (MOST - stars),
        "most_stars": MOST,
    }
