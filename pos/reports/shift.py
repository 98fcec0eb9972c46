"""The figures of a shift: one definition, for the X report and for closing."""

from __future__ import annotations

from typing import Any

import msgspec

from core.contract import decode_body
from core.facts.customers import DebtRepaid
from core.facts.shifts import TenderTotal
from pos.db.database import Database
from pos.receipts.naming import mark_at

TICKED = ("qris", "card", "ewallet", "transfer")


class ToTick(msgspec.Struct, frozen=True):
    """A payment to compare with the bank's list at closing; `sale_id` is its fact's position."""

    sale_id: int
    device: bytes
    seq: int
    tender_no: int
    receipt: str
    kind: str
    amount: int
    reference: str
    at_ms: int
    mark: bytes


class ShiftFigures(msgspec.Struct, frozen=True):
    """All figures of a shift in rupiah; `expected` is what the drawer should hold.

    `repaid_other` is kasbon repaid otherwise than in cash: it moves no drawer and is no sale.
    """

    float_amount: int
    expected: int
    cash_sales: int
    cash_refunds: int
    cash_in: int
    cash_out: int
    repaid_cash: int
    repaid_other: int
    swapped_cash: int
    totals: tuple[TenderTotal, ...]
    sales: int
    refunds: int
    gross: int
    discount: int
    tax: int
    rounding: int
    net: int
    drawer_openings: int
    first_receipt: str
    last_receipt: str
    to_tick: tuple[ToTick, ...]


class BlindFigures(msgspec.Struct, frozen=True):
    """What a person sees of a shift whose drawer is still to be counted blind.

    How often things happened, and the sums of tenders that are not cash. No sum of sales and no
    sum of the drawer, for the expected cash is either one less what is known of the rest. `totals`
    holds the count and, where it is not cash, the amount in rupiah.
    """

    sales: int
    refunds: int
    totals: tuple[tuple[str, int, int | None], ...]
    repaid_other: int
    drawer_openings: int
    first_receipt: str
    last_receipt: str


def blind_figures(figures: ShiftFigures) -> BlindFigures:
    """The figures that say nothing of the drawer; what is not named here stays unseen."""
    return BlindFigures(
        sales=figures.sales,
        refunds=figures.refunds,
        totals=tuple(
            (total.kind, total.count, None if total.kind == "cash" else total.amount)
            for total in figures.totals
        ),
        repaid_other=figures.repaid_other,
        drawer_openings=figures.drawer_openings,
        first_receipt=figures.first_receipt,
        last_receipt=figures.last_receipt,
    )


def shift_figures(db: Database, shift_id: bytes) -> ShiftFigures:
    """Reckon a shift, open or closed, from what was stored for it."""
    cash = {
        row[0]: int(row[1])
        for row in db.rows(
            "SELECT kind, sum(amount) FROM cash_movement WHERE shift_id=? GROUP BY kind",
            (shift_id,),
        )
    }
    sums = _sums(db, shift_id)
    return ShiftFigures(
        float_amount=cash.get("float", 0),
        expected=sum(cash.values()),
        cash_sales=cash.get("sale", 0),
        cash_refunds=-cash.get("refund", 0),
        cash_in=cash.get("in", 0),
        cash_out=-cash.get("out", 0),
        repaid_cash=cash.get("repaid", 0),
        repaid_other=_repaid(db, shift_id) - cash.get("repaid", 0),
        swapped_cash=cash.get("swap", 0),
        totals=_totals(db, shift_id),
        sales=int(sums.sales or 0),
        refunds=int(sums.refunds or 0),
        gross=int(sums.gross or 0),
        discount=int(sums.discount or 0),
        tax=int(sums.tax or 0),
        rounding=int(sums.rounding or 0),
        net=int(sums.total or 0),
        drawer_openings=int(
            db.scalar("SELECT count(*) FROM drawer_opening WHERE shift_id=?", (shift_id,)) or 0
        ),
        first_receipt=_receipt(db, sums.first),
        last_receipt=_receipt(db, sums.last),
        to_tick=_to_tick(db, shift_id),
    )


def _sums(db: Database, shift_id: bytes) -> Any:
    return db.one(
        "SELECT sum(type<>'refund') AS sales, sum(type='refund') AS refunds, sum(gross) AS gross,"
        " sum(discount) AS discount, sum(tax) AS tax, sum(rounding) AS rounding,"
        " sum(total) AS total, min(id) AS first, max(id) AS last FROM sale WHERE shift_id=?",
        (shift_id,),
    )


def _receipt(db: Database, sale_id: int | None) -> str:
    return str(db.scalar("SELECT receipt FROM sale WHERE id=?", (sale_id,)) or "")


def _repaid(db: Database, shift_id: bytes) -> int:
    return int(db.scalar("SELECT sum(amount) FROM repayment WHERE shift_id=?", (shift_id,)) or 0)


def _totals(db: Database, shift_id: bytes) -> tuple[TenderTotal, ...]:
    rows = db.rows(
        "SELECT p.kind, count(*), sum(p.amount) FROM payment p JOIN sale s ON s.id=p.sale_id"
        " WHERE s.shift_id=? GROUP BY p.kind ORDER BY p.kind",
        (shift_id,),
    )
    return tuple(TenderTotal(row[0], row[1], row[2]) for row in rows)


def _to_tick(db: Database, shift_id: bytes) -> tuple[ToTick, ...]:
    """What the bank's list should hold: payments of sales and repaid kasbon, as they came."""
    found = [*_paid(db, shift_id), *_repaid_to_tick(db, shift_id)]
    return tuple(sorted(found, key=lambda one: (one.sale_id, one.tender_no)))


def _paid(db: Database, shift_id: bytes) -> list[ToTick]:
    rows = db.rows(
        "SELECT s.id, s.device, s.seq, p.n, s.receipt, p.kind, p.amount, p.reference, s.at_ms"
        " FROM payment p JOIN sale s ON s.id=p.sale_id WHERE s.shift_id=? AND p.amount>0"
        f" AND p.kind IN ({','.join('?' * len(TICKED))}) ORDER BY s.id, p.n",
        (shift_id, *TICKED),
    )
    return [
        ToTick(
            row.id, bytes(row.device), row.seq, row.n, row.receipt, row.kind, row.amount,
            row.reference, row.at_ms, mark_at(db, row.id),
        )
        for row in rows
    ]  # fmt: skip


def _repaid_to_tick(db: Database, shift_id: bytes) -> list[ToTick]:
    """Read from the facts: a repayment's row does not keep its tenders apart."""
    found: list[ToTick] = []
    for row in db.rows(
        "SELECT r.id, r.receipt, r.at_ms, j.device, j.seq, j.kind, j.version, j.body"
        " FROM repayment r JOIN journal j ON j.pos=r.id WHERE r.shift_id=?",
        (shift_id,),
    ):
        fact = decode_body(row.kind, row.version, row.body)[1]
        if not isinstance(fact, DebtRepaid):
            continue
        found += [
            ToTick(
                row.id,
                bytes(row.device),
                row.seq,
                n,
                row.receipt,
                part.kind,
                part.amount,
                part.reference,
                row.at_ms,
                mark_at(db, row.id),
            )
            for n, part in enumerate(fact.tenders, 1)
            if part.kind in TICKED
        ]
    return found
