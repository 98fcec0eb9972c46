"""Opening, cash in and out, and closing blind."""

from __future__ import annotations

from core.money import format_rupiah
from pos.staff.people import add_staff
from tests.ui.hands import FLOAT, MI, Hands

DIFFERENCE = 2_500


def _close(hands: Hands) -> None:
    hands.press("F10")
    hands.tap("close_act")


def test_the_expected_sum_is_nowhere_before_the_count(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9", "Enter", "Enter")
    _close(hands)
    assert hands.page == "close_shift"
    expected = FLOAT + 2_500
    for shown in (format_rupiah(expected), format_rupiah(expected, symbol=False), str(expected)):
        assert shown not in hands.words
    hands.type("1")
    hands.tap("close_shift_now")
    assert hands.page == "shift_closed"
    assert format_rupiah(expected) in hands.words
    assert "Selisih: uang kurang" in hands.words


def test_notes_and_coins_are_summed_as_they_are_typed(hands: Hands) -> None:
    _close(hands)
    hands.type("2")
    hands.press("Enter")
    hands.type("3")
    assert "Rp 350.000" in hands.words


def test_a_drawer_that_fits_says_so(hands: Hands) -> None:
    _close(hands)
    hands.type("1")
    hands.tap("close_shift_now")
    assert "Selisih: tidak ada" in hands.words
    row = hands.counter.db.one("SELECT counted, expected FROM shift")
    assert tuple(row) == (FLOAT, FLOAT)


def test_after_closing_a_shift_must_be_opened_before_selling(hands: Hands) -> None:
    _close(hands)
    hands.tap("close_shift_now", "after_closing")
    assert hands.page == "open_shift"
    hands.press("Enter")
    assert "Tulis modal awalnya; 0 bila laci kosong." in hands.words
    hands.type("50000")
    hands.press("Enter")
    assert hands.page == "selling"


def test_cash_out_asks_for_amount_and_reason(hands: Hands) -> None:
    hands.press("F10")
    hands.tap("cash_out_act")
    hands.type("20000")
    hands.press("Enter", "Enter")
    assert "Tulis alasannya." in hands.words
    hands.type("beli es")
    hands.press("Enter")
    assert hands.panel == ""
    assert hands.counter.db.scalar("SELECT sum(amount) FROM cash_movement") == FLOAT - 20_000


def test_a_cashiers_x_report_has_no_sum_that_gives_the_cash(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9", "Enter", "Enter")
    hands.counter.staff_id = add_staff(hands.counter, "Rahmat", "cashier")
    hands.window.ways.reports()
    assert "LAPORAN X" in hands.words
    expected = FLOAT + 2_500
    for sum_ in (2_500, FLOAT, expected):
        for shown in (format_rupiah(sum_, symbol=False), str(sum_)):
            assert shown not in hands.words
