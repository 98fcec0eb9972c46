"""What the shop says about an order: one fact a step, checked against how the order stands here.

The rules are `core.orders.rules`; a step that another place made impossible meanwhile comes out as
such when the feed is known, and the order shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from core.errors import Refused
from core.facts.orders import OrderLine, OrderStep, OrderStepped
from core.orders.rules import MOST_FEE, FeeOpen, WrongAmount, take
from core.orders.standing import Standing
from core.orders.steps import StepName
from core.orders.story import total_of
from core.quantity import extend
from core.text import clean_name
from pos.catalog.goods import UnknownProduct, one_goods
from pos.catalog.scan import ScannedProduct, read_scan
from pos.counter import Counter, Transaction
from pos.orders.reading import OrderView, order
from pos.orders.terms import passed, until_ms
from pos.staff.people import require

_ONCE_AGREED: Final = frozenset({"accept", "see"})
_WITH_REASON: Final = frozenset({"decline", "call_off", "propose", "answer"})


class OrderReasonNeeded(Refused):
    """The buyer is told why: a reason must be given."""

    code = "order_reason_needed"


class EmptyProposal(Refused):
    """Nothing would be left of the order, or nothing would change: decline or accept it instead;
    `why` says which."""

    code = "empty_proposal"


class NotACourierOrder(Refused):
    """The order `number` does not go by courier."""

    code = "order_not_by_courier"


class Change(NamedTuple):
    """What the shop offers instead of the n-th line (from 1): `qty` thousandths of it, 0 to leave
    it out; or, with `product_id`, another product, in its base unit or in `unit`."""

    line_no: int
    qty: int
    product_id: bytes = b""
    unit: str = ""


def step(
    counter: Counter, order_id: bytes, name: StepName, *, amount: int = 0, reason: str = ""
) -> OrderView:
    """Take one of the shop's steps; how the order stands then.

    Raises:
        UnknownOrder, OrderReasonNeeded, NeedsManager: nothing is written.
        NotPossible, NotYours, TooEarly, TooLate, WrongAmount: the order does not stand so.
    """
    return _take(counter, order_id, name, amount=amount, reason=reason)


def see(counter: Counter, order_id: bytes) -> OrderView:
    """The money is on the shop's own QRIS or account: all that is owed."""
    owed = order(counter.db, order_id).standing
    return _take(counter, order_id, "see", amount=owed.owed or owed.total)


def answer(counter: Counter, order_id: bytes, back: int, words: str) -> OrderView:
    """Answer a complaint with words, and so many rupiah back (0 for none): the buyer is asked.

    Raises:
        WrongAmount: more than the order cost.
        OrderReasonNeeded: there are no words.
    """
    at = order(counter.db, order_id).standing
    return _take(counter, order_id, "answer", amount=at.total - back, reason=words)


def propose(
    counter: Counter,
    order_id: bytes,
    changes: Sequence[Change],
    reason: str = "",
    fee: int | None = None,
) -> OrderView:
    """Offer less, other goods, or another courier's fee (rupiah), and ask the buyer.

    Raises:
        NotACourierOrder: a fee is said, and no courier brings it.
        FeeOpen: the buyer does not know yet what the courier costs.
        EmptyProposal: nothing is left, or nothing differs.
        WrongAmount: it is no such fee, or would cost more than the buyer has paid already.
    """
    view = order(counter.db, order_id)
    if fee is not None and view.way != "courier":
        raise NotACourierOrder(number=view.number)
    if not 0 <= (fee or 0) <= MOST_FEE:
        raise WrongAmount(step="propose", most=MOST_FEE)
    lines = changed_lines(counter, view.lines, changes)
    if view.fee_open and fee is None:
        raise FeeOpen(step="propose")
    if not lines:
        raise EmptyProposal(why="nothing_left")
    if lines == view.lines and fee in (None, view.fee) and not view.fee_open:
        raise EmptyProposal(why="same")
    at, total = view.standing, total_of(lines, view.fee if fee is None else fee)
    if at.paid and total > at.paid - at.refunded:
        raise WrongAmount(step="propose", most=at.paid - at.refunded)
    why = reason or (_fee_words if lines == view.lines else _usual)(counter)
    return _take(counter, order_id, "propose", lines=lines, reason=why, fee=fee)


