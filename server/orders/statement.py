"""The statement of a shop's orders, read from its books alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from core.orders.statement import (
    MOST_ORDERS,
    ByWay,
    OfOrder,
    Open,
    OrderStatement,
    PaidOut,
)
from server.db.schema import SHOP
from server.db.schema.ledger import ledger_account, ledger_entry, ledger_posting
from server.db.schema.orders import shop_order
from server.db.transaction import AnyRow, ShopTx
from server.db.types import parse_id
from server.payments.payout_books import PREFIX as PAYOUT
from server.sync.owing import PREFIX

_entry, _posting, _account = ledger_entry, ledger_posting, ledger_account
_debit, _credit = ledger_account.alias("debited"), ledger_account.alias("credited")
_HANDED_OVER: Final = f"{PREFIX}hand_over"
_CHARGED_BACK: Final = "payment_charged_back"
_AT_ONCE: Final = 200
_OF_PROVIDERS: Final = ("provider_clearing/", "payout_surplus/")
_BANKS: Final = ("bank", "sandbox_bank")


def _named(account: Any) -> Any:
    """Accounts by kind; of a provider's, by whose it is. Without a parameter: grouping by it must
    be the same expression."""
    is_providers = or_(
        account.c.kind == literal_column("'provider_clearing'"),
        account.c.kind == literal_column("'payout_surplus'"),
    )
    return case((is_providers, account.c.code), else_=account.c.kind)


_lines = (
    _posting.join(_entry, and_(_entry.c.shop_id == SHOP, _entry.c.entry_id == _posting.c.entry_id))
    .join(_debit, and_(_debit.c.shop_id == SHOP, _debit.c.account_id == _posting.c.debit))
    .join(_credit, and_(_credit.c.shop_id == SHOP, _credit.c.account_id == _posting.c.credit))
)
_SUMS = (
    select(
        _entry.c.kind.label("entry"),
        _named(_debit).label("debit"),
        _named(_credit).label("credit"),
        func.sum(_posting.c.amount).label("amount"),
    )
    .select_from(_lines)
    .where(
        _posting.c.shop_id == SHOP,
        _posting.c.day >= bindparam("first"),
        _posting.c.day <= bindparam("last"),
    )
    .group_by(_entry.c.kind, _named(_debit), _named(_credit))
)
_PAID_OUT = (
    select(
        _posting.c.day,
        _named(_debit).label("debit"),
        _named(_credit).label("credit"),
        func.sum(_posting.c.amount).label("amount"),
    )
    .select_from(_lines)
    .where(
        _posting.c.shop_id == SHOP,
        _entry.c.kind.startswith(PAYOUT, autoescape=True),
        _posting.c.day >= bindparam("first"),
        _posting.c.day <= bindparam("last"),
    )
    .group_by(_posting.c.day, _named(_debit), _named(_credit))
)
_halves = [
    select(
        column.label("account"), (_posting.c.amount * literal(sign, BigInteger)).label("net")
    ).where(_posting.c.shop_id == SHOP, _posting.c.day <= bindparam("last"))
    for column, sign in ((_posting.c.debit, 1), (_posting.c.credit, -1))
]
_both = union_all(*_halves).subquery("both_sides")
_each = (
    select(_both.c.account, func.sum(_both.c.net).label("net"))
    .group_by(_both.c.account)
    .subquery("each_account")
)
_OPEN = (
    select(
        _account.c.kind,
        func.sum(case((_each.c.net > 0, _each.c.net), else_=0)).label("debit"),
        func.sum(case((_each.c.net < 0, -_each.c.net), else_=0)).label("credit"),
    )
    .select_from(_each.join(_account, _account.c.account_id == _each.c.account))
    .where(_account.c.shop_id == SHOP)
    .group_by(_account.c.kind)
)
_HANDED = (
    select(_entry.c.reference, _entry.c.day)
    .where(
        _entry.c.shop_id == SHOP,
        _entry.c.kind == _HANDED_OVER,
        _entry.c.day >= bindparam("first"),
        _entry.c.day <= bindparam("last"),
    )
    .order_by(_entry.c.day, _entry.c.recorded_ms, _entry.c.entry_id)
)
_COUNT = select(func.count()).select_from(_HANDED.subquery("handed_over"))
_OF_ORDERS = (
    select(
        _entry.c.reference,
        _entry.c.kind.label("entry"),
        _named(_debit).label("debit"),
        _named(_credit).label("credit"),
        func.sum(_posting.c.amount).label("amount"),
    )
    .select_from(_lines)
    .where(
        _posting.c.shop_id == SHOP,
        _posting.c.day <= bindparam("last"),
        _entry.c.reference.in_(bindparam("documents", expanding=True)),
    )
    .group_by(_entry.c.reference, _entry.c.kind, _named(_debit), _named(_credit))
)
_NUMBERS = select(shop_order.c.order_id, shop_order.c.number).where(
    shop_order.c.shop_id == SHOP, shop_order.c.order_id.in_(bindparam("orders", expanding=True))
)


def order_statement(
    tx: ShopTx, first: str, last: str, *, most: int = MOST_ORDERS
) -> OrderStatement:
    """The statement of the business days from `first` to `last`; at most `most` orders listed."""
    sums = tx.rows(_SUMS, first=first, last=last)
    net = Counter[str]()
    for row in sums:
        net[row.debit] += int(row.amount)
        net[row.credit] -= int(row.amount)
    handed = tx.rows(_HANDED.limit(most), first=first, last=last)
    count = int(tx.scalar(_COUNT, first=first, last=last))
    return OrderStatement(
        first, last, count, -net["sales"], -net["delivery_income"], net["sales_returns"],
        _ways(sums), _open(tx, last), tuple(_orders(tx, handed, last)), count > len(handed),
        _payouts(tx.rows(_PAID_OUT, first=first, last=last)),
    )  # fmt: skip


def _way_of(account: str) -> str:
    """Whose an account of a provider's is; "" of another one."""
    start = next((one for one in _OF_PROVIDERS if account.startswith(one)), "")
    return account.removeprefix(start) if start else ""


