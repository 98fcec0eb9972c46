"""Handing over: the right code, one sale at the ordered prices, once, and clashes that are seen."""

from __future__ import annotations

import pytest

from core.errors import Refused
from core.orders.codes import scanned_text
from core.orders.rules import MOST_FEE, FeeOpen, NotPossible, WrongAmount
from core.tender import NotPaid, TenderKind
from pos.orders import handing
from pos.orders.handing import (
    AlreadyHandedOver,
    ChargedBack,
    CodePaused,
    CourierUnpaid,
    NoCourier,
    NotAnOrderCode,
    OrderTender,
    WrongCode,
    by_digits,
    by_scan,
    for_courier,
    hand_over,
)
from pos.orders.picking import pick_list
from pos.orders.reading import order, orders
from pos.orders.stepping import NotACourierOrder, propose, see, settle_clash, step
from pos.reports.shift import shift_figures
from pos.selling.sales import Tendered
from pos.shifts.open_shift import open_shift_id
from tests.helpers.till_orders import DIGITS, line, place, placed, stepped
from tests.unit.orders.conftest import Stall

CASH = Tendered(TenderKind.CASH, 50_000)


def came(stall: Stall, number: int = 1, **more: object) -> bytes:
    found = place(stall.world.server, placed(number, line(stall.sugar), **more))
    stall.world.settle()
    return found


def payments(stall: Stall, sale_id: int) -> list[tuple[object, ...]]:
    rows = stall.counter.db.rows(
        "SELECT kind, amount FROM payment WHERE sale_id=? ORDER BY n", (sale_id,)
    )
    return [tuple(row) for row in rows]


def test_paid_at_the_counter_it_is_a_sale_with_all_that_follows(stall: Stall) -> None:
    key = came(stall)
    step(stall.counter, key, "accept")
    assert by_digits(stall.counter, 1, DIGITS).owed == 34_000
    done = hand_over(stall.counter, key, [CASH])
    assert (done.total, done.change) == (34_000, 16_000)
    assert stall.stock(stall.sugar) == 8_000
    assert payments(stall, done.sale_id) == [("cash", 34_000)]
    view = order(stall.counter.db, key)
    assert (view.standing.order, view.standing.handover) == ("fulfilled", "done")
    assert handing.receipt_of(stall.counter.db, view.sale) == done.receipt
    stall.agree()


def test_an_order_that_nobody_answered_is_accepted_by_handing_it_over(stall: Stall) -> None:
    key = came(stall)
    hand_over(stall.counter, key, [Tendered(TenderKind.QRIS, 34_000)])
    assert order(stall.counter.db, key).standing.order == "fulfilled"
    stall.agree()


def test_what_was_paid_before_is_a_tender_of_its_own_and_no_cash(stall: Stall) -> None:
    key = came(stall, pay_way="to_shop", fee=5_000)
    step(stall.counter, key, "accept")
    see(stall.counter, key)
    cash = shift_figures(stall.counter.db, open_shift_id(stall.counter.db)).expected
    done = hand_over(stall.counter, key)
    assert payments(stall, done.sale_id) == [("online", 39_000)]
    figures = shift_figures(stall.counter.db, open_shift_id(stall.counter.db))
    assert figures.expected == cash
    assert ("online", 39_000) in {(one.kind, one.amount) for one in figures.totals}
    stall.agree()


def test_the_fee_is_one_product_though_two_registers_need_it_first(stall: Stall) -> None:
    first, second = came(stall, 1, fee=5_000), came(stall, 2, fee=7_000)
    hand_over(stall.counter, first, [CASH])
    hand_over(stall.other, second, [CASH])
    stall.agree()
    rows = stall.counter.db.rows("SELECT id FROM product WHERE name='Ongkos kirim'")
    assert len(rows) == 1
    third = came(stall, 3, fee=1_000)
    hand_over(stall.counter, third, [CASH])
    stall.agree()


def test_pressed_twice_it_happens_once(stall: Stall) -> None:
    key = came(stall)
    done = hand_over(stall.counter, key, [CASH])
    with pytest.raises(AlreadyHandedOver) as refused:
        hand_over(stall.counter, key, [CASH])
    assert refused.value.details["receipt"] == done.receipt
    assert stall.stock(stall.sugar) == 8_000


