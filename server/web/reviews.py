"""The shop's page of its reviews: read, answered, reported to the office."""

from __future__ import annotations

from typing import Final

from core.errors import Refused
from server.http.routes import Reply
from server.orders.reviewing import (
    PAGE,
    answer_review,
    own_reviews,
    report_review,
    shown_reviews,
)
from server.web.gerai_reviews import words
from server.web.rendering import page
from server.web.routing import Page
from server.web.typed import NOTHING_TYPED, Typed, typed_in
from server.web.view import View, redirect


def _list(view: View, *, status: int = 200, typed: Typed = NOTHING_TYPED) -> Reply:
    with view.services.store.reading_shop(view.here.id) as tx:
        found = own_reviews(tx, view.number("sebelum"))
        shown = shown_reviews(tx, 0)
    found, more = found[:PAGE], len(found) > PAGE
    forms = {f"jawab{one.order_id.hex()}" for one in found}
    forms |= {f"lapor{one.order_id.hex()}" for one in found
              if not one.report and not one.hidden_why}  # fmt: skip
    return page(
        view, "reviews.html", status=status, found=found, more=more, shown=shown, typed=typed,
        forms=forms, **words(view),
    )  # fmt: skip


def _answer(view: View) -> Reply:
    here, order_id = view.here.id, view.id_of("order")
    reports = view.form.get("langkah") == "lapor"
    try:
        if reports:
            report_review(view.services, here, order_id, view.form.get("lapor", ""))
        else:
            answer_review(view.services, here, order_id, view.form.get("jawab", ""))
    except Refused as error:
        main = "lapor" if reports else "jawab"
        typed = typed_in(view, f"{main}{order_id.hex()}", error, main)
        return _list(view, status=422, typed=typed)
    return redirect(view.place("/ulasan") + f"#u{view.call.places['order']}")


PAGES: Final = (
    Page("GET", "/kelola/{shop}/ulasan", "Reviews", _list, reach="manager"),
    Page(
        "POST",
        "/kelola/{shop}/ulasan/{order}",
        "Answer a review",
        _answer,
        reach="manager",
        keeps=True,
    ),
)
