"""The office's pages: complaints that shop and buyer did not settle, and reviews that are reported.

The office sees what it decides on and no more: of an order its goods, sums, steps and messages, but
no name, number or address; and only of orders that came before it.
"""

from __future__ import annotations

from typing import Final

from core.errors import Refused
from core.money import BadAmount, parse_rupiah
from core.orders.rules import WrongAmount, possible
from core.orders.steps import StepName
from core.text import clean_name
from server.http.problems import NotFound
from server.http.routes import Reply
from server.orders.cases import MOST, Case, find_case, open_cases
from server.orders.reading import Order, read_order
from server.orders.refusals import NoReason
from server.orders.reviewing import Review, hide_review, read_review
from server.orders.stepping import take_steps
from server.shops.editing import BadField
from server.shops.reading import shop_here
from server.web.gerai_reviews import words
from server.web.language import N_
from server.web.order_page import steps_told
from server.web.order_words import STATES
from server.web.rendering import page
from server.web.routing import Page
from server.web.typed import NOTHING_TYPED, Typed, typed_in
from server.web.unsent import NotSentYet
from server.web.view import View, redirect

DECISIONS: Final[dict[StepName, str]] = {
    "uphold": N_("Keluhan tidak terbukti"),
    "compensate": N_("Uang kembali, barang tetap pada pembeli"),
    "accept_back": N_("Barang kembali, semua uang kembali"),
}


def _cases(view: View) -> Reply:
    """The list: of the directory alone, however many shops there are."""
    complaints = open_cases(view.services, "complaint")
    reviews = open_cases(view.services, "review")
    return page(
        view, "office.html", complaints=complaints[:MOST], reviews=reviews[:MOST],
        more=max(len(complaints), len(reviews)) > MOST, now_ms=view.services.now_ms(),
    )  # fmt: skip


def _read(view: View, shop_id: bytes, order_id: bytes) -> Order | None:
    with view.services.store.reading_shop(shop_id) as tx:
        found = read_order(tx, order_id)
    if found is None:
        return None
    came = any(
        one.name == "ask_office" and not one.why for told in found.story.told for one in told
    )
    return found if came else None


def _known(view: View) -> tuple[bytes, Order, str]:
    shop_id = view.id_of("shop")
    order = _read(view, shop_id, view.id_of("order"))
    with view.services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
    if order is None or here is None:
        raise NotFound()
    return shop_id, order, here.name


def _one(view: View, *, status: int = 200, typed: Typed = NOTHING_TYPED) -> Reply:
    shop_id, order, shop_name = _known(view)
    at = order.story.standing
    over = order.passed(view.services.now_ms())
    can = {step.name for step in possible(at, "office", passed=over)}
    decisions = [(name, text) for name, text in DECISIONS.items() if name in can]
    return page(
        view, "office_order.html", status=status, typed=typed,
        forms={"putusan"} if decisions else (), order=order, at=at, shop_name=shop_name,
        placed=order.placed, state=STATES[at.order], steps=steps_told(order),
        path=f"/dinas/{shop_id.hex()}/{order.order_id.hex()}",
        decisions=decisions,
    )  # fmt: skip


def _decide(view: View) -> Reply:
    shop_id, order, _ = _known(view)
    name, why = view.form.get("langkah", ""), view.form.get("alasan", "")
    if name and name not in DECISIONS:
        raise NotFound()
    try:
        if not name:
            raise BadField("langkah", "choice")
        if not clean_name(why):
            raise NoReason()
        take_steps(
            view.services, shop_id, order.order_id, "office", [name],
            amount=_total(view, order) if name == "compensate" else 0, reason=why, by=view.by,
        )  # fmt: skip
    except Refused as error:
        typed = typed_in(view, "putusan", error, "alasan", {WrongAmount.code: "kembali"})
        return _one(view, status=422, typed=typed)
    return redirect(f"/dinas/{shop_id.hex()}/{order.order_id.hex()}")


def _total(view: View, order: Order) -> int:
    """What the order costs after the decision: the form says what goes back."""
    total = order.story.standing.total
    try:
        return total - parse_rupiah(view.form.get("kembali", "").strip())
    except BadAmount:
        raise WrongAmount(step="compensate", most=total) from None


def _reported(view: View) -> tuple[Case, Review]:
    case = find_case(view.services, "review", view.id_of("shop"), view.id_of("order"))
    if case is None:
        raise NotFound()
    with view.services.store.reading_shop(case.shop_id) as tx:
        review = read_review(tx, case.order_id)
    if review is None:
        raise NotFound()
    return case, review


def _review(view: View, *, status: int = 200, typed: Typed = NOTHING_TYPED) -> Reply:
    case, review = _reported(view)
    return page(
        view, "office_review.html", status=status, case=case, one=review, typed=typed,
        forms={"ulasan"}, **words(view),
    )  # fmt: skip


def _judge_review(view: View) -> Reply:
    """Hide a reported review, or leave it."""
    case, _ = _reported(view)
    hides, why = view.form.get("putusan") == "sembunyikan", view.form.get("alasan", "")
    if hides and not clean_name(why):
        return _review(view, status=422, typed=typed_in(view, "ulasan", NoReason(), "alasan"))
    try:
        hide_review(view.services, case.shop_id, case.order_id, why if hides else "", view.by)
    except NotSentYet as refusal:
        return _review(view, status=422, typed=typed_in(view, "ulasan", refusal, "alasan"))
    return redirect("/dinas")


PAGES: Final = (
    Page("GET", "/dinas", "What the office has to decide", _cases, reach="office"),
    Page("GET", "/dinas/{shop}/{order}", "A complaint", _one, reach="office"),
    Page(
        "POST", "/dinas/{shop}/{order}", "Decide a complaint", _decide, reach="office", keeps=True
    ),
    Page("GET", "/dinas/{shop}/{order}/ulasan", "A review", _review, reach="office"),
    Page(
        "POST",
        "/dinas/{shop}/{order}/ulasan",
        "Judge a review",
        _judge_review,
        reach="office",
        keeps=True,
    ),
)
