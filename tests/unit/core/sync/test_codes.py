"""Codes that people read aloud and type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sync.codes import (
    ALPHABET,
    check_digits,
    free_register,
    pairing_code,
    read_code,
    show_code,
    show_digits,
)


@given(st.binary(min_size=32, max_size=32))
def test_a_pairing_code_reads_back_however_it_is_typed(random: bytes) -> None:
    try:
        code = pairing_code(random)
    except ValueError:
        return
    assert len(code) == 8 and set(code) <= set(ALPHABET)
    assert read_code(show_code(code).lower()) == code
    assert read_code(f" {code[:2]} {code[2:]} ") == code


def test_no_letter_of_a_code_is_read_as_another() -> None:
    assert not set(ALPHABET) & set("0O1IL")
    assert len(set(ALPHABET)) == len(ALPHABET) == 31


@pytest.mark.parametrize("text", ["", "ABCD", "ABCDEFG0", "ABCDEFGHJ", "ABCD EFGI"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert read_code(text) is None


def test_too_few_random_bytes_make_no_code() -> None:
    with pytest.raises(ValueError, match="random"):
        pairing_code(b"\xff" * 32)


def test_both_screens_show_other_digits_for_another_key() -> None:
    digits = check_digits(b"s" * 32, b"d" * 32, "ABCDEFGH")
    assert len(digits) == 6 and digits.isdigit()
    assert digits != check_digits(b"x" * 32, b"d" * 32, "ABCDEFGH")
    assert digits != check_digits(b"s" * 32, b"x" * 32, "ABCDEFGH")


def test_a_taken_register_code_gives_way_to_the_next_free_one() -> None:
    assert free_register("K1", []) == "K1"
    assert free_register("K1", ["K1"]) == "K2"
    assert free_register("k1", ["K1", "K2", "K4"]) == "K3"
    assert free_register("Depan", ["K1"]) == "Depan"


def test_a_taken_register_code_gives_way_to_none_that_has_printed_numbers() -> None:
    assert free_register("K1bc4", ["K1bc4"], own=["K1", "k2"]) == "K3"
    assert free_register("K1", ["K2"], own=["K1"]) == "K1"


def test_six_digits_are_read_in_threes() -> None:
    assert show_digits("482913") == "482 913"
