"""GS1 element strings as scanners and shops' lists hold them."""

from __future__ import annotations

import datetime as dt

import pytest

from core.barcode import Gs1Code, PlainCode, read_code
from core.gs1 import parse_gs1

FULL = "0108991234567891172612311012ABC\x1d3103001250"
READ = Gs1Code("08991234567891", weight=1250, batch="12ABC", expiry=dt.date(2026, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        "]C1" + FULL,
        "]d2" + FULL,
        "\x1d" + FULL,
        "(01)08991234567891(17)261231(10)12ABC(3103)001250",
        " (01)08991234567891(17)261231(10)12ABC(3103)001250\r\n",
    ],
)
def test_every_way_of_writing_it_reads_the_same(text: str) -> None:
    readings = read_code(text, ())
    assert READ in readings
    assert isinstance(readings[0], PlainCode)


def test_without_a_separator_the_batch_reaches_to_the_end() -> None:
    read = parse_gs1("010899123456789110AB3103001250")
    assert read == Gs1Code("08991234567891", batch="AB3103001250")


@pytest.mark.parametrize(
    ("field", "grams"), [("3103001250", 1250), ("3101000012", 1200), ("3105123456", 1234)]
)
def test_weights_by_their_decimals(field: str, grams: int) -> None:
    read = parse_gs1("0108991234567891" + field)
    assert read is not None
    assert read.weight == grams


@pytest.mark.parametrize(
    ("field", "price"),
    [("392012500", 12_500), ("39221250050", 12_501), ("393036012500", 12_500), ("39308405", None)],
)
def test_prices_by_their_decimals_and_currency(field: str, price: int | None) -> None:
    read = parse_gs1("0108991234567891" + field)
    assert read is not None
    assert read.price == price


@pytest.mark.parametrize(
    ("field", "expiry"),
    [("17260200", dt.date(2026, 2, 28)), ("17280200", dt.date(2028, 2, 29))],
)
def test_day_00_is_the_last_of_the_month(field: str, expiry: dt.date) -> None:
    read = parse_gs1("0108991234567891" + field)
    assert read is not None
    assert read.expiry == expiry


def test_expiry_wins_over_best_before_and_serial_is_read() -> None:
    read = parse_gs1("(01)08991234567891(15)270101(17)261231(21)S/N-1")
    assert read == Gs1Code("08991234567891", expiry=dt.date(2026, 12, 31), serial="S/N-1")


@pytest.mark.parametrize(
    "text",
    [
        "0108991234567890",  # the check digit
        "010899123456789117261331",  # a thirteenth month
        "01089912345678911726",  # cut off
        "0108991234567891050",  # no such identifier
        "010899123456789110" + "A" * 21,  # a batch too long
        "01089912345678910108991234567884",  # two articles
        "01089912345678913920x",  # a price with a letter
        "(01)08991234567891(10)",  # an empty field
        "(01)08991234567891 rest(",  # not brackets to the end
        "(1)08991234567891",
        "10ABC",  # no article
        "",
    ],
)
def test_what_is_no_element_string(text: str) -> None:
    assert parse_gs1(text) is None


def test_an_article_number_inside_other_text_is_not_read() -> None:
    text = "X0108991234567891"
    assert read_code(text, ()) == [PlainCode(text)]
    assert read_code("]A0" + FULL, ())[1:] == []
