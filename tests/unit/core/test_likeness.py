"""Names and numbers that say the same, and those that only look alike."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from core.likeness import (
    ALIKE,
    SAME,
    goods_key,
    goods_score,
    person_key,
    person_score,
    phone_key,
)


def likeness(one: str, other: str) -> int:
    return goods_score(goods_key(one), goods_key(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Indomie Goreng 85g", "INDOMIE  GORENG 85 GR."),
        ("Gula Pasir 1 kg", "gula-pasir 1000gram"),
        ("Minyak Goreng 1,5 L", "MINYAK GORENG 1500 ml"),
        ("Minyak Goreng 1.5 liter", "minyak goreng 1.500 ML"),
        ("Kopi Kapal Api 165g", "Kapal Api Kopi 165 gr"),
        ("Teh Botol Sosro 0,35 ltr", "Teh Botol Sosro 350 cc"),
        ("Rokok Surya 12", "SURYA 12 (rokok)"),
    ],
)
def test_names_that_say_the_same(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one) == SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sampoerna Mild 16", "Sampurna Mild 16"),
        ("Sabun Lifebuoy Merah 70 g", "Sabun Lifeboy Merah 70g"),
        ("Indomie Goreng", "Indomie Goreng 85 g"),
    ],
)
def test_names_that_may_mean_one_thing(one: str, other: str) -> None:
    assert ALIKE <= likeness(one, other) < SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Surya 12", "Surya 16"),
        ("Aqua 600 ml", "Aqua 330 ml"),
        ("Gula 1 kg", "Gula 1 g"),
        ("Indomie Goreng", "Indomie Goreng Jumbo"),
        ("Pulsa 10000", "Pulsa 100000"),
        ("Beras", "Beras Merah"),
        ("", ""),
        ("600 ml", "600 ml"),
        ("Rinso Cair", "Sunlight Jeruk"),
    ],
)
def test_names_of_different_things(one: str, other: str) -> None:
    assert likeness(one, other) == 0


@given(st.text(max_size=40))
def test_any_name_has_a_key_and_is_like_itself(name: str) -> None:
    key = goods_key(name)
    assert key == goods_key(name.strip())
    assert goods_score(key, key) == (SAME if key.words else 0)


@pytest.mark.parametrize(
    "text",
    ["08123456789", "0812-3456-789", "+62 812 3456789", "62 812-345-6789", "0062 8123456789"],
)
def test_one_telephone_number_in_all_its_forms(text: str) -> None:
    assert phone_key(text) == "8123456789"


@pytest.mark.parametrize("text", ["", "-", "tidak ada", "0812", "1234567890123456", "0000000000"])
def test_what_is_no_telephone_number(text: str) -> None:
    assert phone_key(text) == ""


def test_how_people_are_addressed_is_no_part_of_their_name() -> None:
    assert person_score(person_key("Ibu Yusna Mohamad"), person_key("YUSNA  MOHAMAD")) == SAME
    assert person_score(person_key("Hj. Sri Ahmad"), person_key("Bu Ahmad Sri")) == SAME
    assert person_key("Ibu").words == ("ibu",)
    assert person_score(person_key("Pak Rahman"), person_key("Pak Rahmat Hasan")) == 0
