"""What payouts are in the shop's books: from the provider's clearing account to the bank.

A fee that is what was missing to some days' payments stands in an account of its payout until a
report says for which payments it was kept: so the same fee is never booked twice, whichever is
known first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, func, not_, or_, select

from core.dates import business_date, instant_of
from core.ledger import Entry, Posting, account_id, mirrored
from server.db.schema import SHOP
from server.db.schema.ledger import ledger_account, ledger_balance, ledger_entry, ledger_posting
from server.db.schema.payments import order_payment
from server.db.schema.shops import shop
from server.db.transaction import ShopTx
from server.db.types import parse_id, show_id
from server.ledger.accounts import balance_of, open_accounts
from server.ledger.chart import code_of
from server.ledger.posting import post, post_all
from server.ledger.reading import read_entries
from server.payments import payout_rows, rows
from server.payments.naming import clearing_name, entry_id
from server.payments.payout_rows import Payout
from server.payments.states import MONEY_CAME

PREFIX: Final = "provider_payout"
"""What the kinds of all entries about payouts begin with."""

UNDONE: Final = f"{PREFIX}_undone"
_TOLD: Final = f"{PREFIX}_told"
_FEE: Final = "payment_fee"
_ENTRY: Final = b"huyula payout entry 1\n"
_AT_ONCE: Final = 200
_entry, _posting, _payment = ledger_entry, ledger_posting, order_payment
_SHOP = select(shop.c.zone, shop.c.day_close_minutes).where(shop.c.shop_id == SHOP)
_LATER = [
    select(func.sum(_posting.c.amount))
    .select_from(
        _posting.join(
            _entry, and_(_entry.c.shop_id == SHOP, _entry.c.entry_id == _posting.c.entry_id)
        )
    )
    .where(
        _posting.c.shop_id == SHOP,
        column == bindparam("account"),
        _posting.c.day > bindparam("until"),
        not_(or_(_entry.c.kind == _FEE, _entry.c.kind.startswith(PREFIX, autoescape=True))),
    )
    for column in (_posting.c.debit, _posting.c.credit)
]
_SINCE = select(_payment).where(
    _payment.c.shop_id == SHOP,
    _payment.c.provider == bindparam("of"),
    _payment.c.environment == bindparam("at"),
    _payment.c.paid_ms >= bindparam("since"),
    _payment.c.state.in_(tuple(sorted(MONEY_CAME))),
)
_POOLS = (
    select(ledger_account.c.code, ledger_balance.c.account_id, ledger_balance.c.balance)
    .join(
        ledger_balance,
        and_(
            ledger_balance.c.shop_id == SHOP,
            ledger_balance.c.account_id == ledger_account.c.account_id,
        ),
    )
    .where(
        ledger_account.c.shop_id == SHOP,
        ledger_account.c.kind == "payout_fees",
        ledger_balance.c.balance > 0,
    )
)


class Pool(NamedTuple):
    """What is left of a payout's fee that nobody told apart yet (rupiah)."""

    payout: Payout
    account: bytes
    left: int


def payout_entry(payout_id: bytes, what: str = "") -> bytes:
    """The id of what is booked of a payout: itself, or "undone", or "told"."""
    return hashlib.sha256(_ENTRY + payout_id + what.encode()).digest()[:16]


def bank_of(environment: str) -> str:
    """The kind of account that is paid out to; a sandbox's money is none and stays apart."""
    return "bank" if environment == "production" else "sandbox_bank"


def at_provider(tx: ShopTx, provider: str, environment: str, until: str, now_ms: int) -> int:
    """What the books have at a provider (rupiah); with `until`, of payments until that business day
    alone, less all that was paid out, whenever it arrived."""
    wanted = [("provider_clearing", clearing_name(provider, environment))]
    (account,) = open_accounts(tx, wanted, now_ms)
    whole = balance_of(tx, account).balance
    if not until:
        return whole
    came, went = (int(tx.scalar(one, account=account, until=until) or 0) for one in _LATER)
    return whole - came + went + _later_fees(tx, provider, environment, account, until)


def _later_fees(tx: ShopTx, provider: str, environment: str, account: bytes, until: str) -> int:
    """The fees of payments that came after a day, whenever they were booked."""
    row = tx.one(_SHOP)
    assert row is not None, "a shop without its row"
    since = instant_of(until, 0, row.zone)
    ids = [
        entry_id(at, "fee")
        for at in map(rows.payment_of, tx.rows(_SINCE, of=provider, at=environment, since=since))
        if business_date(at.paid_ms or 0, row.zone, row.day_close_minutes) > until
    ]
    total = 0
    for start in range(0, len(ids), _AT_ONCE):
        for one in read_entries(tx, ids[start : start + _AT_ONCE]).values():
            total += sum(p.amount for p in one.entry.postings if p.credit == account)
    return total


