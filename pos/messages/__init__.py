"""What a person reads when a rule says no: one sentence a code, in both languages.

A template's fields are a refusal's details; `{x:rp}` writes rupiah, `{x:qty}` thousandths.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from core.errors import Refused
from core.money import format_rupiah
from core.quantity import format_quantity
from pos.messages.goods import GOODS
from pos.messages.importing import IMPORTING
from pos.messages.selling import SELLING
from pos.messages.system import SYSTEM

__all__ = ["SENTENCES", "reason_sentence", "sentence"]

SENTENCES: dict[str, tuple[str, str]] = {**SYSTEM, **SELLING, **GOODS, **IMPORTING}
_UNKNOWN = (
    "Belum dapat dilakukan ({code}). Tidak ada yang berubah.",
    "That could not be done ({code}). Nothing was changed.",
)


class _Filler(string.Formatter):
    """Fills a template; what is missing shows as a dash rather than failing."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key), "-")

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "rp" and isinstance(value, int):
            return format_rupiah(value)
        if format_spec == "qty" and isinstance(value, int):
            return format_quantity(value, decimal="," if self.language == "id" else ".")
        return str(value)


def _fill(code: str, details: Mapping[str, Any], language: str) -> str:
    why = details.get("why")
    pair = SENTENCES.get(f"{code}.{why}") or SENTENCES.get(code) or _UNKNOWN
    template = pair[1] if language == "en" else pair[0]
    return _Filler(language).vformat(template, (), {**details, "code": code})


def sentence(refusal: Refused, language: str) -> str:
    """The sentence for a refusal in "id" or "en"."""
    return _fill(refusal.code, refusal.details, language)


def reason_sentence(reason: Any, language: str) -> str:
    """The sentence for an import row's reason (`code` and `details`)."""
    return _fill(reason.code, reason.details, language)
