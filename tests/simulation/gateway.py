"""The payment provider of a run: the sandbox gateway's own book, whose answers and notifications
come as the seed will have it: late, twice, never, forged, or about another sum."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any, Final, NamedTuple
from unittest.mock import patch

import server.payments.looking as looking
import server.sandbox.book as books
import server.sandbox.transactions as transactions
import server.web.order_pay as order_pay
from core.errors import Refused
from server.payments.calling import Answer
from server.payments.midtrans import Access, Midtrans
from server.payments.paying import Paying
from server.payments.provider import ProviderSilent
from server.sandbox.book import Book, Refusal
from server.sandbox.faults import Faults
from server.sandbox.sending import forgeries, signed
from server.sandbox.transactions import Transaction
from tests.helpers.near_gateway import about_one
from tests.simulation.nature import HOUR_MS, Truth

BASE: Final = "https://gateway.invalid"
_WAITS_MS: Final = (120_000, 600_000, 1_800_000)
LATE_MS: Final = 5 * HOUR_MS
"""Money comes so long after its time at most: while the schedule still asks."""


class Post(NamedTuple):
    """A notification on its way."""

    at_ms: int
    body: bytes
    tries: int


class Gateway:
    """One for a run. `rates`: how often what goes wrong, nothing while `is_calm`."""

    def __init__(self, truth: Truth, chance: random.Random, rates: Mapping[str, float]) -> None:
        """Nobody was charged yet."""
        self.truth, self.chance, self.rates = truth, chance, rates
        self.is_calm = False
        self.posts: list[Post] = []
        self._later: list[tuple[int, Callable[[], None]]] = []
        self.counted: Callable[[str], None] = lambda name: None
        self.book = Book(self, self, lambda: truth.now)  # type: ignore[arg-type]

    def connect(self, access: Access) -> Midtrans:
        """The real adapter, whose calls come here."""
        made = Midtrans(access)
        made._caller = _Caller(self, access.server_key)  # type: ignore[assignment]
        return made

    def befalls(self, name: str) -> bool:
        """Whether a fault that may happen now does."""
        rate = self.rates.get(name, 0.0)
        if self.is_calm or not rate or self.chance.random() >= rate:
            return False
        self.counted(name)
        return True

    # -- what the book asks of its surroundings

    def do(self, work: Callable[[], None], after_s: float = 0) -> None:
        """What happens by itself, at its time."""
        self._later.append((self.truth.now + int(after_s * 1000), work))

    def tell(self, _url: str, fields: dict[str, Any], key: str, _faults: Faults) -> None:
        """A notification leaves."""
        body = signed(fields, key)
        if self.befalls("told_forged"):
            self.posts += [self._post(one) for one in forgeries(body)]
        if self.befalls("told_never"):
            return
        late_ms = self.chance.randint(1, 3 * HOUR_MS) if self.befalls("told_late") else 0
        self.posts += [self._post(body, late_ms)] * (2 if self.befalls("told_twice") else 1)

    def _post(self, body: Mapping[str, Any], late_ms: int = 0) -> Post:
        return Post(self.truth.now + late_ms, json.dumps(body).encode(), 0)

    # -- time

    def pass_time(self) -> None:
        """What was to happen by itself happens."""
        due = [one for one in self._later if one[0] <= self.truth.now]
        self._later = [one for one in self._later if one[0] > self.truth.now]
        for _, work in due:
            work()

    def due_posts(self) -> list[Post]:
        """The notifications that arrive now."""
        due = [one for one in self.posts if one.at_ms <= self.truth.now]
        self.posts = [one for one in self.posts if one.at_ms > self.truth.now]
        return due

    def not_taken(self, post: Post) -> None:
        """It comes again, some times."""
        if post.tries < len(_WAITS_MS):
            at_ms = self.truth.now + _WAITS_MS[post.tries]
            self.posts.append(Post(at_ms, post.body, post.tries + 1))

    # -- what buyers and banks do there

    def there(self, keys: set[str]) -> list[Transaction]:
        """The newest transaction of each of these order keys, the oldest key first."""
        found: dict[str, Transaction] = {}
        for one in self.book.all():
            if one.order_id in keys:
                found.setdefault(one.order_id, one)
        return [found[key] for key in sorted(found)]

    def pay(self, page: str) -> str:
        """The buyer chooses a way on the provider's page and pays, or is refused."""
        kind, bank = self.chance.choice((("qris", ""), ("gopay", ""), ("bank_transfer", "bca")))
        try:
            one = self.book.choose(page.rpartition("/")[2], kind, bank)
        except Refusal as refusal:
            return f"refused: {refusal.body.get('validation_messages', '')}"
        if self.befalls("denied"):
            self.book.deny(one.id)
            return "denied"
        if self.chance.random() < 0.2:
            return "chosen, not paid yet"
        self.book.pay(one.id)
        return one.status

    def something_happens(self, keys: set[str]) -> str:
        """A bank is late or takes money back; the merchant gives back on the provider's pages."""
        for one in self.there(keys):
            is_late = one.status in ("expire", "cancel", "deny")
            if is_late and self.truth.now < one.ends_ms + LATE_MS and self.befalls("settled_late"):
                self.book.settle(one.id)
                return "late money"
            if one.status == "pending" and self.chance.random() < 0.5:
                self.book.pay(one.id)
                return "paid"
            if one.status == "settlement" and self.befalls("charged_back"):
                self.book.charge_back(one.id)
                return "charged back"
            if one.status == "settlement" and self.befalls("given_back_there"):
                self.book.give_back(one.id, max(1, one.amount // 2))
                return "given back on its pages"
        return ""


class _Caller:
    """Calls that may be lost on either way, before or after they were carried out."""

    def __init__(self, gateway: Gateway, key: str) -> None:
        self._gateway, self._key = gateway, key

    def send(
        self,
        _method: str,
        url: str,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        within_s: float = 0,
    ) -> Answer:
        """One call.

        Raises:
            ProviderSilent: nobody knows whether it was carried out.
        """
        gateway = self._gateway
        if gateway.befalls("silent_before"):
            raise ProviderSilent(why="unreachable")
        if gateway.befalls("slow"):
            gateway.truth.forward(gateway.chance.randint(1_000, 9_000))
        parts = url.removeprefix(BASE).strip("/").split("/")
        try:
            data = self._done(parts, json.loads(body or "{}"), headers or {})
        except Refusal as refusal:
            data = refusal.body
        if gateway.befalls("silent_after"):
            raise ProviderSilent(why="late")
        if gateway.befalls("broken"):
            return Answer("500", {"status_message": "Sorry. Our system is down"}, "")
        if "gross_amount" in data and gateway.befalls("other_amount"):
            data = {**data, "gross_amount": f"{int(data['gross_amount'][:-3]) + 1_000}.00"}
        return Answer(str(data.get("status_code", "201")), data, json.dumps(data))

    def _done(
        self, parts: list[str], body: dict[str, Any], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        book, repeat = self._gateway.book, headers.get("Idempotency-Key", "")
        match parts:
            case ["snap", "v1", "transactions"]:
                token = book.open_page(self._key, body, BASE, repeat)
                return {"token": token, "redirect_url": f"{BASE}/snap/v4/redirection/{token}"}
            case ["v2", *rest]:
                return about_one(book, self._key, rest, body)
        raise AssertionError(parts)


@contextmanager
def near(gateway: Gateway) -> Iterator[None]:
    """The buyer's page asks this gateway; its ids follow from the seed, its calls take no time."""

    def paying(*given: Any) -> Paying:
        return Paying(*given, connect=gateway.connect)

    def number() -> uuid.UUID:
        return uuid.UUID(bytes=gateway.chance.randbytes(16))

    def token(length: int) -> str:
        return gateway.chance.randbytes(length).hex()

    with ExitStack() as stack:
        for owner, name, value in (
            (order_pay, "Paying", paying),
            (transactions, "uuid", SimpleNamespace(uuid4=number)),
            (books, "secrets", SimpleNamespace(token_urlsafe=token)),
            (looking, "time", SimpleNamespace(monotonic=lambda: 0.0)),
        ):
            stack.enter_context(patch.object(owner, name, value))
        yield


__all__ = ["BASE", "Gateway", "Post", "Refused", "near"]
