"""What the owner's page says of payouts: what is at the provider, what arrived, by the day."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, func, select

from core.ledger import account_id
from server.db.schema import SHOP
from server.db.schema.ledger import ledger_entry, ledger_posting
from server.db.schema.payments import provider_payout_line, settlement_line
from server.db.transaction import ShopTx
from server.ledger.chart import code_of
from server.payments import payout_rows
from server.payments.naming import clearing_name
from server.payments.payout_books import PREFIX, bank_of
from server.payments.payout_lines import JUDGED, WAITS, provider_day
from server.payments.payout_rows import Payout
from server.payments.payouts import near

MOST_WAITING: Final = 50
_entry, _posting = ledger_entry, ledger_posting
_line, _link = settlement_line, provider_payout_line
_SIDES: Final = [
    select(
        _posting.c.day,
        _entry.c.kind,
        other.label("other"),
        func.sum(_posting.c.amount).label("amount"),
    )
    .select_from(
        _posting.join(
            _entry, and_(_entry.c.shop_id == SHOP, _entry.c.entry_id == _posting.c.entry_id)
        )
    )
    .where(
        _posting.c.shop_id == SHOP,
        own == bindparam("account"),
        _posting.c.day >= bindparam("first"),
        _posting.c.day <= bindparam("last"),
    )
    .group_by(_posting.c.day, _entry.c.kind, other)
    for own, other in (
        (_posting.c.debit, _posting.c.credit),
        (_posting.c.credit, _posting.c.debit),
    )
]
_BEFORE: Final = [
    select(func.sum(_posting.c.amount)).where(
        _posting.c.shop_id == SHOP,
        own == bindparam("account"),
        _posting.c.day <= bindparam("last"),
    )
    for own in (_posting.c.debit, _posting.c.credit)
]
_WAITING = (
    select(
        _line,
        select(_link.c.line_id)
        .where(_link.c.shop_id == SHOP, _link.c.line_id == _line.c.line_id)
        .exists()
        .label("was_undone"),
    )
    .select_from(JUDGED)
    .where(WAITS)
    .order_by(_line.c.settled_ms.desc(), _line.c.line_id)
    .limit(MOST_WAITING)
)


class Day(NamedTuple):
    """A business day at a provider (rupiah): what came less what went back, the fees, what arrived
    at the bank, and what was left there when the day was over."""

    day: str
    came: int
    fee: int
    paid_out: int
    left: int


class Waiting(NamedTuple):
    """A payout that a report has and that is not recorded; `was_undone`: it was, and was taken
    back. `day`: the provider's. `fee`: its own (rupiah). `has_twin`: one of this amount near that
    day was recorded by hand, by another name."""

    line_id: bytes
    reference: str
    amount: int
    day: str
    was_undone: bool
    fee: int = 0
    has_twin: bool = False


class AtProvider(NamedTuple):
    """How things stand at a merchant account: what is `there` now, what arrived and what it cost in
    the days that are shown, the newest day first; `beyond`: paid out beyond what was known."""

    provider: str
    environment: str
    there: int
    paid_out: int
    fee: int
    beyond: int
    days: tuple[Day, ...]


def waiting(tx: ShopTx) -> list[Waiting]:
    """Payouts of reports that wait for a person."""
    found = [
        Waiting(
            row.line_id, row.transaction_id, int(row.amount), provider_day(row.settled_ms or 0),
            bool(row.was_undone), int(row.fee),
        )
        for row in tx.rows(_WAITING)
    ]  # fmt: skip
    if not found:
        return []
    own = [one for one in payout_rows.newest(tx) if not one.is_undone]
    own = payout_rows.unreported(tx, own)
    return [one._replace(has_twin=_has_twin(one, own)) for one in found]


def _has_twin(waits: Waiting, own: list[Payout]) -> bool:
    first, last = near(waits.day)
    return any(one.amount == waits.amount and first <= one.day <= last for one in own)


def payouts(tx: ShopTx) -> list[Payout]:
    """The newest payouts, those taken back too."""
    return payout_rows.newest(tx)


def at_account(tx: ShopTx, provider: str, environment: str, first: str, last: str) -> AtProvider:
    """A merchant account in the days from `first` to `last`."""
    name = clearing_name(provider, environment)
    clearing = account_id(tx.shop_id, code_of("provider_clearing", name))
    surplus = account_id(tx.shop_id, code_of("payout_surplus", name))
    bank = account_id(tx.shop_id, bank_of(environment))
    days: dict[str, Counter[str]] = defaultdict(Counter)
    for account in (clearing, surplus):
        for sign, statement in zip((1, -1), _SIDES, strict=True):
            for row in tx.rows(statement, account=account, first=first, last=last):
                _add(days[row.day], row, sign, bank, is_there=account == clearing)
    left = _stood(tx, clearing, last)
    there, told = left, []
    for day in sorted(days, reverse=True):
        one = days[day]
        told.append(Day(day, one["came"], one["fee"], one["paid_out"], left))
        left -= one["there"]
    beyond = -_stood(tx, surplus, last)
    paid_out, fee = (sum(one[what] for one in days.values()) for what in ("paid_out", "fee"))
    return AtProvider(provider, environment, there, paid_out, fee, beyond, tuple(told))


def _add(day: Counter[str], row: Any, sign: int, bank: bytes, *, is_there: bool) -> None:
    amount = sign * int(row.amount)
    day["there"] += amount if is_there else 0
    if row.kind.startswith(PREFIX):
        day["paid_out" if row.other == bank else "fee"] -= amount
    elif row.kind == "payment_fee":
        day["fee"] -= amount
    else:
        day["came"] += amount


def _stood(tx: ShopTx, account: bytes, last: str) -> int:
    """What an account stood at when a day was over, debits above zero."""
    debited, credited = (int(tx.scalar(one, account=account, last=last) or 0) for one in _BEFORE)
    return debited - credited
