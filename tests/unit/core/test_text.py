"""Names cleaned, folded and spelled for printers."""

from __future__ import annotations

import pytest

from core.text import ascii_text, clean_name, fold, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Indomie GORENG", "indomi goreng"),
        ("Shampoo Syarif", "sampo sarif"),
        ("Crème Brûlée", "creme brule"),
        ("Ayam", "aiam"),
        ("1kg", "1 kg"),
        ("Gula 250GR", "gula 250 gr"),
        ("A12B", "a12b"),
        ("100 g", "100 g"),
        ("Teh-Botol (Sosro)", "teh botol sosro"),
        ("Straße", "strase"),
        ("0,5 L", "0 5 l"),
        ("ﬁne", "fine"),
        ("--", ""),
        ("snake_case", "snake case"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_numbers_keep_their_doubled_digits() -> None:
    assert fold("8991100") == "8991100"
    assert fold("Beras 1100") != fold("Beras 100")


def test_words_are_the_folded_ones() -> None:
    assert words("  Kopi & Susu 3in1 ") == ["kopi", "susu", "3", "in1"]
    assert words("") == []


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Café – “Baru” ‘enak’", "Cafe - \"Baru\" 'enak'"),
        ("• 1½ kg", "* 1 1/2 kg"),
        ("½ ons", "1/2 ons"),
        ("€5 £2", "EUR5 GBP2"),
        ("Æbler Øl Łódź", "AEbler Ol Lodz"),
        ("a\u00a0b\nc\td", "a b c d"),
        ("Москва объект", "Moskva obekt"),
        ("Щи", "Shchi"),
        ("Ναί", "Nai"),
        ("x² ™ …", "x2 TM ..."),
        ("北京 🙂", "?? ?"),
        ("e\u0301", "e"),
        ("3\u00d74 µm", "3x4 um"),
        ("a\u200bb\x07", "ab"),
    ],
)
def test_spelling_for_printers(text: str, printed: str) -> None:
    assert ascii_text(text) == printed


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  Teh \t Botol\n", "Teh Botol"),
        ("Salt &amp; Pepper", "Salt & Pepper"),
        ("A &amp;amp; B", "A & B"),
        ("5&nbsp;kg", "5 kg"),
        ("O&#39;Neil &#x41;", "O'Neil A"),
        ("R&D notlt;", "R&D notlt;"),
        ("A&notB", "A&notB"),
        ("Kopi\x00\x1f\u200b", "Kopi"),
        ("e\u0301", "é"),
        ("\ud800x", "x"),
        ("<b>tebal</b>", "<b>tebal</b>"),
    ],
)
def test_cleaning_names(text: str, clean: str) -> None:
    assert clean_name(text) == clean
