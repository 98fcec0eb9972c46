"""What a payment means for its order: the door that the orders' area opens.

Each call is made inside the transaction that changes the payment, once for each change, under the
payment's lock and before the posting that belongs to it. Whoever holds the lock of a shop's feed
never waits for a payment: it is the other way round here.

An order may be paid by two attempts (the buyer used an old code as well), and money may come after
it was called off: `settled` then takes it in as money to give back. It never revives an order and
never refuses money. What the order's story knows beyond its payments was told by a counter to a
server that had forgotten them: of that `settled` and `refunded` tell nothing again.
"""

from __future__ import annotations

from typing import Protocol

from server.db.transaction import ShopTx


class OrderDoor(Protocol):
    """The orders' side. Amounts in rupiah, `now_ms` the server's time."""

    def asked(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> None:
        """A provider is about to be asked for `amount`.

        Raises:
            Refused: the order is not to be paid so, or owes another sum; nothing is asked.
        """

    def failed(self, tx: ShopTx, order_id: bytes, now_ms: int) -> None:
        """The attempt came to nothing, and no other one paid the order: one may be begun."""

    def settled(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> None:
        """So much has come: it lowers the order's receivable."""

    def refunded(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> int:
        """So much went back: it lowers what the order owes its buyer. Returns how much of it the
        order owed; never refuses, for the money is gone."""

    def charged_back(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> None:
        """So much was taken back without us: the buyer owes it again, unless it was paid beyond the
        price."""
