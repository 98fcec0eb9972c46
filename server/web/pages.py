"""All pages as routes of the server."""

from __future__ import annotations

from server.http.routes import Route
from server.web import (
    account,
    buying,
    codes,
    crawling,
    customers,
    devices,
    entrance,
    entries,
    favourites,
    gerai,
    gerai_edit,
    gerai_halal,
    gerai_pictures,
    gerai_seller,
    goods,
    installing,
    market,
    mine_account,
    mine_entrance,
    mine_orders,
    moved,
    office,
    order_money,
    order_page,
    order_report,
    order_terms,
    orders,
    payments,
    payouts,
    product,
    reviews,
    sales,
    settlements,
    shop,
    today,
)
from server.web.routing import Page, route_of
from server.web.static_files import send_static

PAGES: tuple[Page, ...] = (
    *entrance.PAGES,
    *account.PAGES,
    *codes.PAGES,
    *today.PAGES,
    *sales.PAGES,
    *product.PAGES,
    *goods.PAGES,
    *customers.PAGES,
    *devices.PAGES,
    *entries.PAGES,
    *shop.PAGES,
    *gerai_edit.PAGES,
    *gerai_pictures.PAGES,
    *gerai_seller.PAGES,
    *gerai_halal.PAGES,
    *order_money.PAGES,
    *order_report.PAGES,
    *payments.PAGES,
    *settlements.PAGES,
    *payouts.PAGES,
    *orders.PAGES,
    *order_terms.PAGES,
    *reviews.PAGES,
    *office.PAGES,
    *moved.PAGES,
)


def page_routes() -> list[Route]:
    """The pages and the files that they load."""
    files = Route(
        "GET", "/static/{name}", "Style sheet, script, pattern", send_static, is_published=False
    )
    own = (*PAGES, *goods.FILES, *gerai_edit.FILES)
    # Public addresses first: what is none of theirs may be an owner's former one.
    buyers = (
        *crawling.ROUTES,
        *installing.ROUTES,
        *market.ROUTES,
        *buying.ROUTES,
        *favourites.ROUTES,
        *order_page.ROUTES,
        *mine_entrance.ROUTES,
        *mine_orders.ROUTES,
        *mine_account.ROUTES,
        *gerai.ROUTES,
    )
    return [files, *buyers, *map(route_of, own)]
