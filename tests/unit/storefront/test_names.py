"""What a gerai's address may be."""

from __future__ import annotations

import pytest

from server.storefront.names import LONGEST, fault_of, normal_name, numbered, propose


@pytest.mark.parametrize(
    "name", ["sri", "warung-ibu-sri", "toko-24-jam", "usaha-mandiri", "bank-sampah-telaga", "a-1",
             "koperasi-mina-bahari", "a" * 40, "brilian", "danau-limboto"],
)  # fmt: skip
def test_names_that_shops_have_are_taken(name: str) -> None:
    assert fault_of(name) == ""


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("ab", "short"), ("", "short"), ("a" * 41, "long"),
        ("Warung", "letters"), ("warung_sri", "letters"), ("warung sri", "letters"),
        ("kopi.id", "letters"), ("warüng", "letters"), ("../etc", "letters"), ("sri\n", "letters"),
        ("-sri", "hyphens"), ("sri-", "hyphens"), ("sri--jaya", "hyphens"), ("---", "hyphens"),
        ("0123456789abcdef0123456789abcdef", "id_like"),
        ("01234567-89ab-cdef-0123-456789abcdef", "id_like"),
        ("kelola", "reserved"), ("static", "reserved"), ("huyula", "reserved"),
        ("dinas-koperasi", "reserved"), ("polres-gorontalo", "reserved"), ("bri", "reserved"),
        ("cs-bri-limboto", "reserved"), ("bank-mandiri", "reserved"), ("mandiri", "reserved"),
        ("bank-sulutgo", "reserved"), ("toko-resmi", "reserved"), ("bupati-gorontalo", "reserved"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_name_is_said(name: str, why: str) -> None:
    assert fault_of(name) == why


@pytest.mark.parametrize(
    ("shop", "name"),
    [
        ("Warung Ibu Sri", "warung-ibu-sri"), ("TOKO  H. Ma'ruf & Anak", "toko-h-maruf-anak"),
        ("Café Pinogu", "cafe-pinogu"), ("Ayu", "ayu"), ("AB", "toko-ab"),
        ("Bank BRI", "gerai-saya"),
        ("", "gerai-saya"), ("☕", "gerai-saya"), ("Toko", "gerai-saya"),
        ("Rumah Makan Padang Sederhana Cabang Dua", "rumah-makan-padang-sederhana-cabang-dua"),
        ("Rumah Makan Padang Sederhana Cabang Empat", "rumah-makan-padang-sederhana-cabang"),
        ("Pahangga" * 9, ("pahangga" * 5)),
    ],
)  # fmt: skip
def test_a_name_is_proposed_from_the_shops(shop: str, name: str) -> None:
    assert propose(shop) == name


def test_what_is_typed_is_brought_into_form() -> None:
    assert normal_name("  Warung_Ibu Sri! ") == "warung-ibu-sri"


def test_a_taken_name_gets_a_number() -> None:
    assert numbered("warung-sri", 2) == "warung-sri-2"
    long = numbered("rumah-makan-padang-sederhana-cabang-dua", 12)
    assert long == "rumah-makan-padang-sederhana-cabang-12" and len(long) <= LONGEST
