"""A gerai's address is one shop's in the world, whoever claims it at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from server.services import Services
from server.shops.adding import add_shop
from server.storefront.addresses import (
    MOST_NAMES,
    BadName,
    claim,
    find_gerai,
    free_name,
    name_of,
)
from tests.helpers.web_shop import Clock


@pytest.fixture
def shops(services: Services) -> tuple[bytes, bytes]:
    return add_shop(services, "Warung Sri").id, add_shop(services, "Warung Sri").id


def test_a_name_is_the_first_ones_and_the_other_is_told(
    services: Services, shops: tuple[bytes, bytes]
) -> None:
    first, second = shops
    assert free_name(services, "Warung Sri") == "warung-sri" and name_of(services, first) == ""
    claim(services, first, "warung-sri")
    claim(services, first, "warung-sri")
    with pytest.raises(BadName) as refused:
        claim(services, second, "warung-sri")
    assert refused.value.details["why"] == "taken"
    assert free_name(services, "Warung Sri") == "warung-sri-2"
    found = find_gerai(services, "warung-sri")
    assert found is not None and found == (first, "warung-sri")


@pytest.mark.parametrize(
    ("name", "why"), [("bri", "reserved"), ("Ab c", "letters"), ("x", "short")]
)
def test_a_name_against_the_rules_is_not_written(
    services: Services, shops: tuple[bytes, bytes], name: str, why: str
) -> None:
    with pytest.raises(BadName) as refused:
        claim(services, shops[0], name)
    assert refused.value.details["why"] == why and name_of(services, shops[0]) == ""


def test_former_names_lead_to_the_newest_until_there_are_too_many(
    services: Services, clock: Clock, shops: tuple[bytes, bytes]
) -> None:
    names = [f"warung-{number}" for number in range(1, MOST_NAMES + 2)]
    for name in names:
        clock.now_ms += 1_000
        claim(services, shops[0], name)
    assert name_of(services, shops[0]) == names[-1]
    assert find_gerai(services, names[0]) is None
    for name in names[1:]:
        assert find_gerai(services, name) == (shops[0], names[-1])
    clock.now_ms += 1_000
    claim(services, shops[0], names[2])
    assert find_gerai(services, names[-1]) == (shops[0], names[2])
    claim(services, shops[1], names[0])


def test_of_two_who_claim_at_once_one_gets_it(
    services: Services, shops: tuple[bytes, bytes]
) -> None:
    def tried(shop: bytes) -> bool:
        try:
            claim(services, shop, "warung-sri")
        except BadName:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(tried, shops)) == [False, True]
