"""Any sequence of commands leaves a shop that proves itself, a drawer and reports that agree."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import msgspec
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core import cart as carts
from core.cart import Discount
from core.errors import Refused
from core.facts.stock import StockLine
from core.pricing import price
from core.tender import TenderKind
from pos.catalog.goods import one_goods
from pos.catalog.products import archive_product, change_product, product_record
from pos.customers.accounts import customer
from pos.customers.people import add_customer, repay
from pos.journal.verify import verify
from pos.receipts.listing import find_receipts
from pos.reports.sales import BYS, report_sales, report_total
from pos.reports.shift import shift_figures
from pos.selling.carts import fetch, park, parked
from pos.selling.corrections import swap_tender
from pos.selling.refunds import Return, difference, make_refund, sold
from pos.selling.sales import Tendered, complete_sale
from pos.shifts.closing import close_shift
from pos.shifts.drawer import move_cash, start_shift
from pos.shifts.open_shift import open_shift
from pos.stock.moving import adjust, receive
from tests.helpers.counter import StillClock, add_goods, make_shop

QTY = st.integers(1, 6)
TENDERS = st.sampled_from(["cash", "qris", "card", "credit", "mixed"])


class Shop(RuleBasedStateMachine):
    """Commands in any order; the machine keeps its own idea of the drawer."""

    @initialize(step=st.sampled_from([0, 100, 500]), tax=st.sampled_from([0, 1100]))
    def found(self, step: int, tax: int) -> None:
        self.place = Path(tempfile.mkdtemp())
        self.clock = StillClock()
        self.shop = make_shop(self.place, self.clock, cash_step=step, tax_basis_points=tax)
        self.goods = [
            add_goods(self.shop, "Mi", 2_550, units=[("dus", 12, 30_000)], tiers=[(6_000, 2_400)]),
            add_goods(self.shop, "Gula", 16_333, unit="kg", cost=15_001),
        ]
        self.customer = add_customer(self.shop, "Udin", credit_limit=100_000)
        self.receipts: list[str] = []
        self.drawer = 0
        self.open()

    def open(self) -> None:
        start_shift(self.shop, 50_000)
        self.drawer = 50_000

    def teardown(self) -> None:
        if hasattr(self, "shop"):
            proof = verify(self.shop.db)
            self.shop.close()
            shutil.rmtree(self.place)
            assert proof.ok, proof.differences[:5]

    def cash(self, sale_id: int) -> int:
        """What a sale or refund moved in the drawer."""
        return int(
            self.shop.db.scalar(
                "SELECT coalesce(sum(amount), 0) FROM payment WHERE sale_id=? AND kind='cash'",
                (sale_id,),
            )
        )

    @rule(first=QTY, second=st.integers(0, 3_000), off=st.integers(0, 900), how=TENDERS,
          unit=st.booleans())  # fmt: skip
    def sell(self, first: int, second: int, off: int, how: str, unit: bool) -> None:
        name = "dus" if unit else "pcs"
        cart, _ = carts.add(carts.EMPTY, one_goods(self.shop.db, self.goods[0]), name, first * 1000)
        if second:
            cart, _ = carts.add(cart, one_goods(self.shop.db, self.goods[1]), "kg", second)
        whole = cart
        cart = carts.set_cart_discounts(cart, (Discount("rupiah", off),))
        cart = carts.set_customer(cart, self.customer)
        try:
            total = price(cart, self.shop.settings.tax).total
        except carts.DiscountTooLarge:  # after a price of a few rupiah
            assert off > price(whole, self.shop.settings.tax).gross
            return
        kinds = {
            "cash": [("cash", total + 1_000)],
            "mixed": [("qris", total // 2), ("cash", total)],
        }.get(how, [(how, total)])
        tenders = [Tendered(TenderKind(kind), amount) for kind, amount in kinds if amount]
        try:
            done = complete_sale(self.shop, cart, tenders)
        except Refused as refusal:
            assert refusal.code == "credit_limit_exceeded" or not total
            return
        self.receipts.append(done.receipt)
        self.drawer += self.cash(done.sale_id)
        assert done.paid - done.change == done.total + done.rounding

    @precondition(lambda self: self.receipts)
    @rule(which=st.integers(0, 99), line=st.integers(1, 2), qty=st.integers(1, 7_000),
          waste=st.booleans(), instead=st.booleans())  # fmt: skip
    def give_back(self, which: int, line: int, qty: int, waste: bool, instead: bool) -> None:
        receipt = self.receipts[which % len(self.receipts)]
        row = sold(self.shop.db, receipt).lines.get(line)
        left = row.qty - row.refunded_qty if row else 0
        back = Return(line, qty, "waste" if waste else "stock")
        try:
            done = make_refund(self.shop, receipt, [back], "uji", cash_instead=instead)
        except Refused as refusal:
            assert refusal.code in ("refund_too_much", "unknown_line")
            assert qty > left
            return
        assert qty <= left
        self.drawer += self.cash(done.sale_id)

    @precondition(lambda self: self.receipts)
    @rule(which=st.integers(0, 99), qty=st.integers(1, 3_000), new=st.integers(0, 1),
          pieces=st.integers(1, 3), kind=st.sampled_from(["cash", "qris", "credit"]))  # fmt: skip
    def exchange(self, which: int, qty: int, new: int, pieces: int, kind: str) -> None:
        receipt = self.receipts[which % len(self.receipts)]
        unit = "kg" if new else "pcs"
        goods = one_goods(self.shop.db, self.goods[new])
        cart, _ = carts.add(carts.EMPTY, goods, unit, pieces * 1000)
        cart = carts.set_customer(cart, self.customer)
        try:
            due = difference(self.shop, receipt, [Return(1, qty)], cart).total
            tenders = [Tendered(TenderKind(kind), due)] if due > 0 else []
            done = make_refund(
                self.shop, receipt, [Return(1, qty)], "tukar", exchange=cart, tenders=tenders
            )
        except Refused as refusal:
            assert refusal.code in (
                "refund_too_much", "unknown_line", "credit_limit_exceeded", "not_paid",
            )  # fmt: skip
            return
        assert done.total == due
        self.receipts.append(done.receipt)
        self.drawer += self.cash(done.sale_id)

    @rule(amount=st.integers(1, 40_000), inward=st.booleans())
    def move(self, amount: int, inward: bool) -> None:
        move_cash(self.shop, "in" if inward else "out", amount, "uji")
        self.drawer += amount if inward else -amount

    @rule(amount=st.integers(1, 50_000))
    def pay_back(self, amount: int) -> None:
        owed = customer(self.shop.db, self.customer).debt
        try:
            repay(self.shop, self.customer, amount)
        except Refused as refusal:
            assert refusal.code == "nothing_owed" and amount > owed
            return
        self.drawer += amount
        assert customer(self.shop.db, self.customer).debt == owed - amount

    @precondition(lambda self: self.receipts)
    @rule(which=st.integers(0, 99), kind=st.sampled_from([TenderKind.CASH, TenderKind.CARD]))
    def swap(self, which: int, kind: TenderKind) -> None:
        receipt = self.receipts[which % len(self.receipts)]
        before = shift_figures(self.shop.db, open_shift(self.shop.db).id).expected  # type: ignore[union-attr]
        try:
            swap_tender(self.shop, receipt, 1, kind, "salah tekan")
        except Refused as refusal:
            assert refusal.code in ("same_tender", "swap_too_late", "no_such_tender")
            return
        after = shift_figures(self.shop.db, open_shift(self.shop.db).id).expected  # type: ignore[union-attr]
        self.drawer += after - before

    @rule(qty=st.integers(1, 9_000), value=st.integers(0, 99_999), which=st.integers(0, 1))
    def receive_goods(self, qty: int, value: int, which: int) -> None:
        receive(self.shop, [StockLine(self.goods[which], qty, value)])

    @rule(qty=st.integers(1, 3_000), found=st.booleans(), which=st.integers(0, 1))
    def set_right(self, qty: int, found: bool, which: int) -> None:
        adjust(self.shop, self.goods[which], qty if found else -qty, "found" if found else "lost")

    @rule(rupiah=st.integers(1, 20_000), which=st.integers(0, 1))
    def change_price(self, rupiah: int, which: int) -> None:
        record = product_record(self.shop.db, self.goods[which])
        change_product(self.shop, msgspec.structs.replace(record, price=rupiah))

    @rule(which=st.integers(0, 1))
    def archive_and_back(self, which: int) -> None:
        archive_product(self.shop, self.goods[which])
        archive_product(self.shop, self.goods[which], active=True)

    @rule()
    def park_and_fetch(self) -> None:
        cart, _ = carts.add(carts.EMPTY, one_goods(self.shop.db, self.goods[0]), "pcs", 1000)
        park(self.shop, cart, "uji")
        assert fetch(self.shop, parked(self.shop.db)[0].id) == cart

    @rule(short=st.integers(0, 5_000))
    def close_and_open(self, short: int) -> None:
        counted = max(0, self.drawer - short)
        closed = close_shift(self.shop, counted)
        assert closed.expected == self.drawer
        assert closed.difference == counted - self.drawer
        self.clock.forward(60)
        self.open()

    @invariant()
    def drawer_agrees(self) -> None:
        if hasattr(self, "shop"):
            shift = open_shift(self.shop.db)
            assert shift is not None
            assert shift_figures(self.shop.db, shift.id).expected == self.drawer

    @invariant()
    def reports_and_receipts_agree(self) -> None:
        if not hasattr(self, "shop"):
            return
        total = int(self.shop.db.scalar("SELECT coalesce(sum(total), 0) FROM sale"))
        for by in BYS:
            rows = report_sales(self.shop.db, "2026-01-01", "2026-12-31", by, "Asia/Makassar")
            assert report_total(rows) == total
        listed = find_receipts(self.shop.db, limit=-1)
        assert sum(row.total for row in listed if row.type != "repayment") == total

    @invariant()
    def goods_keep_their_value(self) -> None:
        """What lies on the shelf is worth what all movements brought and took."""
        if hasattr(self, "shop"):
            for row in self.shop.db.rows(
                "SELECT p.stock, p.stock_value, sum(m.qty), sum(m.value) FROM product p"
                " JOIN stock_movement m ON m.product_id=p.id GROUP BY p.id"
            ):
                assert (row[0], row[1]) == (row[2], row[3])


TestAnySequence = Shop.TestCase
TestAnySequence.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
