"""Handing goods over: the code is right, and one transaction holds sale, stock, paper and order.

So it happens once: whoever presses twice, or starts again after a crash, finds it done. Another
register that did the same without a network is seen when both meet (`core.orders.clash`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from core.errors import Refused
from core.facts.catalog import ProductAdded, ProductRecord
from core.facts.orders import OrderLine, OrderStep
from core.facts.selling import SaleCompleted, SaleLine, TenderPart
from core.ids import receipt_number
from core.orders.codes import is_right, read_scanned
from core.orders.rules import FeeOpen
from core.orders.standing import Standing
from core.tax import TaxRule, line_taxes
from core.tender import Settlement, TenderKind
from core.text import clean_name
from pos.catalog.indexing import refresh
from pos.counter import Counter, Transaction
from pos.db.database import Database
from pos.db.sealed import put_sealed
from pos.orders.reading import OrderView, order, order_numbered
from pos.orders.stepping import NotACourierOrder, Said, write_steps
from pos.printing.enqueue import queue_receipt
from pos.selling.sales import SaleDone, Tendered, settle, tender_parts
from pos.shifts.open_shift import open_shift_id
from pos.staff.people import require
from pos.sync.memory import server

MOST_TRIES: Final = 5
MOST_NAME: Final = 60
PAUSE_MS: Final = 5 * 60_000
FEE_CODE: Final = "ONGKIR"
_FEE_NAMES: Final = {"id": "Ongkos kirim", "en": "Delivery"}
_TENDERS: Final = frozenset(
    {TenderKind.CASH, TenderKind.QRIS, TenderKind.CARD, TenderKind.EWALLET, TenderKind.TRANSFER}
)


class WrongCode(Refused):
    """These are not the order's digits; `left` tries remain."""

    code = "wrong_order_code"


class CodePaused(Refused):
    """Too many wrong tries: this order's code is not looked at for `minutes`."""

    code = "order_code_paused"


class AlreadyHandedOver(Refused):
    """The order was handed over before, by the receipt `receipt`."""

    code = "already_handed_over"


class NotAnOrderCode(Refused):
    """What was scanned is not a buyer's code."""

    code = "not_an_order_code"


class OrderTender(Refused):
    """An order is not paid by kasbon or payroll: its buyer is no customer of the book."""

    code = "order_tender"


class _Tries(msgspec.Struct, frozen=True):
    wrong: int = 0
    until_ms: int = 0


class NoCourier(Refused):
    """With whom the goods go must be said."""

    code = "order_no_courier"


class CourierUnpaid(Refused):
    """What a courier takes along is paid in advance; `owed` (rupiah) is missing."""

    code = "order_courier_unpaid"


class ChargedBack(Refused):
    """A bank took back what had been paid, `amount` (rupiah): nothing is handed over for it."""

    code = "order_charged_back"


class Fetched(NamedTuple):
    """An order whose code was right, with what is still to be paid (rupiah). `courier` and
    `waybill`: it goes with somebody else, who knows no code."""

    order: OrderView
    owed: int
    courier: str = ""
    waybill: str = ""


def by_scan(counter: Counter, text: str) -> Fetched:
    """The order of a buyer's picture.

    Raises:
        NotAnOrderCode, UnknownOrder, CodePaused, WrongCode.
        FeeOpen, ChargedBack, CourierUnpaid: as of `for_courier`.
    """
    found = read_scanned(text)
    if found is None:
        raise NotAnOrderCode()
    return _checked(counter, order(counter.db, found[0]), found[1])


def by_digits(counter: Counter, number: int, digits: str) -> Fetched:
    """The order of a number and the four digits that its buyer says.

    Raises:
        UnknownOrder, CodePaused, WrongCode.
        FeeOpen, ChargedBack, CourierUnpaid: as of `for_courier`.
    """
    return _checked(counter, order_numbered(counter.db, number), digits.strip())


