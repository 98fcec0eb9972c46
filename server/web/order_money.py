"""The owner's page of money on the shop's own QRIS or account: orders without money, and money
without an order."""

from __future__ import annotations

import hashlib
from typing import Final

from core.errors import Refused
from core.orders.steps import StepName
from server.http.problems import NotFound
from server.http.routes import Reply
from server.orders.stepping import take_steps
from server.orders.stray import (
    MOST_NOTE,
    give_money_back,
    note_money,
    strays,
    tie_money,
    unpaid_orders,
)
from server.shops.editing import BadField
from server.web import forms
from server.web.rendering import page
from server.web.routing import Page
from server.web.today import parse_day
from server.web.view import View, id_in_form, redirect


def _money(view: View, *, status: int = 200, error: str = "") -> Reply:
    with view.services.store.reading_shop(view.here.id) as tx:
        unpaid, (found, used) = unpaid_orders(tx), strays(tx)
    fits = {
        one.id: [order for order in unpaid if order.owed == one.left and order.claimed]
        or [order for order in unpaid if order.owed == one.left]
        for one in found
    }
    return page(
        view, "order_money.html", status=status, error=error, unpaid=unpaid, found=found,
        used=used, fits=fits, today=view.here.today(view.services.now_ms()), most_note=MOST_NOTE,
        typed=view.form if error else {},
    )  # fmt: skip


def _act(view: View) -> Reply:
    try:
        _done(view, view.form.get("apa", ""))
    except BadField as error:
        said = forms.problem(view.words, error)
        return _money(view, status=422, error=" ".join(said.values()))
    except NotFound:
        raise
    except Refused as error:
        return _money(view, status=422, error=view.said(error))
    return redirect(view.place("/uang"))


def _done(view: View, what: str) -> None:
    services, shop_id, by = view.services, view.here.id, view.by
    match what:
        case "masuk" | "belum":
            name: StepName = "see" if what == "masuk" else "not_seen"
            take_steps(services, shop_id, id_in_form(view, "pesanan"), "shop", [name], by=by)
        case "catat":
            made = hashlib.sha256(shop_id + view.sent_once().encode()).digest()[:16]
            day = parse_day(view.form.get("tanggal", "")) or ""
            today = view.here.today(services.now_ms())
            amount = forms.amount(view.form, "jumlah")
            note = view.form.get("catatan", "")
            note_money(services, shop_id, made, amount, min(day or today, today), note, by)
        case "ikat":
            text = view.form.get("nomor", "").strip()
            number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
            tie_money(services, shop_id, id_in_form(view, "uang"), number, by)
        case "kembali":
            give_money_back(services, shop_id, id_in_form(view, "uang"), by)
        case _:
            raise NotFound()


PAGES: Final = (
    Page("GET", "/kelola/{shop}/uang", "Money of orders", _money, reach="manager"),
    Page("POST", "/kelola/{shop}/uang", "What became of money", _act, reach="manager", keeps=True),
)
