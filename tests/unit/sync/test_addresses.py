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
        ("localhost", "https://localhost"),
        ("192.168.1.7", "https://192.168.1.7"),
        ("kasir_depan:8080", "https://kasir_depan:8080"),
        ("http://kasir-depan", "http://kasir-depan"),
        ("tokö.example.", "https://tokö.example."),
    ],
)
def test_an_address_gets_its_scheme(typed: str, kept: str) -> None:
    assert server_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "http://", "https://", "http:", "http:/", "https:///x", "ftp://x", "a:0", "a:", "a:x",
     "a?b", "a#b", "ibu@a", "nonsense", "nonsense/api", "toko saya.id", "http://toko saya",
     "toko..id", "-toko.id", ".id", "192.168.1", "http://300.1.1.1", "toko,id", "ABCD-EFGH", "http://[::1",
     f"{'a' * 64}.id"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        server_address(typed)
