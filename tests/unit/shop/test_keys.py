"""Which keys an act may have, and what is in force after an odd choice."""

from __future__ import annotations

import pytest

from pos.shop.keys import STANDARD, Trouble, in_force, original, trouble_with, twin


def test_every_standard_key_is_one_that_could_be_chosen() -> None:
    for act, key in STANDARD.items():
        assert trouble_with(act, key, STANDARD) is None
    assert len(set(STANDARD.values())) == len(STANDARD)


def test_f1_to_f10_have_twins_and_no_others() -> None:
    assert [twin(f"F{number}") for number in range(1, 11)] == [
        f"Ctrl+{digit}" for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
    ]
    assert [twin(key) for key in ("F11", "F12", "Ctrl+E", "Del")] == [""] * 4
    assert all(original(twin(f"F{number}")) == f"F{number}" for number in range(1, 11))
    assert original("Ctrl+E") == "Ctrl+E"


@pytest.mark.parametrize(
    ("key", "trouble"),
    [
        ("F8", Trouble("taken", "F8", "discount")),
        ("Ctrl+8", Trouble("taken", "F8", "discount")),
        ("Ctrl+Z", Trouble("taken", "Ctrl+Z", "undo")),
        ("F1", Trouble("fixed", "F1")),
        ("Ctrl+1", Trouble("fixed", "F1")),
        ("Ctrl+/", Trouble("fixed", "Ctrl+/")),
        ("Ctrl+C", Trouble("text", "Ctrl+C")),
        ("Ctrl+J", Trouble("scanner", "Ctrl+J")),
        ("Ctrl+]", Trouble("unfit", "Ctrl+]")),
        ("A", Trouble("unfit", "A")),
        ("5", Trouble("unfit", "5")),
        ("Return", Trouble("unfit", "Return")),
        ("Tab", Trouble("unfit", "Tab")),
        ("Alt+1", Trouble("unfit", "Alt+1")),
        ("Shift+A", Trouble("unfit", "Shift+A")),
        ("", Trouble("unfit", "")),
    ],
)
def test_a_key_that_cannot_be_had_says_why(key: str, trouble: Trouble) -> None:
    assert trouble_with("pay", key, STANDARD) == trouble


@pytest.mark.parametrize("key", ["F9", "Ctrl+9", "Ctrl+P", "Shift+F5", "Ctrl+Shift+B", "Ctrl+F9"])
def test_a_free_key_can_be_had(key: str) -> None:
    assert trouble_with("pay", key, STANDARD) is None


def test_a_key_that_its_act_gave_up_is_free() -> None:
    keys = in_force({"discount": "Ctrl+D"})
    assert trouble_with("pay", "F8", keys) is None
    assert trouble_with("pay", "Ctrl+D", keys) == Trouble("taken", "Ctrl+D", "discount")


def test_choices_stand_over_the_standard_and_odd_ones_are_left_out() -> None:
    keys = in_force({"pay": "Ctrl+P", "nobody": "F5", "park": "A", "note": "Ctrl+J"})
    assert keys == {**STANDARD, "pay": "Ctrl+P"}


def test_two_acts_with_one_key_are_as_at_first() -> None:
    assert in_force({"pay": "F8"}) == dict(STANDARD)
    swapped = in_force({"pay": "F8", "discount": "Ctrl+9"})
    assert (swapped["pay"], swapped["discount"]) == ("F8", "F9")
