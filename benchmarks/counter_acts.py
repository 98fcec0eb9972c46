"""What a counter does when it is told to, each by the command that the window calls, too.

Every act is given the number that screens show afterwards: a price or a debt in rupiah, a stock in
whole pieces, or the number in the name of what is new.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from core.facts.catalog import ProductRecord
from core.facts.stock import StockLine
from core.quantity import QTY
from core.tender import TenderKind
from pos.catalog.goods import one_goods, stock_of
from pos.catalog.listing import rows_after
from pos.catalog.products import add_product, change_product, product_record
from pos.counter import Counter
from pos.customers.accounts import Customer, find_customers
from pos.customers.people import add_customer, change_customer, repay
from pos.selling.carts import park, parked
from pos.selling.sales import Tendered
from pos.selling.till import Till
from pos.stock.moving import receive

PRODUCTS, PRICE, STOCK, LIMIT = 20, 1_000, 1_000, 20_000
"""Goods, their price (rupiah) and stock (pieces) to begin with; the customer's limit of kasbon."""


def begin_shop(counter: Counter) -> None:
    """Goods, a customer who may owe something, and a cart that stays parked."""
    for number in range(PRODUCTS):
        add_product(counter, _product(f"Barang {number:02d}"), STOCK * QTY)
    add_customer(counter, "Ani 000", credit_limit=LIMIT)
    till = Till(counter)
    _put_in(till, 0, 1)
    park(counter, till.cart, "Meja 000")


def _product(name: str) -> ProductRecord:
    return ProductRecord(b"", "", name, "", "", "pcs", PRICE, 800)


def _goods(counter: Counter, place: int) -> bytes:
    """The goods at that place of the list."""
    return rows_after(counter.db, ("", b""), place + 1)[place].id


def _debtor(counter: Counter) -> Customer:
    return find_customers(counter.db, limit=1)[0]


def _put_in(till: Till, place: int, pieces: int) -> None:
    till.set_multiplier(str(pieces))
    till.pick(_goods(till.counter, place))


def change_price(till: Till, price: int) -> None:
    """The first goods cost so much."""
    record = product_record(till.counter.db, _goods(till.counter, 0))
    change_product(till.counter, msgspec.structs.replace(record, price=price))


def add_goods(till: Till, number: int) -> None:
    """Goods that there were not, with their number in the name."""
    add_product(till.counter, _product(f"Baru {number:03d}"), STOCK * QTY)


def change_stock(till: Till, pieces: int) -> None:
    """Sell the first goods for cash, or receive them, until there are so many."""
    product = _goods(till.counter, 0)
    more = pieces - stock_of(till.counter.db, product) // QTY
    if more > 0:
        receive(till.counter, [StockLine(product, more * QTY, more * PRICE)])
    else:
        _put_in(till, 0, -more)
        till.pay([Tendered(TenderKind.CASH, till.priced.total)])


def add_person(till: Till, number: int) -> None:
    """A customer who was not there, with their number in the name."""
    add_customer(till.counter, f"Pelanggan {number:03d}")


def rename_person(till: Till, number: int) -> None:
    """The first customer has this number in the name."""
    change_customer(till.counter, _debtor(till.counter).id, name=f"Ani {number:03d}")


def change_debt(till: Till, rupiah: int) -> None:
    """Sell to the first customer on kasbon, or take a payment, until so much is owed."""
    who = _debtor(till.counter)
    more = rupiah - who.debt
    if more < 0:
        repay(till.counter, who.id, -more)
        return
    price = one_goods(till.counter.db, _goods(till.counter, 1)).price
    _put_in(till, 1, more // price)
    till.set_customer(who.id)
    till.pay([Tendered(TenderKind.CREDIT, till.priced.total)])


def park_cart(till: Till, number: int) -> None:
    """Put a cart aside, with its number in the name."""
    if not till.cart.lines:
        _put_in(till, 0, 1)
    till.park(f"Meja {number:03d}")


def take_cart(till: Till, _left: int) -> None:
    """Take the cart up that was parked last."""
    till.fetch(parked(till.counter.db)[-1].id)


ACTS: Final[dict[str, Callable[[Till, int], None]]] = {
    "price": change_price,
    "good": add_goods,
    "stock": change_stock,
    "customer": add_person,
    "rename": rename_person,
    "debt": change_debt,
    "park": park_cart,
    "take": take_cart,
}