def _parts(row: AnyRow) -> tuple[str, str, int]:
    """Of a posting of a payout: whose it is, whether it is "bank" or "fee", and how much."""
    for provider, other, sign in ((row.credit, row.debit, 1), (row.debit, row.credit, -1)):
        if _way_of(provider):
            what = "bank" if other in _BANKS else "fee"
            return _way_of(provider), what, sign * int(row.amount)
    return "", "", 0


def _payouts(sums: Any) -> tuple[PaidOut, ...]:
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in sums:
        way, what, amount = _parts(row)
        if way:
            found[row.day, way][what] += amount
    return tuple(
        PaidOut(*key, found[key]["bank"], found[key]["fee"])
        for key in sorted(found)
        if any(found[key].values())
    )


def _ways(sums: Any) -> tuple[ByWay, ...]:
    came, back, taken, fee, out = (Counter[str]() for _ in range(5))
    for row in sums:
        if row.entry.startswith(PAYOUT):
            way, what, amount = _parts(row)
            (out if what == "bank" else fee)[way] += amount
            continue
        if row.entry.startswith("stray_"):
            continue  # an order that it is tied to has it, and the rest is told apart
        for account, gains in ((row.debit, True), (row.credit, False)):
            way = account.removeprefix("provider_clearing/")
            if way == account and account not in ("counter", "bank"):
                continue
            if gains:
                came[way] += int(row.amount)
            elif row.entry == "payment_fee":
                fee[way] += int(row.amount)
            elif row.entry == _CHARGED_BACK:
                taken[way] += int(row.amount)
            else:
                back[way] += int(row.amount)
    ways = {way for sums in (came, back, taken, fee, out) for way in sums if way}
    own = ("counter", "bank")
    ordered = [one for one in own if one in ways] + sorted(ways - set(own))
    return tuple(
        ByWay(one, came[one], back[one], taken[one], fee[one], out[one]) for one in ordered
    )


def _open(tx: ShopTx, last: str) -> Open:
    found = {row.kind: (int(row.debit), int(row.credit)) for row in tx.rows(_OPEN, last=last)}

    def side(kind: str, at: int) -> int:
        return found.get(kind, (0, 0))[at]

    return Open(
        owed=side("order_receivable", 0),
        advance=side("order_receivable", 1),
        owed_back=side("refund_payable", 1),
        unearned=side("order_unearned", 1),
        unassigned=side("unassigned_money", 1),
        at_providers=side("provider_clearing", 0) - side("provider_clearing", 1),
        beyond=side("payout_surplus", 1),
    )


def _orders(tx: ShopTx, handed: Any, last: str) -> list[OfOrder]:
    found = []
    for start in range(0, len(handed), _AT_ONCE):
        part = handed[start : start + _AT_ONCE]
        ids = {row.reference: parse_id(row.reference) for row in part}
        numbers = {row.order_id: row.number for row in tx.rows(_NUMBERS, orders=[*ids.values()])}
        sums: dict[str, Counter[str]] = defaultdict(Counter)
        taken = Counter[str]()
        for row in tx.rows(_OF_ORDERS, last=last, documents=[*ids]):
            for account, amount in ((row.debit, int(row.amount)), (row.credit, -int(row.amount))):
                sums[row.reference][account.partition("/")[0]] += amount
            if row.entry == _CHARGED_BACK:
                taken[row.reference] += int(row.amount)
        for row in part:
            number, key = numbers.get(ids[row.reference], 0), row.reference
            found.append(_order(row, number, sums[key], taken[key]))
    return found


def _order(row: AnyRow, number: int, net: Counter[str], taken: int) -> OfOrder:
    fee = net["provider_fees"]
    return OfOrder(
        number, row.day, -net["sales"], -net["delivery_income"], net["sales_returns"],
        # Of the fee, what a payout was already known to come short of is not at the provider.
        net["counter"], net["bank"], net["provider_clearing"] + fee + net["payout_fees"], fee,
        net["order_receivable"] + net["refund_payable"], taken,
    )  # fmt: skip
