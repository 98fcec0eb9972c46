"""Signed requests: the lines that are signed, after RFC 9421 with one fixed set of components.

A request carries `Content-Digest` (RFC 9530, sha-256 over the body as sent), `Signature-Input`
and `Signature`. The components are method, path, query and digest; the parameters are the time
of signing (seconds), a nonce, the device as key id, and the algorithm. Signing and verifying
themselves are done where the keys are.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Final

import msgspec

from core.errors import Refused

_COMPONENTS: Final = '("@method" "@path" "@query" "content-digest")'
_INPUT: Final = re.compile(
    r'huyula=\("@method" "@path" "@query" "content-digest"\)'
    r';created=([0-9]{1,15});nonce="([A-Za-z0-9_-]{16,64})"'
    r';keyid="([0-9a-f]{32})";alg="ed25519"',
    re.ASCII,
)
_SIGNATURE: Final = re.compile(r"huyula=:([A-Za-z0-9+/]{86}==):", re.ASCII)


class BadSignature(Refused):
    """A request is not signed as it should be; `why` says what is missing or wrong."""

    code = "bad_signature"


class Signed(msgspec.Struct, frozen=True):
    """The parameters of a signature. `created` is UTC seconds, `device` 16 bytes."""

    created: int
    nonce: str
    device: bytes


def content_digest(body: bytes) -> str:
    """The `Content-Digest` of a body as it travels."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode("ascii")
    return f"sha-256=:{digest}:"


def signature_input(signed: Signed) -> str:
    """The value of the `Signature-Input` header."""
    return f"huyula={_parameters(signed)}"


def signature_base(method: str, path: str, query: str, digest: str, signed: Signed) -> bytes:
    """The bytes that are signed. `query` is without its question mark."""
    lines = (
        f'"@method": {method.upper()}',
        f'"@path": {path}',
        f'"@query": ?{query}',
        f'"content-digest": {digest}',
        f'"@signature-params": {_parameters(signed)}',
    )
    return "\n".join(lines).encode()


def signature_header(signature: bytes) -> str:
    """The value of the `Signature` header."""
    return f"huyula=:{base64.b64encode(signature).decode('ascii')}:"


def read_signature(input_header: str, header: str) -> tuple[Signed, bytes]:
    """Read the two headers back: the parameters and the 64 bytes of the signature.

    Raises:
        BadSignature: a header is missing or not of this form.
    """
    found, value = _INPUT.fullmatch(input_header), _SIGNATURE.fullmatch(header)
    if found is None or value is None:
        raise BadSignature(why="headers")
    try:
        signature = base64.b64decode(value[1], validate=True)
    except binascii.Error as error:
        raise BadSignature(why="headers") from error
    return Signed(int(found[1]), found[2], bytes.fromhex(found[3])), signature


def _parameters(signed: Signed) -> str:
    return (
        f'{_COMPONENTS};created={signed.created};nonce="{signed.nonce}"'
        f';keyid="{signed.device.hex()}";alg="ed25519"'
    )
