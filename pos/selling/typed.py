"""What a cashier types ahead of the next goods: a count ("3*") or an amount of money ("5000r")."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from core.errors import Refused
from core.money import parse_rupiah

LEAST_MONEY = 100
"""Below it an "r" belongs to a name ("kertas 4R"); and a scan of "12R..." is never money."""
_MONEY = re.compile(r"(?P<amount>[0-9][0-9.]*)r", re.IGNORECASE)


class Ahead(NamedTuple):
    """What was typed ahead, and its number as text."""

    kind: Literal["count", "money"]
    text: str


def typed_ahead(text: str) -> Ahead | None:
    """Read what stands in the scan field; None where it is a name or a code.

    A count is not checked here: "x*" is a slip of somebody who meant a count, and is told so.
    """
    shown = text.strip()
    if shown.endswith("*"):
        return Ahead("count", shown[:-1].strip())
    found = _MONEY.fullmatch(shown)
    if found is None:
        return None
    try:
        amount = parse_rupiah(found["amount"])
    except Refused:
        return None
    return Ahead("money", found["amount"]) if amount >= LEAST_MONEY else None
