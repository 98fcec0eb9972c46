"""A number that two receipts bear: which is meant, and that nothing happens to the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.tender import TenderKind
from pos.printing.jobs import jobs
from pos.printing.printers import add_printer, printer_by_id
from pos.receipts.listing import find_receipts, receipt_view
from pos.receipts.naming import AmbiguousReceipt, Named, exactly, receipts_named
from pos.receipts.printing import render_job
from pos.selling.corrections import (
    SwapTooLate,
    owed_refunds,
    reprint,
    settle_refund,
    swap_tender,
    tenders_of,
)
from pos.selling.refunds import Return, all_lines, make_refund
from tests.helpers.counter import cart_of, sell
from tests.helpers.twin_counters import NUMBER, Twins, some_goods


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Twins]:
    made = Twins(tmp_path)
    yield made
    made.close()


def both(twins: Twins, number: int) -> tuple[Named, Named]:
    """The two receipts as a counter finds them: its own, the other's."""
    own, other = receipts_named(twins.counters[number].db, NUMBER)
    return own, other


def test_a_bare_number_is_refused_with_what_to_say_instead(twins: Twins) -> None:
    db = twins.counters[0].db
    own, other = both(twins, 0)
    with pytest.raises(AmbiguousReceipt) as refused:
        exactly(db, NUMBER)
    choices = str(refused.value.details["choices"])
    assert choices.split("; ") == [
        f"{NUMBER}@{own.mark} (K1, 2026-11-24, Rp 2.500)",
        f"{NUMBER}@{other.mark} (K2, 2026-11-24, Rp 5.000)",
    ]


@pytest.mark.parametrize("number", [0, 1])
def test_mark_and_device_say_which_in_any_case_of_letters(twins: Twins, number: int) -> None:
    db = twins.counters[number].db
    for one in both(twins, number):
        device = one.device.hex()
        for which in (one.mark, one.mark.lower(), device, device.upper()):
            assert exactly(db, f" {NUMBER}@{which} ") == one.reference
        view = receipt_view(db, one.reference)
        assert (view.head.sale_id, view.head.total) == (one.pos, one.due)


@pytest.mark.parametrize("which", ["", "XXXX", "ab", "0000000000000000"])
def test_what_names_none_of_them_finds_none(twins: Twins, which: str) -> None:
    assert receipts_named(twins.counters[0].db, f"{NUMBER}@{which}") == []


def test_the_own_one_comes_first_at_each_counter(twins: Twins) -> None:
    assert [one.due for one in both(twins, 0)] == [2_500, 5_000]
    assert [one.due for one in both(twins, 1)] == [5_000, 2_500]


def test_a_number_of_one_receipt_needs_no_mark(twins: Twins) -> None:
    first = twins.counters[0]
    for _ in range(3):
        done = sell(first, cart_of(first, (some_goods(first), 1_000)))
    (one,) = receipts_named(first.db, done.receipt)
    assert exactly(first.db, done.receipt) == one.reference == done.receipt
    assert exactly(first.db, f"{done.receipt}@{one.mark}") == done.receipt
    assert exactly(first.db, "K9-000009") == "K9-000009"


def test_the_marks_are_those_on_the_papers(twins: Twins) -> None:
    """A copy printed elsewhere shows what stands on the original."""
    here, there = both(twins, 0)
    assert (here.mark, there.mark) == tuple(one.mark for one in reversed(both(twins, 1)))


def test_what_is_given_back_is_of_the_one_that_was_named(twins: Twins) -> None:
    first = twins.counters[0]
    own, other = both(twins, 0)
    make_refund(first, other.reference, all_lines(first.db, other.reference, "stock"), "rusak")
    assert receipt_view(first.db, other.reference).sale.refunded == 5_000
    assert receipt_view(first.db, own.reference).sale.refunded == 0
    twins.meet()
    twins.check(1)
    twins.equal()
    assert receipt_view(twins.counters[1].db, other.reference).sale.refunded == 5_000


def test_only_the_own_one_can_have_its_tender_swapped(twins: Twins) -> None:
    first = twins.counters[0]
    own, other = both(twins, 0)
    with pytest.raises(SwapTooLate):
        swap_tender(first, other.reference, 1, TenderKind.QRIS, "salah tekan")
    swap_tender(first, own.reference, 1, TenderKind.QRIS, "salah tekan")
    assert tenders_of(first.db, own.reference)[0].kind == "qris"
    assert tenders_of(first.db, other.reference)[0].kind == "cash"


def test_the_copy_that_is_printed_is_of_the_one_that_was_named(twins: Twins) -> None:
    first = twins.counters[0]
    own, other = both(twins, 0)
    printer = printer_by_id(first.db, add_printer(first.db, "Kasir", "cups:Kasir"))
    assert printer is not None
    assert reprint(first, other.reference) == 1
    paper = render_job(first.db, jobs(first.db)[-1], printer)
    assert other.mark.encode() in paper and own.mark.encode() not in paper
    assert f"{NUMBER}@".encode() not in paper
    assert receipt_view(first.db, own.reference).sale.copies == 0


def test_money_to_send_back_is_ticked_at_its_own_receipt(twins: Twins) -> None:
    """The first counter goes on as K1: its refund gets a number that the second has sold under."""
    first, second = twins.counters
    sold = sell(first, cart_of(first, (some_goods(first), 2_000)), ("qris", 5_000))
    back = make_refund(first, sold.receipt, [Return(1, 1_000)], "rusak")
    twins.meet()
    assert len(receipts_named(second.db, back.receipt)) == 2
    (owed,) = owed_refunds(second.db)
    settle_refund(second, owed)
    assert owed_refunds(second.db) == []
    twins.meet()
    twins.equal()
    assert owed_refunds(first.db) == []


def test_a_list_by_reference_holds_one(twins: Twins) -> None:
    db = twins.counters[0].db
    own, other = both(twins, 0)
    assert [row.sale_id for row in find_receipts(db, number=other.reference)] == [other.pos]
    assert len(find_receipts(db, number=NUMBER)) == 2
    assert {row.register for row in find_receipts(db)} == {"K1", "K2"}
    assert own.register == "K1"
