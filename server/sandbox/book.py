"""The sandbox gateway's memory: who charged what, and what happened to it since."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from server.sandbox.faults import Faults, Wish
from server.sandbox.sending import Later, Notifier
from server.sandbox.transactions import ZONE, Refund, Transaction

_KINDS: Final = ("qris", "gopay", "bank_transfer", "echannel")
_MOST_KEPT: Final = 20_000


class Refusal(Exception):
    """The gateway says no, with a code and words of Midtrans'."""

    def __init__(self, code: str, message: str, *details: str) -> None:
        """`details` as `validation_messages`."""
        super().__init__(message)
        self.body: dict[str, Any] = {"status_code": code, "status_message": message}
        if details:
            self.body["validation_messages"] = list(details)


class Book:
    """All of it, in memory, under one lock. Each server key sees its own alone."""

    def __init__(self, notifier: Notifier, later: Later, now_ms: Callable[[], int]) -> None:
        """Empty."""
        self._notifier, self._later, self._now_ms = notifier, later, now_ms
        self._lock = threading.RLock()
        self._by_order: dict[tuple[str, str], Transaction] = {}
        self._by_id: dict[str, Transaction] = {}
        self._repeats: dict[tuple[str, str], dict[str, Any]] = {}
        self._pages: dict[str, dict[str, Any]] = {}
        self._plain = Faults()
        self._faults: dict[str, Faults] = {}

    def wish(self, wish: Wish) -> None:
        """Behave so from now on."""
        with self._lock:
            if wish.order_id:
                self._faults[wish.order_id] = wish.faults
            else:
                self._plain = wish.faults

    def faults_of(self, order_id: str) -> Faults:
        """How it behaves about an order."""
        return self._faults.get(order_id, self._plain)

    def charge(
        self, server_key: str, body: dict[str, Any], *, notify: str, repeat: str, base: str
    ) -> dict[str, Any]:
        """Take a charge; the same `repeat` is answered as the first was."""
        with self._lock:
            if repeat and (server_key, repeat) in self._repeats:
                return self._repeats[(server_key, repeat)]
            order_id, amount = self._details(body)
            kind = str(body.get("payment_type"))
            if kind not in _KINDS:
                raise Refusal("402", "Payment channel is not activated.")
            made = self._begin(server_key, order_id, amount, kind, body, notify)
            answer = made.charged(base)
            if repeat:
                self._repeats[(server_key, repeat)] = answer
            return answer

    def _details(self, body: dict[str, Any]) -> tuple[str, int]:
        details = body.get("transaction_details")
        details = details if isinstance(details, dict) else {}
        order_id, amount = details.get("order_id"), details.get("gross_amount")
        if not isinstance(order_id, str) or not 0 < len(order_id) <= 50:
            raise Refusal("400", "Bad request", "transaction_details.order_id is required")
        if type(amount) is not int or amount <= 0:
            raise Refusal("400", "Bad request", "transaction_details.gross_amount is not valid")
        items = body.get("item_details")
        if isinstance(items, list):
            total = sum(int(one["price"]) * int(one["quantity"]) for one in items)
            if total != amount:
                why = "transaction_details.gross_amount is not equal to the sum of item_details"
                raise Refusal("400", "Bad request", why)
        return order_id, amount

    def _begin(
        self,
        server_key: str,
        order_id: str,
        amount: int,
        kind: str,
        body: dict[str, Any],
        notify: str,
    ) -> Transaction:
        there = self._by_order.get((server_key, order_id))
        if there is not None and there.status not in ("cancel", "deny"):
            raise Refusal(
                "406",
                "The request could not be completed due to a conflict with the current state of"
                " the target resource, please try again",
                "transaction_details.order_id sudah digunakan",
            )
        now_ms = self._now_ms()
        given = body.get(kind)
        bank = str(given.get("bank", "")) if isinstance(given, dict) else ""
        ends_ms = _ends(body.get("custom_expiry"), now_ms, 86_400 if bank else 900)
        items = body.get("item_details")
        made = Transaction(
            order_id,
            amount,
            kind,
            server_key,
            notify,
            now_ms,
            ends_ms,
            bank,
            items if isinstance(items, list) else [],
        )
        if len(self._by_id) >= _MOST_KEPT:
            raise Refusal("500", "The sandbox is full; start it anew.")
        self._by_order[(server_key, order_id)] = self._by_id[made.id] = made
        self._tell(made)
        self._live(made)
        return made

    def _live(self, one: Transaction) -> None:
        """What happens to it by itself."""
        faults = self.faults_of(one.order_id)
        left_s = max(0.0, (one.ends_ms - self._now_ms()) / 1000)
        self._later.do(lambda: self.expire_late(one.id), left_s)
        match faults.pay:
            case "at_once":
                self._later.do(lambda: self.pay(one.id), faults.delay_s)
            case "refused":
                self._later.do(lambda: self.deny(one.id), faults.delay_s)
            case "after_expiry":
                self._later.do(lambda: self.settle(one.id), left_s + faults.delay_s)

    # -- Snap: the buyer chooses on a page
    def open_page(self, server_key: str, body: dict[str, Any], notify: str, repeat: str) -> str:
        """A page's token; the same `repeat` gets the same."""
        with self._lock:
            if repeat and (server_key, repeat) in self._repeats:
                return str(self._repeats[(server_key, repeat)]["token"])
            order_id, _amount = self._details(body)
            taken = any(
                page["server_key"] == server_key and page["order_id"] == order_id
                for page in self._pages.values()
            )
            if taken:
                raise Refusal("400", "", "transaction_details.order_id sudah digunakan")
            token = secrets.token_urlsafe(18)
            self._pages[token] = {
                "server_key": server_key,
                "order_id": order_id,
                "body": body,
                "notify": notify,
            }
            if repeat:
                self._repeats[(server_key, repeat)] = {"token": token}
            return token

    def page(self, token: str) -> dict[str, Any]:
        """What a page was opened for, and its transaction where one was chosen."""
        with self._lock:
            found = self._pages.get(token)
            if found is None:
                raise Refusal("404", "Transaction doesn't exist.")
            chosen = self._by_order.get((found["server_key"], found["order_id"]))
            return {**found, "transaction": chosen}

    def choose(self, token: str, kind: str, bank: str) -> Transaction:
        """The buyer chose how to pay."""
        with self._lock:
            page = self.page(token)
            there: Transaction | None = page["transaction"]
            if there is not None and there.status == "pending":
                return there
            body = {**page["body"], kind: {"bank": bank}}
            expiry = body.get("expiry")
            if isinstance(expiry, dict):
                body["custom_expiry"] = {
                    "order_time": expiry.get("start_time"),
                    "expiry_duration": expiry.get("duration"),
                    "unit": expiry.get("unit", "minutes").rstrip("s"),
                }
            amount = int(body["transaction_details"]["gross_amount"])
            if kind not in _KINDS:
                raise Refusal("402", "Payment channel is not activated.")
            return self._begin(
                page["server_key"], page["order_id"], amount, kind, body, page["notify"]
            )

    # -- what the merchant asks
    def status(self, server_key: str, key: str) -> dict[str, Any]:
        """How a transaction stands, by order or transaction id."""
        with self._lock:
            message = "Success, transaction is found"
            return {**self._own(server_key, key).fields(), "status_message": message}

    def cancel(self, server_key: str, key: str) -> dict[str, Any]:
        """Call off what was not paid."""
        with self._lock:
            return self._end(self._own(server_key, key), "cancel")

    def expire(self, server_key: str, key: str) -> dict[str, Any]:
        """End its time."""
        with self._lock:
            return self._end(self._own(server_key, key), "expire")

    def refund(self, server_key: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        """Give back; the same key is the same refund."""
        with self._lock:
            one = self._own(server_key, key)
            refund_key, amount = str(body.get("refund_key", "")), body.get("amount", one.amount)
            same = next((it for it in one.refunds if it.key == refund_key), None)
            if same is None:
                if one.kind in ("bank_transfer", "echannel"):
                    raise Refusal("418", "Payment type is not refundable.")
                if one.status not in ("settlement", "partial_refund"):
                    raise Refusal("412", "Transaction status cannot be updated.")
                if self.faults_of(one.order_id).refund == "refused":
                    raise Refusal("414", "Refund is refused by the issuer.")
                if type(amount) is not int or not 0 < amount <= one.amount - one.refunded:
                    raise Refusal("414", "Refund amount is more than what is left.")
                self._give_back(one, refund_key, amount, str(body.get("reason", "")))
            return {
                **one.fields(),
                "status_message": "Success, refund request is approved",
                "refund_key": refund_key,
            }

    # -- what buyers, banks and time do
    def pay(self, transaction_id: str) -> None:
        """The buyer pays, while it may be paid."""
        with self._lock:
            one = self._any(transaction_id)
            if one.status == "pending":
                self._settle(one)

    def settle(self, transaction_id: str) -> None:
        """The money comes, even after the time was over."""
        with self._lock:
            one = self._any(transaction_id)
            if one.status in ("pending", "expire", "cancel", "deny"):
                self._settle(one)

    def deny(self, transaction_id: str) -> None:
        """It is refused; paid money is taken back so, too."""
        self._move(transaction_id, ("pending", "settlement"), "deny")

    def expire_late(self, transaction_id: str) -> None:
        """Its time is over."""
        self._move(transaction_id, ("pending",), "expire")

    def charge_back(self, transaction_id: str) -> None:
        """A bank takes it back."""
        self._move(transaction_id, ("settlement", "partial_refund"), "chargeback")

    def give_back(self, transaction_id: str, amount: int) -> None:
        """The merchant gives back on the gateway's own pages."""
        with self._lock:
            one = self._any(transaction_id)
            if one.status in ("settlement", "partial_refund"):
                most = min(amount, one.amount - one.refunded)
                self._give_back(one, f"dashboard-{len(one.refunds) + 1}", most, "")

    def find(self, order_id: str) -> Transaction:
        """The newest with an order id, or with this id."""
        with self._lock:
            found = self._by_id.get(order_id) or next(
                (it for it in reversed(self._by_id.values()) if it.order_id == order_id), None
            )
            if found is None:
                raise Refusal("404", "Transaction doesn't exist.")
            return found

    def all(self) -> list[Transaction]:
        """The newest first."""
        with self._lock:
            return list(reversed(self._by_id.values()))

    def _own(self, server_key: str, key: str) -> Transaction:
        found = self._by_order.get((server_key, key)) or self._by_id.get(key)
        # Another merchant's is not there.
        if found is None or found.server_key != server_key:
            raise Refusal("404", "Transaction doesn't exist.")
        return found

    def _any(self, transaction_id: str) -> Transaction:
        found = self._by_id.get(transaction_id)
        if found is None:
            raise Refusal("404", "Transaction doesn't exist.")
        return found

    def _end(self, one: Transaction, to: str) -> dict[str, Any]:
        if one.status != "pending":
            raise Refusal("412", "Merchant cannot modify the status of the transaction")
        one.status = to
        self._tell(one)
        return {**one.fields(), "status_message": f"Success, transaction is {to}"}

    def _move(self, transaction_id: str, sources: tuple[str, ...], to: str) -> None:
        with self._lock:
            one = self._any(transaction_id)
            if one.status in sources:
                one.status = to
                self._tell(one)

    def _settle(self, one: Transaction) -> None:
        one.status, one.settled_ms = "settlement", self._now_ms()
        self._tell(one)

    def _give_back(self, one: Transaction, key: str, amount: int, reason: str) -> None:
        one.refunds.append(Refund(key, amount, reason, self._now_ms()))
        one.status = "refund" if one.refunded == one.amount else "partial_refund"
        self._tell(one)

    def _tell(self, one: Transaction) -> None:
        faults = self.faults_of(one.order_id)
        self._notifier.tell(one.notify, one.fields(), one.server_key, faults)


def wall_ms() -> int:
    """The clock."""
    return time.time_ns() // 1_000_000


def _ends(expiry: Any, now_ms: int, usual_s: int) -> int:
    if not isinstance(expiry, dict):
        return now_ms + usual_s * 1000
    units = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
    try:
        length_s = int(expiry["expiry_duration"]) * units[expiry.get("unit", "minute")]
        begins = datetime.strptime(expiry["order_time"], "%Y-%m-%d %H:%M:%S %z")
    except (KeyError, TypeError, ValueError):
        raise Refusal("400", "Bad request", "custom_expiry is not valid") from None
    return int(begins.astimezone(ZONE).timestamp() * 1000) + length_s * 1000
