"""What a gerai says to buyers: open or closed, how many are left, and what search engines read."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from core.dates import local_time
from server.storefront.availability import Availability, State
from server.storefront.hours import Standing, Week, clock
from server.web.language import N_
from server.web.view import View

DAYS: Final = ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27",
               "2026-11-28", "2026-11-29")  # fmt: skip
"""Any week, from Monday: days are named by `Show.weekday`."""
STATES: Final[dict[State, str]] = {
    "ready": N_("Ada"),
    "few": N_("Tersisa {qty} {unit}"),
    "confirm": N_("Perlu dikonfirmasi"),
    "sold_out": N_("Habis"),
}
_SCHEMA: Final[dict[State, str]] = {
    "ready": "https://schema.org/InStock",
    "few": "https://schema.org/LimitedAvailability",
    "sold_out": "https://schema.org/OutOfStock",
}


def said_available(view: View, found: Availability, unit: str) -> str:
    """Whether there is any: "Tersisa 3 kg"."""
    qty = view.show.quantity(found.promise)
    rule = view.words._(STATES[found.state])
    return rule.format(qty=qty, unit=unit)


def said_standing(view: View, at: Standing, zone: str = "") -> str:
    """Whether a shop is open now, and until when: "Tutup, buka lagi Senin 08.00". On the clock of
    `zone`, or of the view's shop."""
    zone = zone or view.here.zone
    words, mark = view.words, "." if view.language == "id" else ":"
    if at.kind == "unknown":
        return ""
    if at.kind == "open":
        if not at.day:
            return words._("Buka 24 jam")
        return words._("Buka sampai {when}", when=_when(view, at, mark, zone, ends=True))
    closed = words._("Libur") if at.kind == "holiday" else words._("Tutup")
    if not at.day:
        return closed
    return words._("{closed}, buka lagi {when}", closed=closed, when=_when(view, at, mark, zone))


def _when(view: View, at: Standing, mark: str, zone: str, *, ends: bool = False) -> str:
    now = local_time(view.services.now_ms(), zone)
    hour = clock(at.minute, mark)
    away = (date.fromisoformat(at.day) - now.date()).days
    if away == 0 or (ends and away == 1):
        return "24.00".replace(".", mark) if ends and away == 1 and at.minute == 0 else hour
    day = view.show.weekday(at.day) if away < 7 else view.show.day(at.day)
    return f"{day} {hour}"


def week_rows(view: View, week: Week) -> list[tuple[str, str]]:
    """The hours by weekday, in words."""
    mark = "." if view.language == "id" else ":"
    rows = []
    for day, spans in zip(DAYS, week, strict=True):
        hours = ", ".join(f"{clock(start, mark)}–{clock(end, mark)}" for start, end in spans)
        if spans == ((0, 1440),):
            hours = view.words._("24 jam")
        rows.append((view.show.weekday(day), hours or view.words._("Tutup")))
    return rows


def json_ld(data: dict[str, Any]) -> Markup:
    """Data for search engines as it may stand in a page: a name cannot end the element."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def breadcrumbs(*steps: tuple[str, str]) -> dict[str, Any]:
    """The way to a page for search engines: names and addresses."""
    listed = [
        {"@type": "ListItem", "position": at, "name": name, "item": address}
        for at, (name, address) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": listed}


def offer_data(price: int, found: Availability, url: str) -> dict[str, Any]:
    """An offer for search engines; where the shop must be asked, no word of stock."""
    offer: dict[str, Any] = {
        "@type": "Offer",
        "price": price,
        "priceCurrency": "IDR",
        "url": url,
    }
    if found.state in _SCHEMA:
        offer["availability"] = _SCHEMA[found.state]
    return offer
