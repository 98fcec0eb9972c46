"""What scanned texts mean."""

from __future__ import annotations

import pytest

from core.barcode import (
    DEFAULT_LAYOUTS,
    BadCheckDigit,
    BadLayout,
    Gs1Code,
    InStoreCode,
    InStoreLayout,
    PlainCode,
    ReceiptCode,
    check_digit,
    display_form,
    is_gtin,
    normal_form,
    price_check_digit,
    read_code,
)


@pytest.mark.parametrize(
    ("digits", "check"),
    [("201234501250", "9"), ("899123456789", "1"), ("08968601001", "5"), ("9638507", "4")],
)
def test_check_digits(digits: str, check: str) -> None:
    assert check_digit(digits) == check
    assert is_gtin(digits + check)
    assert not is_gtin(digits + str((int(check) + 1) % 10))


def test_check_digit_is_of_digits_only() -> None:
    for text in ("12a", "", "１２"):
        with pytest.raises(ValueError, match="digits"):
            check_digit(text)


@pytest.mark.parametrize("code", ["", "0" * 13, "123", "899123456789x", "٨٩٩١٢٣٤٥٦٧٨٩١"])
def test_what_is_no_gtin(code: str) -> None:
    assert not is_gtin(code)


@pytest.mark.parametrize(
    ("code", "normal", "shown"),
    [
        ("8991234567891", "08991234567891", "8991234567891"),
        (" ]E08991234567891\r", "08991234567891", "8991234567891"),
        ("899 1234 567891", "08991234567891", "8991234567891"),
        ("089686010015", "00089686010015", "089686010015"),
        ("0089686010015", "00089686010015", "089686010015"),
        ("96385074", "00000096385074", "96385074"),
        ("18991234567898", "18991234567898", "18991234567898"),
        ("8991234567890", "8991234567890", "8991234567890"),
        ("br-01", "BR-01", "BR-01"),
        ("]A0br-01", "BR-01", "BR-01"),
        ("00123", "00123", "00123"),
        ("]", "]", "]"),
    ],
)
def test_normal_and_display_form(code: str, normal: str, shown: str) -> None:
    assert normal_form(code) == normal
    assert display_form(normal) == shown


def test_price_check_digits_of_the_standard() -> None:
    assert price_check_digit("2875") == "9"
    assert price_check_digit("14685") == "6"
    with pytest.raises(ValueError, match="four or five"):
        price_check_digit("123")


def test_a_weight_label_is_grams() -> None:
    assert read_code("2012345012509") == [
        PlainCode("02012345012509"),
        InStoreCode("12345", weight=1250),
    ]


def test_a_price_label_counts_in_its_unit() -> None:
    layouts = (InStoreLayout("23", value="price", unit=100),)
    label = "231234500125" + check_digit("231234500125")
    assert InStoreCode("12345", price=12_500) in read_code(label, layouts)


def test_upc_a_labels_begin_with_02() -> None:
    label = "21234501250" + check_digit("21234501250")
    layouts = (InStoreLayout("02"),)
    assert read_code(label, layouts)[1:] == [InStoreCode("12345", weight=1250)]
    assert read_code("0" + label, layouts)[1:] == [InStoreCode("12345", weight=1250)]


@pytest.mark.parametrize(
    ("rule", "check", "read"),
    [
        ("gs1", "9", True),
        ("plain", "9", False),
        ("plain", check_digit("2875"), True),
        ("gs1", check_digit("2875"), False),
        ("either", "9", True),
        ("either", check_digit("2875"), True),
        ("either", "0", False),
    ],
)
def test_price_check_follows_its_rule(rule: str, check: str, read: bool) -> None:
    layout = InStoreLayout(
        "28",
        value="price",
        value_digits=4,
        has_price_check=True,
        price_check_rule=rule,  # type: ignore[arg-type]
    )
    body = f"2812345{check}2875"
    label = body + check_digit(body)
    if read:
        assert read_code(label, (layout,))[1:] == [InStoreCode("12345", price=2875)]
    else:
        with pytest.raises(BadCheckDigit):
            read_code(label, (layout,))


def test_a_misread_label_is_refused_only_where_it_is_a_label() -> None:
    with pytest.raises(BadCheckDigit) as refused:
        read_code("2012345012508")
    assert refused.value.details == {"barcode": "2012345012508"}
    assert read_code("2912345012508") == [PlainCode("2912345012508")]
    assert read_code("2012345012508", ()) == [PlainCode("2012345012508")]
    assert read_code("20123450125") == [PlainCode("20123450125")]


def test_two_layouts_of_a_prefix_are_two_readings() -> None:
    layouts = (InStoreLayout("20"), InStoreLayout("20", item_digits=6, value_digits=4))
    assert read_code("2012345012509", layouts)[1:] == [
        InStoreCode("12345", weight=1250),
        InStoreCode("123450", weight=1250),
    ]


@pytest.mark.parametrize(
    ("prefix", "item", "value", "unit", "check"),
    [("19", 5, 5, 1, False), ("20", 5, 6, 1, False), ("20", 5, 5, 0, False), ("20", 6, 3, 1, True)],
)
def test_layouts_that_cannot_be(prefix: str, item: int, value: int, unit: int, check: bool) -> None:
    with pytest.raises(BadLayout):
        InStoreLayout(
            prefix, item_digits=item, value_digits=value, unit=unit, has_price_check=check
        )


def test_receipts_and_other_texts() -> None:
    assert read_code("K1-000123") == [PlainCode("K1-000123"), ReceiptCode("K1-000123")]
    assert read_code("k1b7q-000123")[1:] == [ReceiptCode("K1b7q-000123")]
    assert read_code("beras") == [PlainCode("BERAS")]
    assert read_code(" \r\n") == read_code("]E0") == []


def test_gs1_wins_over_an_in_store_reading_only_where_it_says_so() -> None:
    assert not any(isinstance(r, Gs1Code) for r in read_code("8991234567891", DEFAULT_LAYOUTS))
    readings = read_code("]E02012345012509", DEFAULT_LAYOUTS)
    assert InStoreCode("12345", weight=1250) in readings