def change_of(counter: Counter, line_no: int, qty: int, code: str = "") -> Change:
    """What is offered for a line: `qty` thousandths of it, or of the goods with a code.

    Raises:
        UnknownProduct: the code is no goods'.
    """
    if not code:
        return Change(line_no, qty)
    found = read_scan(counter, code)
    if not isinstance(found, ScannedProduct):
        raise UnknownProduct(code=code)
    return Change(line_no, qty, found.product_id, found.unit)


def changed_lines(
    counter: Counter, lines: Sequence[OrderLine], changes: Sequence[Change]
) -> tuple[OrderLine, ...]:
    """The lines as they would be; prices of what was ordered stay, another product has its own."""
    wanted = {change.line_no: change for change in changes}
    found: list[OrderLine] = []
    for number, line in enumerate(lines, 1):
        change = wanted.get(number)
        if change is None:
            found.append(line)
        elif change.qty > 0:
            found.append(_changed(counter, line, change))
    return tuple(found)


def settle_clash(counter: Counter, order_id: bytes) -> None:
    """The shop has put a clash right: it leaves the list of every counter.

    Raises:
        UnknownOrder.
    """
    require(counter, "sell")
    if order(counter.db, order_id).clash:
        with counter.transaction() as tx:
            tx.append(OrderStepped(order_id, "shop", ()))


def _changed(counter: Counter, line: OrderLine, change: Change) -> OrderLine:
    if not change.product_id:
        net = extend(line.unit_price, change.qty)
        return OrderLine(
            line.product_id, line.name, line.unit, line.factor, change.qty, line.unit_price, net
        )
    goods = one_goods(counter.db, change.product_id)
    unit = change.unit or goods.base_unit
    factor = goods.factor(unit)
    own = next((one.price for one in goods.units if one.unit == unit), None)
    price = goods.price * factor if own is None else own
    return OrderLine(
        change.product_id, goods.name, unit, factor, change.qty, price, extend(price, change.qty)
    )


def _usual(counter: Counter) -> str:
    return "Barang kurang" if counter.settings.language == "id" else "Not enough goods"


def _fee_words(counter: Counter) -> str:
    return "Ongkos kurir" if counter.settings.language == "id" else "Courier's fee"


def _take(
    counter: Counter,
    order_id: bytes,
    name: StepName,
    *,
    amount: int = 0,
    reason: str = "",
    lines: tuple[OrderLine, ...] = (),
    fee: int | None = None,
) -> OrderView:
    require(counter, "sell")
    said = clean_name(reason)
    if name in _WITH_REASON and not said:
        raise OrderReasonNeeded(step=name)
    with counter.transaction() as tx:
        view = order(tx.db, order_id)
        if name in _ONCE_AGREED and view.fee_open:
            raise FeeOpen(step=name)
        said_now = Said(lines, said, fee)
        write_steps(tx, order_id, view.standing, (OrderStep(name, amount),), said_now)
    return order(counter.db, order_id)


class Said(NamedTuple):
    """What a fact says beside its steps, as `OrderStepped` has it."""

    lines: tuple[OrderLine, ...] = ()
    reason: str = ""
    fee: int | None = None
    sale_seq: int = 0
    courier: str = ""
    waybill: str = ""


NOTHING_SAID: Final = Said()


def write_steps(
    tx: Transaction,
    order_id: bytes,
    at: Standing,
    steps: Sequence[OrderStep],
    said: Said = NOTHING_SAID,
) -> Standing:
    """Check steps one after the other and write them as one fact, with the terms that they begin.

    Raises:
        NotPossible, NotYours, TooEarly, TooLate, WrongAmount: the first that cannot be taken.
    """
    now_ms = tx.counter.clock.now_ms()
    over, taken = passed(tx.db, order_id, now_ms), []
    for one in steps:
        at, actions = take(at, one.name, "shop", passed=over, amount=one.amount)
        until = until_ms(tx.db, actions, now_ms, by_courier=bool(said.courier))
        taken.append(OrderStep(one.name, one.amount, until))
    tx.append(OrderStepped(order_id, "shop", tuple(taken), over, **said._asdict()))
    return at
