"""Proof that orders, payments and books say the same: what each order owes to whom follows from its
story, what came through a provider is what its payments say, and both are posted, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, func, select

from core.ledger import account_id
from core.orders.owing import owing
from core.orders.story import Story
from server.db.schema import SHOP
from server.db.schema.ledger import (
    ledger_account,
    ledger_balance,
    ledger_entry,
    ledger_posting,
)
from server.db.schema.orders import shop_order
from server.db.schema.payments import order_payment, order_payment_refund
from server.db.transaction import AnyRow, ShopTx
from server.ledger.chart import code_of, owner_of
from server.ledger.proving import MOST_DIFFERENCES, Difference
from server.orders.stray import unassigned
from server.payments.states import MONEY_CAME
from server.services import Services
from server.sync.fold.books import Books
from server.sync.owing import PREFIX, code_for

_AT_ONCE: Final = 200
_payment, _refund = order_payment, order_payment_refund
_entry, _posting = ledger_entry, ledger_posting
_BUYERS: Final = ("order_receivable", "refund_payable")
_NEXT = (
    select(shop_order.c.order_id)
    .where(shop_order.c.shop_id == SHOP, shop_order.c.order_id > bindparam("after"))
    .order_by(shop_order.c.order_id)
    .limit(_AT_ONCE)
)
_POSTED = (
    select(_entry.c.entry_id, _entry.c.reference, _entry.c.kind, _posting.c.debit,
           _posting.c.credit, _posting.c.amount)
    .join(_posting, and_(_posting.c.shop_id == SHOP, _posting.c.entry_id == _entry.c.entry_id))
    .where(_entry.c.shop_id == SHOP,
           _entry.c.reference.in_(bindparam("documents", expanding=True)))
)  # fmt: skip
_PAYMENTS = select(_payment).where(
    _payment.c.shop_id == SHOP, _payment.c.order_id.in_(bindparam("orders", expanding=True))
)
_WAITING = (
    select(_payment.c.order_id)
    .join(_refund, and_(_refund.c.shop_id == SHOP, _refund.c.payment_id == _payment.c.payment_id))
    .where(_payment.c.shop_id == SHOP, _refund.c.state == "asking",
           _payment.c.order_id.in_(bindparam("orders", expanding=True)))
)  # fmt: skip
_UNASSIGNED = (
    select(ledger_account.c.code, ledger_balance.c.balance)
    .join(
        ledger_balance,
        and_(
            ledger_balance.c.shop_id == SHOP,
            ledger_balance.c.account_id == ledger_account.c.account_id,
        ),
    )
    .where(ledger_account.c.shop_id == SHOP, ledger_account.c.kind == "unassigned_money")
)
_ENTRIES = select(func.count()).where(
    _entry.c.shop_id == SHOP, _entry.c.kind.startswith(PREFIX, autoescape=True)
)


class OrdersProof(NamedTuple):
    """What a shop's orders prove. `ok`: nothing differs."""

    ok: bool
    orders: int
    differences: tuple[Difference, ...]


class _Money(NamedTuple):
    """What the payments of an order say (rupiah); `waits`: money of it is on its way back."""

    came: int = 0
    back: int = 0
    taken: int = 0
    waits: bool = False


def prove_orders(services: Services, shop_id: bytes) -> OrdersProof:
    """Prove what a shop's orders owe; some differences are named, not all."""
    counted = Counter[str]()
    with services.store.reading_shop(shop_id, snapshot=True) as tx:
        found = tuple(islice(_all(tx, counted), MOST_DIFFERENCES))
    return OrdersProof(not found, counted["orders"], found)


def _all(tx: ShopTx, counted: Counter[str]) -> Iterator[Difference]:
    after = bytes(16)
    while ids := [row.order_id for row in tx.rows(_NEXT, after=after)]:
        counted["orders"] += len(ids)
        yield from _page(tx, ids, counted)
        after = ids[-1]
    yield from _strays(tx)
    entries = int(tx.scalar(_ENTRIES))
    if entries != counted["entries"]:
        yield Difference("ledger_entry.order_*", str(entries), str(counted["entries"]))


