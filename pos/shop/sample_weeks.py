"""Weeks of a sample shop's life: the counter's own commands on a clock that runs through them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from core import cart as carts
from core.cart import Cart, Goods
from core.facts.stock import StockLine
from core.pricing import price
from core.quantity import extend
from core.tender import TenderKind
from pos.catalog.goods import goods
from pos.counter import Counter
from pos.customers.people import add_customer, repay
from pos.device.clock import BUILD_MS, Clock
from pos.reports.shift import shift_figures
from pos.selling.refunds import Return, make_refund
from pos.selling.sales import SaleDone, Tendered, complete_sale
from pos.shifts.closing import close_shift
from pos.shifts.drawer import start_shift
from pos.shifts.open_shift import open_shift_id
from pos.stock.moving import receive

FLOAT: Final = 200_000
"""Rupiah in the drawer each morning."""
_CUSTOMERS: Final = (("Pak Udin", "0812-1111-2222"), ("Ibu Hadija", "0813-3333-4444"))
_LIMIT: Final = 400_000
_OPENS, _CLOSES = 7 * 60 + 30, 21 * 60
_SALES_A_DAY: Final = (14, 26)
_LOW: Final = 12_000
"""Thousandths: goods that have come down to this are bought again."""
_NOTES: Final = (5_000, 10_000, 20_000, 50_000, 100_000)


class SampleClock(Clock):
    """Shows the instants of the past that are lived through, then the present."""

    def __init__(self, weeks: int) -> None:
        """Begin so many weeks ago, but not before the program was made: that clock were wrong."""
        super().__init__()
        self._at_ms = 0
        self._at_ms = max(self.now_ms() - weeks * 7 * 86_400_000, BUILD_MS + 86_400_000)

    def now_ms(self) -> int:
        """The instant that is lived through; the wall's where none is."""
        return self._at_ms or super().now_ms()

    def mono_ms(self) -> int:
        """The same: an hour of the past is as long as one of the present."""
        return self.now_ms()

    def go_to(self, at_ms: int) -> None:
        """Live through this instant (UTC ms)."""
        self._at_ms = at_ms

    def come_home(self) -> None:
        """Show the present from now on."""
        self._at_ms = 0


def live_through(counter: Counter, clock: SampleClock, chance: Random) -> int:
    """Shifts, sales, kasbon, returns and purchases until now; returns how many sales.

    The counter's owner acts, and `clock` is the counter's. The last day's shift stays open.
    """
    began, now_ms = clock.now_ms(), Clock().now_ms()
    who = [add_customer(counter, name, phone=at, credit_limit=_LIMIT) for name, at in _CUSTOMERS]
    life = _Life(counter, clock, chance, who)
    for morning, night in _days(began, now_ms, counter.settings.zone):
        life.day(morning, min(night, now_ms), is_over=night <= now_ms)
    clock.come_home()
    return life.sales


def _days(began_ms: int, now_ms: int, zone: str) -> Iterator[tuple[int, int]]:
    """When the shop opens and closes each day, from the day after the beginning on; UTC ms."""
    day = datetime.fromtimestamp(began_ms / 1000, ZoneInfo(zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    ) + timedelta(days=1)
    while True:
        opens, closes = day + timedelta(minutes=_OPENS), day + timedelta(minutes=_CLOSES)
        if opens.timestamp() * 1000 >= now_ms:
            return
        yield int(opens.timestamp() * 1000), int(closes.timestamp() * 1000)
        day += timedelta(days=1)


class _Life:
    """One counter's days."""

    def __init__(
        self, counter: Counter, clock: SampleClock, chance: Random, customers: list[bytes]
    ) -> None:
        self.sales = 0
        self._counter = counter
        self._clock = clock
        self._chance = chance
        self._customers = customers
        rows = counter.db.rows("SELECT id FROM product WHERE active=1 ORDER BY code")
        self._goods = list(goods(counter.db, [bytes(row[0]) for row in rows]).values())

    def day(self, morning: int, night: int, *, is_over: bool) -> None:
        """From opening the shift to counting the drawer, if the day is over."""
        self._clock.go_to(morning)
        start_shift(self._counter, FLOAT)
        self._buy()
        count = self._chance.randint(*_SALES_A_DAY)
        for at_ms in sorted(self._chance.randrange(morning, night) for _ in range(count)):
            self._clock.go_to(at_ms)
            self._serve()
        if is_over:
            self._clock.go_to(night)
            figures = shift_figures(self._counter.db, open_shift_id(self._counter.db))
            slip = self._chance.choice((0, 0, 0, -500, 1_000))
            close_shift(self._counter, figures.expected + slip)

    def _buy(self) -> None:
        """What runs low comes in again, at what it cost."""
        lines = []
        for one in self._goods:
            row = self._counter.db.one(
                "SELECT stock, cost FROM product WHERE id=?", (one.product_id,)
            )
            if row is not None and row[0] <= _LOW:
                qty = self._chance.choice((24, 40, 60)) * 1000
                lines.append(StockLine(one.product_id, qty, extend(row[1] or 0, qty)))
        if lines:
            receive(self._counter, lines, supplier="Toko Grosir Telaga")

    def _serve(self) -> None:
        chance = self._chance
        if chance.random() < 0.02:
            self._take_repayment()
        cart = self._cart()
        done = self._pay(cart)
        self.sales += 1
        if chance.random() < 0.015:
            make_refund(self._counter, done.receipt, [Return(1, cart.lines[0].qty)], "salah barang")

    def _cart(self) -> Cart:
        cart = carts.EMPTY
        for one in self._chance.sample(self._goods, self._chance.choice((1, 1, 2, 2, 3, 4))):
            cart, _line = carts.add(cart, one, *self._amount(one))
        return cart

    def _amount(self, one: Goods) -> tuple[str, int]:
        """A unit and how much of it, in thousandths."""
        if one.fractional:
            return one.base_unit, self._chance.choice((250, 500, 1_000, 1_500, 2_000))
        if one.units and self._chance.random() < 0.08:
            return one.units[0].unit, 1_000
        return one.base_unit, self._chance.choice((1, 1, 1, 2, 2, 3)) * 1_000

    def _pay(self, cart: Cart) -> SaleDone:
        total = price(cart, self._counter.settings.tax).total
        kind = self._chance.choices(("cash", "qris", "credit"), (80, 14, 6))[0]
        who = self._chance.choice(self._customers)
        if kind == "credit" and self._owed(who) + total <= _LIMIT:
            known = carts.set_customer(cart, who)
            return complete_sale(self._counter, known, [Tendered(TenderKind.CREDIT, total)])
        if kind == "qris":
            return complete_sale(self._counter, cart, [Tendered(TenderKind.QRIS, total)])
        note = self._chance.choice(_NOTES)
        return complete_sale(
            self._counter, cart, [Tendered(TenderKind.CASH, -(-total // note) * note)]
        )

    def _owed(self, who: bytes) -> int:
        found = self._counter.db.scalar(
            "SELECT sum(amount) FROM debt_movement WHERE customer_id=? AND account='credit'", (who,)
        )
        return int(found or 0)

    def _take_repayment(self) -> None:
        who = self._chance.choice(self._customers)
        owed = self._owed(who)
        if owed > 0:
            repay(self._counter, who, min(owed, 50_000))
