"""What a provider paid out to the shop's bank account, as the shop or a report says: recorded once,
never changed, taken back where it was wrong.

It is the shop's own merchant account: no money moves here, it is written down where it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from core.dates import local_time
from core.errors import Refused
from core.ledger import MOST_RUPIAH, OtherContent, is_day
from core.payouts import split
from core.text import clean_name
from server.db.transaction import ShopTx
from server.http.problems import NotFound
from server.payments import payout_rows
from server.payments.accounts import Known, NoProviderAccount
from server.payments.midtrans import NAME
from server.payments.payout_books import at_provider, post_payout, post_undone
from server.payments.payout_rows import Payout
from server.services import Services
from server.shops.reading import shop_here

MOST_REFERENCE: Final = 60
NEAR_DAYS: Final = 3
"""A bank's day and a provider's day of one payout are not further apart."""


class BadPayout(Refused):
    """It can be none; `why`: amount, day, until."""

    code = "bad_payout"


class PayoutDoubtful(Refused):
    """It may be right, and a person has to say so; `why`: twice, short, beyond, fee."""

    code = "payout_doubtful"


class Arrived(NamedTuple):
    """What came (rupiah) on a day. `id` is made by whoever asks, before asking. `until_day`: the
    last day whose payments are in it, "" where nobody says; `fee`: the payout's own, where a report
    tells it."""

    id: bytes
    amount: int
    day: str
    until_day: str = ""
    reference: str = ""
    environment: str = "production"
    fee: int = 0
    provider: str = NAME


def record(
    services: Services, shop_id: bytes, arrived: Arrived, by: bytes, *, sure: bool = False
) -> Payout:
    """Write down what arrived; the same id once. `sure`: a person has seen what is doubtful.

    Raises:
        BadPayout, NoProviderAccount: it can be none.
        PayoutDoubtful: it is doubtful, and nobody is sure.
        OtherContent: the id was used for another one.
    """
    now_ms = services.now_ms()
    return services.store.in_shop(
        shop_id, lambda tx: write_payout(tx, arrived, by, now_ms, sure=sure)
    )


def write_payout(
    tx: ShopTx,
    arrived: Arrived,
    by: bytes,
    now_ms: int,
    *,
    sure: bool = False,
    is_other: bool = False,
) -> Payout:
    """`record`, in a transaction that is open; `is_other`: it is known to be none of those that are
    recorded."""
    wished = _clean(tx, arrived, now_ms)
    if not payout_rows.lock_account(tx, wished.provider, wished.environment):
        raise NoProviderAccount()
    known = payout_rows.find(tx, wished.id)
    if known is not None:
        if _content(known) != _content(wished):
            raise OtherContent(entry=wished.id)
        return known
    if not (sure or is_other) and _twins(tx, wished):
        raise PayoutDoubtful(why="twice", amount=wished.amount)
    payout = _reckoned(tx, wished, by, now_ms, sure)
    payout_rows.keep(tx, payout)
    post_payout(tx, payout, now_ms)
    return payout


def _content(one: Payout | Arrived) -> tuple[object, ...]:
    return one.amount, one.day, one.until_day, one.reference, one.provider, one.environment


def _clean(tx: ShopTx, arrived: Arrived, now_ms: int) -> Arrived:
    here = shop_here(tx)
    assert here is not None, "a shop without its row"
    if not 0 < arrived.amount <= MOST_RUPIAH or not 0 <= arrived.fee <= MOST_RUPIAH:
        raise BadPayout(why="amount")
    if not is_day(arrived.day) or arrived.day > calendar_day(here.zone, now_ms):
        raise BadPayout(why="day")
    if arrived.until_day and not (is_day(arrived.until_day) and arrived.until_day <= arrived.day):
        raise BadPayout(why="until")
    return arrived._replace(reference=clean_name(arrived.reference)[:MOST_REFERENCE])


def calendar_day(zone: str, now_ms: int) -> str:
    """Today as a bank counts it, whenever the shop closes its day."""
    return local_time(now_ms, zone).date().isoformat()


def _twins(tx: ShopTx, wished: Arrived) -> list[Payout]:
    """Those that this one may be, recorded before."""
    first, last = near(wished.day)
    found = payout_rows.alike(tx, wished.provider, wished.reference, wished.amount, first, last)
    # Two references that differ are two payouts.
    return [
        one
        for one in found
        if one.environment == wished.environment
        and (not one.reference or not wished.reference or one.reference == wished.reference)
    ]


def near(day: str) -> tuple[str, str]:
    """The first and the last day that may be meant by a day."""
    at, around = date.fromisoformat(day), timedelta(days=NEAR_DAYS)
    return (at - around).isoformat(), (at + around).isoformat()


def _reckoned(tx: ShopTx, wished: Arrived, by: bytes, now_ms: int, sure: bool) -> Payout:
    where = (wished.provider, wished.environment)
    there = at_provider(tx, *where, "", now_ms)
    of_days = at_provider(tx, *where, wished.until_day, now_ms) if wished.until_day else None
    found = split(wished.amount, there, of_days, wished.fee)
    if found.doubt and not sure:
        raise PayoutDoubtful(
            why=found.doubt,
            amount=wished.amount,
            there=max(0, there if found.doubt == "short" or of_days is None else of_days),
            missing=found.short or wished.amount - (of_days or 0),
            fee=found.fee,
        )
    return Payout(
        wished.id, *where, wished.reference, wished.day, wished.until_day, wished.amount,
        found.fee, found.short, by, now_ms,
    )  # fmt: skip


def take_back(services: Services, shop_id: bytes, payout_id: bytes, by: bytes) -> None:
    """It was wrong: all of it is at the provider again; done twice, once.

    Raises:
        NotFound: there is none.
    """
    now_ms = services.now_ms()

    def write(tx: ShopTx) -> None:
        found, here = payout_rows.find(tx, payout_id), shop_here(tx)
        if found is None or here is None:
            raise NotFound()
        payout_rows.lock_account(tx, found.provider, found.environment)
        if payout_rows.keep_undone(tx, payout_id, by, now_ms):
            post_undone(tx, found, here.today(now_ms), now_ms)

    services.store.in_shop(shop_id, write)


def usual_account(accounts: Sequence[Known]) -> Known | None:
    """The merchant account that a payout is of where nobody says which: the one in use, or the one
    that was used last."""
    return max(accounts, key=lambda one: (one.is_active, one.changed_ms), default=None)


def made_id(shop_id: bytes, *parts: bytes) -> bytes:
    """An id of what was sent once."""
    return hashlib.sha256(b"huyula payout\n" + shop_id + b"\n".join(parts)).digest()[:16]
