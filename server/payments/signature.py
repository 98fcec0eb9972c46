"""What a notification is signed with: SHA-512 over three of its fields and the server key."""

from __future__ import annotations

import hashlib
import hmac


def signature(order_id: str, status_code: str, gross_amount: str, server_key: str) -> str:
    """The signature over the strings exactly as they are written ("10000.00" keeps its zeros)."""
    text = order_id + status_code + gross_amount + server_key
    return hashlib.sha512(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_signed(
    order_id: str, status_code: str, gross_amount: str, server_key: str, given: str
) -> bool:
    """Whether `given` is the signature; takes as long whatever is wrong with it.

    It covers neither the transaction's status nor its id: whoever passes it asks the provider.
    """
    made = signature(order_id, status_code, gross_amount, server_key)
    return hmac.compare_digest(made.encode(), given.encode("utf-8", "surrogatepass"))
