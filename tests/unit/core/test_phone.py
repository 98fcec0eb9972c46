"""Indonesian mobile numbers."""

from __future__ import annotations

import pytest

from core.phone import shown_number, whatsapp_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0812-4400-1234", "6281244001234"), ("+62 812 4400 1234", "6281244001234"),
        ("8124400 1234", "6281244001234"), ("62081244001234", "6281244001234"),
        ("006281244001234", "6281244001234"), ("(0812) 4400.1234", "6281244001234"),
        ("0435 881234", None), ("112", None), ("", None), ("12+34", None), ("halo", None),
        ("0812440012345678", None), ("٠٨١٢٤٤٠٠١٢٣٤", None),
    ],
)  # fmt: skip
def test_a_mobile_number_has_one_form(typed: str, number: str | None) -> None:
    assert whatsapp_number(typed) == number
    if number:
        assert whatsapp_number(shown_number(number)) == number


def test_a_number_is_shown_as_people_write_it() -> None:
    assert shown_number("6281244001234") == "0812-4400-1234"