def for_courier(counter: Counter, order_id: bytes, courier: str, waybill: str = "") -> Fetched:
    """An order that a courier takes along: paid before, and nobody says a code at the counter.

    Raises:
        UnknownOrder.
        NotACourierOrder: its buyer comes for it, or the shop brings it.
        FeeOpen: nobody has agreed yet to what the courier costs.
        ChargedBack: it was paid, and the money was taken back.
        CourierUnpaid: it is not paid, and no courier's cash is ours to book.
        NoCourier: nobody is named.
    """
    view = order(counter.db, order_id)
    if view.way != "courier":
        raise NotACourierOrder(number=view.number)
    _check_may_go(view)
    names = clean_name(courier)[:MOST_NAME]
    if not names:
        raise NoCourier()
    return Fetched(view, view.standing.owed, names, clean_name(waybill)[:MOST_NAME])


def hand_over(
    counter: Counter,
    order_id: bytes,
    tenders: Sequence[Tendered] = (),
    *,
    courier: str = "",
    waybill: str = "",
    printed: bool = True,
) -> SaleDone:
    """Give the goods: the sale at the ordered prices and the order's steps, or nothing of it.

    `tenders` pay what is still owed; what was paid before stands in the sale as paid online.
    `courier` and `waybill` say with whom the goods go, where the buyer does not take them.

    Raises:
        UnknownOrder, AlreadyHandedOver, NoShift, NeedsManager, OrderTender: nothing is written.
        NotPaid, TooMuch: the tenders are not what is owed.
        NotPossible: the order does not stand so that it can be handed over.
        FeeOpen, ChargedBack, CourierUnpaid: as of `for_courier`, whoever comes for it.
    """
    require(counter, "sell")
    if any(tender.kind not in _TENDERS for tender in tenders):
        raise OrderTender()
    with counter.transaction() as tx:
        view = order(tx.db, order_id)
        if view.standing.handover == "done":
            raise AlreadyHandedOver(receipt=receipt_of(tx.db, view.sale))
        _check_may_go(view)
        settled = settle(counter, view.standing.owed, tenders)
        number = tx.next_number()
        sale_id = tx.append(_sale(tx, view, number, tenders, settled))
        said = Said(sale_seq=tx.head.seq, courier=courier, waybill=waybill)
        write_steps(tx, order_id, view.standing, _steps(view.standing), said)
        line = str(tx.db.scalar("SELECT register FROM line WHERE device=?", (tx.head.device,)))
        receipt = receipt_number(line, number)
        if printed:
            cash = any(tender.kind == TenderKind.CASH for tender in tenders)
            queue_receipt(tx.db.raw, receipt, kick_drawer=cash, now_ms=counter.clock.now_ms())
    total = view.standing.total
    return SaleDone(sale_id, receipt, total, settled.paid, settled.change, settled.rounding)


def receipt_of(db: Database, sale: tuple[bytes, int]) -> str:
    """The receipt of a sale by its line and number; "" where it is not here."""
    found = db.scalar("SELECT receipt FROM sale WHERE device=? AND seq=?", sale)
    return str(found or "")


def _check_may_go(view: OrderView) -> None:
    if view.fee_open:
        raise FeeOpen(step="hand_over")
    if view.standing.taken_back:
        raise ChargedBack(number=view.number, amount=view.standing.taken_back)
    if view.way == "courier" and view.standing.owed:
        raise CourierUnpaid(number=view.number, owed=view.standing.owed)


