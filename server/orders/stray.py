"""Money without an order, and orders without money: what the shop sees on its own QRIS or account.

The shop writes down what came and belongs to no order that it knows, ties it to one later, or gives
it back. Money that is tied counts as seen for the order, in the same transaction.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select, update

from core.errors import Refused
from core.ledger import MOST_RUPIAH, Entry, Posting
from core.text import clean_name
from server.db.schema import SHOP
from server.db.schema.orders import order_contact, shop_order, stray_money, stray_money_use
from server.db.tied import meets, tied
from server.db.transaction import AnyRow, ShopTx
from server.db.types import show_id
from server.http.problems import NotFound
from server.ledger.accounts import open_accounts
from server.ledger.posting import post
from server.orders.terms import terms_of
from server.orders.writing import write_steps
from server.services import Services
from server.shops.reading import shop_here
from server.sync.feed import Step, lock_feed

MOST_NOTE: Final = 120
PAGE: Final = 50
_ENTRY: Final = b"huyula stray money 1\n"
_AGREED: Final = ("accepted", "preparing", "ready")
_money, _use = stray_money, stray_money_use
_ONE = select(_money).where(_money.c.shop_id == SHOP, _money.c.money_id == bindparam("which"))
_OPEN = (
    select(_money)
    .where(_money.c.shop_id == SHOP, _money.c.remaining > 0)
    .order_by(_money.c.noted_ms, _money.c.money_id)
    .limit(PAGE)
)
_USED = (
    select(_use, shop_order.c.number)
    .select_from(
        _use.outerjoin(
            shop_order,
            and_(shop_order.c.shop_id == SHOP, shop_order.c.order_id == _use.c.order_id),
        )
    )
    .where(_use.c.shop_id == SHOP)
    .order_by(_use.c.at_ms.desc(), _use.c.money_id, _use.c.i)
    .limit(20)
)
_LAST = select(func.max(_use.c.i)).where(
    _use.c.shop_id == SHOP, _use.c.money_id == bindparam("which")
)
_LOWER = (
    update(_money)
    .where(_money.c.shop_id == SHOP, _money.c.money_id == bindparam("which"))
    .values(remaining=bindparam("left"), note=bindparam("words"))
)
_NUMBERED = select(shop_order.c.order_id).where(
    tied(shop_order), shop_order.c.number == bindparam("of_number")
)
_UNPAID = (
    select(shop_order, order_contact.c.name.label("buyer"))
    .select_from(shop_order)
    .join(order_contact, meets(order_contact, order_contact.c.order_id == shop_order.c.order_id),
          isouter=True)
    .where(
        tied(shop_order),
        shop_order.c.pay_way == "to_shop",
        or_(
            shop_order.c.payment == "claimed",
            and_(shop_order.c.payment == "due", shop_order.c.state.in_(_AGREED)),
        ),
    )
    .order_by(shop_order.c.payment, shop_order.c.changed_ms, shop_order.c.number)
    .limit(PAGE)
)  # fmt: skip


class BadStray(Refused):
    """No amount that can be money."""

    code = "stray_amount"


class StrayGone(Refused):
    """Nothing is left of this money."""

    code = "stray_gone"


class StrayTooSmall(Refused):
    """Order `number` owes `owed` rupiah, and of this money `left` are left."""

    code = "stray_too_small"


class NoSuchOrder(Refused):
    """The shop has no order of this number."""

    code = "stray_no_order"


class Stray(NamedTuple):
    """Money without an order. Rupiah."""

    id: bytes
    amount: int
    left: int
    day: str
    note: str


class Used(NamedTuple):
    """What became of some of it: `number` is the order's, None where it was given back."""

    amount: int
    at_ms: int
    number: int | None


class Unpaid(NamedTuple):
    """An order without money. Rupiah; `claimed`: its buyer says that it was sent."""

    order_id: bytes
    number: int
    buyer: str
    owed: int
    since_ms: int
    claimed: bool


def note_money(
    services: Services, shop_id: bytes, money_id: bytes, amount: int, day: str, note: str, by: bytes
) -> None:
    """Write down money that came and belongs to no order; the same id once.

    Raises:
        BadStray: the amount is none.
    """
    if not 0 < amount <= MOST_RUPIAH:
        raise BadStray()
    now_ms = services.now_ms()

    def write(tx: ShopTx) -> None:
        is_new = tx.insert_new(
            _money, money_id=money_id, amount=amount, remaining=amount, day=day,
            note=clean_name(note)[:MOST_NOTE], noted_ms=now_ms, by_account=by,
        )  # fmt: skip
        if is_new:
            _move(tx, money_id, 0, amount, day, now_ms)

    services.store.in_shop(shop_id, write)


