"""Entries: balanced whatever is in them, written once, refused with nothing left behind."""

from __future__ import annotations

from typing import Any

import pytest

from core.ledger import (
    MOST_RUPIAH,
    BadEntry,
    BelowFloor,
    Entry,
    Frozen,
    NotReversible,
    OtherContent,
    Posting,
    UnknownAccount,
)
from server.ledger import swift
from server.ledger.accounts import Balance, freeze, open_accounts, set_floor
from server.ledger.posting import post_all
from server.ledger.reading import entries_about, statement


def test_an_entry_moves_both_accounts_and_is_found_by_its_document(books: Any) -> None:
    books.move(books.cash, books.ani, 1_000)
    books.services.now_ms.pass_ms(1)
    books.post(books.entry((books.ani, books.sales, 300), (books.ani, books.budi, 200)))
    assert books.balance(books.ani) == Balance(500, 0, 0, False)
    assert books.balance(books.budi).available == 200
    assert books.balance(books.cash) == Balance(1_000, 0, None, False)
    assert books.balance(books.sales).balance == 300
    found = books.in_shop(lambda tx, _now: entries_about(tx, "order 1"))
    assert [len(one.entry.postings) for one in found] == [1, 2]
    assert books.differences() == []


@pytest.mark.parametrize("spread", [False, True])
def test_it_goes_in_one_statement_but_not_to_several_machines(
    books: Any, spread: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = books.services.store
    store.engine.update_execution_options(distributed=spread)
    went: list[Entry] = []

    def note(tx: Any, entry: Entry, now_ms: int) -> Any:
        went.append(entry)
        return write(tx, entry, now_ms)

    write = swift.write
    monkeypatch.setattr(swift, "write", note)
    for _ in range(2):  # of the first the day is not known yet
        books.move(books.cash, books.ani, 1_000)
    assert len(went) == (store.is_postgresql and not spread)
    assert books.balance(books.ani).balance == 2_000


def test_asked_again_it_is_the_same_entry_and_other_content_is_refused(books: Any) -> None:
    entry = books.entry((books.cash, books.ani, 1_000))
    first = books.post(entry)
    books.services.now_ms.pass_ms(86_400_000 * 3)
    again = books.post(entry)
    assert first.is_new and again == first._replace(is_new=False)
    for other in (
        entry._replace(postings=(Posting(books.cash, books.ani, 1_001),)),
        entry._replace(postings=(Posting(books.cash, books.budi, 1_000),)),
        entry._replace(day="2026-09-22"),
        entry._replace(kind="other"),
        entry._replace(reference="order 2"),
        entry._replace(reversal_of=books.services.new_id()),
    ):
        with pytest.raises(OtherContent):
            books.post(other)
    assert books.balance(books.ani).balance == 1_000


def test_no_account_falls_below_its_floor_and_nothing_of_the_entry_is_left(books: Any) -> None:
    books.move(books.cash, books.ani, 1_000)
    with pytest.raises(BelowFloor) as refused:
        books.post(books.entry((books.ani, books.sales, 900), (books.ani, books.budi, 101)))
    assert (refused.value.details["available"], refused.value.details["asked"]) == (1_000, 1_001)
    assert books.balance(books.sales).balance == 0
    # What comes in in the same entry counts.
    books.post(books.entry((books.ani, books.sales, 1_500), (books.cash, books.ani, 500)))
    assert books.balance(books.ani).balance == 0
    # A watched account without a floor may go below zero.
    books.move(books.sales, books.order, 7)
    assert books.balance(books.order).balance == -7
    assert books.differences() == []


def test_several_entries_stand_or_fall_together(books: Any) -> None:
    old = books.entry((books.cash, books.ani, 100))
    books.post(old)
    good, bad = books.entry((books.ani, books.budi, 60)), books.entry((books.ani, books.budi, 60))
    with pytest.raises(BelowFloor):
        books.in_shop(lambda tx, now: post_all(tx, [old, good, bad], now))
    assert books.balance(books.budi).balance == 0
    made = books.in_shop(lambda tx, now: post_all(tx, [old, good], now))
    assert [one.is_new for one in made] == [False, True]
    with pytest.raises(BadEntry):
        books.in_shop(lambda tx, now: post_all(tx, [good, good], now))
    assert books.differences() == []


def test_an_account_that_is_frozen_or_was_never_opened_takes_nothing(books: Any) -> None:
    with pytest.raises(UnknownAccount):
        books.move(books.cash, b"x" * 16, 5)
    books.in_shop(lambda tx, _now: freeze(tx, books.ani))
    with pytest.raises(Frozen):
        books.move(books.cash, books.ani, 5)
    books.in_shop(lambda tx, _now: freeze(tx, books.ani, False))
    books.move(books.cash, books.ani, 5)
    with pytest.raises(UnknownAccount):
        books.in_shop(lambda tx, _now: freeze(tx, books.cash))


def test_a_floor_is_set_where_there_is_room_for_it(books: Any) -> None:
    books.move(books.cash, books.ani, 50)
    with pytest.raises(BelowFloor):
        books.in_shop(lambda tx, _now: set_floor(tx, books.ani, 51))
    books.in_shop(lambda tx, _now: set_floor(tx, books.ani, -10))
    books.move(books.ani, books.sales, 60)
    with pytest.raises(BelowFloor):
        books.move(books.ani, books.sales, 1)


def test_accounts_are_opened_once(books: Any) -> None:
    books.move(books.cash, books.ani, 50)
    wanted = [("store_credit", "ani"), ("cash", ""), ("store_credit", "citra")]
    ids = books.in_shop(lambda tx, now: open_accounts(tx, wanted, now))
    assert ids[:2] == [books.ani, books.cash] and len(set(ids)) == 3
    assert books.balance(books.ani).balance == 50
    for wrong in (("cash", "ani"), ("store_credit", "")):
        with pytest.raises(ValueError):
            books.in_shop(lambda tx, now, one=wrong: open_accounts(tx, [one], now))


def test_an_entry_is_taken_back_exactly_and_once(books: Any) -> None:
    books.move(books.cash, books.ani, 1_000)
    entry = books.entry((books.ani, books.sales, 300), (books.ani, books.budi, 200))
    books.post(entry)
    back = books.reverse(entry.id)
    assert books.balance(books.ani).balance == 1_000 and books.balance(books.budi).balance == 0
    assert books.reverse(entry.id, back.id) == back._replace(is_new=False)
    for original, why in (
        (entry.id, "reversed"),
        (back.id, "reversal"),
        (b"x" * 16, "unknown"),
    ):
        with pytest.raises(NotReversible) as refused:
            books.reverse(original)
        assert refused.value.details["why"] == why
    assert books.differences() == []


def test_what_does_not_mirror_is_no_reversal(books: Any) -> None:
    entry = books.entry((books.cash, books.ani, 1_000))
    books.post(entry)
    for posting in ((books.ani, books.cash, 999), (books.cash, books.ani, 1_000)):
        with pytest.raises(NotReversible):
            books.post(books.entry(posting, reversal_of=entry.id))
    assert books.balance(books.ani).balance == 1_000


def test_money_that_was_spent_is_not_taken_back(books: Any) -> None:
    paid = books.move(books.cash, books.ani, 1_000)
    books.move(books.ani, books.sales, 1)
    with pytest.raises(BelowFloor):
        books.reverse(paid.id)


BAD: dict[str, dict[str, Any]] = {
    "zero": {"postings": (Posting(b"a" * 16, b"b" * 16, 0),)},
    "negative": {"postings": (Posting(b"a" * 16, b"b" * 16, -5),)},
    "a fraction": {"postings": (Posting(b"a" * 16, b"b" * 16, 5.0),)},  # type: ignore[arg-type]
    "true": {"postings": (Posting(b"a" * 16, b"b" * 16, True),)},
    "too much": {"postings": (Posting(b"a" * 16, b"b" * 16, MOST_RUPIAH + 1),)},
    "to itself": {"postings": (Posting(b"a" * 16, b"a" * 16, 5),)},
    "short account": {"postings": (Posting(b"a" * 15, b"b" * 16, 5),)},
    "no posting": {"postings": ()},
    "short id": {"id": b"x"},
    "no day": {"day": "2026-9-1"},
    "no kind": {"kind": ""},
    "zero byte": {"reference": "a\0b"},
    "takes itself back": {"id": b"i" * 16, "reversal_of": b"i" * 16},
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_well_formed_is_refused(books: Any, name: str) -> None:
    good: Entry = books.entry((books.cash, books.ani, 5))
    with pytest.raises(BadEntry):
        books.post(good._replace(**BAD[name]))


def test_a_statement_is_read_in_pages_and_adds_up(books: Any) -> None:
    books.move(books.cash, books.ani, 1_000, day="2026-08-31")
    for n in range(1, 8):
        books.services.now_ms.pass_ms(n % 2)
        books.move(books.ani, books.sales, n, day=f"2026-09-0{n}")
    books.services.now_ms.pass_ms(1)
    books.post(
        books.entry((books.ani, books.sales, 3), (books.cash, books.ani, 4), day="2026-09-07")
    )
    lines, after = [], None
    while True:
        page = books.in_shop(
            lambda tx, _now, last=after: statement(
                tx, books.ani, "2026-09-02", "2026-09-07", after=last, most=2
            )
        )
        lines += page.lines
        if after is None:
            assert page.opening == 999
        if not page.more:
            break
        after = page.lines[-1]
    assert [one.amount for one in lines] == [-2, -3, -4, -5, -6, -7, -3, 4]
    assert [one.place.day[-1] for one in lines] == list("23456777")
    assert lines[-1].balance == books.balance(books.ani).balance == 973
    with pytest.raises(UnknownAccount):
        books.in_shop(lambda tx, _now: statement(tx, b"x" * 16, "2026-09-02", "2026-09-07"))
