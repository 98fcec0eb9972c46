"""The one layout: nothing too wide, no amount broken, every letter printable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import format_rupiah
from core.receipt import Document, Feed, Item, Logo, Pair, Qr, Rule, Text, Weave
from core.receipt_layout import COLUMNS, Line, Picture, layout, wrap
from core.receipt_letters import printable

names = st.text(max_size=80)
amounts = st.integers(-9_999_999_999, 9_999_999_999).map(format_rupiah)
columns = st.sampled_from(COLUMNS)
blocks = st.one_of(
    st.builds(Text, names, st.sampled_from(["left", "centre", "right"]), *[st.booleans()] * 2),
    st.builds(Pair, names, amounts, st.booleans(), st.booleans()),
    st.builds(Item, names, names, amounts, st.lists(st.tuples(names, amounts), max_size=2)),
    st.builds(Rule, st.booleans()),
    st.builds(Feed, st.integers(0, 3)),
)


def lines(*content: object, width: int = 32) -> list[str]:
    rows = layout(Document("", tuple(content)), width)  # type: ignore[arg-type]
    return [row.text for row in rows if isinstance(row, Line)]


@given(st.lists(blocks, max_size=6), columns)
def test_every_line_fits_and_is_printable(content: list[object], width: int) -> None:
    for row in layout(Document("", tuple(content)), width):  # type: ignore[arg-type]
        assert isinstance(row, Line)
        assert len(row.text) * (2 if row.big else 1) <= width
        assert all(" " <= letter <= "~" for letter in row.text)


@given(names, amounts, columns, st.booleans())
def test_an_amount_is_whole_and_ends_at_the_edge(
    name: str, amount: str, width: int, big: bool
) -> None:
    *_, last = layout(Document("", (Pair(name, amount, big=big),)), width)
    assert isinstance(last, Line)
    assert last.text.endswith(amount)
    assert len(last.text) == (width // 2 if last.big else width)


@given(st.text(alphabet="abc  ", max_size=120), st.integers(1, 48))
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    parts = wrap(text, width)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(part) <= width for part in parts)


def test_words_stay_whole_where_they_can() -> None:
    assert wrap("gula pasir putih", 10) == ["gula pasir", "putih"]
    assert wrap("supercalifragilistic x", 10) == ["supercalif", "ragilistic", "x"]


def test_the_largest_total_fits_the_narrow_paper() -> None:
    (row,) = layout(Document("", (Pair("TOTAL", "Rp 1.250.000.000", big=True),)), 32)
    assert row == Line("TOTAL           Rp 1.250.000.000", bold=True, tall=True)
    (row,) = layout(Document("", (Pair("TOTAL", "Rp 1.250.000.000", big=True),)), 48)
    assert row == Line("TOTAL   Rp 1.250.000.000", bold=True, big=True)
    (row,) = layout(Document("", (Pair("TOTAL", "Rp 99.500", big=True),)), 32)
    assert row == Line("TOTAL  Rp 99.500", bold=True, big=True)


def test_an_item_is_one_line_on_wide_paper_and_two_on_narrow() -> None:
    item = Item("Gula", "2 kg x 17.000", "34.000")
    assert lines(item, width=48) == ["Gula" + " " * 23 + "2 kg x 17.000  34.000"]
    assert lines(item) == ["Gula", "  2 kg x 17.000           34.000"]


def test_a_detail_too_long_leaves_the_amount_alone_at_the_edge() -> None:
    item = Item("Traktor", "1 unit x 1.250.000.000", "1.250.000.000")
    assert lines(item) == ["Traktor", "  1 unit x 1.250.000.000", "1.250.000.000".rjust(32)]


def test_pictures_stand_in_the_place_of_lines() -> None:
    rows = layout(Document("", (Logo(b"png"), Weave(), Qr("data", "Pindai"))), 32)
    assert rows == (
        Picture("logo", b"png"),
        Picture("weave", b""),
        Picture("qr", b"data"),
        Line(" " * 13 + "Pindai", align="centre"),
    )


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Café “Gorontalo” – ½ kg", 'Cafe "Gorontalo" - 1/2 kg'),
        ("น้ำปลา", "nampla"),
        ("زيت", "zyt"),
        ("즉석밥", "JeugSeogBab"),
        ("醤油", "JiangYou"),
        ("Привет", "Privet"),
        ("Es Teh 🧊🍜", "Es Teh"),
        ("🧊", "ice cube"),
        ("Habis?", "Habis?"),
        ("A\x1b@\x1dV\x00B", "A@VB"),
    ],
)
def test_names_of_every_script_are_spelled(name: str, spelled: str) -> None:
    assert printable(name) == spelled


@given(st.text())
def test_spelling_is_printable_and_final(text: str) -> None:
    spelled = printable(text)
    assert all(" " <= letter <= "~" for letter in spelled)
    assert printable(spelled) == spelled
