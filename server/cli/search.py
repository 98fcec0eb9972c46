"""Commands about what is found over all gerai."""

from __future__ import annotations

from typing import Any

from server.cli.arguments import command, group
from server.cli.session import Session
from server.db.types import show_id
from server.search.following import rebuild
from server.search.proving import prove_index
from server.shops.adding import find_shop


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    search = group(commands, "search", "Pencarian di semua gerai / the search over all gerai")
    one = command(
        search,
        "rebuild",
        "Susun lagi dari tabel toko; tanpa SHOP, semua / make it again from the shops' tables",
        run_rebuild,
    )
    one.add_argument("shop", nargs="?", metavar="SHOP")


def run_rebuild(session: Session) -> None:
    """Make the rows of one shop or of all again; one shop a line, with its goods."""
    services = session.services
    if session.options.shop is not None:
        shops = [find_shop(services, session.options.shop).id]
    else:
        shops = services.store.shop_ids()
    for shop_id in shops:
        rebuild(services, shop_id)
        goods = prove_index(services, shop_id).goods
        session.say({"shop": show_id(shop_id), "goods": goods}, f"{show_id(shop_id)}\t{goods}")
