"""Giving back: a scanned receipt, its lines, a reason, the money."""

from __future__ import annotations

from tests.ui.hands import MI, SABUN, Hands


def _sold(hands: Hands) -> str:
    hands.scan(MI, MI, SABUN)
    hands.press("F9", "Enter", "Enter")
    return str(hands.counter.db.scalar("SELECT receipt FROM sale"))


def _refunds(hands: Hands) -> list[int]:
    rows = hands.counter.db.rows("SELECT total FROM sale WHERE type='refund'")
    return [row[0] for row in rows]


def test_a_scanned_receipt_is_given_back_whole(hands: Hands) -> None:
    receipt = _sold(hands)
    hands.scan(receipt)
    assert hands.page == "receipts"
    hands.press("F8")
    assert hands.page == "refund_page"
    hands.give_reason("barang rusak")
    hands.press("F9")
    assert _refunds(hands) == [-9_800]
    assert hands.page == "sale_done"
    assert "Rp 9.800" in hands.words


def test_only_what_is_marked_goes_back(hands: Hands) -> None:
    hands.scan(_sold(hands))
    hands.press("F8")
    hands.type("1")
    hands.give_reason("salah beli")
    hands.press("F9")
    assert _refunds(hands) == [-2_500]


def test_more_than_was_sold_is_refused(hands: Hands) -> None:
    hands.scan(_sold(hands))
    hands.press("F8")
    hands.type("3")
    hands.give_reason("salah beli")
    hands.press("F9")
    assert _refunds(hands) == []
    assert hands.page == "refund_page"


def test_without_a_reason_nothing_goes_back(hands: Hands) -> None:
    hands.scan(_sold(hands))
    hands.press("F8", "F9")
    assert _refunds(hands) == []
    assert "Tulis alasannya." in hands.words


def test_the_paper_is_shown_with_its_columns(hands: Hands) -> None:
    hands.scan(_sold(hands))
    lines = hands.words.splitlines()
    total = next(line for line in lines if line.startswith("TOTAL"))
    assert total.endswith("Rp 9.800")
    assert len(total) == 42
