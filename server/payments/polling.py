"""Asking by schedule: what a provider forgot to tell, or told to nobody.

The directory knows which payments are due; who takes one sets its time on first, so that several
processes do not ask about the same one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from core.errors import Refused
from server.db.transaction import ShopTx
from server.payments import rows
from server.payments.finding import find_lost
from server.payments.looking import call_off, look, payment_of
from server.payments.paying import Paying
from server.payments.provider import ProviderKeyWrong, ProviderSilent
from server.payments.refunding import press
from server.payments.rows import Payment, Place
from server.payments.settling import asked_next, is_unwanted
from server.payments.states import OPEN
from server.sealed import SealBroken

AT_ONCE: Final = 50
_LEASE_MS: Final = 60_000
_CLAIMED_FOR_NOTHING_MS: Final = 5 * 60_000
_ASKED_AGAIN_MS: Final = 3_600_000
_ASKED_FOR_MS: Final = 7 * 86_400_000
_log = logging.getLogger("huyula.payments")


def poll_due(paying: Paying, stopping: Callable[[], bool] = lambda: False) -> int:
    """Ask about payments that are due, at most `AT_ONCE`; returns about how many."""
    now_ms = paying.services.now_ms()
    with paying.services.store.reading_directory() as tx:
        due = rows.due_places(tx, now_ms, AT_ONCE)
    count = 0
    for provider, place in due:
        if stopping():
            break
        lease_ms = paying.services.now_ms() + _LEASE_MS
        if _move(paying, provider, place, lease_ms):
            _poll(paying, provider, place._replace(poll_ms=lease_ms))
            count += 1
    return count


def _poll(paying: Paying, provider: str, place: Place) -> None:
    with paying.services.store.reading_shop(place.shop) as tx:
        at = rows.find_by_key(tx, provider, place.order_key)
    now_ms = paying.services.now_ms()
    if at is None:
        then = _ask_for_lost(paying, place, now_ms)
        with paying.services.store.reading_shop(place.shop) as tx:
            # It was found, or its buyer has asked for it meanwhile.
            at = rows.find_by_key(tx, provider, place.order_key)
        _move(paying, provider, place, then if at is None else at.next_poll_ms)
    else:
        if at.next_poll_ms is not None and at.next_poll_ms <= now_ms:
            at = _look(paying, place, at)
        _move(paying, provider, place, at.next_poll_ms)


def _ask_for_lost(paying: Paying, place: Place, now_ms: int) -> int | None:
    """Ask about a key that no payment has: claimed by somebody who wrote none, or has not yet; or
    forgotten by a server that went back. When to ask again where none is found."""
    if place.claimed_ms + _CLAIMED_FOR_NOTHING_MS >= now_ms:
        return now_ms + _LEASE_MS
    try:
        find_lost(paying, place)
    except Refused as refusal:
        _log.warning("asking for a forgotten payment failed: %s", refusal)
        is_over = place.claimed_ms + _ASKED_FOR_MS < now_ms
        return None if is_over else now_ms + _ASKED_AGAIN_MS
    return None


def _look(paying: Paying, place: Place, at: Payment) -> Payment:
    try:
        if at.state in OPEN and _is_unwanted(paying, place.shop, at):
            return call_off(paying, place.shop, at.id)
        look(paying, place.shop, at.id)
        _press_refunds(paying, place.shop, at.id)
        return payment_of(paying, place.shop, at.id)
    except Refused as refusal:
        if not isinstance(refusal, ProviderSilent):
            _log.warning("asking about a payment failed: %s", refusal)
        return _later(paying, place, at, refusal)


def _is_unwanted(paying: Paying, shop_id: bytes, at: Payment) -> bool:
    with paying.services.store.reading_shop(shop_id) as tx:
        return is_unwanted(tx, at)


def _press_refunds(paying: Paying, shop_id: bytes, payment_id: bytes) -> None:
    with paying.services.store.reading_shop(shop_id) as tx:
        at = rows.find_payment(tx, payment_id)
        waiting = [one for one in rows.refunds_of(tx, payment_id) if one.state == "asking"]
    assert at is not None
    for one in waiting:
        press(paying, shop_id, at, one)


def _later(paying: Paying, place: Place, at: Payment, refusal: Refused) -> Payment:
    """Nobody said anything: the schedule goes on, and at its end a person has to look.

    Where the money is here nobody waits for an answer: the next check asks again.
    """
    now_ms = paying.services.now_ms()
    trouble = refusal.code if isinstance(refusal, SealBroken | ProviderKeyWrong) else ""

    def write(tx: ShopTx) -> Payment:
        now = rows.find_payment(tx, at.id, lock=True)
        assert now is not None
        then = asked_next(tx, now, now_ms)
        why = trouble or ("unanswered" if then.is_last else "")
        why = now.trouble or (why if then.is_awaited else "")
        after = now._replace(next_poll_ms=then.at_ms, trouble=why)
        rows.keep_payment(tx, after)
        return after

    return paying.services.store.in_shop(place.shop, write)


def _move(paying: Paying, provider: str, place: Place, poll_ms: int | None) -> bool:
    with paying.services.store.directory() as tx:
        return rows.move_poll(tx, provider, place.order_key, poll_ms, seen_ms=place.poll_ms)