def test_a_program_that_ends_in_between_leaves_all_or_nothing(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = came(stall)

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(handing, "write_steps", dies)
        hand_over(stall.counter, key, [CASH])
    assert stall.stock(stall.sugar) == 10_000
    assert order(stall.counter.db, key).standing.order == "placed"
    hand_over(stall.counter, key, [CASH])
    stall.agree()


@pytest.mark.parametrize(
    ("tenders", "refusal"),
    [
        ([], NotPaid),
        ([Tendered(TenderKind.CASH, 1_000)], NotPaid),
        ([Tendered(TenderKind.CREDIT, 34_000)], OrderTender),
        ([Tendered(TenderKind.ONLINE, 34_000)], OrderTender),
    ],
)
def test_what_is_not_paid_is_not_handed_over(
    stall: Stall, tenders: list[Tendered], refusal: type[Refused]
) -> None:
    key = came(stall)
    with pytest.raises(refusal):
        hand_over(stall.counter, key, tenders)
    assert stall.stock(stall.sugar) == 10_000


def test_a_wrong_code_five_times_pauses_that_order(stall: Stall) -> None:
    key = came(stall)
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCode) as refused:
            by_digits(stall.counter, 1, "0000")
        assert refused.value.details["left"] == left
    for digits in ("0000", DIGITS):
        with pytest.raises(CodePaused):
            by_digits(stall.counter, 1, digits)
    stall.counter.clock.forward(301)  # type: ignore[attr-defined]
    assert by_scan(stall.counter, scanned_text(key, DIGITS)).order.id == key
    with pytest.raises(NotAnOrderCode):
        by_scan(stall.counter, "8999999000013")


def test_two_registers_without_a_network_are_seen_and_settled(stall: Stall) -> None:
    key = came(stall)
    mine = hand_over(stall.counter, key, [CASH])
    theirs = hand_over(stall.other, key, [CASH])
    stall.agree()
    for counter in (stall.counter, stall.other):
        (view,) = orders(counter.db)
        assert view.clash == "twice"
        assert handing.receipt_of(counter.db, view.sale) == mine.receipt
        assert handing.receipt_of(counter.db, view.clash_sale) == theirs.receipt
    settle_clash(stall.counter, key)
    assert orders(stall.counter.db) == []
    stall.agree()
    assert orders(stall.other.db) == []
    entries = stall.other.db.scalar("SELECT count(*) FROM journal")
    settle_clash(stall.other, key)
    assert stall.other.db.scalar("SELECT count(*) FROM journal") == entries


def test_goods_of_an_order_that_was_called_off_meanwhile(stall: Stall) -> None:
    key = came(stall)
    done = hand_over(stall.counter, key, [CASH])
    stall.world.server.write(stepped(1, "cancel"))
    stall.world.pull(0, 9)
    (view,) = orders(stall.counter.db)
    assert (view.clash, view.standing.order) == ("called_off", "cancelled")
    assert handing.receipt_of(stall.counter.db, view.clash_sale) == done.receipt
    stall.agree()


def test_a_called_off_order_is_not_handed_over(stall: Stall) -> None:
    key = came(stall)
    step(stall.counter, key, "decline", reason="Habis")
    with pytest.raises((NotPossible, NotPaid)):
        hand_over(stall.counter, key)
    assert stall.stock(stall.sugar) == 10_000


