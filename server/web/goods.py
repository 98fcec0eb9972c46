"""Goods with their stock: found and looked at; what was changed at two places."""

from __future__ import annotations

from typing import Any, Final, get_args

from server.accounts.people import NotAllowed, Role
from server.accounts.reading import emails_of
from server.catalog.reading import product_of
from server.http.problems import Malformed, NotFound
from server.http.routes import Reply
from server.pictures.keeping import copy_data, is_coming, thumb_sides
from server.shops.history import AlreadySettled, conflicts, history, settle_conflict
from server.shops.merged import merged_of
from server.stock.reading import Level, goods, movements_of, one_of_goods, stock_counts
from server.web.product import known
from server.web.rendering import page, picture_headers
from server.web.routing import Page
from server.web.sales import read_place
from server.web.view import View, redirect

_LONGEST_QUERY: Final = 80
_OF_MANAGERS: Final = ("product", "customer")


def _goods(view: View) -> Reply:
    text = view.query.get("cari", "")[:_LONGEST_QUERY]
    level: Any = view.query.get("stok", "")
    level = level if level in get_args(Level) else ""
    archived = view.query.get("arsip") == "1"
    after = view.query.get("sesudah", "")
    with view.services.store.reading_shop(view.here.id) as tx:
        found = goods(tx, text, level, archived=archived, after=after if _is_place(after) else "")
        counts = stock_counts(tx)
    return page(
        view, "goods.html", found=found, counts=counts, text=text, level=level, archived=archived
    )


def _is_place(text: str) -> bool:
    try:
        return len(bytes.fromhex(text.rpartition("~")[2])) == 16 and len(text) < 400
    except ValueError:
        return False


def _product(view: View) -> Reply:
    key = view.id_of("product")
    before = read_place(view.query.get("sebelum", ""))
    with view.services.store.reading_shop(view.here.id) as tx:
        found, row = known(product_of(tx, key)), one_of_goods(tx, key)
        moves = movements_of(tx, key, before)
        changes = [one for one in history(tx, "product", key) if view.may_see(one.field)]
        sides, coming = thumb_sides(tx, found.picture), is_coming(tx, found.picture)
        merged = merged_of(tx, "product", key)
    return page(
        view,
        "product.html",
        product=found,
        row=row,
        sides=sides,
        coming=coming,
        moves=moves,
        changes=changes,
        merged=merged,
        accounts=emails_of(view.services, {one.by for one in changes}),
        saved=view.query.get("ya", ""),
        shows_cost=view.may("manager"),
    )


def _picture(view: View) -> Reply:
    """A product's picture. Its address says which one, so that a browser keeps it for ever."""
    with view.services.store.reading_shop(view.here.id) as tx:
        found = known(product_of(tx, view.id_of("product")))
        if not found.picture:
            raise NotFound()
        data = copy_data(tx, found.picture, small=view.query.get("kecil") == "1")
    is_asked = view.query.get("v", "") == found.picture.hex()
    return Reply(data, "image/jpeg", headers=picture_headers(for_ever=is_asked))


def _conflicts(view: View) -> Reply:
    with view.services.store.reading_shop(view.here.id) as tx:
        found = [one for one in conflicts(tx) if view.may_see(one.field)]
    return page(
        view,
        "conflicts.html",
        found=found,
        may_settle={one.table: view.may(_least(one.table)) for one in found},
        saved=view.query.get("ya") == "1",
    )


def _least(table: str) -> Role:
    """Who decides about a field: who may change it elsewhere."""
    return "manager" if table in _OF_MANAGERS else "owner"


def _settle(view: View) -> Reply:
    place = read_place(view.form.get("tempat", ""))
    choice = view.form.get("pilih", "")
    if place is None or choice not in ("ini", "lain"):
        raise Malformed(why="choice")
    with view.services.store.reading_shop(view.here.id) as tx:
        table = next((one.table for one in conflicts(tx) if (one.n, one.i) == place), None)
    if table is None:
        raise AlreadySettled()
    if not view.may(_least(table)):
        raise NotAllowed(least=_least(table))
    settle_conflict(view.services, view.here.id, *place, take_other=choice == "lain", by=view.by)
    return redirect(view.place("/dua-tempat", ya="1"))


PAGES = (
    Page("GET", "/kelola/{shop}/barang", "Goods and stock", _goods),
    Page("GET", "/kelola/{shop}/barang/{product}", "One product", _product),
    Page("GET", "/kelola/{shop}/dua-tempat", "Changed at two places", _conflicts),
    Page("POST", "/kelola/{shop}/dua-tempat", "Say which is right", _settle, "manager"),
)
FILES = (Page("GET", "/kelola/{shop}/barang/{product}/gambar", "Its picture", _picture),)
"""What pages show and what is no page itself; who may see the page may see it."""