def post_payout(tx: ShopTx, payout: Payout, now_ms: int) -> None:
    """What arrived is in the bank, and the fee is spent: from the provider, and what was not there
    from where it waits to be explained."""
    name = clearing_name(payout.provider, payout.environment)
    wanted = [(bank_of(payout.environment), ""), _fee_account(payout)]
    from_where = [("provider_clearing", name), ("payout_surplus", name)]
    if not payout.fee:
        wanted.pop()
    if not payout.short:
        from_where.pop()
    accounts = open_accounts(tx, wanted + from_where, now_ms)
    to, (clearing, *surplus) = accounts[: len(wanted)], accounts[len(wanted) :]
    short, postings = payout.short, []
    for account, amount in zip(to, (payout.amount, payout.fee), strict=False):
        beyond = min(short, amount)
        short -= beyond
        postings += [Posting(account, one, beyond) for one in surplus if beyond]
        if amount > beyond:
            postings.append(Posting(account, clearing, amount - beyond))
    key, reference = payout_entry(payout.id), show_id(payout.id)
    post(tx, Entry(key, PREFIX, reference, payout.day, tuple(postings)), now_ms)


def _fee_account(payout: Payout) -> tuple[str, str]:
    is_rest = bool(payout.until_day)
    return ("payout_fees", show_id(payout.id)) if is_rest else ("provider_fees", "")


def post_undone(tx: ShopTx, payout: Payout, day: str, now_ms: int) -> None:
    """All of it is at the provider again; what a report told of its fee stays booked, from there.

    Its account must be locked (`payout_rows.lock_account`).
    """
    key, reference = payout_entry(payout.id), show_id(payout.id)
    original = read_entries(tx, [key])[key].entry
    back = Entry(
        payout_entry(payout.id, "undone"), UNDONE, reference, day, mirrored(original.postings), key
    )
    told = _told(tx, payout)
    if not told:
        post(tx, back, now_ms)
        return
    name = clearing_name(payout.provider, payout.environment)
    pool, clearing = (
        account_id(tx.shop_id, code_of(*one))
        for one in (_fee_account(payout), ("provider_clearing", name))
    )
    postings = (Posting(pool, clearing, told),)
    kept = Entry(payout_entry(payout.id, "told"), _TOLD, reference, day, postings)
    post_all(tx, [kept, back], now_ms)


def _told(tx: ShopTx, payout: Payout) -> int:
    """What reports told of a payout's fee."""
    if not payout.fee or not payout.until_day:
        return 0
    pool = account_id(tx.shop_id, code_of(*_fee_account(payout)))
    return payout.fee - balance_of(tx, pool).balance


def pools(tx: ShopTx, provider: str, environment: str) -> list[Pool]:
    """Fees of payouts that nobody told apart yet, those of the earliest days first."""
    found = {parse_id(row.code.partition("/")[2]): row for row in tx.rows(_POOLS)}
    payouts = [
        one
        for one in payout_rows.some(tx, [*found])
        if (one.provider, one.environment) == (provider, environment)
    ]
    payouts.sort(key=lambda one: (one.until_day, one.recorded_ms, one.id))
    return [Pool(one, found[one.id].account_id, int(found[one.id].balance)) for one in payouts]


def fee_postings(
    of: Sequence[Pool], day: str, known_ms: int, fee: int, accounts: tuple[bytes, bytes]
) -> tuple[list[Pool], tuple[Posting, ...]]:
    """What is booked of a payment's fee: out of the payouts that its money was in, as far as their
    fees are not told apart yet, and the rest from the provider. Also what is left of the pools.

    `day`: the business day of the payment; `known_ms`: when its money was booked; `accounts`: those
    of fees and of the provider's clearing.
    """
    spent, clearing = accounts
    postings, left = [], []
    for pool in of:
        is_in = day <= pool.payout.until_day and known_ms <= pool.payout.recorded_ms
        part = min(fee, pool.left) if is_in else 0
        if part:
            postings.append(Posting(spent, pool.account, part))
            fee -= part
        left.append(pool._replace(left=pool.left - part))
    if fee:
        postings.append(Posting(spent, clearing, fee))
    return [one for one in left if one.left], tuple(postings)
