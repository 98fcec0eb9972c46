"""An order of before once more: what is still sold goes into the basket, what is not is said."""

from __future__ import annotations

from collections.abc import Sequence

from core.facts.orders import OrderLine
from server.http.routes import Reply
from server.orders.goods import wares_of
from server.orders.placing import moment_of
from server.shops.reading import shop_here
from server.storefront.settings import gerai_fields
from server.web.basket import Line, begun, read_basket
from server.web.buyer import link
from server.web.view import View, redirect


def order_again(view: View, shop_id: bytes, lines: Sequence[OrderLine], page: str) -> Reply:
    """Put the lines of an order into the basket, as much as fits; pressed twice it is once.

    Where all of it went in, the basket follows; else `page`, the order's own, which says what did
    not.
    """
    basket = begun(view, read_basket(view))
    is_full = False
    gone = gone_of(view, shop_id, lines)
    for line in lines:
        if line in gone:
            continue
        fuller = basket.with_at_least(Line(shop_id, line.product_id, line.unit, line.qty))
        basket, is_full = (fuller, is_full) if fuller else (basket, True)
    if is_full or gone:
        target = link(view, page, lagi="penuh" if is_full else "1")
    else:
        target = link(view, "/keranjang", baru="1")
    return redirect(target, set_cookie=basket.as_cookie() if basket.lines else "")


def gone_of(view: View, shop_id: bytes, lines: Sequence[OrderLine]) -> list[OrderLine]:
    """Which lines of an order cannot be ordered any more: not sold online, or not in that unit."""
    with view.services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
        fields = gerai_fields(here) if here else None
        if here is None or fields is None or not fields.gerai_open:
            return list(lines)
        at = moment_of(tx, here, fields, view.services.now_ms())
        wares = wares_of(tx, {line.product_id for line in lines}, at)
    return [
        line
        for line in lines
        if line.product_id not in wares
        or line.unit not in wares[line.product_id].goods.unit_names()
    ]
