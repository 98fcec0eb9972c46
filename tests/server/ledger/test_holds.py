"""Holds: room that nobody else gets, used once or let go."""

from __future__ import annotations

from typing import Any

import pytest

from core.ledger import BadEntry, BelowFloor, Hold, NotOpen, OtherContent, Posting
from server.ledger.accounts import Balance
from server.ledger.holds import AT_ONCE, expire_holds, hold, with_room
from server.ledger.posting import post


@pytest.fixture
def rich(books: Any) -> Any:
    books.move(books.cash, books.ani, 1_000)
    return books


def test_what_is_held_is_not_there_for_others(rich: Any) -> None:
    rich.held(rich.ani, rich.budi, 600)
    assert rich.balance(rich.ani) == Balance(1_000, 600, 0, False)
    # Budi would gain by it: nothing of his is spoken for.
    assert rich.balance(rich.budi) == Balance(0, 0, 0, False)
    for asked in (401, 1_000):
        with pytest.raises(BelowFloor):
            rich.move(rich.ani, rich.sales, asked)
        with pytest.raises(BelowFloor):
            rich.held(rich.ani, rich.sales, asked)
    rich.move(rich.ani, rich.sales, 400)
    assert rich.balance(rich.ani).available == 0
    assert rich.differences() == []


@pytest.mark.parametrize("amount", [None, 600, 1])
def test_a_hold_is_used_once_and_the_rest_is_free_again(rich: Any, amount: int | None) -> None:
    held, entry = rich.held(rich.ani, rich.budi, 600), rich.services.new_id()
    first = rich.use(held, amount, entry)
    moved = 600 if amount is None else amount
    assert rich.balance(rich.ani) == Balance(1_000 - moved, 0, 0, False)
    assert rich.balance(rich.budi).balance == moved
    assert rich.use(held, amount, entry) == first._replace(is_new=False)
    for again in (lambda: rich.use(held), lambda: rich.void(held)):
        with pytest.raises(NotOpen) as refused:
            again()
        assert refused.value.details["why"] == "posted"
    assert rich.differences() == []


def test_more_than_was_held_or_something_else_is_refused(rich: Any) -> None:
    held = rich.held(rich.ani, rich.budi, 600)
    with pytest.raises(BadEntry):
        rich.use(held, 601)
    for posting in ((rich.ani, rich.sales, 600), (rich.budi, rich.ani, 600)):
        with pytest.raises(BadEntry):
            rich.post(rich.entry(posting, hold=held))
    with pytest.raises(NotOpen):
        rich.post(rich.entry((rich.ani, rich.budi, 5), hold=b"x" * 16))
    assert rich.balance(rich.ani).held == 600


def test_a_hold_is_voided_and_a_second_time_nothing_happens(rich: Any) -> None:
    held = rich.held(rich.ani, rich.budi, 600)
    rich.void(held)
    rich.void(held)
    assert rich.balance(rich.ani) == Balance(1_000, 0, 0, False)
    with pytest.raises(NotOpen):
        rich.use(held)
    assert rich.differences() == []


def test_asked_again_it_is_the_same_hold(rich: Any) -> None:
    asked = Hold(rich.services.new_id(), "hold", "", Posting(rich.ani, rich.budi, 600))
    first = rich.in_shop(lambda tx, now: hold(tx, asked, now))
    again = rich.in_shop(lambda tx, now: hold(tx, asked, now))
    assert first.is_new and again == first._replace(is_new=False)
    assert rich.balance(rich.ani).held == 600
    with pytest.raises(OtherContent):
        other = asked._replace(posting=Posting(rich.ani, rich.budi, 1))
        rich.in_shop(lambda tx, now: hold(tx, other, now))


def test_a_hold_ends_by_the_servers_clock_and_makes_room_by_itself(rich: Any) -> None:
    clock = rich.services.now_ms
    held = [rich.held(rich.ani, rich.budi, 500, clock.now_ms + 10) for _ in range(2)]
    with pytest.raises(BelowFloor):
        rich.move(rich.ani, rich.sales, 1)
    clock.pass_ms(10)
    with pytest.raises(NotOpen) as refused:
        rich.use(held[0])
    assert refused.value.details["why"] == "expired"
    entry = rich.entry((rich.ani, rich.sales, 1_000))
    with_room(rich.services, rich.shop, lambda tx, now: post(tx, entry, now))
    assert rich.balance(rich.ani) == Balance(0, 0, 0, False)
    with pytest.raises(NotOpen):
        rich.void(held[1])
    with pytest.raises(BelowFloor):
        with_room(
            rich.services,
            rich.shop,
            lambda tx, now: post(tx, rich.entry((rich.ani, rich.sales, 1)), now),
        )
    assert rich.differences() == []


def test_all_that_are_due_are_let_go_and_no_other(rich: Any) -> None:
    now = rich.services.now_ms.now_ms
    for n in range(AT_ONCE + 3):
        rich.held(rich.ani, rich.budi, 1, now + 1 + n % 2)
    kept = rich.held(rich.ani, rich.budi, 7, now + 100)
    rich.services.now_ms.pass_ms(2)
    assert expire_holds(rich.services, rich.shop) == AT_ONCE + 3
    assert rich.balance(rich.ani).held == 7
    rich.use(kept)
    assert rich.differences() == []


def test_a_hold_that_holds_nothing_or_is_over_is_refused(rich: Any) -> None:
    with pytest.raises(BadEntry):
        rich.held(rich.cash, rich.sales, 5)
    with pytest.raises(BadEntry):
        rich.held(rich.cash, rich.ani, 5)
    with pytest.raises(BadEntry):
        rich.held(rich.ani, rich.budi, 5, rich.services.now_ms.now_ms)
