"""What owners do on the web: goods are put online, orders answered, money is given back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from core.orders.rules import possible
from server.payments import rows
from server.payments.refunding import Wish, refund
from server.web.order_words import SHOP_BUTTONS
from tests.helpers.web_gerai import put_online as sell_online
from tests.simulation import complaints

if TYPE_CHECKING:
    from tests.simulation.market import Form, Market


def put_online(market: Market) -> None:
    """An owner sells something online."""
    shop = market.chance.choice(market.world.server.shops)
    rows = market.world.server.rows(
        "SELECT product_id FROM product WHERE shop_id=:shop AND active=1 AND online=0"
        " ORDER BY product_id",
        shop=shop,
    )
    if rows:
        product = bytes(market.chance.choice(rows)[0])
        market.at_server("online", lambda: sell_online(market.services, shop, product))


def own(market: Market) -> None:
    """An owner does something with an order on the web."""
    for form in market.some():
        order = market.read(form)
        assert order is not None
        over = order.passed(market.services.now_ms())
        at = order.story.standing
        names = {one.name for one in possible(at, "shop", passed=over)}
        if at.pay_way != "to_shop":
            names.discard("see")
        can = sorted(names & {*SHOP_BUTTONS, "propose"})
        if can:
            name: Any = market.chance.choice(can)
            if name == "refund":
                complaints.give_back_by_hand(market, form)
                continue
            if name == "propose" and len(order.story.lines) < 2:
                continue
            market.step_of(form, "shop", name, order)


def give_back(market: Market) -> None:
    """An owner gives back through the provider what an order owes its buyer."""
    for form in market.some():
        refund_order(market, form)


def refund_order(market: Market, form: Form) -> None:
    """The refunds of one order, each with an id of its own that is asked for again as is."""
    shop, order = form.wanted.shop_id, market.read(form)
    with market.services.store.reading_shop(shop) as tx:
        attempts = rows.payments_of(tx, form.order_id)
    owed = order.story.standing.to_give_back if order else 0
    for one in attempts:
        if owed and one.state in ("paid", "part_refunded"):
            most = min(owed, one.amount - one.refunded)
            wish = Wish(market.chance.randbytes(16), one.id, most, "batal")
            for _ in range(market.chance.choice((1, 1, 2))):
                asked = partial(refund, market.paying, shop, wish)
                ended = market.at_server("refund", asked, by_provider=True)
                market.world.story.count(f"refund {ended}")
            owed -= most
