"""Books to write in: a shop with customers' credit (watched, floor 0), orders and cash."""

from __future__ import annotations

from typing import Any

from core.ledger import Entry, Hold, Posting
from server.ledger.accounts import Balance, balance_of, open_accounts
from server.ledger.holds import hold, post_hold, void_hold
from server.ledger.posting import Posted, post, reverse
from server.ledger.proving import Difference, prove_books
from server.services import Services
from server.shops.adding import add_shop

DAY = "2026-09-21"
WANTED = [
    ("cash", ""),
    ("sales", ""),
    ("store_credit", "ani"),
    ("store_credit", "budi"),
    ("order_receivable", "1"),
]


class Books:
    """A shop's books, each call a transaction of its own, by the clock of the test."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.shop = add_shop(services, "Toko").id
        with services.store.shop(self.shop) as tx:
            accounts = open_accounts(tx, WANTED, services.now_ms())
        self.cash, self.sales, self.ani, self.budi, self.order = accounts

    def in_shop(self, work: Any) -> Any:
        """Run `work(tx, now)` in the shop's transaction."""
        return self.services.store.in_shop(self.shop, lambda tx: work(tx, self.services.now_ms()))

    def entry(self, *postings: tuple[bytes, bytes, int], **more: Any) -> Entry:
        """An entry of postings (debit, credit, amount)."""
        made = tuple(Posting(*one) for one in postings)
        return Entry(self.services.new_id(), "transfer", "order 1", DAY, made)._replace(**more)

    def move(self, debit: bytes, credit: bytes, amount: int, **more: Any) -> Posted:
        """Post one posting."""
        return self.post(self.entry((debit, credit, amount), **more))

    def post(self, entry: Entry) -> Posted:
        """Post an entry."""
        return self.in_shop(lambda tx, now: post(tx, entry, now))

    def reverse(self, original: bytes, new: bytes = b"") -> Posted:
        """Take an entry back."""
        made = new or self.services.new_id()
        return self.in_shop(lambda tx, now: reverse(tx, original, made, DAY, now))

    def held(
        self, debit: bytes, credit: bytes, amount: int, expires_ms: int | None = None
    ) -> bytes:
        """Open a hold; its id."""
        made = Hold(self.services.new_id(), "hold", "", Posting(debit, credit, amount), expires_ms)
        self.in_shop(lambda tx, now: hold(tx, made, now))
        return made.id

    def use(self, held: bytes, amount: int | None = None, entry: bytes = b"") -> Posted:
        """Post a hold."""
        made = entry or self.services.new_id()
        return self.in_shop(lambda tx, now: post_hold(tx, held, made, DAY, now, amount=amount))

    def void(self, held: bytes) -> None:
        """Let go of a hold."""
        self.in_shop(lambda tx, now: void_hold(tx, held, now))

    def balance(self, account: bytes) -> Balance:
        """What an account stands at."""
        found: Balance = self.in_shop(lambda tx, _now: balance_of(tx, account))
        return found

    def differences(self) -> list[Difference]:
        """What is wrong with the books."""
        return list(prove_books(self.services, self.shop).differences)
