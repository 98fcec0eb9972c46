"""Placing orders: prices, stock, numbers, and what is refused."""

from __future__ import annotations

import pytest

from core.errors import Refused
from core.facts.catalog import TierRecord, UnitRecord
from core.facts.orders import OrderStep, OrderStepped
from core.facts.sync import DocumentsMerged
from core.orders.codes import is_right
from server.orders.goods import Item
from server.orders.keys import digits_of, order_id_of
from server.orders.placing import MOST_OF_PHONE
from server.orders.reading import find_order
from server.orders.stepping import take_steps
from server.orders.sweeping import sweep_orders, sweep_shop
from server.services import Services
from server.storefront.hours import Holiday
from server.sync.allotments import append_server_fact
from server.sync.verifying import verify
from tests.helpers.orders import (
    BUYER,
    LIMBOTO,
    open_shop,
    order,
    read,
    reserved,
    set_plain,
    stock_up,
)
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_gerai import put_online, set_gerai
from tests.helpers.web_shop import Clock

MINUTE_MS = 60_000


def refused(services: Services, shop_id: bytes, *args: object, **kwargs: object) -> Refused:
    """Why an order is refused."""
    before = reserved(services, shop_id)
    with pytest.raises(Refused) as caught:
        order(services, shop_id, *args, **kwargs)  # type: ignore[arg-type]
    assert reserved(services, shop_id) == before
    return caught.value


def proved(services: Services, shop_id: bytes) -> None:
    """The tables are what the feed says."""
    proof = verify(services, shop_id)
    assert proof.ok, proof.differences


def test_an_order_is_numbered_set_aside_and_found_by_its_key(
    services: Services, shop_id: bytes
) -> None:
    rice = stock_up(services, shop_id, "Beras", 10)
    first = order(services, shop_id, [(rice, 3)])
    second = order(services, shop_id, [(rice, 2)], way="delivery", area=LIMBOTO,
                   address="Jalan Danau 5", fee=5_000)  # fmt: skip
    assert (first.number, second.number) == (1, 2)
    assert reserved(services, shop_id) == {rice: 5_000}
    place = find_order(services, second.key)
    assert place == (shop_id, second.order_id)
    assert find_order(services, fresh_id()) is None
    found = read(services, second)
    assert found.placed.total == 25_000 and found.placed.fee == 5_000
    assert found.contact is not None
    assert (found.contact.phone, found.contact.address) == ("6281244001234", "Jalan Danau 5")
    assert is_right(found.order_id, digits_of(second.key), found.placed.proof)
    proved(services, shop_id)


def test_a_checkout_sent_twice_is_one_order(services: Services, shop_id: bytes) -> None:
    rice = stock_up(services, shop_id, "Beras", 10)
    token = fresh_id()
    first = order(services, shop_id, [(rice, 6)], token=token)
    again = order(services, shop_id, [(rice, 6)], token=token)
    assert first == again and reserved(services, shop_id) == {rice: 6_000}


def test_a_step_that_was_there_before_its_order_is_told_with_it(
    services: Services, shop_id: bytes
) -> None:
    """A server that was brought back hears of an order's step, and then the buyer sends the form
    of the lost order again."""
    rice, token = stock_up(services, shop_id, "Beras", 10), fresh_id()
    order_id = order_id_of(token, shop_id)
    early = OrderStepped(order_id, "shop", (OrderStep("accept"),))
    with services.store.shop(shop_id) as tx:
        append_server_fact(tx, early, now_ms=services.now_ms())
    placed = order(services, shop_id, [(rice, 6)], token=token)
    assert placed.order_id == order_id and reserved(services, shop_id) == {rice: 6_000}
    assert read(services, placed).story.standing.order == "accepted"
    proved(services, shop_id)


def test_two_lines_of_one_product_are_summed_before_the_check(
    services: Services, shop_id: bytes
) -> None:
    units = (UnitRecord("karung", 5, 45_000),)
    rice = stock_up(services, shop_id, "Beras", 10, units=units)
    lines = [Item(rice, "karung", 1_000), Item(rice, "pcs", 6_000)]
    why = refused(services, shop_id, lines)
    assert why.code == "order_not_enough"
    assert (why.details["name"], why.details["left"]) == ("Beras", 10_000)
    placed = order(services, shop_id, [Item(rice, "karung", 1_000), Item(rice, "pcs", 5_000)])
    assert read(services, placed).placed.total == 45_000 + 50_000
    assert reserved(services, shop_id) == {rice: 10_000}
    assert refused(services, shop_id, [(rice, 1)]).details["left"] == 0


