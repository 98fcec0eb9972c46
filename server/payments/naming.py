"""What a provider's accounts and its entries in the books are called."""

from __future__ import annotations

import hashlib
from typing import Final

from server.payments.rows import Payment

_ENTRY: Final = b"huyula payment entry 1\n"


def clearing_name(provider: str, environment: str) -> str:
    """Whose a provider's clearing account is; a sandbox's money is none and stays apart."""
    return provider if environment == "production" else f"{provider}-{environment}"


def entry_id(payment: Payment, kind: str, more: str = "") -> bytes:
    """The id of what happened to a provider's transaction."""
    parts = (payment.provider, payment.environment, payment.transaction_id, kind, more)
    return hashlib.sha256(_ENTRY + "\0".join(parts).encode()).digest()[:16]
