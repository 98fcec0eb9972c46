"""What is signed of a request, and that the headers read back."""

from __future__ import annotations

import hashlib

import pytest

from core.sync.signing import (
    BadSignature,
    Signed,
    content_digest,
    read_signature,
    signature_base,
    signature_header,
    signature_input,
)

SIGNED = Signed(1_790_000_000, "n0nce-n0nce-n0nce", bytes(range(16)))
SIGNATURE = bytes(range(64))


def test_the_headers_read_back() -> None:
    read = read_signature(signature_input(SIGNED), signature_header(SIGNATURE))
    assert read == (SIGNED, SIGNATURE)


def test_the_base_names_every_part_of_the_request() -> None:
    digest = content_digest(b"body")
    text = signature_base("post", "/api/v1/sync/journal", "a=1", digest, SIGNED).decode()
    assert text.splitlines() == [
        '"@method": POST',
        '"@path": /api/v1/sync/journal',
        '"@query": ?a=1',
        f'"content-digest": {digest}',
        '"@signature-params": ("@method" "@path" "@query" "content-digest")'
        f';created=1790000000;nonce="n0nce-n0nce-n0nce";keyid="{bytes(range(16)).hex()}"'
        ';alg="ed25519"',
    ]


def test_every_part_changes_what_is_signed() -> None:
    whole = ("POST", "/p", "q=1", content_digest(b"x"), SIGNED)
    others = (
        ("GET", *whole[1:]),
        ("POST", "/other", *whole[2:]),
        (*whole[:2], "q=2", *whole[3:]),
        (*whole[:3], content_digest(b"y"), SIGNED),
        (*whole[:4], Signed(1_790_000_001, SIGNED.nonce, SIGNED.device)),
        (*whole[:4], Signed(SIGNED.created, "another-nonce-here", SIGNED.device)),
        (*whole[:4], Signed(SIGNED.created, SIGNED.nonce, bytes(16))),
    )
    bases = {signature_base(*parts) for parts in (whole, *others)}
    assert len(bases) == 1 + len(others)


def test_the_digest_is_that_of_the_body_as_sent() -> None:
    import base64

    expected = base64.b64encode(hashlib.sha256(b"abc").digest()).decode()
    assert content_digest(b"abc") == f"sha-256=:{expected}:"


@pytest.mark.parametrize(
    ("input_header", "header"),
    [
        ("", ""),
        (signature_input(SIGNED), "huyula=:AAAA:"),
        (signature_input(SIGNED), signature_header(SIGNATURE) + " "),
        (signature_input(SIGNED).replace("ed25519", "none"), signature_header(SIGNATURE)),
        (signature_input(SIGNED).replace('"@query" ', ""), signature_header(SIGNATURE)),
        (signature_input(SIGNED).replace("n0nce-n0nce-n0nce", "short"), "x"),
        (signature_input(SIGNED) + ";more=1", signature_header(SIGNATURE)),
    ],
)
def test_headers_of_another_form_are_refused(input_header: str, header: str) -> None:
    with pytest.raises(BadSignature):
        read_signature(input_header, header)
