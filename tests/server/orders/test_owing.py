"""What orders owe is in the books, once, as their stories have it: on both engines."""

from __future__ import annotations

from sqlalchemy import update

from server.db.schema import SHOP
from server.db.schema.orders import shop_order
from server.orders.placing import Placed
from server.orders.proving import prove_orders
from server.orders.stepping import take_steps
from server.services import Services
from tests.helpers.orders import LIMBOTO, order, read, set_plain, stock_up
from tests.helpers.owing import books, check_all, entries, say

PRICE, FEE = 10_000, 5_000


def placed_in(services: Services, shop_id: bytes, **changes: object) -> Placed:
    """An order of two pieces."""
    set_plain(services, shop_id, transfer_accounts=["BRI 1"])
    goods = stock_up(services, shop_id, "Gula", 5)
    return order(services, shop_id, [(goods, 2)], **changes)


def test_agreed_brought_and_paid_at_the_door(services: Services, shop_id: bytes) -> None:
    placed = placed_in(
        services, shop_id, way="delivery", area=LIMBOTO, address="Jl. Kelapa 1", fee=FEE
    )
    assert books(services, placed) == {}
    take_steps(services, shop_id, placed.order_id, "shop", ["accept"])
    whole = 2 * PRICE + FEE
    assert books(services, placed) == {"order_receivable": whole, "order_unearned": whole}
    say(services, placed, ("pay_at_handover", whole), ("hand_over", 0), ("fulfil", 0))
    expected = {"sales": 2 * PRICE, "delivery_income": FEE, "counter": whole}
    assert books(services, placed) == expected
    # What was done cannot be done again, and is posted once.
    say(services, placed, ("pay_at_handover", whole), ("hand_over", 0), at_once=2)
    assert books(services, placed) == expected
    assert entries(services, placed) == ["order_accept", "order_hand_over"]
    check_all(services, shop_id)


def test_paid_in_advance_and_called_off_is_owed_back(services: Services, shop_id: bytes) -> None:
    placed = placed_in(services, shop_id, pay_way="to_shop")
    key = placed.order_id
    take_steps(services, shop_id, key, "shop", ["accept"])
    take_steps(services, shop_id, key, "shop", ["see"])
    assert books(services, placed) == {"order_unearned": 2 * PRICE, "bank": 2 * PRICE}
    take_steps(services, shop_id, key, "shop", ["call_off"])
    assert books(services, placed) == {"refund_payable": 2 * PRICE, "bank": 2 * PRICE}
    take_steps(services, shop_id, key, "shop", ["refund"], amount=PRICE)
    assert books(services, placed) == {"refund_payable": PRICE, "bank": PRICE}
    take_steps(services, shop_id, key, "shop", ["refund"], amount=PRICE)
    assert books(services, placed) == {}
    check_all(services, shop_id)


def test_a_part_is_made_good_and_the_rest_comes_back(services: Services, shop_id: bytes) -> None:
    placed = placed_in(services, shop_id)
    key = placed.order_id
    say(services, placed, ("accept", 0), ("pay_at_handover", 2 * PRICE), ("hand_over", 0),
        ("fulfil", 0))  # fmt: skip
    take_steps(services, shop_id, key, "buyer", ["complain"])
    take_steps(services, shop_id, key, "shop", ["answer"], amount=15_000)
    take_steps(services, shop_id, key, "buyer", ["settle"])
    assert books(services, placed) == {
        "sales": 2 * PRICE, "sales_returns": 5_000, "refund_payable": 5_000, "counter": 2 * PRICE,
    }  # fmt: skip
    take_steps(services, shop_id, key, "shop", ["refund"], amount=5_000)
    assert books(services, placed)["counter"] == 15_000
    check_all(services, shop_id)


def test_goods_that_come_back_are_no_sale(services: Services, shop_id: bytes) -> None:
    placed = placed_in(services, shop_id)
    key = placed.order_id
    say(services, placed, ("accept", 0), ("pay_at_handover", 2 * PRICE), ("hand_over", 0),
        ("fulfil", 0))  # fmt: skip
    take_steps(services, shop_id, key, "buyer", ["complain"])
    take_steps(services, shop_id, key, "shop", ["accept_back"])
    take_steps(services, shop_id, key, "shop", ["refund"], amount=2 * PRICE)
    assert books(services, placed) == {"sales": 2 * PRICE, "sales_returns": 2 * PRICE}
    check_all(services, shop_id)


def test_an_agreement_to_less_lowers_what_is_owed(services: Services, shop_id: bytes) -> None:
    placed = placed_in(services, shop_id)
    key = placed.order_id
    take_steps(services, shop_id, key, "shop", ["accept"])
    lines = read(services, placed).story.lines
    less = [type(one)(one.product_id, one.name, one.unit, one.factor, 1_000, one.unit_price, PRICE)
            for one in lines]  # fmt: skip
    take_steps(services, shop_id, key, "shop", ["propose"], lines=tuple(less))
    assert books(services, placed) == {}
    take_steps(services, shop_id, key, "buyer", ["agree"])
    assert books(services, placed) == {"order_receivable": PRICE, "order_unearned": PRICE}
    take_steps(services, shop_id, key, "buyer", ["cancel"])
    assert books(services, placed) == {}
    check_all(services, shop_id)


def test_the_proof_names_an_order_whose_books_differ(services: Services, shop_id: bytes) -> None:
    placed = placed_in(services, shop_id)
    take_steps(services, shop_id, placed.order_id, "shop", ["accept"])
    take_steps(services, shop_id, placed.order_id, "buyer", ["cancel"])
    assert prove_orders(services, shop_id).ok
    # Somebody takes the order's row away: what was posted about it has no order any more.
    with services.store.shop(shop_id) as tx:
        tx.run(update(shop_order).where(shop_order.c.shop_id == SHOP).values(
            order_id=bytes(15) + b"1"))  # fmt: skip
    assert not prove_orders(services, shop_id).ok
