"""GTINs: check digits and the one form in which article codes are compared."""

from __future__ import annotations

import re
from typing import Final

GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})
_AIM: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_ZERO: Final = ord("0")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def check_digit(digits: str) -> str:
    """The GS1 check digit for the digits before it: weights 3, 1 from the right.

    Raises:
        ValueError: there is something else than digits.
    """
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("a check digit is made of digits")
    # Summed in two slices of bytes: an import asks this for each of its hundred thousand rows.
    codes = digits.encode()
    threes, ones = codes[::-2], codes[-2::-2]
    total = 3 * (sum(threes) - _ZERO * len(threes)) + sum(ones) - _ZERO * len(ones)
    return str(-total % 10)


def is_gtin(code: str) -> bool:
    """Whether a code is 8, 12, 13 or 14 digits with the right check digit; zeros alone are none."""
    return (
        len(code) in GTIN_LENGTHS
        and code.isascii()
        and code.isdigit()
        and code.strip("0") != ""
        and check_digit(code[:-1]) == code[-1]
    )


def split_aim(text: str) -> tuple[str, str]:
    """Part the AIM symbology mark (`]E0`, ISO/IEC 15424) that some scanners send from the code."""
    text = text.strip(" \t\r\n\0")
    found = _AIM.match(text)
    return (found[0], text[3:]) if found else ("", text)


def normal_form(code: str) -> str:
    """Bring a code into the form in which two codes are compared.

    A GTIN of any length becomes 14 digits. Any other text loses the AIM mark, outer blanks and
    control characters and is written in capitals, because Caps Lock turns a scanner's letters.
    """
    text = _CONTROL.sub("", split_aim(code)[1]).strip()
    digits = text.replace(" ", "")
    return digits.zfill(14) if is_gtin(digits) else text.upper()


def display_form(code: str) -> str:
    """Write a normal form as it stands on the pack: 8, 12, 13 or 14 digits."""
    if len(code) != 14 or not is_gtin(code):
        return code
    if code.startswith("000000"):
        return code[6:]
    return code[2:] if code.startswith("00") else code.removeprefix("0")
