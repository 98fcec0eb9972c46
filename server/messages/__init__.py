"""What a person reads when the server says no: one sentence a code, in both languages.

A module holds the sentences of one subject; a new one is gathered here.
"""

from __future__ import annotations

from core.errors import Refused
from core.sentences import fill
from server.messages.buyers import BUYERS
from server.messages.house import HOUSE
from server.messages.ledger import LEDGER
from server.messages.orders import ORDERS
from server.messages.payments import PAYMENTS
from server.messages.pictures import PICTURES
from server.messages.scale import SCALE
from server.messages.sync import SYNC

__all__ = ["SENTENCES", "sentence"]

SENTENCES: dict[str, tuple[str, str]] = {
    **BUYERS,
    **HOUSE,
    **LEDGER,
    **ORDERS,
    **PAYMENTS,
    **PICTURES,
    **SCALE,
    **SYNC,
}
_UNKNOWN = (
    "Belum dapat dilakukan ({code}). Tidak ada yang berubah.",
    "That could not be done ({code}). Nothing was changed.",
)


def sentence(refusal: Refused, language: str) -> str:
    """The sentence for a refusal in "id" or "en"."""
    why = refusal.details.get("why")
    pair = SENTENCES.get(f"{refusal.code}.{why}") or SENTENCES.get(refusal.code) or _UNKNOWN
    details = {**refusal.details, "code": refusal.code}
    return fill(pair[1] if language == "en" else pair[0], details, language)