def test_the_price_is_the_catalogs_and_the_buyer_has_seen_it(
    services: Services, shop_id: bytes
) -> None:
    rice = stock_up(services, shop_id, "Beras", 50, tiers=(TierRecord(10_000, 9_000),))
    why = refused(services, shop_id, [Item(rice, "pcs", 2_000, seen=1)])
    assert why.code == "order_price_changed"
    assert (why.details["old"], why.details["new"]) == (1, 10_000)
    placed = order(services, shop_id, [Item(rice, "pcs", 10_000, seen=9_000)])
    assert read(services, placed).placed.total == 90_000
    put_online(services, shop_id, rice, price=11_000)
    assert refused(services, shop_id, [Item(rice, "pcs", 1_000, seen=10_000)]).details["new"] == (
        11_000
    )


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (Item(b"x" * 16, "pcs", 1_000), "order_goods_gone"),
        (Item(b"", "ton", 1_000), "order_goods_gone"),
        (Item(b"", "pcs", 0), "order_bad_basket"),
        (Item(b"", "pcs", -1_000), "order_bad_basket"),
        (Item(b"", "pcs", 500), "order_bad_basket"),
        (Item(b"", "pcs", 10**15), "order_bad_basket"),
    ],
)
def test_goods_that_cannot_be_ordered_so(
    services: Services, shop_id: bytes, item: Item, code: str
) -> None:
    rice = stock_up(services, shop_id, "Beras", 10)
    assert refused(services, shop_id, [item._replace(product_id=item.product_id or rice)]).code == (
        code
    )
    assert refused(services, shop_id, []).code == "order_bad_basket"


def test_goods_of_another_shop_are_not_sold_here(services: Services, shop_id: bytes) -> None:
    other = open_shop(services, "Toko Lain")
    theirs = stock_up(services, other, "Gula", 10)
    assert refused(services, shop_id, [(theirs, 1)]).code == "order_goods_gone"


def test_what_was_never_counted_may_be_asked_for(services: Services, shop_id: bytes) -> None:
    set_plain(services, shop_id, gerai_auto_accept=True)
    fish = stock_up(services, shop_id, "Ikan", -1)
    rice = stock_up(services, shop_id, "Beras", 10)
    asked = order(services, shop_id, [(fish, 4)])
    assert read(services, asked).story.standing.order == "placed", "the shop must say"
    sure = order(services, shop_id, [(rice, 1)])
    assert read(services, sure).story.standing.order == "accepted"
    proved(services, shop_id)


def test_a_gerai_that_is_shut_or_does_not_offer_the_way(
    services: Services, shop_id: bytes, clock: Clock
) -> None:
    rice = stock_up(services, shop_id, "Beras", 10)
    one = [(rice, 1)]
    assert refused(services, shop_id, one, pay_way="to_shop").details["why"] == "pay"
    assert refused(services, shop_id, one, way="delivery", area="75.01.99").code == (
        "order_way_not_offered"
    )
    cheap = {"way": "delivery", "area": LIMBOTO, "address": "Jalan Danau 5", "fee": 0}
    assert refused(services, shop_id, one, **cheap).details["why"] == "fee"
    assert refused(services, shop_id, one, **{**cheap, "address": " "}).code == "order_bad_contact"
    assert refused(services, shop_id, one, buyer=BUYER._replace(phone="123")).code == (
        "order_bad_contact"
    )
    set_gerai(services, shop_id, gerai_collect=False)
    assert refused(services, shop_id, one).details["why"] == "way"
    today = ("2026-11-24", "2026-11-24")
    set_gerai(services, shop_id, gerai_collect=True, gerai_holidays=(Holiday(*today, ""),))
    assert refused(services, shop_id, one).details["why"] == "holiday"
    set_gerai(services, shop_id, gerai_open=False, gerai_holidays=())
    assert refused(services, shop_id, one).details["why"] == "closed"


