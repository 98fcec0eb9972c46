"""What orders owe is in the books also where a server learns only by an upgrade what was done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete

from core.contract import KINDS
from core.facts.orders import OrderStepped
from server.db.schema import SHOP
from server.db.schema.orders import order_event
from server.ledger.chart import owner_of
from server.ledger.reading import entries_about
from server.orders.placing import Placed
from server.services import Services
from server.sync.upgrading import fold_known_kinds
from server.sync.verifying import refold
from tests.helpers.orders import order
from tests.helpers.owing import books, check_all, check_statement, entries
from tests.helpers.sync_client import Counter
from tests.server.orders.test_counters import an_order, clock, services, shop, stepped
from tests.server.orders.test_owing_offline import PRICE, handed_over
from tests.server.sync.conftest import Shop

__all__ = ["clock", "services", "shop"]

_DAY_MS = 24 * 3_600_000


def _sent_to_an_older_server(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, counter: Counter, *facts: OrderStepped
) -> None:
    with monkeypatch.context() as older:
        older.delitem(KINDS, (OrderStepped.KIND, OrderStepped.VERSION))
        older.setattr("core.contract._decoders", {})
        assert fold_known_kinds(shop.services) == []
        for fact in facts:
            counter.write(fact)
        shop.send(counter)


def _is_of_an_earlier_day(shop: Shop, placed: Placed) -> bool:
    with shop.services.store.reading_shop(shop.id) as tx:
        (entry,) = entries_about(tx, owner_of(placed.order_id))
    return entry.entry.day < entry.recorded_day


def _cure_all(services: Services) -> None:
    for shop_id in services.store.shop_ids():
        refold(services, shop_id)


@pytest.mark.parametrize("fold", [fold_known_kinds, _cure_all])
def test_a_handover_that_an_older_server_kept_unread_is_posted_on_its_day(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, fold: Callable[[Services], object]
) -> None:
    counter = shop.joined()
    rice, placed = an_order(shop)
    agreed = order(shop.services, shop.id, [(rice, 1)])
    facts = handed_over(placed), stepped(agreed, "accept")
    _sent_to_an_older_server(shop, monkeypatch, counter, *facts)
    assert books(shop.services, placed) == {}
    shop.clock[0] += 3 * _DAY_MS
    fold(shop.services)
    fold(shop.services)
    assert books(shop.services, placed) == {"sales": PRICE, "counter": PRICE}
    assert entries(shop.services, placed) == ["order_hand_over"]
    assert _is_of_an_earlier_day(shop, placed)
    assert books(shop.services, agreed) == {"order_receivable": 10_000, "order_unearned": 10_000}
    check_all(shop.services, shop.id)
    check_statement(shop.services, shop.id)
    counter.write(stepped(agreed, "call_off"))
    shop.send(counter)
    assert books(shop.services, agreed) == {}
    check_all(shop.services, shop.id)


def test_a_table_that_is_cured_changes_no_books(shop: Shop) -> None:
    """What the order did was posted when it came."""
    counter = shop.joined()
    _, placed = an_order(shop)
    counter.write(handed_over(placed))
    shop.send(counter)
    with shop.services.store.shop(shop.id) as tx:
        tx.run(delete(order_event).where(order_event.c.shop_id == SHOP))
    assert not refold(shop.services, shop.id).ok
    assert books(shop.services, placed) == {"sales": PRICE, "counter": PRICE}
    check_all(shop.services, shop.id)