def tie_money(services: Services, shop_id: bytes, money_id: bytes, number: int, by: bytes) -> None:
    """Money was for an order: it is seen there, and what the order does not need stays here.

    Raises:
        NotFound, StrayGone: there is no such money any more.
        NoSuchOrder, StrayTooSmall: it cannot be for that order.
        Refused: the order takes no money as it stands.
    """

    def write(tx: ShopTx) -> None:
        step = Step(tx, services.now_ms())
        row, here = _row(tx, money_id), shop_here(tx)
        order_id: bytes | None = tx.scalar(_NUMBERED, of_number=number)
        if order_id is None or here is None:
            raise NoSuchOrder(number=number)
        story = step.books.orders.get(order_id).story()
        assert story is not None
        # An order that was called off takes all of it, and owes it back.
        amount = story.standing.owed or row.remaining
        if amount > row.remaining:
            raise StrayTooSmall(number=number, owed=amount, left=row.remaining)
        write_steps(step, order_id, "shop", (("see", amount),), terms_of(here), by=by)
        step.close()
        _used(tx, row, order_id, amount, here.today(step.now_ms), step.now_ms, by)

    services.store.in_shop(shop_id, write)


def give_money_back(services: Services, shop_id: bytes, money_id: bytes, by: bytes) -> None:
    """The shop sent what is left of it back to where it came from.

    Raises:
        NotFound, StrayGone: there is no such money any more.
    """

    def write(tx: ShopTx) -> None:
        lock_feed(tx)
        row, here, now_ms = _row(tx, money_id), shop_here(tx), services.now_ms()
        assert here is not None
        _used(tx, row, None, row.remaining, here.today(now_ms), now_ms, by)

    services.store.in_shop(shop_id, write)


def strays(tx: ShopTx) -> tuple[list[Stray], list[Used]]:
    """Money without an order, the oldest first; and what became of the last that was used."""
    found = [
        Stray(row.money_id, row.amount, row.remaining, row.day, row.note) for row in tx.rows(_OPEN)
    ]
    return found, [Used(row.amount, row.at_ms, row.number) for row in tx.rows(_USED)]


def unpaid_orders(tx: ShopTx) -> list[Unpaid]:
    """Orders to be paid in advance to the shop itself whose money was not seen; those whose buyers
    say that it was sent come first."""
    return [
        Unpaid(
            row.order_id, row.number, row.buyer or "",
            max(0, row.total - row.paid + row.refunded), row.changed_ms, row.payment == "claimed",
        )
        for row in tx.rows(_UNPAID)
    ]  # fmt: skip


def _row(tx: ShopTx, money_id: bytes) -> AnyRow:
    row = tx.one(_ONE, which=money_id)
    if row is None:
        raise NotFound()
    if not row.remaining:
        raise StrayGone()
    return row


def _used(
    tx: ShopTx, row: AnyRow, order_id: bytes | None, amount: int, day: str, now_ms: int, by: bytes
) -> None:
    i = int(tx.scalar(_LAST, which=row.money_id) or 0) + 1
    left = row.remaining - amount
    tx.insert(
        _use, money_id=row.money_id, i=i, order_id=order_id, amount=amount, at_ms=now_ms,
        by_account=by,
    )  # fmt: skip
    # Who sent it is nobody's business once it is where it belongs.
    tx.run(_LOWER, which=row.money_id, left=left, words=row.note if left else "")
    _move(tx, row.money_id, i, -amount, day, now_ms)


def _move(tx: ShopTx, money_id: bytes, i: int, amount: int, day: str, now_ms: int) -> None:
    """Post money that came, or (below zero) went where it belongs; an order posts its own."""
    owner = show_id(money_id)
    bank, unassigned = open_accounts(tx, [("bank", ""), ("unassigned_money", owner)], now_ms)
    if amount > 0:
        posting = Posting(bank, unassigned, amount)
    else:
        posting = Posting(unassigned, bank, -amount)
    made = hashlib.sha256(_ENTRY + money_id + i.to_bytes(2)).digest()[:16]
    kind = "stray_came" if amount > 0 else "stray_used"
    post(tx, Entry(made, kind, owner, day, (posting,)), now_ms)


def unassigned(tx: ShopTx) -> dict[str, int]:
    """What is left of each, by whose account it stands in: what the books must say."""
    every = select(_money.c.money_id, _money.c.remaining).where(_money.c.shop_id == SHOP)
    return {show_id(row.money_id): row.remaining for row in tx.rows(every)}
