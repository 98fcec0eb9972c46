"""What payments are in the shop's books: posted in the transaction that changes the payment.

Ids of entries are made of the provider's transaction and what happened to it, so that the same
money is posted once, whoever hears of it and however often. What an order owes is posted by its
steps (`server.sync.owing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from core.dates import business_date
from core.ledger import BelowFloor, Entry, Hold, Posting
from server.db.schema import SHOP
from server.db.schema.shops import shop
from server.db.transaction import ShopTx
from server.failures import CameTogether
from server.ledger.accounts import balance_of, open_accounts
from server.ledger.chart import owner_of
from server.ledger.holds import hold, post_hold, void_hold
from server.ledger.posting import post, post_all
from server.ledger.reading import read_entries
from server.payments.naming import clearing_name, entry_id
from server.payments.payout_books import Pool, fee_postings, pools
from server.payments.payout_rows import lock_account
from server.payments.rows import Payment

_SHOP = select(shop.c.zone, shop.c.day_close_minutes).where(shop.c.shop_id == SHOP)


def post_received(tx: ShopTx, payment: Payment, at_ms: int, now_ms: int) -> None:
    """The buyer's money is with the provider: the order owes so much less."""
    clearing, receivable, _payable = _accounts(tx, payment, now_ms)
    posting = Posting(clearing, receivable, payment.amount)
    _post(tx, payment, "received", "", (posting,), at_ms, now_ms)


def post_refunded(tx: ShopTx, payment: Payment, key: str, amount: int, now_ms: int) -> None:
    """Money went back that nobody here had asked to be given back (on the provider's pages).

    It pays what the order owes its buyer; beyond that the buyer owes it again.
    """
    clearing, receivable, payable = _accounts(tx, payment, now_ms)
    owed = min(amount, max(0, balance_of(tx, payable).available or 0))
    parts = ((payable, owed), (receivable, amount - owed))
    postings = tuple(Posting(account, clearing, part) for account, part in parts if part)
    try:
        _post(tx, payment, "refunded", key, postings, now_ms, now_ms)
    except BelowFloor:
        # Somebody took of it since it was looked at.
        raise CameTogether() from None


def hold_refund(tx: ShopTx, payment: Payment, key: str, amount: int, now_ms: int) -> None:
    """Keep what the order owes its buyer for this refund.

    Raises:
        BelowFloor: it owes less.
    """
    clearing, _receivable, payable = _accounts(tx, payment, now_ms)
    posting = Posting(payable, clearing, amount)
    made = Hold(_hold_id(payment, key), "payment_refund", owner_of(payment.order_id), posting)
    hold(tx, made, now_ms)


def post_held_refund(tx: ShopTx, payment: Payment, key: str, amount: int, now_ms: int) -> None:
    """What was held went back to the buyer."""
    post_hold(
        tx,
        _hold_id(payment, key),
        entry_id(payment, "refunded", key),
        _day(tx, now_ms),
        now_ms,
        amount=amount,
        kind="payment_refunded",
    )


def let_go(tx: ShopTx, payment: Payment, key: str, now_ms: int) -> None:
    """What was held for a refund is free again: it was refused.

    Where money went back by another way meanwhile, the buyer was made to owe it: set off here.
    """
    void_hold(tx, _hold_id(payment, key), now_ms)
    _clearing, receivable, payable = _accounts(tx, payment, now_ms)
    both = min(balance_of(tx, receivable).balance, balance_of(tx, payable).available or 0)
    if both > 0:
        posting = Posting(payable, receivable, both)
        _post(tx, payment, "set_off", key, (posting,), now_ms, now_ms)


def post_charged_back(tx: ShopTx, payment: Payment, amount: int, now_ms: int) -> None:
    """A bank or the provider took it back: the buyer owes it again."""
    clearing, receivable, _payable = _accounts(tx, payment, now_ms)
    posting = Posting(receivable, clearing, amount)
    _post(tx, payment, "charged_back", "", (posting,), now_ms, now_ms)


class Fee(NamedTuple):
    """What a provider kept of a payment (rupiah), and when (UTC ms)."""

    payment: Payment
    amount: int
    at_ms: int


def post_fees(tx: ShopTx, fees: Sequence[Fee], now_ms: int) -> set[bytes]:
    """Book what the provider kept for itself, once for each payment; returns the payments for which
    another fee was booked before, of which nothing is written.

    The payments are different ones, each with its transaction. What a payout was already known to
    come short of is not booked once more (`server.payments.payout_books`).
    """
    known = read_entries(tx, [entry_id(one.payment, "fee") for one in fees])
    others, fresh = set(), []
    for one in fees:
        found = known.get(entry_id(one.payment, "fee"))
        if found is not None:
            if sum(posting.amount for posting in found.entry.postings) != one.amount:
                others.add(one.payment.id)
        elif one.amount:
            fresh.append(one)
    if fresh:
        post_all(tx, _fee_entries(tx, fresh, now_ms), now_ms)
    return others


def _fee_entries(tx: ShopTx, fees: Sequence[Fee], now_ms: int) -> list[Entry]:
    of: dict[tuple[str, str], list[Pool]] = {}
    for where in sorted({(one.payment.provider, one.payment.environment) for one in fees}):
        lock_account(tx, *where)
        of[where] = pools(tx, *where)
    came = read_entries(tx, [entry_id(one.payment, "received") for one in fees])
    entries = []
    for one in fees:
        at, where = one.payment, (one.payment.provider, one.payment.environment)
        wanted = [("provider_fees", ""), ("provider_clearing", clearing_name(*where))]
        spent, clearing = open_accounts(tx, wanted, now_ms)
        found = came.get(entry_id(at, "received"))
        day = found.entry.day if found else _day(tx, one.at_ms)
        known_ms = found.recorded_ms if found else now_ms
        of[where], postings = fee_postings(of[where], day, known_ms, one.amount, (spent, clearing))
        entries.append(
            Entry(
                entry_id(at, "fee"),
                "payment_fee",
                owner_of(at.order_id),
                _day(tx, one.at_ms),
                postings,
            )
        )
    return entries


def _accounts(tx: ShopTx, payment: Payment, now_ms: int) -> tuple[bytes, bytes, bytes]:
    owner = owner_of(payment.order_id)
    wanted = [
        ("provider_clearing", clearing_name(payment.provider, payment.environment)),
        ("order_receivable", owner),
        ("refund_payable", owner),
    ]
    clearing, receivable, payable = open_accounts(tx, wanted, now_ms)
    return clearing, receivable, payable


def _post(
    tx: ShopTx,
    payment: Payment,
    what: str,
    more: str,
    postings: tuple[Posting, ...],
    at_ms: int,
    now_ms: int,
) -> None:
    entry = Entry(
        entry_id(payment, what, more),
        f"payment_{what}",
        owner_of(payment.order_id),
        _day(tx, at_ms),
        postings,
    )
    post(tx, entry, now_ms)


def _hold_id(payment: Payment, key: str) -> bytes:
    return entry_id(payment, "refund_hold", key)


def _day(tx: ShopTx, at_ms: int) -> str:
    row = tx.one(_SHOP)
    assert row is not None, "a shop without its row"
    return business_date(at_ms, row.zone, row.day_close_minutes)
