"""What a provider paid out: booked once, its fee once, beyond what is there only by a person, and
taken back whole, on each engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.dates import business_date
from core.ledger import OtherContent
from server.db.transaction import ShopTx
from server.http.problems import NotFound
from server.ledger.accounts import balance_of, open_accounts
from server.payments import payout_rows
from server.payments.accounts import NoProviderAccount
from server.payments.looking import look
from server.payments.payout_books import post_payout, post_undone
from server.payments.payout_lines import Settled, record_line
from server.payments.payout_proving import prove_payouts
from server.payments.payout_rows import Payout
from server.payments.payouts import Arrived, BadPayout, PayoutDoubtful, record, take_back
from server.payments.rows import Payment
from server.services import Services
from tests.helpers.fresh_store import copy_of, migrated
from tests.helpers.owing import check_all
from tests.helpers.settled import DAY_MS, FEE, PRICE, Sold, sold_shop
from tests.server.conftest import Clock

OUT = "Payout ID,Status,Amount,Net Amount,Payout Date"


class Stands(NamedTuple):
    """What the accounts stand at (rupiah)."""

    clearing: int
    bank: int
    fees: int
    surplus: int


class Shop:
    """A shop that is paid out."""

    def __init__(self, services: Services) -> None:
        self.sold: Sold = sold_shop(services)
        self.services = self.sold.paying.services

    @property
    def today(self) -> str:
        """The business day."""
        return business_date(self.services.now_ms(), "Asia/Makassar", 0)

    def record(self, amount: int, sure: bool = False, **more: str | bytes) -> Payout:
        """Record what arrived today, where nothing else is said."""
        made = {"id": self.services.new_id(), "day": self.today, "environment": "sandbox", **more}
        wish = Arrived(amount=amount, **made)  # type: ignore[arg-type]
        return record(self.services, self.sold.shop_id, wish, bytes(16), sure=sure)

    def take_back(self, payout: Payout) -> None:
        """It was wrong."""
        take_back(self.services, self.sold.shop_id, payout.id, bytes(16))

    def payouts(self) -> list[Payout]:
        """All that were recorded."""
        with self.services.store.reading_shop(self.sold.shop_id) as tx:
            return payout_rows.every(tx)

    def stands(self) -> Stands:
        """The books."""

        def read(tx: ShopTx) -> Stands:
            wanted = [("provider_clearing", "midtrans-sandbox"), ("sandbox_bank", ""),
                      ("provider_fees", ""), ("payout_surplus", "midtrans-sandbox")]  # fmt: skip
            pools = [("payout_fees", _name(one)) for one in payout_rows.every(tx)]
            at = [
                balance_of(tx, one).balance
                for one in open_accounts(tx, wanted + pools, self.services.now_ms())
            ]
            return Stands(at[0], at[1], at[2] + sum(at[4:]), at[3])

        return self.services.store.in_shop(self.sold.shop_id, read)

    def check(self) -> None:
        """Feed, books, payments, payouts and orders say the same."""
        check_all(self.services, self.sold.shop_id)


def _name(payout: Payout) -> str:
    from server.db.types import show_id

    return show_id(payout.id)


@pytest.fixture
def shop(services: Services) -> Shop:
    return Shop(services)


def test_what_arrived_is_in_the_bank_and_what_is_missing_is_the_fee_once(shop: Shop) -> None:
    first, second = shop.sold.paid(), shop.sold.paid()
    made = shop.record(2 * PRICE - 2 * FEE, until_day=shop.today)
    assert (made.fee, made.short) == (2 * FEE, 0)
    assert shop.stands() == (0, 2 * PRICE - 2 * FEE, 2 * FEE, 0)
    # What the report tells afterwards is the same fee, by payments.
    shop.sold.bring(shop.sold.line(first), shop.sold.line(second))
    assert shop.stands() == (0, 2 * PRICE - 2 * FEE, 2 * FEE, 0)
    # More than was missing comes from what is there now.
    shop.sold.wait(1000)
    later = shop.sold.paid()
    shop.sold.bring(shop.sold.line(later))
    assert shop.stands() == (PRICE - FEE, 2 * PRICE - 2 * FEE, 3 * FEE, 0)
    assert shop.sold.fees() == 3 * FEE
    shop.check()


def test_a_fee_that_a_report_told_first_is_not_in_the_difference(shop: Shop) -> None:
    known, unknown = shop.sold.paid(), shop.sold.paid()
    shop.sold.bring(shop.sold.line(known))
    day = shop.today
    shop.sold.wait(DAY_MS)
    tomorrow = shop.sold.paid()
    shop.sold.bring(shop.sold.line(tomorrow, fee=500))
    made = shop.record(2 * PRICE - 2 * FEE, until_day=day)
    assert made.fee == FEE
    assert shop.stands() == (PRICE - 500, 2 * PRICE - 2 * FEE, 2 * FEE + 500, 0)
    shop.sold.bring(shop.sold.line(unknown))
    assert shop.stands().fees == 2 * FEE + 500
    shop.check()


def test_the_same_is_recorded_once_and_another_by_that_name_is_refused(shop: Shop) -> None:
    shop.sold.paid()
    key = shop.services.new_id()
    made = shop.record(5_000, id=key)
    assert shop.record(5_000, id=key) == made and len(shop.payouts()) == 1
    with pytest.raises(OtherContent):
        shop.record(6_000, id=key)
    with pytest.raises(PayoutDoubtful) as refused:
        shop.record(5_000)
    assert refused.value.details["why"] == "twice"
    shop.record(5_000, sure=True)
    assert shop.stands() == (PRICE - 10_000, 10_000, 0, 0)
    shop.check()


@pytest.mark.parametrize(
    ("amount", "until", "why", "missing"),
    [
        (PRICE + 1_000, False, "short", 1_000),
        (PRICE + 1_000, True, "short", 1_000),
        (PRICE // 2, True, "fee", None),
    ],
)
def test_what_cannot_be_is_asked_about(
    shop: Shop, amount: int, until: bool, why: str, missing: int | None
) -> None:
    shop.sold.paid()
    days = {"until_day": shop.today} if until else {}
    with pytest.raises(PayoutDoubtful) as refused:
        shop.record(amount, **days)
    assert refused.value.details["why"] == why
    assert missing is None or refused.value.details["missing"] == missing
    assert shop.payouts() == [] and shop.stands() == (PRICE, 0, 0, 0)
    shop.record(amount, sure=True, **days)
    assert shop.stands() == (0 if until or missing else PRICE - amount, amount,
                             PRICE - amount if why == "fee" else 0, missing or 0)  # fmt: skip
    shop.check()


def test_payments_of_later_days_are_not_in_it(shop: Shop) -> None:
    shop.sold.paid()
    day = shop.today
    shop.sold.wait(DAY_MS)
    shop.sold.paid()
    with pytest.raises(PayoutDoubtful) as refused:
        shop.record(PRICE + 500, until_day=day)
    assert (refused.value.details["why"], refused.value.details["missing"]) == ("beyond", 500)
    assert shop.record(PRICE - FEE, until_day=day).fee == FEE
    assert shop.record(PRICE - FEE, until_day=shop.today, sure=True).fee == FEE
    assert shop.stands() == (0, 2 * PRICE - 2 * FEE, 2 * FEE, 0)
    shop.check()


def test_taken_back_all_of_it_is_at_the_provider_again_but_what_a_report_told(shop: Shop) -> None:
    one, two = shop.sold.paid(), shop.sold.paid()
    made = shop.record(2 * PRICE - 2 * FEE, until_day=shop.today)
    shop.sold.bring(shop.sold.line(one))
    for _ in range(2):
        shop.take_back(made)
    assert shop.stands() == (2 * PRICE - FEE, 0, FEE, 0)
    assert [one.is_undone for one in shop.payouts()] == [True]
    assert shop.record(2 * PRICE - 2 * FEE, until_day=shop.today).fee == FEE
    shop.sold.bring(shop.sold.line(two))
    assert shop.stands() == (0, 2 * PRICE - 2 * FEE, 2 * FEE, 0)
    beyond = shop.record(PRICE, sure=True)
    assert shop.stands().surplus == PRICE
    shop.take_back(beyond)
    assert shop.stands().surplus == 0
    with pytest.raises(NotFound):
        take_back(shop.services, shop.sold.shop_id, bytes(16), bytes(16))
    shop.check()


def test_what_can_be_no_payout_is_refused(shop: Shop) -> None:
    shop.sold.paid()
    for amount, more in ((0, {}), (10**16, {}), (5, {"day": "2100-01-01"}), (5, {"day": "kemarin"}),
                         (5, {"until_day": "2100-01-01"})):  # fmt: skip
        with pytest.raises(BadPayout):
            shop.record(amount, sure=True, **more)
    with pytest.raises(NoProviderAccount):
        shop.record(5, environment="production")
    assert shop.payouts() == []


def test_a_report_of_payouts_records_each_once_and_what_is_missing_waits(shop: Shop) -> None:
    shop.sold.paid(), shop.sold.paid()
    day = shop.today
    lines = (f"P-1,completed,20000,19500,{day}", f"P-2,failed,5000,5000,{day}",
             f"P-3,completed,90000,90000,{day}")  # fmt: skip
    assert shop.sold.bring(*lines, head=OUT).payouts == Settled(1, 19_500)
    assert shop.sold.bring(*lines, head=OUT).payouts == Settled()
    assert shop.stands() == (2 * PRICE - 20_000, 19_500, 500, 0)
    (waits,) = shop.sold.compared().differing
    assert (waits.why, waits.amount, waits.transaction_id) == ("payout", 90_000, "P-3")
    for _ in range(2):
        record_line(shop.services, shop.sold.shop_id, waits.line_id, bytes(16))
    assert (shop.sold.why(), shop.stands().surplus) == ([], 90_000 - 2 * PRICE + 20_000)
    shop.check()


def test_a_report_finds_what_the_shop_had_recorded(shop: Shop) -> None:
    shop.sold.paid(), shop.sold.paid(), shop.sold.paid()
    by_hand = shop.record(19_500)
    named = shop.record(7_000, reference="P-7")
    earlier = business_date(shop.services.now_ms() - 2 * DAY_MS, "Asia/Makassar", 0)
    lines = (f"P-1,completed,19500,,{earlier}", f"P-7,completed,7100,,{shop.today}")
    assert shop.sold.bring(*lines, head=OUT).payouts == Settled()
    (other,) = shop.sold.compared().differing
    assert (other.why, other.amount, other.ours) == ("payout_amount", 7_100, 7_000)
    assert len(shop.payouts()) == 2
    # What was taken back is not recorded again by the same line but by a person.
    shop.take_back(named), shop.take_back(by_hand)
    assert shop.sold.bring(*lines, head=OUT).payouts == Settled()
    assert shop.sold.why() == ["payout", "payout"] and shop.stands().bank == 0
    for one in shop.sold.compared().differing:
        record_line(shop.services, shop.sold.shop_id, one.line_id, bytes(16))
    assert (shop.sold.why(), shop.stands().bank) == ([], 26_600)
    shop.check()


def test_what_waits_is_recorded_when_the_payments_are_known(shop: Shop) -> None:
    made = shop.sold.order()[1]
    line = f"P-1,completed,{PRICE},,{shop.today}"
    assert shop.sold.bring(line, head=OUT).payouts == Settled()
    shop.sold.gateway.book.pay(made.transaction_id)
    look(shop.sold.paying, shop.sold.shop_id, made.id)
    assert shop.sold.bring(line, head=OUT).payouts == Settled(1, PRICE)
    assert shop.sold.why() == [] and shop.stands() == (0, PRICE, 0, 0)
    shop.check()


def test_what_is_there_is_paid_out_once_and_its_fee_told_once_whoever_comes_together(
    shop: Shop,
) -> None:
    made = shop.sold.paid()
    gate = Barrier(3)

    def out(amount: int) -> str:
        gate.wait()
        try:
            shop.record(amount, until_day=shop.today)
        except PayoutDoubtful as refused:
            return str(refused.details["why"])
        return ""

    def told() -> str:
        gate.wait()
        return "" if shop.sold.bring(shop.sold.line(made)).new else "known"

    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(out, PRICE - FEE), threads.submit(out, PRICE - FEE - 1)]
        asked.append(threads.submit(told))
        answers = [one.result() for one in asked]
    assert sorted(bool(one) for one in answers) == [False, False, True], answers
    now = shop.stands()
    assert (now.clearing, now.surplus) == (0, 0) and now.fees in (FEE, FEE + 1)
    shop.check()


class _Undo(Exception):
    """What was written is not kept."""


def test_what_fits_no_books_is_named(shop: Shop) -> None:
    shop.sold.paid()
    made, now_ms = shop.record(5_000), shop.services.now_ms()
    other = made._replace(id=bytes(16), amount=6_000)

    def named(write: Callable[[ShopTx], object]) -> list[str]:
        """What the proof names where that is written."""
        found: list[str] = []

        def work(tx: ShopTx) -> None:
            write(tx)
            found.extend(one.table.partition(" ")[0] for one in prove_payouts(tx))
            raise _Undo

        with pytest.raises(_Undo):
            shop.services.store.in_shop(shop.sold.shop_id, work)
        return found

    assert named(lambda tx: None) == []
    all_of, entry = "ledger_entry.provider_payout*", "ledger_entry.provider_payout"
    assert named(lambda tx: payout_rows.keep(tx, other)) == [entry, all_of]
    assert named(lambda tx: post_payout(tx, other, now_ms)) == [all_of]
    undone = "ledger_entry.provider_payout_undone"
    assert named(lambda tx: payout_rows.keep_undone(tx, made.id, bytes(16), 1)) == [undone, all_of]
    assert named(lambda tx: post_undone(tx, made, made.day, now_ms)) == [undone, all_of]


@pytest.fixture(scope="module")
def empty_shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A migrated database that each run has a copy of."""
    yield migrated(tmp_path_factory.mktemp("payouts"))


