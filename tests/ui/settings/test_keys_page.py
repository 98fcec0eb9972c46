"""The page of keys: chosen by pressing, refused with a sentence, kept at this counter."""

from __future__ import annotations

import pytest

from pos.journal.verify import verify
from pos.shop.keys import STANDARD
from pos.shop.preferences import load_preferences
from pos.ui.i18n import set_language
from pos.ui.keys.keymap import key_of
from pos.ui.settings.keys import act_words
from pos.ui.shell.window import MainWindow
from pos.ui.widgets.base import Label
from pos.ui.widgets.table import ListTable
from tests.ui.hands import MI, Hands


def _ask_for(hands: Hands, act: str) -> None:
    """By the keys of the settings to the question for an act's key."""
    hands.window.ways.settings()
    hands.press("F6")
    assert hands.page == "keys"
    hands.press(*["Down"] * list(STANDARD).index(act), "Enter")
    assert hands.panel == "key_panel"


def test_a_key_is_changed_by_pressing_it_and_kept(hands: Hands) -> None:
    facts = hands.counter.db.scalar("SELECT count(*) FROM journal")
    _ask_for(hands, "pay")
    hands.press("Ctrl+P")
    assert hands.panel == ""
    assert key_of("pay") == "Ctrl+P"
    assert load_preferences(hands.counter.db).keys == {"pay": "Ctrl+P"}
    assert hands.counter.db.scalar("SELECT count(*) FROM journal") == facts
    assert verify(hands.counter.db).ok
    table = hands.see(ListTable, "key_list")
    row = list(STANDARD).index("pay")
    assert table.current_row() == row
    assert table.list_model.index(row, 1).data() == "Ctrl+P"
    hands.press("Esc", "Esc")
    hands.scan(MI)
    hands.press("F9")
    assert hands.page == "selling"
    hands.press("Ctrl+P")
    assert hands.page == "payment"


def test_keys_are_in_force_at_the_next_start(hands: Hands) -> None:
    _ask_for(hands, "park")
    hands.press("Shift+F6")
    MainWindow(hands.desk).deleteLater()
    assert key_of("park") == "Shift+F6"


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("F8", "F8 sudah dipakai untuk Diskon. Pilih tombol lain, atau ganti yang itu dulu."),
        ("Ctrl+8", "F8 sudah dipakai untuk Diskon. Pilih tombol lain, atau ganti yang itu dulu."),
        ("F1", "F1 selalu untuk bantuan, layar penuh, atau daftar tombol. Pilih yang lain."),
        ("Ctrl+V", "Ctrl+V dipakai untuk menyalin dan menempel teks. Pilih tombol lain."),
        ("Ctrl+J", "Ctrl+J juga dikirim alat pemindai. Pilih tombol lain."),
        (
            "Tab",
            "Tab tidak dapat dipakai. Pilih tombol F, Ins, Del, atau Ctrl dengan sebuah huruf.",
        ),
    ],
)
def test_a_key_that_collides_is_said_and_another_awaited(
    hands: Hands, key: str, sentence: str
) -> None:
    _ask_for(hands, "pay")
    hands.press(key)
    assert hands.panel == "key_panel"
    assert hands.see(Label, "key_said").text() == sentence
    assert load_preferences(hands.counter.db).keys == {}
    hands.press("Ctrl+P")
    assert (hands.panel, key_of("pay")) == ("", "Ctrl+P")


def test_a_letter_alone_is_refused(hands: Hands) -> None:
    _ask_for(hands, "pay")
    hands.type("b")
    assert hands.see(Label, "key_said").text().startswith("B tidak dapat dipakai.")
    hands.press("Esc")
    assert (hands.panel, key_of("pay")) == ("", "F9")


def test_a_scan_into_the_question_changes_nothing(hands: Hands) -> None:
    _ask_for(hands, "pay")
    hands.scan(MI)
    assert hands.panel == "key_panel"
    assert key_of("pay") == "F9"
    assert "pindai lagi" in hands.said[-1]


def test_all_go_back_to_the_standard(hands: Hands) -> None:
    _ask_for(hands, "pay")
    hands.press("Ctrl+P", "F8")
    assert key_of("pay") == "F9"
    assert load_preferences(hands.counter.db).keys == {}
    assert hands.said[-1] == "Semua tombol kembali ke standar."


def test_one_goes_back_to_the_standard_by_touch(hands: Hands) -> None:
    _ask_for(hands, "find")
    hands.press("Ctrl+F", "Enter")
    hands.tap("key_standard")
    assert (hands.panel, key_of("find")) == ("", "F2")


def test_every_act_has_words_in_both_languages() -> None:
    spoken = [act_words(act) for act in STANDARD]
    set_language("en")
    english = [act_words(act) for act in STANDARD]
    assert all(one != other for one, other in zip(spoken, english, strict=True))
    assert len(set(english)) == len(STANDARD)
