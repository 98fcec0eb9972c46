"""A shop whose orders are paid through the provider, and what its reports say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from server.orders.door import PaidOrders
from server.orders.placing import Placed
from server.orders.statement import order_statement
from server.orders.stepping import take_steps
from server.payments.accounts import Account, set_account
from server.payments.asking import Ask, ask
from server.payments.looking import look
from server.payments.paying import Paying
from server.payments.provider import Line
from server.payments.reports import Compared, Taken, compare, take_report
from server.payments.rows import Payment
from server.sealed import Vault
from server.services import Services
from tests.helpers.near_gateway import NearGateway
from tests.helpers.orders import BUYER, open_shop, order, stock_up
from tests.helpers.sandbox import KEY

PRICE = 20_000
FEE = 140
HEAD = "Order ID,Transaction ID,Type,Transaction Status,Gross Amount,Fee,Settlement Time"
DAY_MS = 86_400_000


class Sold(NamedTuple):
    """A shop whose orders are paid through the provider."""

    paying: Paying
    gateway: NearGateway
    shop_id: bytes
    goods: bytes

    def order(self) -> tuple[Placed, Payment]:
        """One that waits for its money."""
        services = self.paying.services
        # Each of another buyer's: a phone may order so often only.
        buyer = BUYER._replace(phone=f"08124401{len(self.gateway.book.all()):04}", origin="")
        items = [(self.goods, 2)]
        placed = order(services, self.shop_id, items, pay_way="gateway", buyer=buyer)
        take_steps(services, self.shop_id, placed.order_id, "shop", ["accept"])
        lines = (Line("Gula", PRICE),)
        wanted = Ask(services.new_id(), placed.order_id, "qris", lines, 900)
        return placed, ask(self.paying, self.shop_id, wanted)

    def paid(self) -> Payment:
        """One whose money came."""
        made = self.order()[1]
        self.gateway.book.pay(made.transaction_id)
        return look(self.paying, self.shop_id, made.id)

    def line(self, at: Payment, fee: int = FEE, amount: int = PRICE, kind: str = "Payment") -> str:
        """What a report says of a payment."""
        return f"{at.provider_key},{at.transaction_id},{kind},settlement,{amount},{fee},2026-11-26"

    def bring(self, *lines: str, head: str = HEAD) -> Taken:
        """A report with these lines is taken in."""
        data = "\n".join((head, *lines)).encode()
        return take_report(self.paying, self.shop_id, "laporan.csv", data, bytes(16))

    def compared(self) -> Compared:
        """What differs now."""
        with self.paying.services.store.reading_shop(self.shop_id) as tx:
            return compare(tx, self.paying.services.now_ms())

    def why(self) -> list[str]:
        """The names of what differs."""
        return sorted(one.why for one in self.compared().differing)

    def fees(self) -> int:
        """What the statement says that providers kept."""
        with self.paying.services.store.reading_shop(self.shop_id) as tx:
            found = order_statement(tx, "2000-01-01", "2100-01-01")
        return sum(one.fee for one in found.ways)

    def wait(self, length_ms: int) -> None:
        """Time passes."""
        self.paying.services.now_ms.pass_ms(length_ms)  # type: ignore[attr-defined]


def sold_shop(services: Services) -> Sold:
    """A shop with goods and a sandbox's account, which is asked directly."""
    services = replace(services, vault=Vault([bytes(32)]))
    gateway = NearGateway(services.now_ms)
    shop_id = open_shop(services)
    set_account(services, shop_id, Account("sandbox", KEY, base="https://sandbox.invalid"))
    goods = stock_up(services, shop_id, "Gula", 100)
    return Sold(Paying(services, PaidOrders(), gateway.connect), gateway, shop_id, goods)