_STEP = st.tuples(
    st.sampled_from(("pay", "pay", "refund", "fee", "out", "out", "until", "until", "back", "day")),
    st.integers(0, 9),
)


class _Run:
    """Payments and payouts in any order, against sums that are kept here."""

    def __init__(self, services: Services) -> None:
        self.shop = Shop(services)
        self.payments: list[Payment] = []
        self.days = [self.shop.today]

    def do(self, what: str, number: int) -> None:
        shop, before = self.shop, self.shop.stands()
        match what:
            case "pay":
                self.payments.append(shop.sold.paid())
            case "day":
                shop.sold.wait(DAY_MS)
                self.days.append(shop.today)
            case "back" if shop.payouts():
                made = shop.payouts()
                shop.take_back(made[number % len(made)])
            case "refund" | "fee" if self.payments:
                at = self.payments[number % len(self.payments)]
                if what == "fee":
                    shop.sold.bring(shop.sold.line(at, fee=100 * (1 + number)))
                else:
                    shop.sold.gateway.book.give_back(at.transaction_id, 1_000)
                    look(shop.sold.paying, shop.sold.shop_id, at.id)
            case "out" | "until":
                amount = max(1, before.clearing * (number + 5) // 12)
                day = self.days[number % len(self.days)] if what == "until" else ""
                try:
                    shop.record(amount, sure=number % 3 == 0, until_day=day)
                except PayoutDoubtful:
                    assert shop.stands() == before
                else:
                    assert shop.stands().clearing >= min(0, before.clearing)

    def check(self) -> None:
        """Every rupiah that came is somewhere, and a payout is in the bank as long as it stands."""
        now, payouts = self.shop.stands(), [one for one in self.shop.payouts() if not one.is_undone]
        refunded = sum(
            look(self.shop.sold.paying, self.shop.sold.shop_id, at.id).refunded
            for at in self.payments
        )
        came = len(self.payments) * PRICE - refunded
        assert now.bank == sum(one.amount for one in payouts)
        assert now.surplus == sum(one.short for one in payouts)
        assert now.clearing + now.bank + now.fees - now.surplus == came
        self.shop.check()


@given(st.lists(_STEP, min_size=6, max_size=12))
@settings(suppress_health_check=list(HealthCheck), max_examples=6, deadline=None)
def test_whatever_comes_is_somewhere(empty_shops: Path, steps: list[tuple[str, int]]) -> None:
    with copy_of(empty_shops) as store:
        run = _Run(Services(store, now_ms=Clock()))
        for step in (("pay", 0), *steps):
            run.do(*step)
        run.check()
