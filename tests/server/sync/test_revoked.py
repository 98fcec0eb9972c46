"""Trust that is taken away: what of a counter counts then, and what waits for the owner."""

from __future__ import annotations

import pytest

from core.facts.customers import CustomerAdded, CustomerRecord
from server.db.schema import journal, people, trade
from server.devices.listing import devices_of
from server.sync.confirming import confirm
from server.sync.journal import take_journal
from server.sync.refusals import Revoked
from server.sync.revoking import revoke
from tests.helpers.sync_client import fresh_id, line, sale
from tests.server.sync.conftest import Shop, selling


def test_a_revoked_counter_sells_on_into_quarantine(shop: Shop) -> None:
    counter, goods = selling(shop)
    shop.push(counter)
    revoke(shop.services, shop.id, counter.device)
    counter.write(sale(3, goods, [line(goods)]))
    taken = shop.push(counter, 4)
    assert (taken.seq, [one.code for one in taken.quarantined]) == (4, ["revoked"])
    assert shop.greet(counter).state == "revoked"
    with pytest.raises(Revoked):
        shop.page(counter)
    assert len(shop.rows(trade.sale, "n")) == 2


def test_a_revoked_counter_does_not_go_on_with_the_key_of_an_older_line(shop: Shop) -> None:
    counter, goods = selling(shop)
    shop.push(counter)
    child = counter.child()
    shop.adopt(child)
    child.write(sale(3, goods, [line(goods)]))
    shop.push(child)
    revoke(shop.services, shop.id, child.device)
    assert [one.state for one in devices_of(shop.services, shop.id)] == ["revoked", "revoked"]
    assert shop.greet(counter).state == "revoked"
    with pytest.raises(Revoked):
        shop.page(counter)
    counter.write(sale(9, goods, [line(goods)]))
    assert [one.code for one in shop.push(counter, 4).quarantined] == ["revoked"]
    left = [one.device for one in shop.feed(shop.joined("K9")) if one.kind == "register_left"]
    assert len(left) == 2


def test_what_cuts_a_revocation_off_leaves_all_as_it_was_and_it_can_be_done_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, _ = selling(shop)
    shop.push(counter)
    child = counter.child()
    shop.adopt(child)

    def gone(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as cut, pytest.raises(OSError):
        cut.setattr("server.sync.revoking.deal_to_all", gone)
        revoke(shop.services, shop.id, child.device)
    assert [one.state for one in devices_of(shop.services, shop.id)] == ["trusted", "trusted"]
    revoke(shop.services, shop.id, child.device)
    assert [one.state for one in devices_of(shop.services, shop.id)] == ["revoked", "revoked"]


def test_to_revoke_a_copy_leaves_the_counter_that_was_copied(shop: Shop) -> None:
    """Both go on from one place: neither who was not vouched for, nor who was, takes it along."""
    counter, goods = selling(shop)
    shop.push(counter)
    strange, known = counter.child("K1c"), counter.child("K1d")
    shop.adopt(strange, vouched=False)
    revoke(shop.services, shop.id, strange.device)
    assert shop.greet(counter).state == "trusted"
    shop.adopt(known, vouched=False)
    confirm(shop.services, shop.id, known.device)
    counter.write(sale(3, goods, [line(goods)]))
    shop.push(counter, 4)
    revoke(shop.services, shop.id, known.device)
    assert shop.greet(counter).state == "trusted"
    assert shop.greet(known).state == "revoked"


def test_what_a_trusted_counter_brings_of_an_older_line_counts_though_that_was_revoked(
    shop: Shop,
) -> None:
    """Its old disk may be in other hands: what comes from there under the old key is held."""
    counter, _ = selling(shop)
    shop.push(counter, 1, 1)
    child = counter.child()
    shop.adopt(child)
    revoke(shop.services, shop.id, counter.device)
    assert shop.greet(child).state == "trusted"
    sold, after = counter.entries[1], counter.entries[2]
    brought = take_journal(shop.services, shop.id, child.device, counter.push(2, 2, signer=child))
    assert (brought.stored, brought.quarantined) == (1, ())
    stolen = take_journal(shop.services, shop.id, counter.device, counter.push(3, 3))
    assert [one.code for one in stolen.quarantined] == ["revoked"]
    assert shop.rows(trade.sale, "device", "seq") == [(counter.device, sold.seq)]
    assert shop.rows(journal.quarantine, "hash") == [(after.hash,)]


def test_an_older_line_that_waits_for_the_owner_counts_where_its_counter_is_trusted(
    shop: Shop,
) -> None:
    """A counter without its old key, which the owner let in under a newer line."""
    counter, goods = selling(shop, 1)
    shop.push(counter)
    lost_key = counter.child()
    shop.adopt(lost_key, vouched=False)
    lost_key.write(sale(2, goods, [line(goods)]))
    now = lost_key.child("K1c")
    assert shop.adopt(now).state == "unconfirmed"
    confirm(shop.services, shop.id, now.device)
    push = lost_key.push(signer=now)
    assert take_journal(shop.services, shop.id, now.device, push).quarantined == ()
    assert len(shop.rows(trade.sale, "n")) == 2


def test_a_customer_in_quarantine_leaves_no_account(shop: Shop) -> None:
    """The proof (at the end of each test) looks at what waits, too, and must find no row of it."""
    counter, _ = selling(shop)
    shop.push(counter)
    revoke(shop.services, shop.id, counter.device)
    who = fresh_id()
    counter.write(CustomerAdded(CustomerRecord(who, "Bu Sri", credit_limit=100_000)))
    shop.push(counter, 4)
    assert shop.rows(people.customer, "customer_id") == []
    assert shop.rows(people.customer_debt, "customer_id") == []
