"""A shop whose orders are paid through the sandbox gateway, and its side of the door."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from core.ledger import Entry, Posting
from core.orders.rules import NotPossible, take
from core.orders.standing import Standing
from server.db.schema import SHOP
from server.db.schema.payments import order_payment_said
from server.db.transaction import ShopTx
from server.ledger.accounts import balance_of, open_accounts
from server.ledger.chart import owner_of
from server.ledger.posting import post
from server.ledger.proving import prove_books
from server.payments import rows
from server.payments.accounts import Account, set_account
from server.payments.asking import Ask, ask
from server.payments.hearing import Heard, notified
from server.payments.looking import payment_of
from server.payments.midtrans import Midtrans
from server.payments.paying import Connect, Paying
from server.payments.polling import poll_due
from server.payments.provider import Line
from server.payments.proving import prove_payments
from server.payments.refunding import Wish, refund
from server.payments.rows import Payment, Refund
from server.services import Services
from server.shops.adding import add_shop
from tests.helpers.sandbox import KEY, Sandbox


class Door:
    """Orders as the rules have them, in memory: what was done in a transaction that was undone
    is undone here, too."""

    def __init__(self) -> None:
        self.standings: dict[bytes, Standing] = {}
        self.calls: list[tuple[str, bytes, int]] = []
        self.refusing: Exception | None = None

    def names(self, order_id: bytes) -> list[str]:
        """What was called for an order."""
        return [name for name, order, _amount in self.calls if order == order_id]

    def asked(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> None:
        at = self._at(tx, order_id)
        self._keep(tx, "asked", order_id, amount, take(at, "ask_payment", "buyer").standing)

    def failed(self, tx: ShopTx, order_id: bytes, now_ms: int) -> None:
        at = self._at(tx, order_id)
        self._keep(tx, "failed", order_id, 0, take(at, "payment_failed", "provider").standing)

    def settled(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> None:
        if self.refusing:
            raise self.refusing
        at = self._at(tx, order_id)
        try:
            after = take(at, "settle_payment", "provider", amount=amount).standing
        except NotPossible:
            # Paid by another attempt before: all of it is too much.
            after = at._replace(paid=at.paid + amount, payment="refund_due")
        owed = after.to_give_back - at.to_give_back
        if owed > 0:
            entry = hashlib.sha256(f"{order_id.hex()}{after}".encode()).digest()[:16]
            _owe(tx, entry, order_id, owed, now_ms)
        self._keep(tx, "settled", order_id, amount, after)

    def refunded(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> int:
        at = self._at(tx, order_id)
        if at.payment == "refund_due":
            at = take(at, "refund", "provider", amount=amount).standing
        else:
            at = at._replace(refunded=at.refunded + amount)
        self._keep(tx, "refunded", order_id, amount, at)
        return amount

    def charged_back(self, tx: ShopTx, order_id: bytes, amount: int, now_ms: int) -> None:
        at = take(self._at(tx, order_id), "charge_back", "provider").standing
        self._keep(tx, "charged_back", order_id, amount, at)

    def _at(self, tx: ShopTx, order_id: bytes) -> Standing:
        """As this transaction left it."""
        found: Standing = _written(tx).get(order_id, self.standings[order_id])
        return found

    def _keep(self, tx: ShopTx, name: str, order_id: bytes, amount: int, after: Standing) -> None:
        _written(tx)[order_id] = after

        def keep() -> None:
            self.standings[order_id] = after
            self.calls.append((name, order_id, amount))

        tx.after_commit(keep)


def _owe(tx: ShopTx, entry: bytes, order_id: bytes, amount: int, now_ms: int) -> None:
    owner = owner_of(order_id)
    wanted = [("order_receivable", owner), ("refund_payable", owner)]
    posting = Posting(*open_accounts(tx, wanted, now_ms), amount)
    post(tx, Entry(entry, "refund_owed", owner, "2026-11-26", (posting,)), now_ms)


def _written(tx: ShopTx) -> dict[bytes, Standing]:
    found: dict[bytes, Standing] = tx.__dict__.setdefault("orders_written", {})
    return found


class PaidShop:
    """A shop with an account at the sandbox gateway. `connect` may put faults in between."""

    def __init__(
        self, services: Services, sandbox: Sandbox, key: str = KEY, connect: Connect = Midtrans
    ) -> None:
        self.services, self.sandbox = services, sandbox
        self.door = Door()
        self.paying = Paying(services, self.door, connect)
        self.shop = add_shop(services, "Warung").id
        set_account(services, self.shop, Account("sandbox", key, base=sandbox.url))

    def order(self, total: int = 28_000) -> bytes:
        """An order that was accepted and is to be paid through the provider."""
        made = self.services.new_id()
        self.door.standings[made] = Standing("accepted", pay_way="gateway", total=total)
        return made

    def wanted(self, order: bytes, **more: Any) -> Ask:
        """A payment of an order by QRIS."""
        total = self.door.standings[order].total
        lines = (Line("Kopi", total + 2_000), Line("Potongan", -2_000))
        return Ask(self.services.new_id(), order, "qris", lines, 900)._replace(**more)

    def ask(self, wanted: Ask) -> Payment:
        """Ask for it."""
        return ask(self.paying, self.shop, wanted)

    def hear(self, raw: bytes) -> Heard:
        """A notification came."""
        return notified(self.paying, "midtrans", raw)

    def ear(self, raw: bytes) -> int:
        """A notification came; the status that it is answered with."""
        return 503 if self.hear(raw) == "later" else 200

    def payment(self, payment_id: bytes) -> Payment:
        """How it stands here."""
        return payment_of(self.paying, self.shop, payment_id)

    def poll(self, after_ms: int = 21_000) -> int:
        """Let time pass, and ask about what is due."""
        self.services.now_ms.pass_ms(after_ms)  # type: ignore[attr-defined]
        return poll_due(self.paying)

    def refund(self, payment: Payment, amount: int, refund_id: bytes = b"") -> Refund:
        """Give back."""
        wish = Wish(refund_id or self.services.new_id(), payment.id, amount, "habis")
        return refund(self.paying, self.shop, wish)

    def refunds(self, payment: Payment) -> list[Refund]:
        """What was given back."""
        return self._read(lambda tx: rows.refunds_of(tx, payment.id))

    def words(self, payment: Payment) -> list[str]:
        """What was exchanged about it, by kind."""
        return [word.what for word in self._read(lambda tx: rows.words_of(tx, payment.id))]

    def count_words(self) -> int:
        """How much was kept in the shop."""
        statement = select(func.count()).where(order_payment_said.c.shop_id == SHOP)
        return int(self._read(lambda tx: tx.scalar(statement)))

    def troubled(self) -> list[tuple[bytes, str]]:
        """What a person must look at."""
        return [(one.id, one.trouble) for one in self._read(rows.troubled)]

    def balances(self, order: bytes) -> dict[str, int]:
        """What the order's accounts and the provider's clearing stand at."""
        owner = owner_of(order)
        wanted = [
            ("provider_clearing", "midtrans-sandbox"),
            ("order_receivable", owner),
            ("refund_payable", owner),
            ("provider_fees", ""),
        ]

        def read(tx: ShopTx) -> dict[str, int]:
            accounts = open_accounts(tx, wanted, self.services.now_ms())
            names = ("clearing", "receivable", "payable", "fees")
            return {
                name: balance_of(tx, account).balance
                for name, account in zip(names, accounts, strict=True)
            }

        return self.services.store.in_shop(self.shop, read)

    def check_books(self) -> None:
        """Nothing in them is wrong, and payments say the same."""
        assert not prove_books(self.services, self.shop).differences
        proof = prove_payments(self.services, self.shop)
        assert proof.ok and proof.payments, proof.differences

    def _read(self, work: Callable[[ShopTx], Any]) -> Any:
        with self.services.store.reading_shop(self.shop) as tx:
            return work(tx)
