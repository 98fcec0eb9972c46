"""Asking for a payment: the row first, then the provider, then its answer.

The provider is asked outside every transaction. Whoever dies in between leaves an attempt that
says "asking"; the schedule asks the provider what became of it, and whoever asks again with the
same id gets the same attempt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from core.errors import Refused
from server.db.transaction import ShopTx
from server.db.types import show_id
from server.failures import DatabaseBusy
from server.payments import rows
from server.payments.accounts import active_account
from server.payments.looking import call_off, follow, payment_of
from server.payments.midtrans import BANKS, METHODS
from server.payments.paying import Paying
from server.payments.provider import (
    Charge,
    Charged,
    KeyUsed,
    Line,
    Method,
    ProviderSilent,
)
from server.payments.rows import Payment
from server.payments.schedule import FIRST_MS
from server.payments.settling import fail, take_in
from server.payments.states import MONEY_CAME, OPEN

_TRIES: Final = 5
SHORTEST_S: Final = 60
LONGEST_S: Final = 7 * 86_400
MOST_RUPIAH: Final = 999_999_999


class BadPayment(Refused):
    """What is asked for cannot be; `why`: amount, life, method, bank, other (the id was used for
    something else)."""

    code = "bad_payment"


class PaymentOpen(Refused):
    """Another attempt to pay this order waits for its buyer: that one, or none."""

    code = "payment_open"


class PaidAlready(Refused):
    """The order was paid."""

    code = "paid_already"


class Ask(NamedTuple):
    """A payment that is wanted. `payment_id` is made by whoever asks, before asking: asked again
    it is the same. The amount is the sum of the lines (rupiah), `life_s` how long it may be paid.
    `notify`: where the provider reaches this server, `back`: where it sends the buyer then.
    """

    payment_id: bytes
    order_id: bytes
    method: Method
    lines: tuple[Line, ...]
    life_s: int
    bank: str = ""
    notify: str = ""
    back: str = ""

    @property
    def amount(self) -> int:
        """In rupiah."""
        return sum(line.amount for line in self.lines)


def order_key(order_id: bytes, attempt: int) -> str:
    """What a provider knows an attempt by: it takes no key twice."""
    return f"HY-{order_id.hex()}-{attempt}"


def ask(paying: Paying, shop_id: bytes, wanted: Ask) -> Payment:
    """Ask a provider for a payment, once; returns how it stands, with what the buyer needs.

    Where the provider is silent it says "asking": asked again with the same id, or in a while.

    Raises:
        BadPayment: it cannot be so.
        NoProviderAccount: the shop takes no payments through a provider.
        PaymentOpen, PaidAlready: there is another attempt.
        ProviderRefused, MethodNotOpen, ProviderKeyWrong: it came to nothing.
        Refused: the order says no; nothing was asked.
    """
    _check(wanted)
    found = _find(paying, shop_id, wanted)
    is_new = found is None
    if found is None:
        found = _begin(paying, shop_id, wanted)
    if found.state not in OPEN or any(found.shown):
        return found
    return _call(paying, shop_id, wanted, found, is_new=is_new)


def _check(wanted: Ask) -> None:
    if not 0 < wanted.amount <= MOST_RUPIAH:
        raise BadPayment(why="amount")
    if not SHORTEST_S <= wanted.life_s <= LONGEST_S:
        raise BadPayment(why="life")
    if wanted.method not in METHODS:
        raise BadPayment(why="method")
    if (wanted.method == "bank_transfer") != (wanted.bank in BANKS):
        raise BadPayment(why="bank")


def _find(paying: Paying, shop_id: bytes, wanted: Ask) -> Payment | None:
    with paying.services.store.reading_shop(shop_id) as tx:
        found = rows.find_payment(tx, wanted.payment_id)
    if found is not None:
        there = (found.order_id, found.method, found.bank, found.amount)
        if there != (wanted.order_id, wanted.method, wanted.bank, wanted.amount):
            raise BadPayment(why="other")
    return found


def _begin(paying: Paying, shop_id: bytes, wanted: Ask) -> Payment:
    """Write the attempt down; by a key an order has one that is open."""
    store = paying.services.store
    for _ in range(_TRIES):
        with store.reading_shop(shop_id) as reading:
            others = rows.payments_of(reading, wanted.order_id)
            mine = next((one for one in others if one.id == wanted.payment_id), None)
            if mine is not None:
                # Asked at the same moment: the other was first.
                return mine
            made = _next_attempt(paying, reading, wanted, others)
        # The directory first: a claim without a payment is harmless, a notification about one
        # that nobody finds is not.
        with store.directory() as tx:
            soon_ms = made.created_ms + FIRST_MS
            rows.claim(tx, made.provider, made.provider_key, shop_id, made.created_ms, soon_ms)
        if store.in_shop(shop_id, lambda tx, made=made: _write(paying, tx, wanted, made)):  # type: ignore[misc]
            return made
        found = _find(paying, shop_id, wanted)
        if found is not None:
            return found
    raise DatabaseBusy()


def _next_attempt(paying: Paying, tx: ShopTx, wanted: Ask, others: Sequence[Payment]) -> Payment:
    account = active_account(tx)
    for one in others:
        if one.state in OPEN:
            raise PaymentOpen(payment=show_id(one.id))
        if one.state in MONEY_CAME - {"charged_back", "refunded"}:
            raise PaidAlready(payment=show_id(one.id))
    now_ms = paying.services.now_ms()
    attempt = max((one.attempt for one in others), default=0) + 1
    return Payment(
        id=wanted.payment_id,
        order_id=wanted.order_id,
        attempt=attempt,
        provider=account.provider,
        environment=account.environment,
        provider_key=order_key(wanted.order_id, attempt),
        method=wanted.method,
        bank=wanted.bank,
        amount=wanted.amount,
        created_ms=now_ms,
        expires_ms=now_ms + wanted.life_s * 1000,
        next_poll_ms=now_ms + FIRST_MS,
    )


def _write(paying: Paying, tx: ShopTx, wanted: Ask, made: Payment) -> bool:
    """False where another attempt was written at the same moment."""
    if not rows.add_payment(tx, made):
        return False
    provider = paying.provider_of(tx, made)
    rows.note(tx, made.id, "request", provider.request_of(_charge(wanted, made)), made.created_ms)
    paying.door.asked(tx, made.order_id, made.amount, made.created_ms)
    return True


def _charge(wanted: Ask, made: Payment) -> Charge:
    return Charge(
        order_key=made.provider_key,
        repeat_key=show_id(made.id),
        method=made.method,
        amount=made.amount,
        lines=wanted.lines,
        asked_ms=made.created_ms,
        life_s=(made.expires_ms - made.created_ms) // 1000,
        bank=made.bank,
        notify=wanted.notify,
        back=wanted.back,
    )


def _call(paying: Paying, shop_id: bytes, wanted: Ask, made: Payment, *, is_new: bool) -> Payment:
    with paying.services.store.reading_shop(shop_id) as tx:
        provider = paying.provider_of(tx, made)
    try:
        charged = provider.charge(_charge(wanted, made))
    except ProviderSilent:
        # It may have been done; the schedule, or whoever asks again, finds out.
        return payment_of(paying, shop_id, made.id)
    except KeyUsed:
        # An earlier call came through, and its answer is lost for ever: nobody can pay it.
        return call_off(paying, shop_id, made.id)
    except Refused as refusal:
        if is_new:
            _store_refusal(paying, shop_id, made, refusal)
        raise
    return _store_answer(paying, shop_id, made, charged)


def _store_answer(paying: Paying, shop_id: bytes, made: Payment, charged: Charged) -> Payment:
    now_ms = paying.services.now_ms()

    def write(tx: ShopTx) -> Payment:
        at = rows.find_payment(tx, made.id, lock=True)
        assert at is not None
        rows.note(tx, at.id, "answer", charged.said.raw, now_ms)
        return take_in(tx, paying.door, at, charged.said, now_ms, shown=charged.shown)

    after = paying.services.store.in_shop(shop_id, write)
    follow(paying, after)
    return after


def _store_refusal(paying: Paying, shop_id: bytes, made: Payment, refusal: Refused) -> None:
    now_ms = paying.services.now_ms()

    def write(tx: ShopTx) -> Payment:
        at = rows.find_payment(tx, made.id, lock=True)
        assert at is not None
        words = f"{refusal.code}: {refusal.details.get('said', '')}"
        rows.note(tx, at.id, "answer", words, now_ms)
        return fail(tx, paying.door, at, now_ms)

    follow(paying, paying.services.store.in_shop(shop_id, write))
