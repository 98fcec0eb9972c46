"""What a product may say of itself: one text, in one form, that older programs leave alone."""

from __future__ import annotations

import msgspec
import pytest

from core.contract import decode_body, encode_body
from core.facts.base import Header
from core.facts.catalog import ProductAdded, ProductRecord
from core.halal import choice_of, halal_number, is_halal, tidy_halal
from core.product import Fault, faults, tidy

NUMBER = "ID75110000012341024"
SUGAR = ProductRecord(b"i" * 16, "", "Gula", "", "", "kg", 17_500)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""), (" toko ", "toko"), ("tidak", "tidak"), ("-", "-"),
        ("id 7511-0000-0123-41024", NUMBER), ("00160088790818", "00160088790818"),
    ],
)  # fmt: skip
def test_what_is_typed_gets_its_one_form(typed: str, kept: str) -> None:
    record = tidy(msgspec.structs.replace(SUGAR, halal=typed))
    assert record.halal == kept and not faults(record)


@pytest.mark.parametrize("typed", ["mungkin", "nomor", "ID12", "ada", "١٢٣٤٥٦٧٨٩٠١٢"])
def test_what_is_none_is_refused_and_shown_as_not_said(typed: str) -> None:
    assert not is_halal(tidy_halal(typed)) and halal_number(typed) is None
    assert faults(tidy(msgspec.structs.replace(SUGAR, halal=typed))) == [Fault("halal", "halal")]
    assert choice_of(typed) == ("", "")


def test_a_form_shows_a_choice_and_the_number_beside_it() -> None:
    assert choice_of(NUMBER) == ("nomor", NUMBER)
    assert [choice_of(one) for one in ("", "toko", "tidak", "-")] == [
        ("", ""), ("toko", ""), ("tidak", ""), ("-", ""),
    ]  # fmt: skip


def test_an_entry_from_before_reads_as_its_category_says() -> None:
    header, (product, opening) = msgspec.msgpack.decode(
        encode_body(Header(1, b"", 1, "2026-11-24"), ProductAdded(SUGAR))
    )
    assert product[-1] == "" and len(product) == 18
    old = msgspec.msgpack.encode([header, [product[:17], opening]])
    _, fact = decode_body("product_added", 1, old)
    assert isinstance(fact, ProductAdded) and fact.product == SUGAR
