"""Folding sales, refunds and exchanges, and what is done to them later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

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
from pos.db.fold.customers import move_debt
from pos.db.fold.drawer import move_cash, tick_payments, use_number
from pos.db.fold.folding import (
    Folding,
    Standing,
    gives_way,
    is_waiting,
    order_of,
    position,
    target_of,
)
from pos.db.fold.late import bind, late_facts, note_late
from pos.db.fold.stock import count_sold, move_stock

_LINE = (
    "INSERT INTO sale_line (sale_id, line_no, product_id, name, unit, factor, qty, unit_price,"
    " list_price, gross, line_discount, cart_discount, net, tax, tax_class, note, price_reason,"
    " refers_sale, refers_line, back_to, cost, refunded_qty, refunded_net, refunded_tax,"
    " refunded_gross, refunded_line_discount, refunded_cart_discount, refunded_cost)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,0,0,0,0,0,0)"
)
_SALE = (
    "INSERT INTO sale (id, receipt, device, seq, shift_id, type, day, at_ms, staff_id,"
    " approved_by, customer_id, gross, discount, tax, rounding, total, change, tax_included,"
    " cost, refunded, copies, ref, note, reason)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,0,?,?,?)"
)


class Original(NamedTuple):
    """The line of an earlier sale that is given back, and the cost that returns with it."""

    sale_id: int
    line_no: int
    cost: int


def sale_completed(at: Folding, fact: SaleCompleted) -> None:
    """A sale with all that follows: lines, payments, stock, cash, debts."""
    register = use_number(at, fact.number)
    originals = originals_of(at, fact)
    moved = movements(fact)

    def returned_cost(move: StockMove) -> int | None:
        original = originals.get(move.line_no)
        return original.cost if original else None

    values = move_stock(at, moved.stock, returned_cost)
    costs = costs_of(moved.stock, values)
    _insert_sale(at, fact, receipt_number(register, fact.number), sum(costs.values()))
    at.db.many(
        _LINE,
        [
            _line_row(at, number, line, originals.get(number), costs[number])
            for number, line in enumerate(fact.lines, 1)
        ],
    )
    at.db.many(
        "INSERT INTO payment (sale_id, n, kind, amount, given, reference, confirmed, settled)"
        " VALUES (?,?,?,?,?,?,?,0)",
        [
            (at.pos, n, part.kind, part.amount, part.given, part.reference, part.confirmed)
            for n, part in enumerate(fact.tenders, 1)
        ],
    )
    move_cash(at, moved.cash, "")
    move_debt(at, moved.debt, lends=True)
    if not at.laid:
        count_sold(
            at,
            [
                (-1 if line.refers else 1, target_of(at, "product", line.product_id))
                for line in fact.lines
            ],
        )
    _mark_refunded(at, fact, originals, costs)
    if at.standing != "alone":
        _note_missing(at, fact, originals)
        _bind_late(at)


def costs_of(moves: Sequence[StockMove], values: Sequence[int]) -> dict[int, int]:
    """What the goods of each line cost, in rupiah."""
    return {move.line_no: -value for move, value in zip(moves, values, strict=True) if move.line_no}


def _insert_sale(at: Folding, fact: SaleCompleted, receipt: str, cost: int) -> None:
    at.db.run(
        _SALE,
        (
            at.pos,
            receipt,
            at.device,
            at.seq,
            fact.shift_id,
            fact.type,
            at.header.day,
            at.header.at_ms,
            at.header.by,
            at.header.approved_by,
            fact.customer_id,
            sum(line.gross for line in fact.lines),
            sum(line.line_discount + line.cart_discount for line in fact.lines),
            sum(line.tax for line in fact.lines),
            fact.rounding,
            fact.total,
            fact.change,
            int(fact.tax_included),
            cost,
            fact.ref,
            fact.note,
            fact.reason,
        ),
    )


def _line_row(
    at: Folding, number: int, line: SaleLine, original: Original | None, cost: int
) -> tuple[object, ...]:
    return (
        at.pos,
        number,
        line.product_id,
        line.name,
        line.unit,
        line.factor,
        line.qty,
        line.unit_price,
        line.list_price,
        line.gross,
        line.line_discount,
        line.cart_discount,
        line.net,
        line.tax,
        line.tax_class,
        line.note,
        line.price_reason,
        original.sale_id if original else 0,
        original.line_no if original else 0,
        line.back_to,
        cost,
    )


def _meant(refers: Refers) -> Reference:
    return Reference(refers.device, refers.seq, refers.mark)


def originals_of(at: Folding, fact: SaleCompleted) -> dict[int, Original]:
    """For each line given back: where it was sold and what cost comes back with it.

    The cost returned so far is a floor of the line's cost by quantity, so that partial
    refunds sum to the whole. In the accepted state a sale that still waits is not there yet.
    """
    found: dict[int, Original] = {}
    given: dict[tuple[int, int], int] = {}
    for number, line in enumerate(fact.lines, 1):
        if line.refers is None:
            continue
        sale_id = position(at, _meant(line.refers))
        key = (sale_id, line.refers.line_no)
        row = at.db.one(
            "SELECT qty, cost, refunded_qty FROM sale_line WHERE sale_id=? AND line_no=?", key
        )
        if row is None or not row[0]:
            continue
        if at.standing == "accepted" and is_waiting(at, sale_id):
            continue
        before = row[2] + given.get(key, 0)
        after = before - line.qty
        given[key] = given.get(key, 0) - line.qty
        cost = row[1] * after // row[0] - row[1] * before // row[0]
        found[number] = Original(sale_id, line.refers.line_no, cost)
    return found


def _mark_refunded(
    at: Folding, fact: SaleCompleted, originals: dict[int, Original], costs: dict[int, int]
) -> None:
    rows: list[tuple[object, ...]] = []
    totals: dict[int, int] = {}
    for number, line in enumerate(fact.lines, 1):
        original = originals.get(number)
        if original is None:
            continue
        amount = -line.net - (0 if fact.tax_included else line.tax)
        totals[original.sale_id] = totals.get(original.sale_id, 0) + amount
        rows.append(
            (
                -line.qty,
                -line.net,
                -line.tax,
                -line.gross,
                -line.line_discount,
                -line.cart_discount,
                -costs[number],
                original.sale_id,
                original.line_no,
            )
        )
    at.db.many(
        "UPDATE sale_line SET refunded_qty=refunded_qty+?, refunded_net=refunded_net+?,"
        " refunded_tax=refunded_tax+?, refunded_gross=refunded_gross+?,"
        " refunded_line_discount=refunded_line_discount+?,"
        " refunded_cart_discount=refunded_cart_discount+?, refunded_cost=refunded_cost+?"
        " WHERE sale_id=? AND line_no=?",
        rows,
    )
    at.db.many(
        "UPDATE sale SET refunded=refunded+? WHERE id=?",
        [(amount, sale_id) for sale_id, amount in totals.items()],
    )


def _note_missing(at: Folding, fact: SaleCompleted, originals: dict[int, Original]) -> None:
    """Lines given back whose sale is not here are marked when it comes."""
    for number, line in enumerate(fact.lines, 1):
        if line.refers is not None and number not in originals:
            sale_id = position(at, _meant(line.refers))
            if at.db.tuple_of("SELECT 1 FROM sale WHERE id=?", (sale_id,)) is None:
                note_late(at, line.refers.device, line.refers.seq)
            elif at.standing == "accepted" and is_waiting(at, sale_id):
                _mark_late(at, fact, sale_id)


def _bind_late(at: Folding) -> None:
    """Facts about this sale that came before it take effect."""
    key = (at.device, at.seq)
    for then, fact in late_facts(at, *key):
        meant = (one for one in references(fact) if one[:2] == key)
        if not any(position(then, one) == at.pos for one in meant):
            continue  # another one at that place
        bind(at, then, *key)
        match fact:
            case SaleCompleted():
                _mark_late(then, fact, at.pos)
            case TenderSwapped():
                tender_swapped(then, fact)
            case ReceiptCopied():
                receipt_copied(then, fact)
            case RefundSettled():
                refund_settled(then, fact)
            case ShiftClosed():
                tick_payments(then, fact, at.pos)


def _mark_late(at: Folding, fact: SaleCompleted, sale_id: int) -> None:
    """Mark what was given back of a sale that came after, or counts after, its refund."""
    originals: dict[int, Original] = {}
    costs: dict[int, int] = {}
    for number, line in enumerate(fact.lines, 1):
        refers = line.refers
        if refers is None or position(at, _meant(refers)) != sale_id:
            continue
        key = (at.pos, number)
        row = at.db.tuple_of(
            "SELECT cost, refers_sale FROM sale_line WHERE sale_id=? AND line_no=?", key
        )
        if row is None or row[1]:
            continue
        originals[number] = Original(sale_id, refers.line_no, -row[0])
        costs[number] = row[0]
        at.db.run(
            "UPDATE sale_line SET refers_sale=?, refers_line=? WHERE sale_id=? AND line_no=?",
            (sale_id, refers.line_no, *key),
        )
    _mark_refunded(at, fact, originals, costs)


def tender_swapped(at: Folding, fact: TenderSwapped) -> None:
    """A tender's kind corrected, with the cash and debt that it moves."""
    sale_id = position(at, next(references(fact)))
    row = at.db.one(
        "SELECT p.amount, s.shift_id, s.customer_id FROM payment p JOIN sale s ON s.id=p.sale_id"
        " WHERE p.sale_id=? AND p.n=?",
        (sale_id, fact.tender_no),
    )
    if row is None:
        note_late(at, fact.device, fact.seq)
        return
    moved = swap_moves(fact, row[1], row[0], row[2])
    if order_of(at.db, sale_id) > order_of(at.db, at.pos):
        # What it moves counts from when the sale does, as at the server.
        at = at._replace(pos=sale_id, standing=_standing(at, sale_id))
    at.db.run(
        "UPDATE payment SET kind=?, reference=?, confirmed='', given=0 WHERE sale_id=? AND n=?",
        (fact.new_kind, fact.reference, sale_id, fact.tender_no),
    )
    if fact.customer_id:
        at.db.run("UPDATE sale SET customer_id=? WHERE id=?", (fact.customer_id, sale_id))
    move_cash(at, moved.cash, fact.reason)
    move_debt(at, moved.debt, lends=True)


