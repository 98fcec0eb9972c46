"""A buyer orders at the real server; real counters answer and hand over, also without a network."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.orders.codes import scanned_text
from core.tender import TenderKind
from pos.counter import Counter
from pos.orders.handing import by_digits, by_scan, hand_over
from pos.orders.reading import OrderView, order_numbered
from pos.orders.stepping import Change, propose, step
from pos.selling.sales import Tendered
from pos.shifts.open_shift import open_shift
from server.orders.keys import digits_of
from server.orders.placing import Placed
from server.orders.stepping import take_steps
from server.orders.sweeping import erase_buyer
from tests.helpers.orders import order, read, reserved, stock_up
from tests.helpers.web_gerai import set_gerai
from tests.property.sync.test_snapshot import Begun

DAY_S = 86_400


class Stall(Begun):
    """A shop with its gerai open and sugar on the shelf; two counters."""

    def __init__(self, place: Path) -> None:
        super().__init__(place, random.Random(5), 2)
        set_gerai(self.real.services, self.real.shop, gerai_open=True)
        self.sugar = stock_up(self.real.services, self.real.shop, "Gula pasir", 100)
        self.meet()

    def meet(self) -> None:
        """Everybody hears of everything."""
        for _ in range(2):
            for number in range(len(self.counters)):
                assert self.sync(number)

    def ordered(self, pieces: int = 3) -> Placed:
        """An order that the counters have heard of."""
        placed = order(self.real.services, self.real.shop, [(self.sugar, pieces)])
        self.meet()
        return placed

    def agree(self) -> None:
        """Every table is right, at the counters and at the server, and all tell one story."""
        self.meet()
        views = []
        for number, counter in enumerate(self.counters):
            self.check(number)
            views.append(counter.db.rows("SELECT * FROM online_order ORDER BY number"))
        assert all([tuple(row) for row in one] == [tuple(row) for row in views[0]] for one in views)
        assert self.real.proves_itself()

    def stock(self, counter: Counter) -> int:
        """Pieces on the shelf, in thousandths."""
        row = counter.db.scalar("SELECT stock FROM product WHERE id=?", (self.sugar,))
        return int(row)


@pytest.fixture
def stall(tmp_path: Path) -> Iterator[Stall]:
    """The shop."""
    made = Stall(tmp_path)
    for counter in made.counters:
        assert open_shift(counter.db) is not None
    yield made
    made.close()


def view(counter: Counter, placed: Placed) -> OrderView:
    return order_numbered(counter.db, placed.number)


def test_from_the_buyer_to_the_receipt(stall: Stall) -> None:
    first, second = stall.counters
    placed = stall.ordered()
    assert view(first, placed).needs_answer
    contact = view(second, placed).contact
    assert contact is not None and contact.name == "Ibu Hadija"
    step(first, placed.order_id, "accept")
    stall.meet()
    step(second, placed.order_id, "make_ready")
    stall.agree()
    assert read(stall.real.services, placed).story.standing.order == "ready"
    fetched = by_scan(first, scanned_text(placed.order_id, digits_of(placed.key)))
    assert fetched.owed == 30_000
    hand_over(first, placed.order_id, [Tendered(TenderKind.CASH, 50_000)])
    stall.agree()
    story = read(stall.real.services, placed).story
    assert (story.standing.order, story.standing.payment) == ("fulfilled", "paid")
    assert stall.stock(second) == 97_000
    assert reserved(stall.real.services, stall.real.shop) == {}


def test_both_hand_over_without_a_network_and_it_is_seen_everywhere(stall: Stall) -> None:
    placed = stall.ordered()
    for counter in stall.counters:
        by_digits(counter, placed.number, digits_of(placed.key))
        hand_over(counter, placed.order_id, [Tendered(TenderKind.QRIS, 30_000)])
    stall.agree()
    assert {view(counter, placed).clash for counter in stall.counters} == {"twice"}
    assert stall.stock(stall.counters[0]) == 94_000
    assert read(stall.real.services, placed).story.standing.order == "fulfilled"


def test_the_buyer_calls_off_while_the_counter_hands_over(stall: Stall) -> None:
    placed = stall.ordered()
    hand_over(stall.counters[0], placed.order_id, [Tendered(TenderKind.CASH, 30_000)])
    take_steps(stall.real.services, stall.real.shop, placed.order_id, "buyer", ["cancel"])
    stall.agree()
    assert view(stall.counters[1], placed).clash == "called_off"
    assert read(stall.real.services, placed).story.standing.order == "cancelled"


def test_less_is_offered_and_agreed_to(stall: Stall) -> None:
    placed = stall.ordered()
    propose(stall.counters[0], placed.order_id, [Change(1, 2_000)])
    stall.meet()
    take_steps(stall.real.services, stall.real.shop, placed.order_id, "buyer", ["agree"])
    stall.agree()
    assert view(stall.counters[1], placed).standing.total == 20_000
    assert reserved(stall.real.services, stall.real.shop) == {stall.sugar: 2_000}
    hand_over(stall.counters[1], placed.order_id, [Tendered(TenderKind.CASH, 20_000)])
    stall.agree()


def test_a_deleted_buyer_is_forgotten_at_the_counters_within_a_day(stall: Stall) -> None:
    placed = stall.ordered()
    take_steps(
        stall.real.services, stall.real.shop, placed.order_id, "shop", ["decline"], reason="Habis"
    )
    erase_buyer(stall.real.services, stall.real.shop, placed.order_id)
    stall.clock.forward(DAY_S + 60)
    stall.meet()
    assert view(stall.counters[0], placed).contact is None
    stall.agree()


def test_a_counter_that_begins_with_a_snapshot_hands_open_orders_over(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.sync.rounds.RECENT_FROM", 1)
    placed, ended = stall.ordered(), stall.ordered()
    step(stall.counters[0], placed.order_id, "accept")
    step(stall.counters[0], ended.order_id, "decline", reason="Habis")
    stall.meet()
    number = stall.join()
    stall.meet()
    new = stall.counters[number]
    assert view(new, placed).standing.order == "accepted"
    assert view(new, placed).contact is not None
    hand_over(new, placed.order_id, [Tendered(TenderKind.CASH, 30_000)])
    stall.agree()
    assert view(stall.counters[0], placed).standing.order == "fulfilled"
