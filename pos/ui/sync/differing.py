"""What counter and server do not hold alike, in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from core.money import format_rupiah
from pos.db.database import Database
from pos.sync.differences import Difference, Values, called, differences
from pos.ui.i18n import Text, _, ngettext, shown_count, shown_quantity

MOST: Final = 4
"""So many have room on the page beside what else is said there."""

_NO_BREAK: Final = "\u00a0"
_KINDS: Final[dict[str, Text]] = {
    "stock": lambda: _("Stok berbeda"),
    "debt": lambda: _("Kasbon berbeda"),
    "cash": lambda: _("Uang laci berbeda"),
    "sales": lambda: _("Penjualan berbeda"),
    "heads": lambda: _("Catatan berbeda"),
}


def difference_rows(db: Database) -> list[tuple[Text, Callable[[], str]]]:
    """A row for each of the first ones: what it is, and what both sides say."""
    found = differences(db)
    rows: list[tuple[Text, Callable[[], str]]] = [
        (_KINDS[one.group], partial(_both, one, called(db, one))) for one in found[:MOST]
    ]
    if len(found) > MOST:
        more = len(found) - MOST
        rows.append((lambda: _("Masih ada lagi"), lambda: shown_count(more)))
    return rows


def _both(one: Difference, name: str) -> str:
    """Both sides; where the row is too long for the card it ends at a comma or between figures."""
    text = _("{name}: {here} di sini, {there} di server")
    held = _held(text).replace(f":{_NO_BREAK}", ": ").replace(f",{_NO_BREAK}", ", ")
    return held.format(
        name=name, here=_shown(one.group, one.ours), there=_shown(one.group, one.theirs)
    )


def _shown(group: str, values: Values) -> str:
    first = int(values[0]) if values else 0
    if group == "stock":
        return shown_quantity(first)
    if group in ("debt", "cash"):
        return _held(format_rupiah(first))
    if group == "sales":
        total = int(values[1]) if values else 0
        said = ngettext("{total} dalam {count} struk", "{total} dalam {count} struk", first)
        before, after = _held(said).split(_NO_BREAK, 1)
        held = f"{before} {after}"
        return held.format(count=shown_count(first), total=_held(format_rupiah(total)))
    return shown_count(first)


def _held(text: str) -> str:
    """Words that a line does not end between."""
    return text.replace(" ", _NO_BREAK)