def _standing(at: Folding, pos: int) -> Standing:
    return "waiting" if is_waiting(at, pos) else "accepted"


def receipt_copied(at: Folding, fact: ReceiptCopied) -> None:
    """One more copy of a receipt."""
    sale_id = position(at, next(references(fact)))
    if not at.db.run("UPDATE sale SET copies=copies+1 WHERE id=?", (sale_id,)):
        note_late(at, fact.device, fact.seq)


def refund_settled(at: Folding, fact: RefundSettled) -> None:
    """Money owed by a refund has been sent; of two such facts the first in the order stands."""
    sale_id = position(at, next(references(fact)))
    if at.db.tuple_of("SELECT 1 FROM sale WHERE id=?", (sale_id,)) is None:
        note_late(at, fact.device, fact.seq)
    key = (sale_id, fact.tender_no)
    settled = at.db.scalar("SELECT settled FROM payment WHERE sale_id=? AND n=?", key)
    if settled and not gives_way(at, settled):
        return
    at.db.run(
        "UPDATE payment SET settled=?, reference=? WHERE sale_id=? AND n=?",
        (at.pos, fact.reference, *key),
    )


def cart_parked(at: Folding, fact: CartParked) -> None:
    """A cart put aside; one that was taken up already stays so."""
    at.db.run(
        "INSERT INTO parked_cart (id, pos, name, cart, waits_for, staff_id, at_ms)"
        " SELECT ?1,?2,?3,?4,?5,?6,?7"
        " WHERE NOT EXISTS (SELECT 1 FROM fetched_cart WHERE id=?1)",
        (
            fact.cart_id,
            at.pos,
            fact.name,
            fact.cart,
            fact.waits_for,
            at.header.by,
            at.header.at_ms,
        ),
    )


def cart_fetched(at: Folding, fact: CartFetched) -> None:
    """A parked cart is parked no longer."""
    at.db.run("DELETE FROM parked_cart WHERE id=?", (fact.cart_id,))
    at.db.run("INSERT OR IGNORE INTO fetched_cart (id) VALUES (?)", (fact.cart_id,))
