"""What a shop says of itself: numbers in one form, certificates by their day, what is missing."""

from __future__ import annotations

import pytest

from server.shops.editing import BadField
from server.shops.reading import ShopHere
from server.storefront.seller import (
    NOTHING_SAID,
    HalalGoods,
    Said,
    SellerFields,
    checked_seller,
    halal_said,
    missing,
    permit,
    refuses_returns,
    seller_fields,
)

TODAY = "2026-11-26"


def shop(**settings: str) -> ShopHere:
    return ShopHere(bytes(16), "Warung", "Asia/Makassar", 0, bytes(16), settings)


def said(**changes: object) -> SellerFields:
    return NOTHING_SAID._replace(**{f"seller_{name}": one for name, one in changes.items()})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("206320101001226", "P-IRT 2063201010012-26"),
        ("P-IRT No. 2", None),
        ("p-irt 2063201010012-26", "P-IRT 2063201010012-26"),
        ("P-IRT 2063201010012", None),
        ("BPOM RI MD 204 520 001 001", "BPOM MD 204520001001"),
        ("NA18201234567", "BPOM NA 18201234567"),
        ("XX 204520001001", None),
    ],
)
def test_a_permit_has_one_form(typed: str, kept: str | None) -> None:
    assert permit(typed) == kept


def test_numbers_are_kept_without_what_people_put_between() -> None:
    found = checked_seller(
        said(nib="1234 5678-90123", halal="ada", halal_number="id 75110000012341024",
             email=" Toko@Contoh.ID ", permits=("206320101001226", "", "206320101001226"))
    )  # fmt: skip
    assert found.seller_nib == "1234567890123" and found.seller_email == "toko@contoh.id"
    assert found.seller_halal_number == "ID75110000012341024"
    assert found.seller_permits == ("P-IRT 2063201010012-26",)


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("seller_nib", said(nib="123")),
        ("seller_email", said(email="toko@")),
        ("seller_permits", said(permits=("12",))),
        ("seller_permits", said(permits=("206320101001226",) * 9)),
        ("seller_halal_number", said(halal="ada")),
        ("seller_halal_until", said(halal="ada", halal_number="1" * 12, halal_until="besok")),
        ("seller_returns", said(returns="a" * 601)),
        ("seller_halal", said(halal="mungkin")),
        ("seller_halal_goods", said(halal_goods=(HalalGoods("Kue", "mungkin"),))),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field: str, wanted: SellerFields) -> None:
    with pytest.raises(BadField) as refused:
        checked_seller(wanted)
    assert refused.value.field == field


def test_a_certificate_is_said_only_of_goods_in_it_and_while_it_lasts() -> None:
    goods = (HalalGoods("Kue", "ada"), HalalGoods("Bir", "tidak_halal"))
    has = said(halal="ada", halal_number="1" * 12, halal_until=TODAY, halal_goods=goods)
    assert halal_said(has, "Kue", "", TODAY) == Said("ada", "1" * 12)
    assert halal_said(has, "Sabun", "", TODAY) == Said(), "soap is not in it"
    assert halal_said(has, "Bir", "", TODAY) == Said("tidak_halal")
    assert halal_said(has, "Kue", "", "2026-11-27") == Said(), "it is over"
    assert halal_said(said(halal="tidak_halal"), "Kue", "", TODAY) == Said("tidak_halal")
    lost = checked_seller(has._replace(seller_halal="belum"))
    assert halal_said(lost, "Kue", "", TODAY) == Said() and not lost.seller_halal_number
    assert halal_said(lost, "Bir", "", TODAY) == Said("tidak_halal"), "that stays true"
    assert lost.seller_halal_goods == tuple(sorted(goods)), "kept while it is renewed"
    many = tuple(HalalGoods(str(n), "tidak_halal") for n in range(301))
    with pytest.raises(BadField, match="marks"):
        checked_seller(has._replace(seller_halal_goods=many))


def test_what_a_product_says_goes_before_its_category() -> None:
    goods = (HalalGoods("Kue", "ada"), HalalGoods("Bir", "tidak_halal"))
    has = said(halal="ada", halal_number="1" * 12, halal_until=TODAY, halal_goods=goods)
    makers = Said("ada", "ID75110000012341024", is_makers=True)
    assert halal_said(has, "Sabun", "toko", TODAY) == Said("ada", "1" * 12)
    assert halal_said(has, "Sabun", "toko", "2026-11-27") == Said(), "it is over"
    assert halal_said(has, "Kue", "tidak", TODAY) == Said("tidak_halal")
    assert halal_said(has, "Kue", "-", TODAY) == Said()
    assert halal_said(has, "Bir", makers.number, TODAY) == makers
    assert halal_said(NOTHING_SAID, "Kue", makers.number, TODAY) == makers, "the shop needs none"
    assert halal_said(has, "Kue", "entah", TODAY) == Said("ada", "1" * 12), "as if it said nothing"


def test_what_is_missing_is_known() -> None:
    assert missing(NOTHING_SAID, shop(), whatsapp="", today=TODAY) == [
        "owner", "address", "contact", "nib", "halal", "returns",
    ]  # fmt: skip
    whole = said(owner="Sri", nib="1" * 13, halal="tidak_perlu", returns="Dapat ditukar.")
    here = shop(address='"Jalan 1"')
    assert missing(whole, here, whatsapp="6281", today=TODAY) == []
    over = whole._replace(seller_halal="ada", seller_halal_until="2026-01-01")
    assert missing(over, here, whatsapp="6281", today=TODAY) == ["halal_over"]


@pytest.mark.parametrize(
    ("text", "refuses"),
    [
        ("Barang yang sudah dibeli tidak dapat dikembalikan", True),
        ("Tidak menerima retur.", True),
        ("No refund", True),
        ("tidak bisa di tukar atau di kembalikan", True),
        ("Dapat ditukar paling lambat 2 x 24 jam dengan struk.", False),
        ("Tidak puas? Uang dikembalikan.", False),
    ],
)
def test_words_that_refuse_every_return_are_noticed(text: str, refuses: bool) -> None:
    assert refuses_returns(text) is refuses


def test_what_stands_there_and_is_none_is_as_if_not_said() -> None:
    here = shop(seller_nib='"12"', seller_halal='"mungkin"', seller_owner="7",
                seller_halal_until='"kapan"', seller_email='"javascript:x"')  # fmt: skip
    assert seller_fields(here) == NOTHING_SAID
