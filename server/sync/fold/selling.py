"""Folding sales, refunds and exchanges, and what is done to them later."""

from __future__ import annotations

from core.facts.base import Fact
from core.facts.customers import DebtRepaid
from core.facts.references import Reference, references
from core.facts.selling import (
    CartFetched,
    CartParked,
    ReceiptCopied,
    Refers,
    RefundSettled,
    SaleCompleted,
    SaleLine,
    TenderSwapped,
)
from core.facts.shifts import ShiftClosed
from core.ids import receipt_number
from core.movements import StockMove, movements, swap_moves
from server.sync.fold.at import At
from server.sync.fold.books import Books
from server.sync.fold.sales import Known


def sale_completed(books: Books, at: At, fact: SaleCompleted) -> None:
    """A sale with all that follows: lines, payments, stock, cash, debts."""
    code = books.registers.use_number(at, fact.number)
    moved = movements(fact)
    stock = books.stock_moves(moved.stock)
    gives_back = any(line.refers for line in fact.lines)
    returned = _Returned(books, at, fact) if gives_back else None
    values = books.shelves.move(at, stock, returned.cost if returned else None)
    costs = {
        move.line_no: -value for move, value in zip(stock, values, strict=True) if move.line_no
    }
    _add_lines(books, at, fact, costs)
    _add_sale(books, at, fact, receipt_number(code, fact.number), sum(costs.values()))
    books.move_cash(at, moved.cash)
    books.move_debts(at, moved.debt, lends=True)
    if returned:
        for found, number, line in returned.marks:
            _mark(found, fact, number, line, costs[number])
    if books.sales.is_wanted(at):
        _arrived(books, at, fact, costs)


def _add_lines(books: Books, at: At, fact: SaleCompleted, costs: dict[int, int]) -> None:
    n, add, shelf, meant = at.n, books.lines.add, books.shelves.shelf, books.product
    for number, line in enumerate(fact.lines, 1):
        product_id = meant(line.product_id)
        found = shelf(product_id)
        found.sold += -1 if line.refers else 1
        if not found.known:
            at.flags.add("unknown_reference")
        add(
            (
                n,
                number,
                product_id,
                line.qty,
                line.factor,
                line.gross,
                line.line_discount + line.cart_discount,
                line.net,
                line.tax,
                costs[number],
            )
        )


def _add_sale(books: Books, at: At, fact: SaleCompleted, receipt: str, cost: int) -> None:
    gross = discount = tax = 0
    for line in fact.lines:
        gross += line.gross
        discount += line.line_discount + line.cart_discount
        tax += line.tax
    books.new_sales.add(
        (
            at.n,
            at.device,
            at.seq,
            at.carrier,
            receipt,
            fact.shift_id,
            fact.type,
            at.header.day,
            at.at_ms,
            at.header.by or None,
            books.customer(fact.customer_id) or None,
            gross,
            discount,
            tax,
            fact.rounding,
            fact.total,
            cost,
        )
    )
    for number, part in enumerate(fact.tenders, 1):
        books.payments.add((at.n, number, part.kind, part.amount, part.reference))
    books.months.add(at.header.day, fact.total)


class _Returned:
    """What a refund gives back: the lines it refers to, and the cost that comes back with them.

    The cost returned so far is a floor of the line's cost by quantity, so that partial refunds
    sum to the whole.
    """

    def __init__(self, books: Books, at: At, fact: SaleCompleted) -> None:
        self.marks: list[tuple[Known, int, SaleLine]] = []
        self._costs: dict[int, int] = {}
        given: dict[tuple[int, int], int] = {}
        for number, line in enumerate(fact.lines, 1):
            refers = line.refers
            if refers is None:
                continue
            meant = Reference(refers.device, refers.seq, refers.mark)
            found = books.sales.find(at.line, meant)
            if found is None:
                at.flags.add("unknown_reference")
                books.sales.wait(refers.device, refers.seq, at.n)
                continue
            sold, cost = found.lines.get(refers.line_no, (0, 0))
            if not sold:
                at.flags.add("unknown_reference")
                continue
            key = (found.n, refers.line_no)
            before = found.line_marks.get(refers.line_no, [0])[0] + given.get(key, 0)
            after = before - line.qty
            given[key] = given.get(key, 0) - line.qty
            if after > sold:
                at.flags.add("over_refund")
            self._costs[number] = cost * after // sold - cost * before // sold
            self.marks.append((found, number, line))

    def cost(self, move: StockMove) -> int | None:
        """The value that comes back with a movement."""
        return self._costs.get(move.line_no)


def _mark(found: Known, fact: SaleCompleted, number: int, line: SaleLine, cost: int) -> None:
    assert line.refers is not None
    mark = found.line_marks.setdefault(line.refers.line_no, [0, 0, 0, 0])
    for place, amount in enumerate((line.qty, line.net, line.tax, cost)):
        mark[place] -= amount
    found.refunded -= line.net + (0 if fact.tax_included else line.tax)
    found.changed |= {"line_marks", "sale"}


