"""The kecamatan to which a gerai may deliver, by Kemendagri code (data/SOURCES.md)."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def districts() -> dict[str, str]:
    """Names by code, in the order of the codes."""
    text = files("server.storefront").joinpath("data", "districts.csv").read_text("utf-8")
    return {row["kemendagri_code"]: row["kecamatan"] for row in csv.DictReader(text.splitlines())}
