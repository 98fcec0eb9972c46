"""A copied shop's cashier is told, once, and only of the own line."""

from __future__ import annotations

from pos.counter import read_head
from pos.opening import open_line
from tests.ui.hands import Hands


def test_a_line_that_a_copy_opened_is_told(hands: Hands) -> None:
    notices = hands.window.selling.notices
    hands.counter.announce(frozenset({"line_opened"}))
    assert not notices.waiting()
    head = read_head(hands.counter.db)
    assert head is not None
    open_line(hands.counter, "copied", head)
    hands.counter.announce(frozenset({"line_opened"}))
    (notice,) = notices.waiting()
    assert callable(notice.text) and notice.tone == "warn"
    assert "salinan" in notice.text() and hands.counter.register in notice.text()
