"""Entries that break a rule or wait in quarantine: why, and what becomes of them."""

from __future__ import annotations

from typing import Literal

from server.catalog.reading import names_of
from server.customers.reading import customer_names
from server.db.transaction import ShopTx
from server.db.types import HASH_BYTES
from server.http.problems import Malformed
from server.http.routes import Reply
from server.sync.judging import (
    Doubtful,
    decided_entries,
    flagged_entries,
    judge_entry,
    waiting_entries,
)
from server.web.entry_words import customers_of, goods_of, new_goods, paper, summary
from server.web.rendering import page
from server.web.routing import Page
from server.web.view import View, id_in_form, redirect

_LISTS = {"": waiting_entries, "ditandai": flagged_entries, "selesai": decided_entries}


def _entries(view: View) -> Reply:
    chosen = view.query.get("daftar", "")
    chosen = chosen if chosen in _LISTS else ""
    with view.services.store.reading_shop(view.here.id) as tx:
        found = _LISTS[chosen](tx, view.number("sebelum"))
        names = _names(tx, found.rows)
    return page(
        view,
        "entries.html",
        found=found,
        chosen=chosen,
        says={one.n: summary(view.show, one.fact, names) for one in found.rows},
        papers={one.n: paper(one.fact, one.register) for one in found.rows},
        done=view.query.get("ya", ""),
    )


def _names(tx: ShopTx, rows: list[Doubtful]) -> dict[bytes, str]:
    """The names of goods and customers that entries speak of by their ids."""
    facts = [one.fact for one in rows]
    return (
        new_goods(facts) | names_of(tx, goods_of(facts)) | customer_names(tx, customers_of(facts))
    )


def _ask_aside(view: View) -> Reply:
    """Setting aside is for good, and a thumb slips: it is asked once more."""
    n = view.placed_number("n")
    with view.services.store.reading_shop(view.here.id) as tx:
        one = next(iter(waiting_entries(tx, n + 1).rows), None)
        if one is None or one.n != n:
            return redirect(view.place("/periksa"))
        names = _names(tx, [one])
    return page(
        view,
        "entry_aside.html",
        one=one,
        said=summary(view.show, one.fact, names),
        paper=paper(one.fact, one.register),
    )


def _judge(view: View) -> Reply:
    digest = id_in_form(view, "entri", HASH_BYTES)
    decision: Literal["released", "set_aside"]
    if view.form.get("putusan") == "terima":
        decision = "released"
    elif view.form.get("putusan") == "sisihkan":
        decision = "set_aside"
    else:
        raise Malformed(why="decision")
    judge_entry(view.services, view.here.id, digest, decision, view.by)
    return redirect(view.place("/periksa", ya=decision))


PAGES = (
    Page("GET", "/kelola/{shop}/periksa", "What needs a look", _entries),
    Page("GET", "/kelola/{shop}/sisihkan/{n}", "Set aside?", _ask_aside, "owner"),
    Page("POST", "/kelola/{shop}/periksa", "Release or set aside", _judge, "owner"),
)