def _arrived(books: Books, at: At, fact: SaleCompleted, costs: dict[int, int]) -> None:
    """A sale that something refers to, maybe earlier in the feed."""
    customer = books.customer(fact.customer_id) or None
    sale = Known(at.n, at.device, at.seq, at.carrier, fact.shift_id, customer, at.hash)
    sale.lines = {no: (line.qty, costs[no]) for no, line in enumerate(fact.lines, 1)}
    sale.payments = {
        no: [part.kind, part.amount, part.reference] for no, part in enumerate(fact.tenders, 1)
    }
    for n in books.sales.arrived(sale):
        then, earlier = books.fact_at(n)
        if any(_is(one, sale) for one in references(earlier)):
            _late(books, n, then, earlier, sale)
        else:
            books.sales.wait(sale.device, sale.seq, n)  # for another one at that place


def _is(meant: Reference, sale: Known) -> bool:
    return (meant.device, meant.seq) == (sale.device, sale.seq) and meant.fits(sale.hash)


def _late(books: Books, n: int, then: At, fact: Fact, sale: Known) -> None:
    """What a fact that came before its sale does to it."""
    match fact:
        case SaleCompleted():
            costs = books.line_costs(n)
            for number, line in enumerate(fact.lines, 1):
                refers = line.refers
                if refers and _means(refers, sale):
                    _mark(sale, fact, number, line, costs[number])
        case TenderSwapped():
            _swap(books, then, fact, sale)
        case RefundSettled():
            _settle(then, fact, sale)
        case ReceiptCopied():
            _copy(sale)
        case ShiftClosed():
            _tick(fact, sale)


def _means(refers: Refers, sale: Known) -> bool:
    here = _is(Reference(refers.device, refers.seq, refers.mark), sale)
    return here and refers.line_no in sale.lines


def tender_swapped(books: Books, at: At, fact: TenderSwapped) -> None:
    """A tender's kind corrected, with the cash and debt that it moves."""
    sale = _found(books, at, next(references(fact)))
    if sale:
        _swap(books, at, fact, sale)


def receipt_copied(books: Books, at: At, fact: ReceiptCopied) -> None:
    """One more copy of a receipt."""
    sale = _found(books, at, next(references(fact)))
    if sale:
        _copy(sale)


def refund_settled(books: Books, at: At, fact: RefundSettled) -> None:
    """Money owed by a refund has been sent."""
    sale = _found(books, at, next(references(fact)))
    if sale:
        _settle(at, fact, sale)


def ticked(books: Books, at: At, fact: ShiftClosed) -> None:
    """Payments found on the bank's list, or not."""
    for meant in sorted(set(references(fact))):
        sale = _found(books, at, meant)
        if sale:
            _tick(fact, sale)


def _found(books: Books, at: At, meant: Reference) -> Known | None:
    sale = books.sales.find(at.line, meant)
    if sale is None:
        at.flags.add("unknown_reference")
        books.sales.wait(meant.device, meant.seq, at.n)
    return sale


def _swap(books: Books, at: At, fact: TenderSwapped, sale: Known) -> None:
    payment = sale.payments.get(fact.tender_no)
    if payment is None:
        at.flags.add("unknown_reference")
        return
    moved = swap_moves(fact, sale.shift_id, payment[1], sale.customer_id or b"")
    payment[0], payment[2] = fact.new_kind, fact.reference
    sale.changed.add("payments")
    if fact.customer_id:
        sale.customer_id = books.customer(fact.customer_id)
        sale.changed.add("customer")
    books.move_cash(at, moved.cash)
    books.move_debts(at, moved.debt, lends=True)


def _settle(at: At, fact: RefundSettled, sale: Known) -> None:
    payment = sale.payments.get(fact.tender_no)
    if payment is not None:
        payment[2] = fact.reference
        sale.changed.add("payments")
    sale.payment_mark(fact.tender_no)[1] = at.n


def _copy(sale: Known) -> None:
    sale.copies += 1
    sale.changed.add("sale")


def _tick(fact: ShiftClosed, sale: Known) -> None:
    for tick in fact.ticks:
        if _is(Reference(tick.device, tick.seq, tick.mark), sale):
            sale.payment_mark(tick.tender_no)[0] = int(tick.found)


def debt_repaid(books: Books, at: At, fact: DebtRepaid) -> None:
    """A repayment with its number."""
    code = books.registers.use_number(at, fact.number)
    customer = books.customer(fact.customer_id)
    kind = fact.tenders[0].kind if fact.tenders else "payroll"
    books.repayments.add(
        (
            at.n,
            at.device,
            receipt_number(code, fact.number),
            customer,
            fact.account,
            fact.amount,
            at.header.day,
            at.at_ms,
            kind,
        )
    )
    moved = movements(fact)
    books.move_debts(at, moved.debt, lends=False)
    books.move_cash(at, moved.cash)


def cart_parked(books: Books, at: At, fact: CartParked) -> None:
    """A cart put aside."""
    books.park(
        fact.cart_id, at.n, fact.name, fact.cart, fact.waits_for, at.header.by or None, at.at_ms
    )


def cart_fetched(books: Books, at: At, fact: CartFetched) -> None:
    """A parked cart is parked no longer, also where the fetching came here first."""
    books.fetch(fact.cart_id, at.n)
