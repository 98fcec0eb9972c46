"""Goods with their stock: found, looked at, changed; what was changed at two places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

from server.accounts.reading import emails_of
from server.catalog.changing import change_product
from server.catalog.reading import Product, ProductFields, product_of
from server.http.problems import Malformed, NotFound
from server.http.routes import Reply
from server.pictures.keeping import copy_data, is_coming, thumb_sides
from server.shops.editing import BadField
from server.shops.history import conflicts, history, settle_conflict
from server.stock.reading import Level, goods, movements_of, one_of_goods, stock_counts
from server.web import forms
from server.web.rendering import page, picture_headers
from server.web.routing import Page
from server.web.sales import read_place
from server.web.view import View, redirect

_LONGEST_QUERY: Final = 80
_READERS: Final[Mapping[str, forms.Reader]] = {
    "name": forms.text,
    "code": forms.text,
    "category": forms.text,
    "brand": forms.text,
    "price": forms.amount,
    "cost": forms.amount_or_none,
    "min_stock": forms.quantity,
    "active": forms.ticked,
}


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
        found, row = _known(product_of(tx, key)), one_of_goods(tx, key)
        moves = movements_of(tx, key, before)
        changes = history(tx, "product", key)
        sides, coming = thumb_sides(tx, found.picture), is_coming(tx, found.picture)
    return page(
        view,
        "product.html",
        product=found,
        row=row,
        sides=sides,
        coming=coming,
        moves=moves,
        changes=changes,
        accounts=emails_of(view.services, {one.by for one in changes}),
        saved=view.query.get("ya") == "1",
        shows_cost=view.may("manager"),
    )


def _picture(view: View) -> Reply:
    """A product's picture. Its address says which one, so that a browser keeps it for ever."""
    with view.services.store.reading_shop(view.here.id) as tx:
        found = _known(product_of(tx, view.id_of("product")))
        if not found.picture:
            raise NotFound()
        data = copy_data(tx, found.picture, small=view.query.get("kecil") == "1")
    is_asked = view.query.get("v", "") == found.picture.hex()
    return Reply(data, "image/jpeg", headers=picture_headers(for_ever=is_asked))


def _known(found: Product | None) -> Product:
    if found is None:
        raise NotFound()
    return found


def _edit_form(view: View) -> Reply:
    found = _read(view)
    fields = found.fields
    typed = {
        "name": fields.name,
        "code": fields.code,
        "category": fields.category,
        "brand": fields.brand,
        "price": view.show.bare(fields.price),
        "cost": "" if fields.cost is None else view.show.bare(fields.cost),
        "min_stock": view.show.plain_quantity(fields.min_stock),
        "active": "1" if fields.active else "",
    }
    return _form(view, found, typed, {}, forms.pack_seen(fields))


def _read(view: View) -> Product:
    with view.services.store.reading_shop(view.here.id) as tx:
        return _known(product_of(tx, view.id_of("product")))


def _form(
    view: View, found: Product, typed: Mapping[str, str], problems: Mapping[str, str], seen: str
) -> Reply:
    return page(
        view,
        "product_edit.html",
        status=422 if problems else 200,
        product=found,
        typed=typed,
        problems=problems,
        seen=seen,
    )


def _save(view: View) -> Reply:
    found = _read(view)
    seen = forms.unpack_seen(view.form, ProductFields)
    values, problems = forms.read_fields(view.words, view.form, _READERS)
    if not problems:
        try:
            wanted = ProductFields(**values)
            change_product(view.services, view.here.id, found.product_id, seen, wanted, view.by)
            return redirect(view.place(f"/barang/{found.product_id.hex()}", ya="1"))
        except BadField as refusal:
            problems = forms.problem(view.words, refusal)
    typed = {name: view.form.get(name, "") for name in _READERS}
    return _form(view, found, typed, problems, view.form.get("seen", ""))


def _conflicts(view: View) -> Reply:
    with view.services.store.reading_shop(view.here.id) as tx:
        found = conflicts(tx)
    return page(view, "conflicts.html", found=found, saved=view.query.get("ya") == "1")


def _settle(view: View) -> Reply:
    place = read_place(view.form.get("tempat", ""))
    choice = view.form.get("pilih", "")
    if place is None or choice not in ("ini", "lain"):
        raise Malformed(why="choice")
    settle_conflict(view.services, view.here.id, *place, take_other=choice == "lain", by=view.by)
    return redirect(view.place("/dua-tempat", ya="1"))


PAGES = (
    Page("GET", "/toko/{shop}/barang", "Goods and stock", _goods),
    Page("GET", "/toko/{shop}/barang/{product}", "One product", _product),
    Page("GET", "/toko/{shop}/barang/{product}/ubah", "Change it", _edit_form, "manager"),
    Page("POST", "/toko/{shop}/barang/{product}/ubah", "Change it", _save, "manager"),
    Page("GET", "/toko/{shop}/dua-tempat", "Changed at two places", _conflicts),
    Page("POST", "/toko/{shop}/dua-tempat", "Say which is right", _settle, "manager"),
)
FILES = (Page("GET", "/toko/{shop}/barang/{product}/gambar", "Its picture", _picture),)
"""What pages show and what is no page itself; who may see the page may see it."""
