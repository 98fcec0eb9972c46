"""Indonesian mobile numbers: one form to keep and for WhatsApp, one to read."""

from __future__ import annotations

import re


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
