"""A counter that comes or goes has the limits of many customers dealt anew, in short steps."""

from __future__ import annotations

from collections import Counter as Tally
from pathlib import Path

import pytest

from core.facts.customers import CustomerAdded, CustomerRecord
from core.sync.limits import STEP_ENTRIES
from server.db.schema import journal, people
from server.sync import enrolling
from server.sync.confirming import confirm
from server.sync.revoking import revoke
from server.sync.verifying import verify
from server.sync.witnessing import take_witnessed
from tests.helpers.sync_client import Counter, added, fresh_id
from tests.server.sync.conftest import Shop
from tests.server.sync.test_restored import _copy_of, gone_back, offered_since

CUSTOMERS = 450
LIMIT = 90_000


@pytest.fixture
def lending(shop: Shop) -> Counter:
    """A counter alone in its shop, with customers who may owe."""
    one = shop.joined("K1")
    for place in range(CUSTOMERS):
        one.write(CustomerAdded(CustomerRecord(fresh_id(), f"Bu {place}", credit_limit=LIMIT)))
    shop.push(one)
    return one


def _dealt(shop: Shop) -> Tally[bytes]:
    """How many customers each counter has a share of, where everybody's limit is dealt whole."""
    found: Tally[bytes] = Tally()
    sums: Tally[bytes] = Tally()
    for device, customer, amount in shop.rows(people.allotment, "device", "customer_id", "amount"):
        found[device] += amount > 0
        sums[customer] += amount
    assert set(sums.values()) <= {LIMIT}
    return +found


def _longest_step(shop: Shop) -> int:
    return max(Tally(shop.rows(journal.entry, "step_n")).values())


def _is_sound(shop: Shop) -> None:
    assert _longest_step(shop) <= STEP_ENTRIES
    assert verify(shop.services, shop.id).ok


def test_a_second_counter_gets_its_share_of_everybody_in_short_steps(
    shop: Shop, lending: Counter
) -> None:
    second = shop.joined("K2")
    assert _dealt(shop) == {lending.device: CUSTOMERS, second.device: CUSTOMERS}
    _is_sound(shop)


def test_a_revoked_counter_gives_everybodys_share_back_in_short_steps(
    shop: Shop, lending: Counter
) -> None:
    second, third = shop.joined("K2"), shop.joined("K3")
    revoke(shop.services, shop.id, second.device)
    assert _dealt(shop) == {lending.device: CUSTOMERS, third.device: CUSTOMERS}
    _is_sound(shop)


def test_a_confirmed_counter_gets_its_share_of_everybody_in_short_steps(
    shop: Shop, lending: Counter
) -> None:
    second = shop.joined("K2")
    revoke(shop.services, shop.id, second.device)
    again = second.child()
    assert shop.adopt(again, vouched=False).state == "unconfirmed"
    confirm(shop.services, shop.id, again.device)
    assert _dealt(shop) == {lending.device: CUSTOMERS, second.device: CUSTOMERS}
    _is_sound(shop)


def test_who_died_over_it_leaves_it_to_whatever_is_written_next(
    shop: Shop, lending: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolling, "deal_rest", lambda *_: None)
    second = shop.joined("K2")
    assert 0 < _dealt(shop)[second.device] < CUSTOMERS
    for _ in range(5):
        lending.write(added(fresh_id(), 1_000, 1_000))
        shop.send(lending)
    assert _dealt(shop) == {lending.device: CUSTOMERS, second.device: CUSTOMERS}
    _is_sound(shop)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_counter_that_comes_back_with_what_a_server_lost_gets_its_share(
    shop: Shop, tmp_path: Path, engine_name: str
) -> None:
    """Whatever was dealt when it joined is of other customers, or lost."""
    one = shop.joined("K1")
    at_copy = shop.page(one).head
    _copy_of(shop, tmp_path / "old.db")
    second = shop.joined("K2")
    offer = offered_since(shop, one, at_copy)
    old = gone_back(shop, tmp_path / "old.db")
    one.write(CustomerAdded(CustomerRecord(fresh_id(), "Bu Sri", credit_limit=LIMIT)))
    one.epoch = 2
    old.push(one)
    assert not old.rows(people.allotment, "amount")
    take_witnessed(old.services, old.id, one.device, old.key.public, offer)
    assert _dealt(old) == {one.device: 1, second.device: 1}
    assert verify(old.services, old.id).ok
    old.services.store.close()
