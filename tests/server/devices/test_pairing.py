from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from core.sync.codes import ALPHABET, show_code
from server.app.sweeping import sweep
from server.db.schema.directory import pairing
from server.devices.pairing import MOST_TRIES, WrongPairingCode, make_code, shop_of_code, use_code
from server.rates import TooManyTries
from server.services import Services
from server.shops.adding import KnownShop, add_shop

MINUTE = 60_000


@pytest.fixture
def shop(services: Services) -> KnownShop:
    return add_shop(services, "Warung Sri")


def redeem_code(services: Services, code: str, *, address: str) -> bytes:
    """Use a code up, as a counter that joins does."""
    shop_id = shop_of_code(services, code, address=address)
    services.store.in_shop(shop_id, lambda tx: use_code(tx, code, services.now_ms()))
    return shop_id


def _other(code: str) -> str:
    """A code of the same place whose secret part is wrong."""
    last = ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]
    return code[:-1] + last


def test_a_code_holds_once(services: Services, shop: KnownShop) -> None:
    code = make_code(services, shop.id).code
    assert redeem_code(services, code, address="a") == shop.id
    with pytest.raises(WrongPairingCode):
        redeem_code(services, code, address="a")


def test_it_is_typed_as_people_type(services: Services, shop: KnownShop) -> None:
    code = make_code(services, shop.id).code
    assert redeem_code(services, f" {show_code(code).lower()} ", address="a") == shop.id


def test_it_ends_after_ten_minutes(services: Services, shop: KnownShop, clock: Any) -> None:
    one = make_code(services, shop.id)
    assert one.expires_ms == clock.now_ms + 10 * MINUTE
    clock.pass_ms(10 * MINUTE)
    with pytest.raises(WrongPairingCode):
        redeem_code(services, one.code, address="a")
    assert sweep(services) >= 1
    with services.store.reading_directory() as tx:
        assert tx.rows(select(pairing)) == []


def test_a_new_one_ends_the_shops_earlier_one_and_no_others(
    services: Services, shop: KnownShop
) -> None:
    other = add_shop(services, "Apotek")
    theirs, first = make_code(services, other.id).code, make_code(services, shop.id).code
    second = make_code(services, shop.id).code
    with pytest.raises(WrongPairingCode):
        redeem_code(services, first, address="a")
    assert redeem_code(services, theirs, address="a") == other.id
    assert redeem_code(services, second, address="a") == shop.id


def test_five_wrong_tries_end_it_wherever_they_come_from(
    services: Services, shop: KnownShop
) -> None:
    code = make_code(services, shop.id).code
    for n in range(MOST_TRIES):
        with pytest.raises(WrongPairingCode):
            redeem_code(services, _other(code), address=f"6.6.6.{n}")
    with pytest.raises(WrongPairingCode):
        redeem_code(services, code, address="1.1.1.1")


def test_four_do_not(services: Services, shop: KnownShop) -> None:
    code = make_code(services, shop.id).code
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(WrongPairingCode):
            redeem_code(services, _other(code), address="6.6.6.6")
    assert redeem_code(services, code, address="1.1.1.1") == shop.id


def test_an_address_tries_ten_times_an_hour(
    services: Services, shop: KnownShop, clock: Any
) -> None:
    code = make_code(services, shop.id).code
    for text in ["", "nonsense", "ABCDEFGHJKLMN", "22222222"] * 2 + ["", ""]:
        with pytest.raises(WrongPairingCode):
            redeem_code(services, text, address="6.6.6.6")
    with pytest.raises(TooManyTries) as refused:
        redeem_code(services, code, address="6.6.6.6")
    assert 0 < refused.value.details["retry_s"] <= 3600
    assert redeem_code(services, code, address="1.1.1.1") == shop.id


def test_of_many_who_use_it_at_once_one_gets_in(services: Services, shop: KnownShop) -> None:
    code = make_code(services, shop.id).code
    got_in: list[bytes] = []

    def use(address: str) -> None:
        with contextlib.suppress(WrongPairingCode):
            got_in.append(redeem_code(services, code, address=address))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(use, map(str, range(6))))
    assert got_in == [shop.id]


def test_the_code_itself_is_kept_nowhere(services: Services, shop: KnownShop) -> None:
    code = make_code(services, shop.id).code
    with services.store.reading_directory() as tx:
        row = tx.one(select(pairing))
    assert row is not None and code not in str(tuple(row))


def test_a_place_that_is_taken_is_drawn_again(
    services: Services, shop: KnownShop, clock: Any
) -> None:
    draws = iter([bytes([1] * 32), bytes([1] * 32), bytes([2] * 32)])
    drawing = Services(services.store, now_ms=clock, random=lambda _n: next(draws))
    first = make_code(drawing, shop.id).code
    second = make_code(drawing, add_shop(services, "Apotek").id).code
    assert first[:3] != second[:3]
