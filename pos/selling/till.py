"""The till: what the selling screen does, without a window.

It holds the open cart, what is selected, what was typed ahead of the next goods (a count or an
amount of money) and the way back (undo); each change is durable before it shows. The window and
the tests drive the same object.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from core import cart as carts
from core.cart import Cart, CartLine, Discount, Goods
from core.errors import Refused
from core.money import BadAmount, parse_rupiah
from core.pricing import PricedCart, price, quantity_bought
from core.quantity import QTY, parse_quantity, quantity_for
from pos.catalog.goods import one_goods
from pos.catalog.scan import ScannedProduct, ScannedReceipt, read_scan
from pos.counter import Counter
from pos.selling.carts import fetch, load_open_cart, park, save_open_cart
from pos.selling.sales import SaleDone, Tendered, complete_sale
from pos.staff.people import require

MOST_UNDO = 50
Kind = Literal["added", "receipt", "unknown", "refused"]


class Outcome(NamedTuple):
    """What came of a scan or pick: the line it touched, or why it did not work."""

    kind: Kind
    line: int = -1
    text: str = ""
    refusal: Refused | None = None


class Till:
    """One open cart at one counter."""

    def __init__(self, counter: Counter) -> None:
        """Take up the cart that was open when the program last ended."""
        self.counter = counter
        self.cart: Cart = load_open_cart(counter.db) or carts.EMPTY
        self.resumed = bool(self.cart.lines)
        self.selected = len(self.cart.lines) - 1
        self.multiplier: int | None = None
        self.asked: int | None = None
        self.unknown: list[str] = []
        self.last_sale: SaleDone | None = None
        self.changed: list[Callable[[], None]] = []
        self._undo: list[Cart] = []
        self._priced: PricedCart | None = None

    @property
    def priced(self) -> PricedCart:
        """What the cart costs now."""
        if self._priced is None:
            self._priced = price(self.cart, self.counter.settings.tax)
        return self._priced

    @property
    def line(self) -> CartLine | None:
        """The selected line."""
        if 0 <= self.selected < len(self.cart.lines):
            return self.cart.lines[self.selected]
        return None

    def _set(self, cart: Cart, selected: int) -> None:
        """Make a changed cart durable, then current. A refused price changes nothing."""
        priced = price(cart, self.counter.settings.tax)
        self._save(cart)
        self._undo.append(self.cart)
        del self._undo[:-MOST_UNDO]
        self.cart, self._priced = cart, priced
        self.selected = min(selected, len(cart.lines) - 1)
        self._tell()

    def _save(self, cart: Cart) -> None:
        save_open_cart(self.counter, cart)

    def _tell(self) -> None:
        for listener in tuple(self.changed):
            listener()

    def scan(self, text: str) -> Outcome:
        """A code came from the scanner: product, label or receipt."""
        try:
            found = read_scan(self.counter, text)
        except Refused as refusal:
            if refusal.code == "unknown_product":
                if text not in self.unknown:
                    self.unknown.append(text)
                return Outcome("unknown", text=text, refusal=refusal)
            return Outcome("refused", text=text, refusal=refusal)
        if isinstance(found, ScannedReceipt):
            return Outcome("receipt", text=found.number)
        if text in self.unknown:
            self.unknown.remove(text)
        return self._add(found)

    def pick(self, product_id: bytes, unit: str = "") -> Outcome:
        """A product was chosen by search or touch."""
        return self._add(ScannedProduct(product_id, unit))

    def _add(self, found: ScannedProduct) -> Outcome:
        try:
            goods = one_goods(self.counter.db, found.product_id)
            unit = found.unit or goods.base_unit
            qty, amount = self._how_much(found, goods, unit)
            cart, index = carts.add(self.cart, goods, unit, qty, amount=amount)
            # Before the cart tells that it changed: whoever hears it shows what still waits.
            waited, self.multiplier, self.asked = (self.multiplier, self.asked), None, None
            try:
                self._set(cart, index)
            except Refused:
                self.multiplier, self.asked = waited
                raise
        except Refused as refusal:
            return Outcome("refused", refusal=refusal)
        return Outcome("added", index)

    def _how_much(self, found: ScannedProduct, goods: Goods, unit: str) -> tuple[int, int | None]:
        """Quantity and exact amount: what a label says stands above what was typed."""
        if found.qty is not None:
            return found.qty, found.amount
        if found.amount is not None and goods.price > 0:
            return max(1, quantity_for(found.amount, goods.price)), found.amount
        if found.amount is None and self.asked is not None:
            return quantity_bought(goods, unit, self.asked), self.asked
        return self.multiplier or QTY, found.amount

    def set_multiplier(self, text: str) -> None:
        """`3*` was typed: the next product counts so often; "" drops it.

        Raises:
            BadQuantity, QuantityNotPositive.
        """
        qty = parse_quantity(text) if text else None
        if qty is not None and qty <= 0:
            raise carts.QuantityNotPositive(name="")
        self.multiplier, self.asked = qty, None
        self._tell()

    def set_asked(self, text: str) -> None:
        """`5000r` was typed: the next weighed goods are sold for exactly so much; "" drops it.

        Raises:
            BadAmount: no amount of rupiah above zero.
        """
        amount = parse_rupiah(text) if text else None
        if amount is not None and amount <= 0:
            raise BadAmount(text=text)
        self.multiplier, self.asked = None, amount
        self._tell()

    def select(self, index: int) -> None:
        """Choose a line."""
        self.selected = max(-1, min(index, len(self.cart.lines) - 1))
        self._tell()

    def set_quantity(self, qty: int) -> None:
        """Set the selected line's quantity (thousandths).

        Raises:
            Refused: it makes no sense for these goods.
        """
        if self.line is not None:
            self._set(carts.set_quantity(self.cart, self.selected, qty), self.selected)

    def step_quantity(self, pieces: int) -> None:
        """One more or less of the selected line; at zero the line goes.

        Raises:
            Refused.
        """
        line = self.line
        if line is None:
            return
        qty = line.qty + pieces * QTY
        if qty <= 0:
            self.remove()
        else:
            self.set_quantity(qty)

    def next_unit(self) -> None:
        """Sell the selected line in its next unit.

        Raises:
            Refused.
        """
        line = self.line
        if line is not None and line.goods.units:
            unit = carts.next_unit(line)
            self._set(carts.set_unit(self.cart, self.selected, unit), self.selected)

    def set_price(self, rupiah: int | None, reason: str = "") -> None:
        """Set a hand-made price for the selected line; permission is checked now, not at paying.

        Raises:
            NeedsManager, PriceOutOfRange.
        """
        if self.line is not None:
            require(self.counter, "price_change")
            self._set(carts.set_price(self.cart, self.selected, rupiah, reason), self.selected)

    def discount_line(self, discounts: Sequence[Discount]) -> None:
        """Set the selected line's discounts.

        Raises:
            NeedsManager, DiscountTooLarge.
        """
        if self.line is not None:
            cart = carts.set_line_discounts(self.cart, self.selected, tuple(discounts))
            self._discounted(cart)

    def discount_cart(self, discounts: Sequence[Discount]) -> None:
        """Set the discounts on the whole cart.

        Raises:
            NeedsManager, DiscountTooLarge.
        """
        self._discounted(carts.set_cart_discounts(self.cart, tuple(discounts)))

    def _discounted(self, cart: Cart) -> None:
        for line in price(cart, self.counter.settings.tax).lines:
            given = line.line_discount + line.cart_discount
            if given > 0 and line.gross > 0:
                require(self.counter, "discount", -(-given * 10_000 // line.gross))
        self._set(cart, self.selected)

    def set_note(self, note: str) -> None:
        """Write a note on the selected line."""
        if self.line is not None:
            self._set(carts.set_note(self.cart, self.selected, note.strip()), self.selected)

    def set_customer(self, customer_id: bytes | None) -> None:
        """Say who buys."""
        self._set(carts.set_customer(self.cart, customer_id), self.selected)

    def remove(self) -> None:
        """Take the selected line out; undo brings it back."""
        if self.line is not None:
            self._set(carts.remove(self.cart, self.selected), max(self.selected - 1, 0))

    def clear(self) -> None:
        """Empty the cart; what was in it is parked, so nothing is lost."""
        if self.cart.lines:
            self.park("")

    def undo(self) -> bool:
        """Take back the last change; False when there is none."""
        if not self._undo:
            return False
        cart = self._undo.pop()
        self._save(cart)
        self.cart, self._priced = cart, None
        self.selected = len(cart.lines) - 1
        self._tell()
        return True

    def park(self, name: str = "", waits_for: str = "") -> bytes | None:
        """Put the cart aside and start an empty one."""
        if not self.cart.lines:
            return None
        cart_id = park(self.counter, self.cart, name, waits_for)
        self._fresh(carts.EMPTY)
        return cart_id

    def fetch(self, cart_id: bytes) -> None:
        """Take up a parked cart; an open one is parked first.

        Raises:
            CartGone.
        """
        if self.cart.lines:
            self.park("")
        self._fresh(fetch(self.counter, cart_id))

    def _fresh(self, cart: Cart) -> None:
        self.cart, self._priced, self._undo = cart, None, []
        self.selected = len(cart.lines) - 1
        self.multiplier = self.asked = None
        self._tell()

    def pay(self, tenders: Sequence[Tendered]) -> SaleDone:
        """Complete the sale; the cart is empty afterwards.

        Raises:
            Refused: the rule that says no; the cart stays as it was.
        """
        self.last_sale = complete_sale(self.counter, self.cart, tenders)
        self._fresh(carts.EMPTY)
        return self.last_sale