def _checked(counter: Counter, view: OrderView, digits: str) -> Fetched:
    name, now_ms = f"order_tries_{view.id.hex()}", counter.clock.now_ms()
    tries = _tries(counter.db, name)
    if now_ms < tries.until_ms <= now_ms + PAUSE_MS:
        raise CodePaused(minutes=-(-(tries.until_ms - now_ms) // 60_000))
    if is_right(view.id, digits, view.proof):
        if tries.wrong:
            _keep_tries(counter, name, _Tries())
        _check_may_go(view)
        return Fetched(view, view.standing.owed)
    wrong = tries.wrong + 1
    if wrong >= MOST_TRIES:
        _keep_tries(counter, name, _Tries(0, now_ms + PAUSE_MS))
        raise CodePaused(minutes=PAUSE_MS // 60_000)
    _keep_tries(counter, name, _Tries(wrong))
    raise WrongCode(left=MOST_TRIES - wrong)


def _tries(db: Database, name: str) -> _Tries:
    text = db.scalar("SELECT value FROM local_setting WHERE name=?", (name,))
    return msgspec.json.decode(text, type=_Tries) if text else _Tries()


def _keep_tries(counter: Counter, name: str, tries: _Tries) -> None:
    with counter.db.transaction():
        value = msgspec.json.encode(tries).decode()
        put_sealed(counter.db, "local_setting", {"name": name, "value": value})


def _steps(at: Standing) -> tuple[OrderStep, ...]:
    steps: list[OrderStep] = []
    if at.order == "placed":
        steps.append(OrderStep("accept"))
    if at.owed:
        steps.append(OrderStep("pay_at_handover", at.owed))
    return (*steps, OrderStep("hand_over"), OrderStep("fulfil"))


def _sale(
    tx: Transaction,
    view: OrderView,
    number: int,
    tenders: Sequence[Tendered],
    settled: Settlement,
) -> SaleCompleted:
    counter, at = tx.counter, view.standing
    lines = list(view.lines)
    if view.fee:
        fee_id = _fee_product(tx)
        name = _FEE_NAMES[counter.settings.language]
        lines.append(OrderLine(fee_id, name, "pcs", 1, 1_000, view.fee, view.fee))
    parts = tender_parts(tenders, settled)
    before = at.total - at.owed
    if before:
        parts = (TenderPart(str(TenderKind.ONLINE), before), *parts)
    return SaleCompleted(
        number,
        open_shift_id(tx.db),
        "sale",
        _sale_lines(tx.db, lines, counter.settings.tax),
        parts,
        at.total,
        settled.rounding,
        settled.change,
        True,
        ref=f"gerai-{view.number}",
    )


def _sale_lines(
    db: Database, lines: Sequence[OrderLine], tax: TaxRule | None
) -> tuple[SaleLine, ...]:
    """At the prices that were agreed: what a buyer ordered for is all that is paid, tax within."""
    classes = [
        str(db.scalar("SELECT tax_class FROM product WHERE id=?", (line.product_id,)) or "kena")
        for line in lines
    ]
    within = None
    if tax is not None:
        within = TaxRule(tax.name, tax.basis_points, True, tax.rounding, tax.luxury_basis_points)
    taxes = line_taxes([line.net for line in lines], classes, within)
    return tuple(
        SaleLine(
            line.product_id, line.name, line.unit, line.factor, line.qty, line.unit_price,
            line.unit_price, line.net, 0, 0, line.net, part, tax_class,
        )
        for line, part, tax_class in zip(lines, taxes, classes, strict=True)
    )  # fmt: skip


def _shop(tx: Transaction) -> bytes:
    known = server(tx.db)
    return tx.head.shop if known is None else known.shop


def _fee_product(tx: Transaction) -> bytes:
    """What a fee for bringing is sold as: one product a shop, whichever counter needs it first."""
    found = hashlib.sha256(b"huyula delivery fee" + _shop(tx)).digest()[:16]
    if tx.db.tuple_of("SELECT 1 FROM product WHERE id=?", (found,)) is None:
        record = ProductRecord(
            found, FEE_CODE, _FEE_NAMES["id"], "jasa", "", "pcs", 0, None, tax_class="kena"
        )
        tx.append(ProductAdded(record, None))
        refresh(tx.db, found)
    return found
