"""Kasbon: what is owed plus what is dealt out never exceeds the limit."""

from __future__ import annotations

import random

import pytest

from core.facts.base import FieldChange
from core.facts.customers import CustomerAdded, CustomerChanged, CustomerRecord, DebtRepaid
from core.facts.selling import TenderPart
from core.facts.sync import DocumentsMerged
from server.db.schema import people
from server.sync.allotments import shares
from server.sync.revoking import revoke
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop

A, B, C = b"a" * 16, b"b" * 16, b"c" * 16


def _parts(*given: object) -> dict[bytes, int]:
    return {part.device: part.amount for part in shares(*given)}  # type: ignore[arg-type]


def test_a_limit_is_dealt_in_equal_shares_and_topped_up_from_the_lowest() -> None:
    assert _parts(100, 0, {}, [A, B]) == {A: 50, B: 50}
    assert _parts(100, 40, {A: 10, B: 30}, [A, B]) == {A: 20}
    assert _parts(100, 1, {}, [A, B]) == {A: 50, B: 49}
    assert _parts(100, 50, {A: 50}, [A, B]) == {}
    assert _parts(60, 50, {A: 40, B: 5}, [A, B]) == {A: -35}
    assert _parts(100, 0, {A: 50, C: 50}, [A, B]) == {B: 50, C: -50}


def test_what_is_owed_and_dealt_never_exceeds_the_limit() -> None:
    chance = random.Random(1)
    for _ in range(2_000):
        limit, owed = chance.randrange(1_000), chance.randrange(1_200)
        held = {one: chance.randrange(400) for one in (A, B, C) if chance.random() < 0.6}
        counters = [one for one in (A, B, C) if chance.random() < 0.8] or [A]
        after = dict(held)
        for part in shares(limit, owed, held, counters):
            after[part.device] = after.get(part.device, 0) + part.amount
        assert all(amount >= 0 for amount in after.values())
        assert sum(after.values()) == max(0, limit - owed)


@pytest.fixture
def lending(shop: Shop) -> tuple[Counter, bytes, bytes, bytes]:
    """A counter, goods, a customer with a limit of 100,000, and a shift."""
    one, goods, who = shop.joined("K1"), fresh_id(), fresh_id()
    one.write(added(goods, 100_000, 1_000_000))
    one.write(CustomerAdded(CustomerRecord(who, "Bu Sri", credit_limit=100_000)))
    shop.push(one)
    return one, goods, who, fresh_id()


def _left(shop: Shop) -> list[int]:
    return [row[0] for row in shop.rows(people.allotment, "amount")]


def test_with_one_counter_nothing_is_dealt(shop: Shop, lending: tuple) -> None:  # type: ignore[type-arg]
    one, goods, who, shift = lending
    one.write(sale(1, shift, [line(goods)], kind="credit", customer_id=who))
    shop.send(one)
    assert _left(shop) == []
    assert shop.one(people.customer_debt, "debt") == (15_000,)


def test_a_second_counter_has_the_limit_dealt_and_sales_use_it_up(
    shop: Shop,
    lending: tuple,  # type: ignore[type-arg]
) -> None:
    one, goods, who, shift = lending
    shop.joined("K2")
    assert _left(shop) == [50_000, 50_000]
    one.write(sale(1, shift, [line(goods, 2_000)], kind="credit", customer_id=who))
    shop.send(one)
    assert sorted(_left(shop)) == [20_000, 50_000]
    one.write(DebtRepaid(2, who, "credit", 30_000, (TenderPart("cash", 30_000),), shift))
    shop.send(one)
    assert _left(shop) == [50_000, 50_000]
    one.write(sale(3, shift, [line(goods, 6_000)], kind="credit", customer_id=who))
    shop.send(one)
    assert sum(_left(shop)) == 10_000
    one.write(sale(4, shift, [line(goods, 2_000)], kind="credit", customer_id=who))
    shop.send(one)
    assert shop.verdicts(one)["sale_completed"] == "flagged:over_limit"
    assert _left(shop) == [0, 0]


def test_a_lower_limit_takes_back_and_a_revoked_counter_gives_back(
    shop: Shop,
    lending: tuple,  # type: ignore[type-arg]
) -> None:
    one, _, who, _ = lending
    second = shop.joined("K2")
    one.write(CustomerChanged(who, (FieldChange("credit_limit", "100000", "60000"),)))
    shop.send(one)
    assert sum(_left(shop)) == 60_000
    shop.joined("K3")
    assert sum(_left(shop)) == 60_000
    revoke(shop.services, shop.id, second.device)
    assert sum(_left(shop)) == 60_000
    held = dict(shop.rows(people.allotment, "device", "amount"))
    assert held[second.device] == 0


def test_a_new_line_of_a_counter_lends_from_its_share(shop: Shop, lending: tuple) -> None:  # type: ignore[type-arg]
    one, goods, who, shift = lending
    shop.joined("K2")
    child = one.child()
    shop.adopt(child)
    child.write(sale(1, shift, [line(goods, 2_000)], kind="credit", customer_id=who))
    shop.push(child)
    held = dict(shop.rows(people.allotment, "device", "amount"))
    assert held[one.device] == 20_000
    assert len(held) == 2


def test_two_customers_become_one_with_both_debts(shop: Shop, lending: tuple) -> None:  # type: ignore[type-arg]
    one, goods, who, shift = lending
    twin = fresh_id()
    shop.joined("K2")
    one.write(CustomerAdded(CustomerRecord(twin, "Ibu Sri", credit_limit=50_000)))
    one.write(sale(1, shift, [line(goods)], kind="credit", customer_id=twin))
    one.write(sale(2, shift, [line(goods)], kind="credit", customer_id=who))
    one.write(DocumentsMerged("customer", twin, who))
    one.write(sale(3, shift, [line(goods)], kind="credit", customer_id=twin))
    shop.send(one)
    debts = dict(shop.rows(people.customer_debt, "customer_id", "debt"))
    assert debts == {who: 45_000}
    held = shop.rows(people.allotment, "customer_id", "amount")
    assert sum(amount for customer, amount in held if customer == twin) == 0
    assert sum(amount for customer, amount in held if customer == who) == 55_000
