"""The list of receipts, and one of them as it was printed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.http.problems import NotFound
from server.http.routes import Reply
from server.sales.receipts import SOLD, Wanted, receipt, receipts
from server.shops.reading import registers_here
from server.web.language import N_
from server.web.rendering import page
from server.web.routing import Page
from server.web.showing import TENDERS, TYPES
from server.web.today import parse_day
from server.web.view import View

_KINDS = {**TYPES, SOLD: N_("Penjualan dan penukaran")}


def ahead_ms(day: str, zone: str) -> int:
    """How far a zone's clock is ahead of UTC on a day (YYYY-MM-DD), in milliseconds."""
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=ZoneInfo(zone))
    return int((noon.utcoffset() or timedelta()).total_seconds() * 1000)


def _wanted(view: View) -> tuple[Wanted, dict[str, Any]]:
    """What the query asks for, and the query as the page's links repeat it."""
    today = view.here.today(view.services.now_ms())
    first = parse_day(view.query.get("dari", "")) or today
    last = parse_day(view.query.get("sampai", "")) or first
    first, last = min(first, last), max(first, last)
    kind, tender = view.query.get("jenis", ""), view.query.get("bayar", "")
    device, hour = view.query.get("kasir", ""), view.query.get("jam", "")
    known_hour = hour.isascii() and hour.isdigit() and len(hour) < 3 and int(hour) < 24
    chosen = {
        "dari": first,
        "sampai": last if last != first else "",
        "jenis": kind if kind in _KINDS else "",
        "bayar": tender if tender in TENDERS else "",
        "kasir": device if _is_hex(device) else "",
        "nomor": view.query.get("nomor", "").strip()[:40],
        "jam": hour if known_hour and first == last else "",
        "diskon": "1" if view.query.get("diskon") == "1" else "",
    }
    of_clock = (int(hour), ahead_ms(first, view.here.zone)) if chosen["jam"] else None
    return (
        Wanted(
            first,
            last,
            bytes.fromhex(chosen["kasir"]),
            chosen["jenis"],
            chosen["bayar"],
            chosen["nomor"],
            of_clock,
            read_place(view.query.get("sebelum", "")),
            bool(chosen["diskon"]),
        ),
        chosen,
    )


def read_place(text: str) -> tuple[int, int] | None:
    """Two whole numbers with a dash between, as a page's links carry them; None for others."""
    first, _, second = text.partition("-")
    good = all(one.isascii() and one.isdigit() and len(one) < 16 for one in (first, second))
    return (int(first), int(second)) if good else None


def _is_hex(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == 16
    except ValueError:
        return False


def _sales(view: View) -> Reply:
    wanted, chosen = _wanted(view)
    with view.services.store.reading_shop(view.here.id) as tx:
        found = receipts(tx, wanted)
        registers = registers_here(tx)
    return page(
        view,
        "sales.html",
        found=found,
        chosen=chosen,
        wanted=wanted,
        registers=registers,
        kinds=_KINDS,
        tenders=TENDERS,
        narrowed=sum(
            bool(chosen[name]) for name in ("jenis", "bayar", "kasir", "nomor", "jam", "diskon")
        ),
    )


def _sale(view: View) -> Reply:
    with view.services.store.reading_shop(view.here.id) as tx:
        found = receipt(tx, view.placed_number("n"))
    if found is None:
        raise NotFound()
    return page(view, "sale.html", sale=found, footer=_footer(view))


def _footer(view: View) -> list[str]:
    return [line for line in view.here.setting("receipt_footer", list[str], []) if line]


PAGES = (
    Page("GET", "/kelola/{shop}/penjualan", "Receipts", _sales),
    Page("GET", "/kelola/{shop}/penjualan/{n}", "One receipt", _sale),
)
