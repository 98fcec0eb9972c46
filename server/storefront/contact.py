"""Where a shop is: a place on a map, in one form."""

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
