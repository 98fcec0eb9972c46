"""Taking the money of an order on the payment page; the open cart is not touched."""

from __future__ import annotations

from collections.abc import Sequence

from core import cart as carts
from core.cart import Cart
from core.errors import Refused
from pos.counter import Counter
from pos.orders.handing import Fetched, hand_over
from pos.selling.payment import Payment
from pos.selling.sales import SaleDone, Tendered
from pos.selling.till import Till


class OrderWaits(Refused):
    """An order cannot be parked: it stays in its own list."""

    code = "order_waits"


class OrderTill(Till):
    """A till without a cart of its own: what is paid is the order's."""

    def __init__(self, counter: Counter, fetched: Fetched) -> None:
        """For an order whose code was right."""
        super().__init__(counter)
        self.fetched = fetched
        self.cart, self.resumed = carts.EMPTY, False

    def _save(self, cart: Cart) -> None:
        """Nothing: the open cart stays as it is."""

    def park(self, name: str = "", waits_for: str = "") -> bytes | None:
        """Never.

        Raises:
            OrderWaits.
        """
        raise OrderWaits(number=self.fetched.order.number)

    def pay(self, tenders: Sequence[Tendered]) -> SaleDone:
        """Hand the order over.

        Raises:
            Refused: the rule that says no; nothing was written.
        """
        one = self.fetched
        self.last_sale = hand_over(
            self.counter, one.order.id, tenders, courier=one.courier, waybill=one.waybill
        )
        return self.last_sale


class OrderPayment(Payment):
    """The payment of what is still owed for an order."""

    def __init__(self, till: OrderTill) -> None:
        """Begin with nothing paid."""
        super().__init__(till)
        self._owed = till.fetched.owed

    @property
    def total(self) -> int:
        """What is owed, before cash rounding."""
        return self._owed