def test_what_lapsed_is_free_for_the_next_buyer_at_once(
    services: Services, shop_id: bytes, clock: Clock
) -> None:
    rice = stock_up(services, shop_id, "Beras", 10)
    late = order(services, shop_id, [(rice, 10)])
    assert refused(services, shop_id, [(rice, 1)]).code == "order_not_enough"
    clock.now_ms = read(services, late).story.terms["accept_by"]
    order(services, shop_id, [(rice, 10)])
    assert read(services, late).story.standing.order == "expired"
    assert reserved(services, shop_id) == {rice: 10_000}
    proved(services, shop_id)


def test_one_buyer_does_not_flood_a_shop(services: Services, shop_id: bytes) -> None:
    rice = stock_up(services, shop_id, "Beras", 100)
    placed = [order(services, shop_id, [(rice, 1)]) for _ in range(MOST_OF_PHONE)]
    assert refused(services, shop_id, [(rice, 1)]).code == "order_too_many"
    order(services, shop_id, [(rice, 1)], buyer=BUYER._replace(phone="0813-1111-2222"))
    take_steps(services, shop_id, placed[0].order_id, "buyer", ["cancel"])
    order(services, shop_id, [(rice, 1)])


def test_goods_that_are_merged_stay_set_aside(services: Services, shop_id: bytes) -> None:
    old, new = stock_up(services, shop_id, "Beras", 5), stock_up(services, shop_id, "Beras B", 5)
    placed = order(services, shop_id, [(old, 2), (new, 1)])
    with services.store.shop(shop_id) as tx:
        append_server_fact(tx, DocumentsMerged("product", old, new), now_ms=services.now_ms())
    assert reserved(services, shop_id) == {new: 3_000}
    proved(services, shop_id)
    take_steps(services, shop_id, placed.order_id, "buyer", ["cancel"])
    assert reserved(services, shop_id) == {}
    proved(services, shop_id)


def test_the_clock_lapses_completes_and_forgets(
    services: Services, shop_id: bytes, clock: Clock
) -> None:
    set_plain(services, shop_id, transfer_accounts=["BRI 1234"])
    rice = stock_up(services, shop_id, "Beras", 10)
    silent = order(services, shop_id, [(rice, 1)])
    unpaid = order(services, shop_id, [(rice, 2)], pay_way="to_shop")
    claimed = order(services, shop_id, [(rice, 3)], pay_way="to_shop")
    for one in (unpaid, claimed):
        take_steps(services, shop_id, one.order_id, "shop", ["accept"])
    take_steps(services, shop_id, claimed.order_id, "buyer", ["claim"])
    clock.now_ms += 61 * MINUTE_MS
    assert sweep_orders(services) == 2
    assert read(services, silent).story.standing.order == "expired"
    assert read(services, unpaid).story.standing.order == "expired"
    assert read(services, claimed).story.standing.order == "accepted", "money may be on its way"
    assert reserved(services, shop_id) == {rice: 3_000}
    take_steps(services, shop_id, claimed.order_id, "shop", ["see"])
    assert read(services, claimed).story.standing.payment == "paid"
    take_steps(services, shop_id, claimed.order_id, "shop", ["prepare", "make_ready"])
    take_steps(services, shop_id, claimed.order_id, "shop", ["hand_over", "fulfil"])
    assert reserved(services, shop_id) == {}
    clock.now_ms += 25 * 60 * MINUTE_MS
    assert sweep_orders(services) == 1
    assert read(services, claimed).story.standing.order == "completed"
    clock.now_ms += 91 * 24 * 60 * MINUTE_MS
    sweep_shop(services, shop_id)
    assert read(services, claimed).contact is None and read(services, silent).contact is None
    assert sweep_orders(services) == 0
    proved(services, shop_id)


def test_a_total_beyond_all_sense_is_not_called_a_fraction(
    services: Services, shop_id: bytes
) -> None:
    dear = stock_up(services, shop_id, "Berlian", 900_000, price=1_000_000_000)
    error = refused(services, shop_id, [(dear, 800_000)])
    assert (error.code, error.details["why"]) == ("order_bad_basket", "total")
