"""What somebody looks for among older entries that are not here yet, and how that ends."""

from __future__ import annotations

from typing import Literal, NamedTuple

Found = Literal["found", "none", "no_network", "refused"]
"""It is here now; the server has none; the server cannot be reached; it does not give it now."""


class Wanted(NamedTuple):
    """A receipt by its number, or a customer's account."""

    receipt: str = ""
    customer: bytes = b""
