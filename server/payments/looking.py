"""Asking the provider how a payment stands, and taking in what it says.

Whoever wants to know comes through here: a notification, the schedule, the buyer's page. No
database transaction is open while the provider is asked.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from core.errors import Refused
from server.db.transaction import ShopTx
from server.failures import DatabaseBusy
from server.payments import rows
from server.payments.paying import Paying
from server.payments.provider import Provider, ProviderSilent, Said
from server.payments.rows import Payment
from server.payments.schedule import FIRST_MS
from server.payments.settling import OrderRefuses, mark, take_in
from server.payments.states import MONEY_CAME, OPEN

_TRIES: Final = 5
_log = logging.getLogger("huyula.payments")


class NoPayment(Refused):
    """There is no such payment."""

    code = "no_payment"


def payment_of(paying: Paying, shop_id: bytes, payment_id: bytes) -> Payment:
    """A payment as it stands here; nobody is asked.

    Raises:
        NoPayment: there is none.
    """
    with paying.services.store.reading_shop(shop_id) as tx:
        found = rows.find_payment(tx, payment_id)
    if found is None:
        raise NoPayment()
    return found


def look(
    paying: Paying, shop_id: bytes, payment_id: bytes, *, heard: str = "", within_s: float = 0
) -> Payment:
    """Ask how a payment stands, and take it in; returns how it stands now.

    `heard`: a notification that was verified, kept with what it led to. `within_s`: seconds that
    the provider may take in all, nought for as long as it usually may.

    Raises:
        NoPayment: there is none.
        ProviderSilent, ProviderKeyWrong: the provider did not say; what was heard is kept.
    """
    ends = time.monotonic() + within_s if within_s else 0
    for _ in range(_TRIES):
        at, provider = _ready(paying, shop_id, payment_id)
        try:
            said = _asked(provider, at, ends)
        except Refused:
            if heard:
                look_soon(paying, shop_id, at.id, heard=heard)
            raise
        after = _store(paying, shop_id, at, said, heard)
        if after is not None:
            return after
        # Somebody stored another answer since: this one may be older than it.
    look_soon(paying, shop_id, payment_id, heard=heard)
    raise DatabaseBusy()


def look_soon(paying: Paying, shop_id: bytes, payment_id: bytes, *, heard: str = "") -> None:
    """Have it asked about in a moment; `heard`: a notification to keep until then."""
    now_ms = paying.services.now_ms()

    def write(tx: ShopTx) -> Payment:
        at = _locked(tx, payment_id)
        if heard:
            rows.note(tx, at.id, "notification", heard, now_ms)
        soon_ms = now_ms + FIRST_MS
        after = at._replace(next_poll_ms=min(at.next_poll_ms or soon_ms, soon_ms))
        rows.keep_payment(tx, after)
        return after

    follow(paying, paying.services.store.in_shop(shop_id, write))


def follow(paying: Paying, at: Payment) -> None:
    """After a change was stored: the directory learns the provider's id, and to ask sooner.

    That there is nothing to ask any more it learns from the schedule alone, which looks first:
    its time is never later than the payment's own.
    """
    with paying.services.store.directory() as tx:
        place = rows.place_of(tx, at.provider, [at.provider_key])
        if place is not None and at.transaction_id:
            now_ms = paying.services.now_ms()
            rows.claim_transaction(tx, at.provider, at.transaction_id, place, now_ms)
        if at.next_poll_ms is not None:
            rows.hasten_poll(tx, at.provider, at.provider_key, at.next_poll_ms)


def _ready(paying: Paying, shop_id: bytes, payment_id: bytes) -> tuple[Payment, Provider]:
    with paying.services.store.reading_shop(shop_id) as tx:
        at = rows.find_payment(tx, payment_id)
        if at is None:
            raise NoPayment()
        return at, paying.provider_of(tx, at)


def _asked(provider: Provider, at: Payment, ends: float) -> Said | None:
    said = provider.status(at.provider_key, within_s=_left(ends))
    if said is None and at.transaction_id:
        # Some channels know it by the provider's own id alone.
        said = provider.status(at.transaction_id, within_s=_left(ends))
    return said


def _left(ends: float) -> float:
    """Seconds until then; nought where there is no end."""
    left = ends - time.monotonic() if ends else 0
    if ends and left <= 0:
        raise ProviderSilent(why="late")
    return left


def _store(
    paying: Paying, shop_id: bytes, seen: Payment, said: Said | None, heard: str
) -> Payment | None:
    """How it stands now; None where it changed since it was `seen`."""
    now_ms = paying.services.now_ms()

    def write(tx: ShopTx) -> Payment | None:
        at = _locked(tx, seen.id)
        if at.version != seen.version:
            return None
        _note(tx, at, said, heard, now_ms)
        after = take_in(tx, paying.door, at, said, now_ms)
        if after.state in MONEY_CAME and at.state not in MONEY_CAME:
            others[:] = _others(tx, after)
        return after

    def complain(tx: ShopTx) -> Payment | None:
        at = _locked(tx, seen.id)
        if at.version != seen.version:
            return None
        _note(tx, at, said, heard, now_ms)
        return mark(tx, at, f"order:{by}")

    others: list[Payment] = []
    try:
        after = paying.services.store.in_shop(shop_id, write)
    except OrderRefuses as refusal:
        by = str(refusal.details["by"])
        _log.error("an order did not take what became of its payment: %s", by)
        others.clear()
        after = paying.services.store.in_shop(shop_id, complain)
    if after is not None:
        follow(paying, after)
        for other in others:
            look_soon(paying, shop_id, other.id)
    return after


def _others(tx: ShopTx, paid: Payment) -> list[Payment]:
    """Other attempts that are still open are called off soon: nobody is to pay twice."""
    attempts = rows.payments_of(tx, paid.order_id)
    return [one for one in attempts if one.id != paid.id and one.state in OPEN]


def _note(tx: ShopTx, at: Payment, said: Said | None, heard: str, now_ms: int) -> None:
    if heard:
        rows.note(tx, at.id, "notification", heard, now_ms)
    rows.note(tx, at.id, "status", "" if said is None else said.raw, now_ms)


def _locked(tx: ShopTx, payment_id: bytes) -> Payment:
    at = rows.find_payment(tx, payment_id, lock=True)
    assert at is not None, "a payment is never removed"
    return at


def call_off(paying: Paying, shop_id: bytes, payment_id: bytes) -> Payment:
    """Call an attempt off that was not paid yet; returns how it stands then: it may have been
    paid a moment before.

    Raises:
        NoPayment: there is none.
        ProviderSilent: the provider did not say.
    """
    at, provider = _ready(paying, shop_id, payment_id)
    if at.state not in OPEN:
        return at
    try:
        provider.cancel(at.provider_key)
    except ProviderSilent:
        raise
    except Refused:
        # There is nothing to cancel: how it stands says why.
        pass
    return look(paying, shop_id, payment_id)
