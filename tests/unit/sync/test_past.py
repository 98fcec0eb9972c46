"""Older entries than a snapshot brought whole: fetched when somebody looks for them, and all in the
end; nothing counts twice, and what is not as the server signed it is never used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.refund import RefundTooMuch
from core.sync.past import Past, PastRows, read_past, signed_bytes, write_past
from pos.counter import Counter
from pos.customers.repayments import repayment
from pos.customers.statement import statement
from pos.db.past import entries_missing, is_incomplete, missing
from pos.journal.mending import mend
from pos.journal.verify import verify
from pos.receipts.listing import receipt_view
from pos.receipts.naming import receipts_named
from pos.reports.sales import read_sales
from pos.reports.stock import stock_card
from pos.selling.refunds import Return, make_refund
from pos.sync import past
from pos.sync.digests import accepted_digests
from pos.sync.past import BadPast, PastFetcher
from pos.sync.wanted import Wanted
from pos.sync.wire import NoAnswer, Said
from server.sync.http.gate import gate_of
from tests.helpers.counter import StillClock
from tests.helpers.late_counter import LateCounter
from tests.helpers.many_counters import picture
from tests.helpers.real_server import offline


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LateCounter]:
    made = LateCounter(tmp_path, StillClock(), monkeypatch)
    yield made
    made.close()


def proved(counter: Counter) -> None:
    proof = verify(counter.db)
    assert proof.ok, proof.differences[:5]


def money_and_goods(counter: Counter) -> tuple[Any, ...]:
    """What debts, goods and their values come to, in sums and in tables."""
    queries = (
        "SELECT id, stock, stock_value FROM product ORDER BY id",
        "SELECT product_id, sum(qty), sum(value) FROM stock_movement GROUP BY 1 ORDER BY 1",
        "SELECT id, debt FROM customer ORDER BY id",
        "SELECT customer_id, sum(amount) FROM debt_movement GROUP BY 1 ORDER BY 1",
    )
    return tuple(tuple(map(tuple, counter.db.rows(sql))) for sql in queries)


def test_an_older_receipt_comes_with_all_that_was_done_to_it(shop: LateCounter) -> None:
    late, receipt = shop.late, shop.receipts[0]
    before = money_and_goods(late), accepted_digests(late.db)
    assert receipts_named(late.db, receipt) == []
    assert shop.fetcher().look_for(Wanted(receipt=receipt))
    view = receipt_view(late.db, receipt)
    assert (view.sale.total, view.sale.refunded) == (30_000, 15_000)
    assert view.lines[0].refunded_qty == 1_000
    assert receipt_view(late.db, shop.given_back).lines[0].refers_sale == view.sale.id
    assert (money_and_goods(late), accepted_digests(late.db)) == before
    proved(late)
    # Asked again, and once more where nobody wrote it: nothing is another, nothing is kept twice.
    kept = late.db.scalar("SELECT count(*) FROM past_page")
    assert shop.fetcher().look_for(Wanted(receipt=receipt))
    assert late.db.scalar("SELECT count(*) FROM past_page") == kept
    assert not shop.fetcher().look_for(Wanted(receipt="K1-999999"))
    assert (money_and_goods(late), accepted_digests(late.db)) == before
    proved(late)


def test_it_is_given_back_here_and_no_more_than_is_left(shop: LateCounter) -> None:
    late, receipt = shop.late, shop.receipts[0]
    shop.fetcher().look_for(Wanted(receipt=receipt))
    make_refund(late, receipt, [Return(1, 1_000)], "rusak")
    with pytest.raises(RefundTooMuch):
        make_refund(late, receipt, [Return(1, 1_000)], "rusak")
    for counter in (late, shop.first, late):
        assert shop.sync(counter).digest_equal is not False
    assert money_and_goods(late) == money_and_goods(shop.first)
    assert receipt_view(shop.first.db, receipt).sale.refunded == 30_000
    assert shop.server.proves_itself()
    proved(late)


def test_what_another_gives_back_of_an_older_sale_has_its_value(shop: LateCounter) -> None:
    """The sale is fetched before the refund is folded: goods come back at what they had cost."""
    make_refund(shop.first, shop.receipts[1], [Return(1, 1_000)], "rusak")
    shop.sync(shop.first)
    assert receipts_named(shop.late.db, shop.receipts[1]) == []
    assert shop.sync(shop.late).digest_equal is not False
    assert receipt_view(shop.late.db, shop.receipts[1]).sale.refunded == 15_000
    assert money_and_goods(shop.late) == money_and_goods(shop.first)
    proved(shop.late)


def test_a_customers_account_comes_whole(shop: LateCounter) -> None:
    late = shop.late
    owed = late.db.scalar("SELECT debt FROM customer")
    assert [row.source for row in statement(late.db, shop.buyer)].count("before") >= 1
    assert statement(late.db, shop.buyer)[0].left == owed == 20_000
    assert shop.fetcher().look_for(Wanted(customer=shop.buyer))
    assert statement(late.db, shop.buyer) == statement(shop.first.db, shop.buyer)
    assert late.db.scalar("SELECT debt FROM customer") == owed
    proved(late)


def test_the_paper_of_an_older_repayment_says_what_was_owed_before(shop: LateCounter) -> None:
    shop.fetcher().look_for(Wanted(receipt=shop.repaid))
    here, there = (repayment(one.db, shop.repaid) for one in (shop.late, shop.first))
    assert here is not None and there is not None
    assert (here.before, here.row.amount) == (there.before, there.row.amount) == (30_000, 10_000)


def test_a_report_says_what_is_not_here_yet(shop: LateCounter) -> None:
    late, day = shop.late, shop.late.today()
    found = read_sales(late, day, day, "day")
    whole = read_sales(shop.first, day, day, "day")
    assert whole.missing is None and found.missing is not None
    assert found.missing.total + found.net == whole.net
    assert found.missing.sales + sum(row.count for row in found.rows) == 5
    assert read_sales(late, "2026-01-01", "2026-01-31", "day").missing is None
    shop.fill(1_000)
    shop.sync(late)
    assert read_sales(late, day, day, "day") == whole


def test_all_of_it_comes_in_the_end(shop: LateCounter) -> None:
    late = shop.late
    shop.fetcher().look_for(Wanted(receipt=shop.receipts[2]))
    left = [entries_missing(late.db)]
    fetcher = shop.fetcher()
    while fetcher.stretch():
        left.append(entries_missing(late.db))
        proved(late)
    assert left == sorted(left, reverse=True) and left[-1] == 0
    assert not is_incomplete(late.db) and missing(late.db) is None
    assert late.db.tuple_of("SELECT 1 FROM stock_movement WHERE pos=0") is None
    assert late.db.tuple_of("SELECT 1 FROM past_day") is None
    card = [row._replace(pos=0) for row in stock_card(shop.first.db, shop.goods)]
    assert [row._replace(pos=0) for row in stock_card(late.db, shop.goods)] == card
    before = picture(late.db)
    mend(late.db)
    assert picture(late.db) == before
    proved(late)


def test_what_the_programs_end_has_cut_goes_on(
    shop: LateCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each slice the tables are what is proved; nothing is laid down twice."""
    monkeypatch.setattr(past, "FIRST_SLICE", 1)
    monkeypatch.setattr(past, "MOST_IN_SLICE", 2)
    before = money_and_goods(shop.late), accepted_digests(shop.late.db)

    def end() -> None:
        raise NoAnswer(why="stopped")

    cuts = 0
    while is_incomplete(shop.late.db):
        try:
            shop.fetcher(end).stretch()
        except NoAnswer:
            cuts += 1
            proved(shop.late)
            assert (money_and_goods(shop.late), accepted_digests(shop.late.db)) == before
    assert cuts > 10


