"""An exchange in progress, without a window: what comes back is chosen, what goes out is added.

Nothing is written before `pay`: a power cut leaves the old receipt as it was, and the cart that
is open at the counter stays where it is meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence

from core import cart as carts
from core.cart import Cart
from core.errors import Refused
from pos.counter import Counter
from pos.selling.payment import Payment
from pos.selling.refunds import Difference, Return, difference, make_refund, sold
from pos.selling.sales import EmptyCart, SaleDone, Tendered
from pos.selling.till import Till


class CannotWait(Refused):
    """An exchange cannot be parked: it is paid now or not at all."""

    code = "exchange_cannot_wait"


class ExchangeTill(Till):
    """A till whose goods go out for others that come back; only the difference is paid."""

    def __init__(
        self,
        counter: Counter,
        receipt: str,
        returns: Sequence[Return],
        reason: str,
        *,
        cash_instead: bool = False,
        cart: Cart = carts.EMPTY,
    ) -> None:
        """Begin with what `cart` holds going out: nothing, or what was chosen before.

        Raises:
            UnknownSale, UnknownLine, RefundTooMuch, NothingToRefund.
        """
        super().__init__(counter)
        self.receipt = receipt
        self.returns = tuple(returns)
        self.reason = reason
        self.cash_instead = cash_instead
        self.resumed = False
        self.selected = len(cart.lines) - 1
        buyer = sold(counter.db, receipt).customer_id or cart.customer_id
        self.cart = carts.set_customer(cart, buyer)
        self._difference: tuple[Cart, Difference] | None = None
        self.back = self.difference.back

    @property
    def difference(self) -> Difference:
        """What comes back against what goes out now.

        Raises:
            RefundTooMuch, TaxChanged: the receipt, or how prices hold tax, changed meanwhile.
        """
        if self._difference is None or self._difference[0] is not self.cart:
            self._save(self.cart)
        assert self._difference is not None
        return self._difference[1]

    def _save(self, cart: Cart) -> None:
        """Kept in memory only, with what it comes to."""
        made = difference(
            self.counter, self.receipt, self.returns, cart, cash_instead=self.cash_instead
        )
        self._difference = (cart, made)

    def park(self, name: str = "", waits_for: str = "") -> bytes | None:
        """Never.

        Raises:
            CannotWait.
        """
        raise CannotWait()

    def pay(self, tenders: Sequence[Tendered]) -> SaleDone:
        """Write the exchange: one fact, one number, one paper.

        Raises:
            EmptyCart: nothing goes out, that would be a refund.
            Refused: the rule that says no; nothing was written.
        """
        if not self.cart.lines:
            raise EmptyCart()
        self.last_sale = make_refund(
            self.counter,
            self.receipt,
            self.returns,
            self.reason,
            exchange=self.cart,
            tenders=tenders,
            cash_instead=self.cash_instead,
        )
        return self.last_sale


class DifferencePayment(Payment):
    """The payment of an exchange's difference where it is the buyer's to pay."""

    def __init__(self, till: ExchangeTill) -> None:
        """Begin with nothing paid."""
        super().__init__(till)
        self._exchange = till

    @property
    def total(self) -> int:
        """The difference, before cash rounding; zero where the buyer gets money."""
        return max(0, self._exchange.difference.total)