def test_a_courier_takes_it_without_a_code_and_the_way_counts_before_complaints_end(
    stall: Stall,
) -> None:
    key = came(stall, pay_way="to_shop", way="courier", fee_open=True)
    with pytest.raises(FeeOpen):
        step(stall.counter, key, "accept")
    with pytest.raises(FeeOpen):
        propose(stall.counter, key, ())
    view = propose(stall.counter, key, (), fee=12_000)
    assert (view.standing.order, view.offered_fee, view.fee) == ("proposed", 12_000, 0)
    assert (view.asked_total, view.standing.total) == (46_000, 34_000)
    stall.world.settle()
    stall.world.server.write(stepped(1, "agree", amount=46_000))
    stall.world.settle()
    view = order(stall.counter.db, key)
    assert (view.fee, view.fee_open, view.standing.owed) == (12_000, False, 46_000)
    see(stall.counter, key)
    with pytest.raises(NoCourier):
        for_courier(stall.counter, key, " ")
    one = for_courier(stall.counter, key, " JNE ", "CGK 123")
    hand_over(stall.counter, key, courier=one.courier, waybill=one.waybill)
    view = order(stall.counter.db, key)
    assert (view.courier, view.waybill, view.standing.order) == ("JNE", "CGK 123", "fulfilled")
    ends = stall.counter.db.scalar("SELECT inspect_by FROM online_order WHERE id=?", (key,))
    assert ends - stall.counter.clock.now_ms() == (168 + 24) * 3_600_000
    stall.agree()


def test_what_its_buyer_fetches_goes_with_no_courier(stall: Stall) -> None:
    with pytest.raises(NotACourierOrder):
        for_courier(stall.counter, came(stall), "JNE")


def test_before_its_fee_is_agreed_to_nothing_is_paid_handed_over_or_sold(stall: Stall) -> None:
    key = came(stall, pay_way="to_shop", way="courier", fee_open=True)
    before = stall.counter.db.scalar("SELECT count(*) FROM journal")
    with pytest.raises(FeeOpen):
        hand_over(stall.counter, key, [CASH])
    with pytest.raises(FeeOpen):
        see(stall.counter, key)
    assert stall.counter.db.scalar("SELECT count(*) FROM journal") == before


def test_a_courier_takes_nothing_that_is_not_paid_whoever_brings_cash(stall: Stall) -> None:
    key = came(stall, pay_way="to_shop", way="courier", fee=12_000)
    step(stall.counter, key, "accept")
    before = stall.counter.db.scalar("SELECT count(*) FROM journal")
    for ask in (
        lambda: for_courier(stall.counter, key, "JNE"),
        lambda: by_digits(stall.counter, 1, DIGITS),
        lambda: hand_over(stall.counter, key, [CASH], courier="JNE"),
    ):
        with pytest.raises(CourierUnpaid) as refused:
            ask()
        assert (refused.value.details["number"], refused.value.details["owed"]) == (1, 46_000)
    assert stall.counter.db.scalar("SELECT count(*) FROM journal") == before
    see(stall.counter, key)
    hand_over(stall.counter, key, courier=for_courier(stall.counter, key, "JNE").courier)
    assert order(stall.counter.db, key).standing.order == "fulfilled"


def test_a_fee_is_a_couriers_and_within_reason(stall: Stall) -> None:
    with pytest.raises(NotACourierOrder):
        propose(stall.counter, came(stall, 1), (), fee=5_000)
    key = came(stall, 2, pay_way="to_shop", way="courier", fee_open=True)
    for fee in (-1, MOST_FEE + 1):
        with pytest.raises(WrongAmount):
            propose(stall.counter, key, (), fee=fee)


@pytest.mark.parametrize("way", ["collect", "courier"])
def test_nothing_is_handed_over_for_money_that_a_bank_took_back(stall: Stall, way: str) -> None:
    key = came(stall, pay_way="gateway", way=way)
    step(stall.counter, key, "accept")
    stall.world.settle()
    stall.world.server.write(stepped(1, "settle_payment", "provider", 34_000))
    stall.world.server.write(stepped(1, "charge_back", "provider"))
    stall.world.settle()
    before = stall.counter.db.scalar("SELECT count(*) FROM journal")
    asks = [
        lambda: by_digits(stall.counter, 1, DIGITS),
        lambda: hand_over(stall.counter, key, [CASH], courier="JNE"),
    ]
    if way == "courier":
        asks.append(lambda: for_courier(stall.counter, key, "JNE"))
    for ask in asks:
        with pytest.raises(ChargedBack) as refused:
            ask()
        assert refused.value.details == {"number": 1, "amount": 34_000}
    assert stall.counter.db.scalar("SELECT count(*) FROM journal") == before
    paper = repr(pick_list(order(stall.counter.db, key), stall.counter.settings))
    assert "Ditarik kembali bank" in paper and "SUDAH DIBAYAR" not in paper
    stall.agree()
