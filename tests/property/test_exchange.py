"""However goods are exchanged and given back, in the end every tender is back where it was."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given, settings

from core import cart as carts
from core.exchange import move_money
from core.pricing import price
from core.tender import TenderKind
from pos.counter import Counter
from pos.customers.accounts import customer
from pos.customers.people import add_customer
from pos.journal.verify import verify
from pos.selling.refunds import Return, all_lines, difference, make_refund, sold
from pos.selling.sales import Tendered
from pos.shifts.closing import close_shift
from pos.shifts.drawer import start_shift
from tests.helpers.counter import add_goods, cart_of, make_shop, sell

PRICES = (2_550, 16_333, 4_999)
KINDS = ("cash", "qris", "card", "credit")
AMOUNTS = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 50_000))
STEPS = st.lists(
    st.tuples(
        st.integers(0, 99),
        st.integers(1, 3_000),
        st.integers(0, 2),
        st.integers(1, 3),
        st.sampled_from(KINDS),
    ),
    min_size=1,
    max_size=6,
)


@given(
    left=AMOUNTS,
    out=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 50_000)), max_size=3),
    moved=st.integers(0, 90_000),
)
def test_money_that_moves_is_neither_lost_nor_made(
    left: dict[str, int], out: list[tuple[str, int]], moved: int
) -> None:
    after, moves = move_money(left, out, moved)
    assert sum(moves.values()) == moved
    assert sum(after.values()) == sum(left.values()) - sum(part for _, part in out) - moved
    assert all(part > 0 for part in moves.values())


@settings(max_examples=40, deadline=None)
@given(
    tax=st.sampled_from([0, 1_100]),
    share=st.integers(0, 100),
    first=st.sampled_from(KINDS),
    second=st.sampled_from(KINDS),
    steps=STEPS,
)
def test_all_given_back_leaves_nothing_anywhere(
    tax: int, share: int, first: str, second: str, steps: list[tuple[int, int, int, int, str]]
) -> None:
    place = Path(tempfile.mkdtemp())
    try:
        with make_shop(place, tax_basis_points=tax) as shop:
            _walk(shop, share, first, second, steps)
    finally:
        shutil.rmtree(place)


def _walk(
    shop: Counter,
    share: int,
    first: str,
    second: str,
    steps: list[tuple[int, int, int, int, str]],
) -> None:
    start_shift(shop, 50_000)
    goods = [add_goods(shop, f"Barang {at}", value, unit="kg") for at, value in enumerate(PRICES)]
    udin = add_customer(shop, "Pak Udin", credit_limit=10_000_000)
    cart = carts.set_customer(cart_of(shop, (goods[0], 3_000), (goods[1], 2_000)), udin)
    total = price(cart, shop.settings.tax).total
    part = total * share // 100
    tenders = [(first, part), (second, total - part)]
    receipts = [sell(shop, cart, *[one for one in tenders if one[1]]).receipt]
    for which, qty, what, pieces, kind in steps:
        receipt = receipts[which % len(receipts)]
        left = [
            line for line in sold(shop.db, receipt).lines.values() if line.qty > line.refunded_qty
        ]
        if not left:
            continue
        line = left[which % len(left)]
        back = [Return(line.line_no, min(qty, line.qty - line.refunded_qty))]
        taken = carts.set_customer(cart_of(shop, (goods[what], pieces * 1_000)), udin)
        due = difference(shop, receipt, back, taken).total
        paid = [Tendered(TenderKind(kind), due)] if due > 0 else []
        done = make_refund(shop, receipt, back, "uji", exchange=taken, tenders=paid)
        assert done.total == due
        receipts.append(done.receipt)
    for receipt in receipts:
        if any(line.qty > line.refunded_qty for line in sold(shop.db, receipt).lines.values()):
            make_refund(shop, receipt, all_lines(shop.db, receipt, "stock"), "uji")
    sums = shop.db.rows("SELECT kind, sum(amount) FROM payment GROUP BY kind HAVING sum(amount)")
    assert [tuple(row) for row in sums] == []
    assert customer(shop.db, udin).debt == 0
    assert [row[0] for row in shop.db.rows("SELECT stock FROM product")] == [10_000] * 3
    assert close_shift(shop, 50_000).difference == 0
    proof = verify(shop.db)
    assert proof.ok, proof.differences[:5]