def _strays(tx: ShopTx) -> Iterator[Difference]:
    """Money without an order is in the books with what is left of it."""
    expected = {code_of("unassigned_money", one): left for one, left in unassigned(tx).items()}
    posted = {row.code: row.balance for row in tx.rows(_UNASSIGNED)}
    for code in sorted(expected.keys() | posted.keys()):
        if posted.get(code, 0) != expected.get(code, 0):
            found = f"{code} {posted.get(code, 0)}"
            yield Difference("stray_money.remaining", found, str(expected.get(code, 0)))


def _page(tx: ShopTx, ids: Sequence[bytes], counted: Counter[str]) -> Iterator[Difference]:
    books = Books(tx)
    books.orders.load(ids)
    posted: dict[str, list[AnyRow]] = defaultdict(list)
    for row in tx.rows(_POSTED, documents=[owner_of(one) for one in ids]):
        posted[row.reference].append(row)
    money = _money_of(tx, ids)
    for order_id in ids:
        story = books.orders.get(order_id).story()
        rows = posted[owner_of(order_id)]
        counted["entries"] += len({row.entry_id for row in rows if row.kind.startswith(PREFIX)})
        if story is not None:
            yield from _prove(tx, order_id, story, rows, money.get(order_id, _Money()))


def _money_of(tx: ShopTx, ids: Sequence[bytes]) -> dict[bytes, _Money]:
    found: dict[bytes, _Money] = defaultdict(_Money)
    for row in tx.rows(_PAYMENTS, orders=list(ids)):
        if row.state in MONEY_CAME:
            was = found[row.order_id]
            taken = row.amount - row.refunded if row.state == "charged_back" else 0
            found[row.order_id] = _Money(
                was.came + row.amount, was.back + row.refunded, was.taken + taken
            )
    for row in tx.rows(_WAITING, orders=list(ids)):
        found[row.order_id] = found[row.order_id]._replace(waits=True)
    return found


def _prove(
    tx: ShopTx, order_id: bytes, story: Story, rows: Sequence[AnyRow], money: _Money
) -> Iterator[Difference]:
    name = owner_of(order_id)
    flows = story.flows
    # What went back at the provider beyond what the order owed is its buyer's debt, no step of it.
    if flows.provider != money.came or flows.provider_back > money.back:
        found = f"{name} {flows.provider} {flows.provider_back}"
        yield Difference("shop_order", found, f"{money.came} {money.back}")
    own, whole = Counter[bytes](), Counter[bytes]()
    for row in rows:
        for sums in (own, whole) if row.kind.startswith(PREFIX) else (whole,):
            sums[row.debit] += row.amount
            sums[row.credit] -= row.amount
    expected = Counter[bytes]()
    for kind, amount in owing(story).items():
        expected[account_id(tx.shop_id, code_for(kind, order_id))] = amount
    receivable, payable = (account_id(tx.shop_id, code_for(kind, order_id)) for kind in _BUYERS)
    # A debt that is held for a refund stands beside what its buyer owes until that is over.
    for sums in (own, expected):
        sums[receivable] += sums.pop(payable, 0)
    for account in sorted(own.keys() | expected.keys()):
        if own[account] != expected[account]:
            found = f"{name} {account.hex()} {own[account]}"
            yield Difference("ledger_posting.order", found, str(expected[account]))
    buyer = expected[receivable] - money.came + money.back + money.taken
    back = story.standing.to_give_back
    if whole[receivable] + whole[payable] != buyer:
        found = f"{name} {whole[receivable] + whole[payable]}"
        yield Difference("ledger_posting.order_receivable", found, str(buyer))
    if -whole[payable] != back and not money.waits:
        yield Difference("ledger_posting.refund_payable", f"{name} {-whole[payable]}", str(back))
