"""What a payment does to a real order: paid, paid too often, paid after it was called off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.orders.rules import WrongAmount
from core.orders.standing import Standing
from server.db.transaction import ShopTx
from server.ledger.accounts import balance_of, open_accounts
from server.ledger.chart import owner_of
from server.orders.door import PaidOrders
from server.orders.placing import Placed
from server.orders.stepping import take_steps
from server.payments import rows
from server.payments.accounts import Account, set_account
from server.payments.asking import order_key
from server.payments.rows import Payment
from server.sealed import Vault
from server.services import Services
from tests.helpers.orders import order, read, stock_up

DOOR = PaidOrders()
PRICE = 10_000


@pytest.fixture
def placed(services: Services, shop_id: bytes) -> Placed:
    """An order of one piece that is to be paid through a provider, accepted."""
    with_keys = replace(services, vault=Vault([bytes(range(32))]))
    set_account(
        with_keys, shop_id, Account("sandbox", "SB-Mid-server-x", base="http://127.0.0.1:9")
    )
    goods = stock_up(services, shop_id, "Gula", 5)
    made = order(services, shop_id, [(goods, 1)], pay_way="gateway")
    if read(services, made).story.standing.order == "placed":
        take_steps(services, shop_id, made.order_id, "shop", ["accept"])
    return made


def through(services: Services, placed: Placed, call: Callable[[ShopTx], None]) -> Standing:
    """Open the door in a transaction of the shop."""
    services.store.in_shop(placed.shop_id, call)
    return read(services, placed).story.standing


def owed_back(services: Services, placed: Placed) -> int:
    """What the books say that the order owes its buyer."""

    def look(tx: ShopTx) -> int:
        wanted = [("refund_payable", owner_of(placed.order_id))]
        return balance_of(tx, open_accounts(tx, wanted, services.now_ms())[0]).balance

    return services.store.in_shop(placed.shop_id, look)


def test_asked_failed_asked_again_and_paid(services: Services, placed: Placed) -> None:
    key = placed.order_id
    now = services.now_ms()
    with pytest.raises(WrongAmount):
        through(services, placed, lambda tx: DOOR.asked(tx, key, PRICE - 1, now))
    at = through(services, placed, lambda tx: DOOR.asked(tx, key, PRICE, now))
    assert at.payment == "asked"
    at = through(services, placed, lambda tx: DOOR.failed(tx, key, now))
    assert at.payment == "due"
    through(services, placed, lambda tx: DOOR.failed(tx, key, now))
    through(services, placed, lambda tx: DOOR.asked(tx, key, PRICE, now))
    at = through(services, placed, lambda tx: DOOR.settled(tx, key, PRICE, now))
    assert (at.payment, at.paid, at.owed) == ("paid", PRICE, 0)
    assert owed_back(services, placed) == 0


def test_an_attempt_that_a_restored_server_lost_is_asked_for_again(
    services: Services, placed: Placed
) -> None:
    """The counters told it of the step; the attempt's own row is in no fact."""
    key, now = placed.order_id, services.now_ms()
    through(services, placed, lambda tx: DOOR.asked(tx, key, PRICE, now))
    before = read(services, placed).happened
    at = through(services, placed, lambda tx: DOOR.asked(tx, key, PRICE, now))
    assert at.payment == "asked" and read(services, placed).happened == before
    at = through(services, placed, lambda tx: DOOR.settled(tx, key, PRICE, now))
    assert (at.payment, at.paid) == ("paid", PRICE)


def test_a_charge_back_that_a_counter_brought_back_is_not_told_once_more(
    services: Services, placed: Placed
) -> None:
    """Of two payments one was taken back; the server that lost their rows hears of it again."""
    key, now = placed.order_id, services.now_ms()
    through(services, placed, lambda tx: DOOR.asked(tx, key, PRICE, now))
    through(services, placed, lambda tx: DOOR.settled(tx, key, PRICE, now))
    through(services, placed, lambda tx: DOOR.settled(tx, key, 2 * PRICE, now))
    for _ in range(2):
        at = through(services, placed, lambda tx: DOOR.charged_back(tx, key, PRICE, now))
        assert (at.payment, at.paid, at.refunded) == ("refund_due", 3 * PRICE, PRICE)


def test_paid_by_two_attempts_is_owed_back_once(services: Services, placed: Placed) -> None:
    key, now = placed.order_id, services.now_ms()
    through(services, placed, lambda tx: DOOR.settled(tx, key, PRICE, now))
    services.store.in_shop(placed.shop_id, lambda tx: rows.add_payment(tx, _paid(key, 1, now)))
    at = through(services, placed, lambda tx: DOOR.settled(tx, key, PRICE, now))
    assert (at.order, at.payment, at.to_give_back) == ("accepted", "refund_due", PRICE)
    assert owed_back(services, placed) == PRICE
    at = through(services, placed, lambda tx: DOOR.refunded(tx, key, PRICE, now))
    assert (at.payment, at.to_give_back) == ("paid", 0)


def test_what_a_counter_brought_back_of_a_forgotten_payment_is_not_told_again(
    services: Services, placed: Placed
) -> None:
    key, now = placed.order_id, services.now_ms()
    through(services, placed, lambda tx: DOOR.settled(tx, key, PRICE, now))
    before = read(services, placed).happened
    at = through(services, placed, lambda tx: DOOR.settled(tx, key, PRICE, now))
    assert (at.payment, at.paid) == ("paid", PRICE)
    assert read(services, placed).happened == before


def _paid(order_id: bytes, attempt: int, now_ms: int) -> Payment:
    """An attempt whose money came."""
    return Payment(
        bytes([attempt] * 16), order_id, attempt, "midtrans", "sandbox",
        order_key(order_id, attempt), "qris", PRICE, now_ms, now_ms, None,
        transaction_id=f"t-{attempt}", channel="qris", state="paid", paid_ms=now_ms,
    )  # fmt: skip


def test_late_money_never_revives_an_order(
    services: Services, shop_id: bytes, placed: Placed
) -> None:
    key, now = placed.order_id, services.now_ms()
    take_steps(services, shop_id, key, "buyer", ["cancel"])
    at = through(services, placed, lambda tx: DOOR.settled(tx, key, PRICE, now))
    assert (at.order, at.payment, at.to_give_back) == ("cancelled", "refund_due", PRICE)
    assert owed_back(services, placed) == PRICE


def test_a_bank_took_it_back(services: Services, placed: Placed) -> None:
    key, now = placed.order_id, services.now_ms()
    through(services, placed, lambda tx: DOOR.settled(tx, key, PRICE, now))
    at = through(services, placed, lambda tx: DOOR.charged_back(tx, key, PRICE, now))
    assert at.payment == "charged_back"
