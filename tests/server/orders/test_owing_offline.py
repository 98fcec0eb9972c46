"""What orders owe, as counters tell it late, twice, or without knowing of each other."""

from __future__ import annotations

from core.facts.orders import OrderStep, OrderStepped
from core.orders.steps import StepName
from server.ledger.chart import owner_of
from server.ledger.reading import entries_about
from server.orders.placing import Placed
from server.orders.stepping import take_steps
from tests.helpers.owing import books, check_all, entries
from tests.server.orders.test_counters import an_order, clock, services, shop
from tests.server.sync.conftest import Shop

__all__ = ["clock", "services", "shop"]

_DAY_MS = 24 * 3_600_000
PRICE = 30_000


def handed_over(placed: Placed) -> OrderStepped:
    """Goods against money, in one fact, by a counter that was asked nothing."""
    steps: list[tuple[StepName, int]] = [
        ("accept", 0), ("pay_at_handover", PRICE), ("hand_over", 0), ("fulfil", 0),
    ]  # fmt: skip
    return OrderStepped(placed.order_id, "shop", tuple(OrderStep(*one) for one in steps))


def test_a_late_handover_is_posted_once_on_its_own_day(shop: Shop) -> None:
    counter = shop.joined()
    _, placed = an_order(shop)
    counter.write(handed_over(placed))
    shop.clock[0] += 3 * _DAY_MS
    counter.mono_ms += 3 * _DAY_MS
    shop.send(counter)
    shop.push(counter)
    assert books(shop.services, placed) == {"sales": PRICE, "counter": PRICE}
    with shop.services.store.reading_shop(shop.id) as tx:
        (entry,) = entries_about(tx, owner_of(placed.order_id))
    assert entry.entry.day < entry.recorded_day
    check_all(shop.services, shop.id)


def test_two_counters_hand_over_once(shop: Shop) -> None:
    one, other = shop.joined(), shop.joined("K2")
    _, placed = an_order(shop)
    one.write(handed_over(placed))
    other.write(handed_over(placed))
    shop.send(other)
    shop.send(one)
    assert books(shop.services, placed) == {"sales": PRICE, "counter": PRICE}
    assert entries(shop.services, placed) == ["order_hand_over"]
    check_all(shop.services, shop.id)


def test_goods_that_went_out_although_the_buyer_had_called_it_off(shop: Shop) -> None:
    counter = shop.joined()
    _, placed = an_order(shop)
    counter.write(handed_over(placed))
    take_steps(shop.services, shop.id, placed.order_id, "buyer", ["cancel"])
    shop.send(counter)
    # The step came too late; the counter's sale stands by itself, in the counter's books.
    assert books(shop.services, placed) == {}
    check_all(shop.services, shop.id)


def test_a_sum_that_no_order_has_stops_no_sync(shop: Shop) -> None:
    counter = shop.joined()
    _, placed = an_order(shop)
    take_steps(shop.services, shop.id, placed.order_id, "buyer", ["cancel"])
    counter.write(OrderStepped(placed.order_id, "shop", (OrderStep("see", 10**17),)))
    shop.send(counter)
    assert shop.verdicts(counter)["order_stepped"] == "flagged:order_step_void"
    assert books(shop.services, placed) == {}
    check_all(shop.services, shop.id)
