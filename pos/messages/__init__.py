"""What a person reads when a rule says no: one sentence a code, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import Refused
from core.sentences import fill
from pos.messages.goods import GOODS
from pos.messages.importing import IMPORTING
from pos.messages.orders import ORDERS
from pos.messages.selling import SELLING
from pos.messages.syncing import SYNCING
from pos.messages.system import SYSTEM

__all__ = ["SENTENCES", "reason_sentence", "sentence"]

SENTENCES: dict[str, tuple[str, str]] = {
    **SYSTEM,
    **SELLING,
    **GOODS,
    **IMPORTING,
    **SYNCING,
    **ORDERS,
}
_UNKNOWN = (
    "Belum dapat dilakukan ({code}). Tidak ada yang berubah.",
    "That could not be done ({code}). Nothing was changed.",
)


def _fill(code: str, details: Mapping[str, Any], language: str) -> str:
    why = details.get("why")
    pair = SENTENCES.get(f"{code}.{why}") or SENTENCES.get(code) or _UNKNOWN
    template = pair[1] if language == "en" else pair[0]
    return fill(template, {"code": code, **details}, language)


def sentence(refusal: Refused, language: str) -> str:
    """The sentence for a refusal in "id" or "en"."""
    return _fill(refusal.code, refusal.details, language)


def reason_sentence(reason: Any, language: str) -> str:
    """The sentence for an import row's reason (`code` and `details`)."""
    return _fill(reason.code, reason.details, language)
