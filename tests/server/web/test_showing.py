"""Figures, hours and dates as they are shown; pure rules of the pages."""

from __future__ import annotations

import pytest

from server.sales.days import DayFigures, Hour
from server.shops.editing import BadField
from server.web import forms
from server.web.language import Words
from server.web.showing import Show
from server.web.today import bars, change_percent, parse_day, shifted
from server.web.view import safe_place

ID, EN = Show(Words("id"), "Asia/Makassar", 10_000_000_000), Show(Words("en"))


def test_money_is_written_as_indonesians_do() -> None:
    assert ID.rupiah(1_250_000_000) == "Rp\u00a01.250.000.000"
    assert ID.rupiah(-500) == "\u2212Rp\u00a0500" and ID.rupiah(0) == "Rp\u00a00"


def test_quantities_have_the_marks_of_the_language() -> None:
    assert (ID.quantity(1_234_500), EN.quantity(1_234_500)) == ("1.234,5", "1,234.5")
    assert (ID.quantity(-250), ID.signed(2_000), ID.signed(-1)) == (
        "\u22120,25",
        "+2",
        "\u22120,001",
    )
    assert (ID.number(12_345), EN.number(12_345)) == ("12.345", "12,345")


def test_how_long_ago_is_said_in_one_unit() -> None:
    for seconds, said in (
        (5, "baru saja"), (119, "baru saja"), (180, "3 menit lalu"), (7_300, "2 jam lalu"),
        (47 * 3600, "47 jam lalu"), (49 * 3600, "2 hari lalu"), (-50, "baru saja"),
    ):  # fmt: skip
        assert ID.ago(10_000_000_000 - seconds * 1000) == said


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("price", "17500", "Rp\u00a017.500"),
        ("cost", "null", "(kosong)"),
        ("name", '""', "(kosong)"),
        ("active", "false", "tidak"),
        ("min_stock", "2500", "2,5"),
        ("barcodes", '[["123","pcs"],["456","dus"]]', "123, 456"),
        ("units", '[["dus",12,null],["pak",6,9500]]', "dus isi 12, pak isi 6 Rp\u00a09.500"),
        ("tiers", "[[10000,2300]]", "mulai 10: Rp\u00a02.300"),
        ("tax_class", '"bebas"', "Bebas pajak"),
        ("picture", '"YQ=="', "(berubah)"),
        ("day_close_minutes", "150", "02.30"),
        ("receipt_footer", '["Terima kasih","Sampai jumpa"]', "Terima kasih, Sampai jumpa"),
        ("name", "not json", "not json"),
    ],
)
def test_values_of_fields_are_words(field: str, text: str, said: str) -> None:
    assert ID.value(field, text) == said


def test_unknown_codes_stand_for_themselves() -> None:
    assert (ID.tender("kripto"), ID.kind("sale_completed")) == ("kripto", "Penjualan")
    assert (ID.move("adjusted:broken"), ID.move("adjusted:x")) == ("Rusak", "x")


def test_the_chart_has_every_hour_between_the_first_and_the_last() -> None:
    found = bars([Hour(8, 100, 2), Hour(20, 50, 1)], [Hour(9, 200, 3)])
    assert [one.hour for one in found] == list(range(8, 21))
    assert (found[0].height, found[0].mark) == (50, 0)
    assert (found[1].height, found[1].mark, found[1].before) == (0, 100, 200)
    assert len(bars([Hour(23, 5, 1)], [])) == 10 and bars([], []) == []
    tiny = bars([Hour(8, 1, 1), Hour(9, 1_000_000, 1), Hour(10, -500, 1)], [])
    hours = {one.hour: one.height for one in tiny}
    assert (hours[8], hours[9], hours[10]) == (1, 100, 0)


def test_growth_is_said_only_where_there_was_something() -> None:
    assert (change_percent(120, 100), change_percent(50, 100)) == (20, -50)
    assert change_percent(5, 0) is None and change_percent(5, -1) is None


def test_an_average_is_of_sales_not_of_refunds() -> None:
    assert DayFigures(90, 2, 100, 1, -10, 0, 0, 0).average == 50
    assert DayFigures(-10, 0, 0, 1, -10, 0, 0, 0).average == 0


def test_days_are_read_strictly() -> None:
    assert parse_day("2026-02-28") == "2026-02-28"
    for text in ("2026-02-30", "20260228", "2026-2-28", "x", "", "2026-02-28T00"):
        assert parse_day(text) is None
    assert shifted("2026-03-01", -1) == "2026-02-28" and shifted("0001-01-01", -7) == "0001-01-01"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("/kelola/a?b=c&d=e", "/kelola/a?b=c&d=e"),
        ("//x.id", "/"), ("https://x.id", "/"), ("/\\x.id", "/"), ("/a\nb", "/"), ("", "/"),
        ("/" + "a" * 600, "/"), ('/a"b', "/a%22b"),
    ],
)  # fmt: skip
def test_only_paths_of_ours_are_gone_on_to(text: str, place: str) -> None:
    assert safe_place(text) == place


def test_fields_are_read_or_refused_by_name() -> None:
    form = {"a": "12,5rb", "b": " ", "c": "1,25", "d": "x", "e": "1"}
    assert forms.amount(form, "a") == 12_500 and forms.amount(form, "b") == 0
    assert forms.amount_or_none(form, "b") is None and forms.quantity(form, "c") == 1_250
    assert forms.ticked(form, "e") and not forms.ticked(form, "none")
    for read in (forms.amount, forms.quantity):
        with pytest.raises(BadField):
            read(form, "d")
