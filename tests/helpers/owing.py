"""What the books say of an order, and the proof that everything agrees."""

from __future__ import annotations

from core.facts.orders import OrderStep, OrderStepped
from core.ledger import account_id
from core.orders.owing import Kind
from core.orders.standing import Actor
from core.orders.steps import StepName
from server.db.transaction import ShopTx
from server.ledger.accounts import balance_of
from server.ledger.chart import owner_of
from server.ledger.proving import prove_books
from server.ledger.reading import entries_about
from server.orders.placing import Placed
from server.orders.proving import prove_orders
from server.orders.statement import order_statement
from server.payments.proving import prove_payments
from server.services import Services
from server.sync.feed import Step
from server.sync.owing import code_for
from server.sync.verifying import verify

KINDS: tuple[Kind, ...] = (
    "order_receivable", "refund_payable", "order_unearned", "sales", "delivery_income",
    "sales_returns", "counter", "bank",
)  # fmt: skip


def say(
    services: Services,
    placed: Placed,
    *steps: tuple[StepName, int],
    who: Actor = "shop",
    at_once: int = 1,
) -> None:
    """Steps in one fact, whether they are possible or not, so many times in one transaction."""
    fact = OrderStepped(placed.order_id, who, tuple(OrderStep(*one) for one in steps))

    def write(tx: ShopTx) -> None:
        step = Step(tx, services.now_ms())
        for _ in range(at_once):
            step.say(fact)
        step.close()

    services.store.in_shop(placed.shop_id, write)


def books(services: Services, placed: Placed) -> dict[str, int]:
    """What the accounts that an order moves stand at, each on its own side; nothing left out but
    nought."""
    with services.store.reading_shop(placed.shop_id) as tx:
        known = {
            account
            for one in entries_about(tx, owner_of(placed.order_id))
            for posting in one.entry.postings
            for account in posting[:2]
        }
        found = {}
        for kind in KINDS:
            account = account_id(tx.shop_id, code_for(kind, placed.order_id))
            if account in known and (balance := balance_of(tx, account).balance):
                found[kind] = balance
    return found


def entries(services: Services, placed: Placed) -> list[str]:
    """The kinds of the entries about an order, sorted."""
    with services.store.reading_shop(placed.shop_id) as tx:
        return sorted(one.entry.kind for one in entries_about(tx, owner_of(placed.order_id)))


def check_all(services: Services, shop_id: bytes) -> None:
    """Feed, books, payments and orders say the same."""
    for prove in (prove_books, prove_payments, prove_orders, verify):
        proof = prove(services, shop_id)
        assert proof.ok, proof.differences


def check_statement(services: Services, shop_id: bytes) -> None:
    """What came is earned, owed in goods, or owed back; nothing else is anywhere."""
    with services.store.reading_shop(shop_id) as tx:
        found = order_statement(tx, "2000-01-01", "2100-01-01")
    net = sum(one.came - one.back - one.taken for one in found.ways)
    owed = found.open.owed - found.open.advance
    assert net + owed == found.earned + found.open.unearned + found.open.owed_back, found
    assert sum(one.goods + one.delivery - one.returns for one in found.orders) == found.earned
    assert len(found.orders) == found.handed_over
