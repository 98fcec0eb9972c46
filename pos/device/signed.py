"""Whether bytes were signed by the key that belongs to a public one (Ed25519)."""

from __future__ import annotations


def is_signed(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a signature is that key's over these bytes."""
    # Only a counter with a server asks: the library is not loaded before.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except Exception:  # the library's several ways of saying no
        return False
    return True
