"""Where a server is, as people type it."""

from __future__ import annotations

import pytest

from pos.sync.enrolment import BadAddress, server_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("toko.contoh.id", "https://toko.contoh.id"),
        (" toko.contoh.id:8080/ ", "https://toko.contoh.id:8080"),
        ("http://localhost:8080//", "http://localhost:8080"),
        ("https://contoh.id/huyula/", "https://contoh.id/huyula"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_an_address_gets_its_scheme(typed: str, kept: str) -> None:
    assert server_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "http://", "https://", "http:", "http:/", "https:///x", "ftp://x", "a:0", "a:", "a:x",
     "a?b", "a#b", "ibu@a"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        server_address(typed)