def test_two_at_once_lay_down_each_entry_once(
    shop: LateCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody looks for a receipt between two slices of a stretch that has it, too."""
    monkeypatch.setattr(past, "FIRST_SLICE", 1)
    monkeypatch.setattr(past, "MOST_IN_SLICE", 1)
    wanted = iter(Wanted(receipt=one) for one in shop.receipts)

    def meanwhile() -> None:
        one = next(wanted, None)
        if one is not None:
            shop.fetcher().look_for(one)

    fetcher = shop.fetcher(meanwhile)
    while fetcher.stretch():
        pass
    assert not is_incomplete(shop.late.db)
    assert money_and_goods(shop.late) == money_and_goods(shop.first)
    proved(shop.late)


def _resigned(shop: LateCounter, change: Callable[[PastRows], PastRows]) -> Callable[[Past], Past]:
    key = gate_of(shop.server.services).key

    def spoil(answer: Past) -> Past:
        rows = write_past(change(read_past(answer.rows)))
        return msgspec.structs.replace(answer, rows=rows, signature=key.sign(signed_bytes(rows)))

    return spoil


def _forged(shop: LateCounter) -> Callable[[Past], Past]:
    return lambda answer: msgspec.structs.replace(answer, signature=answer.signature[::-1])


def _damaged(shop: LateCounter) -> Callable[[Past], Past]:
    return lambda answer: msgspec.structs.replace(answer, rows=answer.rows[:-1] + b"\xff")


def _of_another(shop: LateCounter) -> Callable[[Past], Past]:
    return _resigned(shop, lambda rows: msgspec.structs.replace(rows, shop=b"o" * 16))


def _left_out(shop: LateCounter) -> Callable[[Past], Past]:
    return _resigned(shop, lambda rows: msgspec.structs.replace(rows, rows=rows.rows[1:]))


def _other_verdict(shop: LateCounter) -> Callable[[Past], Past]:
    def change(rows: PastRows) -> PastRows:
        first = msgspec.structs.replace(rows.rows[0], verdict="flagged:over_refund")
        return msgspec.structs.replace(rows, rows=(first, *rows.rows[1:]))

    return _resigned(shop, change)


def _other_place(shop: LateCounter) -> Callable[[Past], Past]:
    return _resigned(shop, lambda rows: msgspec.structs.replace(rows, last=rows.last - 1))


@pytest.mark.parametrize(
    "spoiled", [_forged, _damaged, _of_another, _left_out, _other_verdict, _other_place]
)
def test_what_is_not_as_it_must_be_is_never_used(
    shop: LateCounter,
    spoiled: Callable[[LateCounter], Callable[[Past], Past]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoil, before = spoiled(shop), picture(shop.late.db)
    fetcher = shop.fetcher()
    ask = fetcher._speaker.ask
    monkeypatch.setattr(fetcher._speaker, "ask", lambda *one, **more: spoil(ask(*one, **more)))
    with pytest.raises(BadPast):
        fetcher.stretch()
    assert picture(shop.late.db) == before
    assert shop.late.db.scalar("SELECT count(*) FROM past_page") == 0
    monkeypatch.undo()
    assert shop.fetcher().stretch()
    proved(shop.late)


def test_an_entry_that_is_not_its_hash_is_not_laid_down(
    shop: LateCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(rows: PastRows) -> PastRows:
        first = msgspec.structs.replace(rows.rows[0], body=rows.rows[0].body + b"x")
        return msgspec.structs.replace(rows, rows=(first, *rows.rows[1:]))

    spoil, fetcher = _resigned(shop, change), shop.fetcher()
    ask = fetcher._speaker.ask
    monkeypatch.setattr(fetcher._speaker, "ask", lambda *one, **more: spoil(ask(*one, **more)))
    with pytest.raises(BadPast):
        fetcher.stretch()
    assert shop.late.db.scalar("SELECT count(*) FROM past_page") == 0
    proved(shop.late)


def test_without_a_network_nothing_is_another(shop: LateCounter) -> None:
    shop.server.weather = offline
    before = picture(shop.late.db)
    with pytest.raises(NoAnswer):
        shop.fetcher().look_for(Wanted(receipt=shop.receipts[0]))
    assert picture(shop.late.db) == before
    proved(shop.late)


def test_a_server_of_another_history_is_not_asked_further(
    shop: LateCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restore behind the snapshot the counter hears it, goes back, and pulls the feed."""
    monkeypatch.setattr("server.sync.past.hash_at", lambda tx, n: b"x" * 32)
    with pytest.raises(Said) as said:
        shop.fetcher().stretch()
    assert said.value.problem.error == "epoch"
    proved(shop.late)


def test_fetcher_without_a_snapshot_asks_nothing(shop: LateCounter) -> None:
    from pos.sync.enrolment import speaker
    from pos.sync.memory import server

    found = server(shop.first.db)
    assert found is not None
    shop.server.weather = offline
    first = PastFetcher(shop.first.db, found, speaker(shop.first, shop.server.send))
    assert not first.stretch()
    assert not first.look_for(Wanted(receipt="K1-000001"))
    assert missing(shop.first.db) is None
