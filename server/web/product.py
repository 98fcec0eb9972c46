"""A product written down or changed on the web, taken out of sale and brought back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from core.tax import TAX_CLASSES
from server.catalog.changing import AddedBefore, add_product, archive_product, change_product
from server.catalog.reading import Product, ProductFields, categories, product_of
from server.db.types import parse_id
from server.http.problems import Malformed, NotFound
from server.http.routes import Reply
from server.shops.merged import merged_of
from server.web import forms
from server.web.product_form import Reading, Typed, typed_from, typed_new, typed_of
from server.web.rendering import page
from server.web.routing import Page
from server.web.showing import HALAL
from server.web.view import View, redirect

_LINES: Final = re.compile(r"(tambah|hapus)-(units|tiers)(?:-([0-9]{1,4}))?", re.ASCII)


def known(found: Product | None) -> Product:
    """A product that is here.

    Raises:
        NotFound: it is not.
    """
    if found is None:
        raise NotFound()
    return found


def _read(view: View) -> Product:
    with view.services.store.reading_shop(view.here.id) as tx:
        return known(product_of(tx, view.id_of("product")))


def _show(
    view: View,
    typed: Typed,
    *,
    product: Product | None = None,
    seen: str = "",
    problems: dict[str, str] | None = None,
    focus: str = "",
    said: str = "",
    name: str = "",
) -> Reply:
    """The form. `focus` names the field to begin at, `said` what happened."""
    with view.services.store.reading_shop(view.here.id) as tx:
        known_categories = categories(tx)
    problems = problems or {}
    return page(
        view,
        "product_edit.html",
        status=422 if problems or said else 200,
        product=product,
        typed=typed.single,
        lists=typed.lists,
        problems=problems,
        focus=next(iter(problems), focus),
        said=said,
        seen=seen,
        name=name or view.form_name(),
        categories=known_categories,
        tax_classes=TAX_CLASSES,
        halal_choices=HALAL,
    )


def _lines_only(view: View, typed: Typed) -> str | None:
    """A button that only adds a line or takes one away: does it, names the field to begin at."""
    found = _LINES.fullmatch(view.form.get("lakukan", ""))
    if found is None:
        return None
    action, name, at = found.groups()
    if action == "tambah":
        typed.add_line(name)
        first = "unit" if name == "units" else "min_qty"
        return f"{name}-{len(typed.lists[name]) - 1}-{first}"
    typed.remove_line(name, int(at or 0))
    return f"tambah-{name}"


def _new(view: View) -> Reply:
    return _show(view, typed_new(), focus="name")


def _add(view: View) -> Reply:
    typed = typed_from(view.form)
    focus = _lines_only(view, typed)
    if focus is not None:
        return _show(view, typed, focus=focus)
    product_id = _id_of_form(view)
    reading = Reading(view.words, typed)
    if reading.problems:
        return _show(view, typed, problems=reading.problems)

    def add() -> None:
        add_product(
            view.services,
            view.here.id,
            product_id,
            reading.fields,
            reading.opening,
            view.by,
            form=view.sent_once(),
        )

    try:
        if not reading.try_to(add):
            return _show(view, typed, problems=reading.problems)
    except AddedBefore as refusal:
        said = view.words._(
            "{name} sudah tersimpan. Kalau yang ini barang lain, periksa isinya lalu simpan lagi.",
            name=refusal.details["name"],
        )
        return _show(view, typed, said=said, name=view.services.new_id().hex())
    return redirect(view.place(f"/barang/{product_id.hex()}", ya="baru"))


def _id_of_form(view: View) -> bytes:
    """A new product's id came with its form, so that the form makes one product only."""
    try:
        return parse_id(view.form.get("formulir", ""))
    except ValueError as error:
        raise Malformed(why="formulir") from error


def _elsewhere(act: Callable[[View], Reply]) -> Callable[[View], Reply]:
    """What was merged into another product is changed there."""

    def asked(view: View) -> Reply:
        with view.services.store.reading_shop(view.here.id) as tx:
            into = merged_of(tx, "product", view.id_of("product")).into
        return act(view) if into is None else redirect(view.place(f"/barang/{into.id.hex()}"))

    return asked


def _edit(view: View) -> Reply:
    found = _read(view)
    typed = typed_of(view.show, found)
    return _show(view, typed, product=found, seen=forms.pack_seen(found.fields))


def _save(view: View) -> Reply:
    found = _read(view)
    seen = forms.unpack_seen(view.form, ProductFields)
    kept = view.form["seen"]
    typed = typed_from(view.form)
    focus = _lines_only(view, typed)
    if focus is not None:
        return _show(view, typed, product=found, seen=kept, focus=focus)
    reading = Reading(view.words, typed, active=seen.active)

    def change() -> None:
        change_product(
            view.services,
            view.here.id,
            found.product_id,
            seen,
            reading.fields,
            view.by,
            form=view.sent_once(),
        )

    if reading.problems or not reading.try_to(change):
        return _show(view, typed, product=found, seen=kept, problems=reading.problems)
    return redirect(view.place(f"/barang/{found.product_id.hex()}", ya="1"))


def _archive(view: View) -> Reply:
    found = _read(view)
    active = view.form.get("jual", "") == "1"
    archive_product(
        view.services,
        view.here.id,
        found.product_id,
        view.by,
        was=found.fields.active,
        active=active,
    )
    said = "jual" if active else "arsip"
    return redirect(view.place(f"/barang/{found.product_id.hex()}", ya=said))


PAGES = (
    Page("GET", "/kelola/{shop}/barang/baru", "A new product", _new, "manager"),
    Page("POST", "/kelola/{shop}/barang/baru", "Write it down", _add, "manager", keeps=True),
    Page("GET", "/kelola/{shop}/barang/{product}/ubah", "Change it", _elsewhere(_edit), "manager"),
    Page(
        "POST",
        "/kelola/{shop}/barang/{product}/ubah",
        "Change it",
        _elsewhere(_save),
        "manager",
        keeps=True,
    ),
    Page(
        "POST",
        "/kelola/{shop}/barang/{product}/arsip",
        "Out of sale or back",
        _elsewhere(_archive),
        "manager",
    ),
)
