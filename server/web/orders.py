"""The owner's pages of orders: what needs doing first, and one order with its steps."""

from __future__ import annotations

from typing import Final, cast

from core.errors import Refused
from core.facts.orders import OrderLine
from core.money import BadAmount, parse_rupiah
from core.orders.rules import MOST_FEE, WrongAmount, possible
from core.orders.standing import CALLED_OFF, ENDS
from core.orders.steps import StepName
from core.phone import shown_number
from core.quantity import BadQuantity, extend, parse_written
from server.http.problems import NotFound
from server.http.routes import Reply
from server.orders.reading import Order, list_orders, read_order
from server.orders.refusals import BadBasket
from server.orders.stepping import take_steps
from server.orders.talking import say
from server.storefront.districts import districts
from server.web.order_page import steps_told
from server.web.order_words import (
    GRAVE,
    HANDOVERS,
    PAY_WAYS,
    PAYMENTS,
    SHOP_BUTTONS,
    STATES,
    TAKES_REASON,
    said_state,
    said_way,
)
from server.web.rendering import page
from server.web.routing import Page
from server.web.typed import NOTHING_TYPED, Typed, typed_in
from server.web.view import View, redirect

_GROUPS: Final = (
    (
        "",
        (
            "placed",
            "proposed",
            "accepted",
            "preparing",
            "ready",
            "complained",
            "answered",
            "escalated",
            "fulfilled",
        ),
    ),
    ("selesai", tuple(sorted(ENDS))),
)
_DOES: Final = ("placed", "complained", "accepted", "preparing", "ready", "proposed", "answered",
                "escalated", "fulfilled")  # fmt: skip
"""What needs the shop first."""


def _orders(view: View) -> Reply:
    kind = "selesai" if view.query.get("jenis") == "selesai" else ""
    with view.services.store.reading_shop(view.here.id) as tx:
        found = list_orders(tx, dict(_GROUPS)[kind], before_ms=view.number("sebelum"))
    if not kind:
        found = sorted(found, key=lambda one: (_DOES.index(one.state), one.placed_ms))
    return page(
        view, "orders.html", found=found, kind=kind, states=STATES, payments=PAYMENTS,
    )  # fmt: skip


def _read(view: View) -> Order:
    with view.services.store.reading_shop(view.here.id) as tx:
        found = read_order(tx, view.id_of("order"))
    if found is None:
        raise NotFound()
    return found


def _one(view: View, *, status: int = 200, typed: Typed = NOTHING_TYPED) -> Reply:
    order = _read(view)
    at = order.story.standing
    can = {step.name for step in possible(at, "shop", passed=order.passed(view.services.now_ms()))}
    if at.order != "returned":
        can.discard("take_back")  # a complaint is answered first
    if order.story.fee_open:
        can -= {"accept", "see"}  # what it costs is said first
    if order.placed.way == "courier":
        can.discard("miss")  # the counter gives it to the courier, for whom nobody waits
    if order.placed.way != "delivery" or at.taken_back:
        can.discard("set_out")  # nobody brings it, or nothing is given for money that is gone
    if at.pay_way != "to_shop":
        can.discard("see")  # it is paid at the counter, or a provider says so
    buttons = [(name, text) for name, text in SHOP_BUTTONS.items() if name in can]
    forms: set[str] = {
        name for name in can if name in TAKES_REASON or name in ("answer", "propose")
    }
    forms |= {"say"} if order.contact else set()
    return page(
        view, "order_owner.html", status=status, order=order, placed=order.placed, at=at,
        is_off=at.order in CALLED_OFF, typed=typed, forms=forms,
        state=said_state(order), way=said_way(view, order),
        payment=PAYMENTS[at.payment],
        handover=HANDOVERS[at.handover], pays=PAY_WAYS[at.pay_way],
        area=districts().get(order.placed.area, ""), steps=steps_told(order),
        buttons=buttons, takes_reason=TAKES_REASON, grave=GRAVE, may_propose="propose" in can,
        may_answer="answer" in can,
        number=shown_number(order.contact.phone) if order.contact else "",
    )  # fmt: skip


def _act(view: View) -> Reply:
    order = _read(view)
    name = view.form.get("langkah", "")
    if name == "say":
        pass
    elif name not in ("propose", "answer") and name not in SHOP_BUTTONS:
        raise NotFound()
    try:
        if name == "say":
            say(view.services, view.here.id, order.order_id, "shop", view.form.get("pesan", ""))
        else:
            lines = _offered(view, order) if name == "propose" else ()
            take_steps(
                view.services, view.here.id, order.order_id, "shop", [cast(StepName, name)],
                amount=_amount(view, order, name), lines=lines,
                fee=_fee(view, order) if name == "propose" else None,
                reason=view.form.get("alasan", ""), by=view.by,
            )  # fmt: skip
    except Refused as error:
        main = "pesan" if name == "say" else "alasan"
        amount = "ongkos" if name == "propose" else "kembali"
        typed = typed_in(view, name, error, main, {WrongAmount.code: amount})
        return _one(view, status=422, typed=typed)
    return redirect(view.place(f"/pesanan/{order.order_id.hex()}"))


def _amount(view: View, order: Order, name: str) -> int:
    at = order.story.standing
    if name == "answer":
        try:
            back = parse_rupiah(view.form.get("kembali", "").strip() or "0")
        except BadAmount:
            raise WrongAmount(step="answer", most=at.total) from None
        return at.total - back
    return at.to_give_back if name == "refund" else 0


def _fee(view: View, order: Order) -> int | None:
    """What the courier costs, as typed."""
    text = view.form.get("ongkos", "").strip()
    if order.placed.way != "courier" or not text:
        return None
    try:
        fee = parse_rupiah(text)
    except Refused:
        fee = -1
    if not 0 <= fee <= MOST_FEE:
        raise WrongAmount(step="propose", most=MOST_FEE)
    return fee


def _offered(view: View, order: Order) -> tuple[OrderLine, ...]:
    """The lines with less of them, at the price that was ordered."""
    found = []
    for at, line in enumerate(order.story.lines):
        try:
            qty = parse_written(view.form.get(f"jumlah-{at}", "").strip() or "0", view.language)
        except BadQuantity:
            raise BadBasket(why="qty", field=f"jumlah-{at}") from None
        if not 0 <= qty <= line.qty:
            raise BadBasket(why="more", field=f"jumlah-{at}")
        net = line.net if qty == line.qty else extend(line.unit_price, qty)
        if qty:
            found.append(OrderLine(line.product_id, line.name, line.unit, line.factor, qty,
                                   line.unit_price, min(net, line.net)))  # fmt: skip
    if not found:
        raise BadBasket(why="lines", field="jumlah-0")
    return tuple(found)


PAGES: Final = (
    Page("GET", "/kelola/{shop}/pesanan", "Orders", _orders, reach="manager"),
    Page("GET", "/kelola/{shop}/pesanan/{order}", "An order", _one, reach="manager"),
    Page(
        "POST",
        "/kelola/{shop}/pesanan/{order}",
        "A step of an order",
        _act,
        reach="manager",
        keeps=True,
    ),
)
