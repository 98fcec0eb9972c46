"""An exchange moves goods both ways and one difference, and never gives money back twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import cart as carts
from core.cart import QuantityNotPositive
from core.tender import NotPaid, TenderKind
from pos.counter import Counter
from pos.customers.accounts import customer
from pos.customers.people import add_customer
from pos.journal.verify import verify
from pos.selling.carts import load_open_cart, save_open_cart
from pos.selling.corrections import SwapToAccount, swap_tender, tenders_of
from pos.selling.exchange import CannotWait, DifferencePayment, ExchangeTill
from pos.selling.refunds import NothingDue, Return, difference, make_refund
from pos.selling.sales import EmptyCart, SaleDone, Tendered
from pos.shifts.closing import close_shift
from pos.shifts.drawer import start_shift
from pos.staff.people import NeedsManager, add_staff, change_staff, everybody
from tests.helpers.counter import add_goods, cart_of, make_shop, sell

FLOAT = 100_000


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Counter]:
    """An open shift; what was written proves itself in the end."""
    with make_shop(tmp_path) as counter:
        start_shift(counter, FLOAT)
        yield counter
        proof = verify(counter.db)
        assert proof.ok, proof.differences[:5]


def cash(amount: int) -> list[Tendered]:
    """So much in cash."""
    return [Tendered(TenderKind.CASH, amount)]


def paid(shop: Counter, done: SaleDone) -> list[tuple[str, int]]:
    """How a receipt was paid."""
    return [(part.kind, part.amount) for part in tenders_of(shop.db, done.receipt)]


def stock(shop: Counter, product: bytes) -> int:
    """Thousandths on the shelf."""
    return int(shop.db.scalar("SELECT stock FROM product WHERE id=?", (product,)))


def test_the_buyer_pays_the_difference_with_change(shop: Counter) -> None:
    small, large = add_goods(shop, "Sabun", 4_800), add_goods(shop, "Minyak", 18_000)
    sold = sell(shop, cart_of(shop, (small, 2_000)))
    made = difference(shop, sold.receipt, [Return(1, 1_000)], cart_of(shop, (large, 1_000)))
    assert (made.back, made.out, made.total, made.paid_back) == (4_800, 18_000, 13_200, ())
    done = make_refund(
        shop,
        sold.receipt,
        [Return(1, 1_000)],
        "tukar",
        exchange=cart_of(shop, (large, 1_000)),
        tenders=cash(20_000),
    )
    assert (done.total, done.paid, done.change) == (13_200, 20_000, 6_800)
    assert (stock(shop, small), stock(shop, large)) == (9_000, 9_000)
    assert close_shift(shop, FLOAT + 9_600 + 13_200).difference == 0


def test_the_buyer_gets_the_difference_and_the_goods_are_waste(shop: Counter) -> None:
    dear, cheap = add_goods(shop, "Minyak", 18_000), add_goods(shop, "Sabun", 4_800)
    sold = sell(shop, cart_of(shop, (dear, 1_000)))
    done = make_refund(
        shop,
        sold.receipt,
        [Return(1, 1_000, "waste")],
        "bocor",
        exchange=cart_of(shop, (cheap, 1_000)),
    )
    assert (done.total, paid(shop, done)) == (-13_200, [("cash", -13_200)])
    assert (stock(shop, dear), stock(shop, cheap)) == (9_000, 9_000)
    assert close_shift(shop, FLOAT + 4_800).difference == 0


def test_the_same_for_the_same_moves_no_money(shop: Counter) -> None:
    goods = add_goods(shop, price=2_500)
    sold = sell(shop, cart_of(shop, (goods, 1_000)))
    done = make_refund(
        shop, sold.receipt, [Return(1, 1_000)], "rusak", exchange=cart_of(shop, (goods, 1_000))
    )
    assert (done.total, done.rounding, paid(shop, done)) == (0, 0, [])


@pytest.mark.parametrize(
    ("price", "total", "due"),
    [(2_590, 40, 0), (2_610, 60, 100), (2_510, -40, 0), (2_490, -60, -100)],
)
def test_the_difference_alone_is_rounded(tmp_path: Path, price: int, total: int, due: int) -> None:
    with make_shop(tmp_path, cash_step=100) as shop:
        start_shift(shop, FLOAT)
        sold = sell(shop, cart_of(shop, (add_goods(shop, price=2_550), 2_000)))
        assert sold.paid - sold.change == 5_100
        till = ExchangeTill(shop, sold.receipt, [Return(1, 1_000)], "tukar")
        till.pick(add_goods(shop, "Lain", price))
        payment = DifferencePayment(till)
        assert (till.difference.total, payment.cash_due) == (total, max(due, 0))
        payment.add(TenderKind.CASH)
        done = payment.finish()
        assert (done.total, done.total + done.rounding) == (total, due)
        assert close_shift(shop, FLOAT + 5_100 + due).difference == 0
        assert verify(shop.db).ok


@pytest.mark.parametrize(("price", "pays"), [(30_000, 20_000), (4_000, 0), (10_000, 0)])
def test_what_is_given_back_later_is_what_the_goods_cost(
    shop: Counter, price: int, pays: int
) -> None:
    """The worth that moved to other goods is not given back with the rest of the receipt."""
    first, second = add_goods(shop, "A", 10_000), add_goods(shop, "B", 10_000)
    other = add_goods(shop, "C", price)
    sold = sell(shop, cart_of(shop, (first, 1_000), (second, 1_000)))
    swapped = make_refund(
        shop,
        sold.receipt,
        [Return(1, 1_000)],
        "tukar",
        exchange=cart_of(shop, (other, 1_000)),
        tenders=cash(pays) if pays else (),
    )
    rest = make_refund(shop, sold.receipt, [Return(2, 1_000)], "rusak")
    assert (rest.rounding, paid(shop, rest)) == (0, [("cash", -10_000)])
    gone = make_refund(shop, swapped.receipt, [Return(2, 1_000)], "rusak")
    assert paid(shop, gone) == [("cash", -price)]
    assert close_shift(shop, FLOAT).difference == 0


def test_goods_for_goods_on_kasbon_stay_on_kasbon(shop: Counter) -> None:
    udin = add_customer(shop, "Pak Udin", credit_limit=100_000)
    first, other = add_goods(shop, "A", 10_000), add_goods(shop, "B", 12_000)
    sold = sell(shop, carts.set_customer(cart_of(shop, (first, 1_000)), udin), ("credit", 10_000))
    done = make_refund(
        shop,
        sold.receipt,
        [Return(1, 1_000)],
        "tukar",
        exchange=cart_of(shop, (other, 1_000)),
        tenders=cash(2_000),
    )
    assert customer(shop.db, udin).debt == 10_000
    back = make_refund(shop, done.receipt, [Return(2, 1_000)], "rusak")
    assert paid(shop, back) == [("credit", -10_000), ("cash", -2_000)]
    assert customer(shop.db, udin).debt == 0


def test_money_where_nothing_is_due_is_refused(shop: Counter) -> None:
    goods = add_goods(shop, price=2_500)
    sold = sell(shop, cart_of(shop, (goods, 1_000)))
    with pytest.raises(NothingDue):
        make_refund(
            shop,
            sold.receipt,
            [Return(1, 1_000)],
            "tukar",
            exchange=cart_of(shop, (goods, 1_000)),
            tenders=cash(500),
        )
    with pytest.raises(NotPaid):
        make_refund(
            shop, sold.receipt, [Return(1, 1_000)], "x", exchange=cart_of(shop, (goods, 2_000))
        )
    assert shop.db.scalar("SELECT count(*) FROM sale") == 1


def test_the_open_cart_stays_while_goods_come_back(shop: Counter) -> None:
    goods = add_goods(shop, price=2_500)
    sold = sell(shop, cart_of(shop, (goods, 2_000)))
    waiting = cart_of(shop, (goods, 3_000))
    save_open_cart(shop, waiting)
    make_refund(shop, sold.receipt, [Return(1, 1_000)], "rusak")
    till = ExchangeTill(shop, sold.receipt, [Return(1, 1_000)], "tukar")
    till.pick(goods)
    till.pay(())
    assert load_open_cart(shop.db) == waiting


def test_a_till_of_an_exchange_keeps_its_rules(shop: Counter) -> None:
    goods = add_goods(shop, price=2_500)
    sold = sell(shop, cart_of(shop, (goods, 1_000)))
    till = ExchangeTill(shop, sold.receipt, [Return(1, 1_000)], "tukar")
    with pytest.raises(EmptyCart):
        till.pay(())
    till.pick(goods)
    with pytest.raises(CannotWait):
        till.park()
    with pytest.raises(QuantityNotPositive):
        till.set_quantity(0)
    till.step_quantity(1)
    assert till.difference.total == 2_500
    assert till.undo() and till.difference.total == 0
    assert load_open_cart(shop.db) is None


def test_the_limit_of_a_refund_counts_for_what_comes_back(shop: Counter) -> None:
    goods = add_goods(shop, price=10_000)
    sold = sell(shop, cart_of(shop, (goods, 3_000)))
    owner = shop.staff_id
    add_staff(shop, "Nurain", "cashier")
    cashier = next(one for one in everybody(shop.db) if one.id != owner)
    change_staff(shop, cashier.id, permissions={"refund": 10_000})
    shop.staff_id = cashier.id
    with pytest.raises(NeedsManager):
        make_refund(shop, sold.receipt, [Return(1, 2_000)], "rusak")
    assert make_refund(shop, sold.receipt, [Return(1, 1_000)], "rusak").total == -10_000
    with shop.approved(owner):
        assert make_refund(shop, sold.receipt, [Return(1, 2_000)], "rusak").total == -20_000


def test_money_given_back_does_not_become_kasbon(shop: Counter) -> None:
    udin = add_customer(shop, "Pak Udin", credit_limit=100_000)
    sold = sell(shop, cart_of(shop, (add_goods(shop), 1_000)))
    back = make_refund(shop, sold.receipt, [Return(1, 1_000)], "rusak")
    with pytest.raises(SwapToAccount):
        swap_tender(shop, back.receipt, 1, TenderKind.CREDIT, "salah", customer_id=udin)
    swap_tender(shop, back.receipt, 1, TenderKind.TRANSFER, "dikirim saja")
    assert paid(shop, back) == [("transfer", -2_500)]
    assert close_shift(shop, FLOAT + 2_500).difference == 0
