"""Addresses and orders of an account: its own, each once, bounded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from server.buyers import keeping, liking
from server.buyers.forgetting import delete_account
from server.buyers.keeping import (
    MOST_ADDRESSES,
    addresses_of,
    drop_address,
    drop_order,
    keep_address,
    keep_orders,
    keeps_order,
    orders_of,
)
from server.buyers.refusals import BadBuyer, SignedOut, TooManyAddresses
from server.sealed import SealBroken
from server.services import Services
from tests.server.buyers.test_entering import KEY, OTHER, all_rows, made


def test_addresses_are_kept_once_bounded_and_dropped_by_their_own_account_alone(
    services: Services,
) -> None:
    one, other = made(services).known, made(services, OTHER).known
    for text in (" Jalan  Danau 5 ", "Jalan Danau 5"):
        keep_address(services, one, text)
    mine = addresses_of(services, one)
    assert [found.text for found in mine] == ["Jalan Danau 5"]
    drop_address(services, other, mine[0].address_id)
    assert addresses_of(services, one) == mine and addresses_of(services, other) == []
    for text in ("", "x" * 301):
        with pytest.raises(BadBuyer):
            keep_address(services, one, text)
    for n in range(1, MOST_ADDRESSES):
        keep_address(services, one, f"Jalan Danau {n + 5}")
    with pytest.raises(TooManyAddresses):
        keep_address(services, one, "Jalan Laut 1")
    drop_address(services, one, mine[0].address_id)
    assert len(addresses_of(services, one)) == MOST_ADDRESSES - 1


def test_orders_are_kept_once_and_the_first_gives_way(
    services: Services, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_ORDERS", 2)
    one, other = made(services).known, made(services, OTHER).known
    keys = [bytes([n]) * 16 for n in range(3)]
    for key in (*keys, keys[2]):
        clock.pass_ms(1)
        keep_orders(services, one, [key])
    assert [kept.key for kept in orders_of(services, one)] == [keys[2], keys[1]]
    assert keeps_order(services, one, keys[1]) and not keeps_order(services, one, keys[0])
    drop_order(services, other, keys[1])
    assert keeps_order(services, one, keys[1]) and not keeps_order(services, other, keys[1])
    drop_order(services, one, keys[1])
    assert [kept.key for kept in orders_of(services, one)] == [keys[2]]


def test_another_accounts_key_opens_nothing(services: Services) -> None:
    one, other = made(services).known, made(services, OTHER).known
    keep_orders(services, one, [KEY])
    with pytest.raises(SealBroken):
        orders_of(services, one._replace(key=other.key))


def test_favourites_are_kept_sealed_bounded_and_the_newest_first(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liking, "MOST", 2)
    one, other = made(services).known, made(services, OTHER).known
    rice, sugar, salt = [(KEY, bytes([n]) * 16) for n in range(3)]
    assert liking.liked_by(services, one) == ()
    for goods in (rice, sugar, rice, salt):
        liking.like(services, one, *goods)
    assert liking.liked_by(services, one) == (salt, rice)
    liking.unlike(services, other, *salt)
    liking.unlike(services, one, *rice)
    assert liking.liked_by(services, one) == (salt,) and liking.liked_by(services, other) == ()
    assert repr(salt[1])[2:-1] not in repr(all_rows(services))
    delete_account(services, one)
    with pytest.raises(SignedOut):
        liking.like(services, one, *rice)


def test_the_same_address_sent_twice_at_once_is_kept_once(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, both, real = made(services).known, Barrier(2), keeping._addresses

    def looked(*given: Any) -> list[keeping.Address]:
        found = real(*given)
        with suppress(BrokenBarrierError):  # where the other one waits, it has not looked
            both.wait(0.5)
        return found

    monkeypatch.setattr(keeping, "_addresses", looked)
    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(keep_address, services, one, "Jalan Danau 5") for _ in range(2)]
    assert all(one.exception() is None for one in sent)
    monkeypatch.setattr(keeping, "_addresses", real)
    assert [found.text for found in addresses_of(services, one)] == ["Jalan Danau 5"]
