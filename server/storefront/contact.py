"""How a shop is reached: a WhatsApp number and a place on a map, in one form each."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

# A link elsewhere could lead a buyer anywhere.
_MAPS: Final = frozenset(
    ("maps.app.goo.gl", "goo.gl", "maps.google.com", "www.google.com", "google.com",
     "www.google.co.id", "www.openstreetmap.org", "openstreetmap.org", "osm.org", "osmand.net")
)  # fmt: skip
_LONGEST_LINK: Final = 500


def whatsapp_number(typed: str) -> str | None:
    """An Indonesian mobile number as WhatsApp links take it ("6281244001234").

    None where it is none. A 0 after the country's code is a slip that many make.
    """
    digits = re.sub(r"[^0-9+]", "", typed)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return None
    digits = digits.lstrip("+")
    for head in ("0062", "62", "0"):
        if digits.startswith(head):
            digits = digits.removeprefix(head)
            break
    digits = digits.removeprefix("0")
    return f"62{digits}" if re.fullmatch(r"8[0-9]{8,11}", digits) else None


def shown_number(number: str) -> str:
    """A kept number as it is read: "0812-4400-1234"."""
    local = f"0{number.removeprefix('62')}"
    return "-".join(filter(None, (local[:4], local[4:8], local[8:])))


def map_link(typed: str) -> str | None:
    """A link to a place on a map that people know, None for anything else."""
    text = typed.strip()
    if len(text) > _LONGEST_LINK or not text.isascii() or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    known = parts.scheme == "https" and parts.hostname in _MAPS and port is None
    if not known or parts.username is not None or re.search(r"[<>\"'\\]", text):
        return None
    if parts.hostname in ("goo.gl", "www.google.com", "google.com", "www.google.co.id"):
        return text if parts.path.startswith("/maps") else None
    return text
