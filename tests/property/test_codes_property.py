"""Properties of codes, ids, QRIS and text."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.barcode import (
    BadCheckDigit,
    InStoreCode,
    InStoreLayout,
    check_digit,
    display_form,
    is_gtin,
    normal_form,
    read_code,
)
from core.errors import Refused
from core.ids import line_code, parse_receipt, receipt_number
from core.qris import crc16, parse, read_sticker, with_amount
from core.text import ascii_text, clean_name, fold

BODY = (
    "00020101021151440014ID.CO.QRIS.WWW0215ID10999999999990303UMI"
    "520454115303360{price}5802ID5913WARUNG HUYULA6014KAB. GORONTALO62070703A016304"
)
STICKER = BODY.format(price="")
STICKER += f"{crc16(STICKER.encode()):04X}"

digits = st.text("0123456789", min_size=7, max_size=13)


@given(digits)
def test_any_one_wrong_digit_is_noticed(body: str) -> None:
    code = body + check_digit(body)
    for place, digit in enumerate(code):
        other = str((int(digit) + 1) % 10)
        wrong = code[:place] + other + code[place + 1 :]
        assert check_digit(wrong[:-1]) != wrong[-1]


@given(st.one_of(st.text(max_size=20), digits.map(lambda body: body + check_digit(body))))
def test_normal_form_is_settled_and_survives_being_shown(code: str) -> None:
    normal = normal_form(code)
    assert normal_form(display_form(normal)) == normal
    assert not is_gtin(normal) or len(normal) == 14


@given(st.integers(0, 99_999), st.integers(0, 99_999), st.sampled_from((1, 10, 100)))
def test_labels_read_back(item: int, value: int, unit: int) -> None:
    body = f"21{item:05d}{value:05d}"
    label = body + check_digit(body)
    layout = InStoreLayout("21", value="price", unit=unit)
    assert InStoreCode(f"{item:05d}", price=value * unit) in read_code(label, (layout,))
    with pytest.raises(BadCheckDigit):
        read_code(body + str((int(label[-1]) + 5) % 10), (layout,))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    try:
        readings = read_code(text)
    except BadCheckDigit:
        return
    assert bool(readings) == bool(normal_form(text))


@given(
    st.from_regex(r"[A-Z]{1,3}[0-9]{1,3}", fullmatch=True),
    st.integers(1, 10**9),
    st.lists(st.binary(min_size=16, max_size=16), max_size=60),
)
def test_receipts_of_every_line_read_back(base: str, n: int, devices: list[bytes]) -> None:
    seen = {base}
    register = base
    for device in devices:
        register = line_code(register, device)
        assert register not in seen
        seen.add(register)
    assert parse_receipt(receipt_number(register, n)) == (register, n)


@given(st.integers(1, 10**13 - 1), st.none() | st.from_regex(r"[!-~]{1,25}", fullmatch=True))
def test_an_amount_put_in_reads_back(amount: int, bill: str | None) -> None:
    sticker = read_sticker(STICKER)
    made = parse(with_amount(sticker, amount, bill))
    assert made.amount == amount
    assert not made.static
    assert (made.nmid, made.merchant_name) == (sticker.nmid, sticker.merchant_name)


@given(st.integers(0, len(STICKER) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_any_one_changed_character_is_refused(place: int, char: str) -> None:
    changed = STICKER[:place] + char + STICKER[place + 1 :]
    assume(changed.upper() != STICKER)
    with pytest.raises(Refused):
        read_sticker(changed)


@given(st.text(max_size=80))
def test_any_text_is_a_qris_or_refused_by_name(text: str) -> None:
    for one in (text, "000201" + text):
        with pytest.raises(Refused):
            parse(one)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(f"  {text} ") == fold(text)


@given(st.text(max_size=40))
def test_printers_get_one_line_of_ascii(text: str) -> None:
    printed = ascii_text(text)
    assert all(" " <= char <= "~" for char in printed)
    assert ascii_text(printed) == printed


@given(st.text(max_size=40))
def test_cleaning_is_settled_and_can_be_stored(text: str) -> None:
    clean = clean_name(text)
    assert clean_name(clean) == clean
    clean.encode()
