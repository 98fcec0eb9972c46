"""Folding facts of the drawer: cash, shifts, and the gapless numbers of a line of history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from core.facts.references import references
from core.facts.shifts import CashMoved, DrawerOpened, ShiftClosed, ShiftOpened
from core.ids import seal_words
from core.movements import CashMove, movements
from pos.db.database import Database
from pos.db.fold.folding import Folding, gives_way, position
from pos.db.fold.late import bind, late_facts, note_late

NAMELESS: Final = "?"
"""The code of a line of which receipts are known and nothing else yet."""

REPAID_AT: Final = (
    "coalesce((SELECT c.device FROM carried c WHERE c.pos=repayment.id LIMIT 1),"
    " (SELECT j.device FROM journal j WHERE j.pos=repayment.id))"
)
"""SQL: the line that wrote a repayment, also where another one carried it here."""
_NAMED: Final = (
    ("sale", "receipt", "device"),
    ("repayment", "receipt", REPAID_AT),
    ("z_report", "device_z", "device"),
)
"""Tables whose rows are called by their line's code, the column that is, and whose line it is."""


def use_number(at: Folding, number: int) -> str:
    """Mark a receipt number of this line as used; returns the line's register code."""
    at.db.run(
        "UPDATE line SET last_receipt=max(last_receipt, ?) WHERE device=?", (number, at.device)
    )
    return code_of(at.db, at.device)


def code_of(db: Database, device: bytes) -> str:
    """The code on a line's receipts: its first entry says it; before that has come, what the shop
    calls the line."""
    code = db.scalar("SELECT register FROM line WHERE device=?", (device,))
    if code is None:
        code = db.scalar("SELECT code FROM register WHERE device=?", (device,))
    return str(code or NAMELESS)


def name_receipts(at: Folding, device: bytes, before: str) -> None:
    """A line's code is known, or better known: receipts and Z reports that came before it, and
    were called by the code `before`, have it, too, as at the server."""
    code = code_of(at.db, device)
    if at.standing == "alone" or code == before:
        return
    ends = (f"{before}-", f"{before}.")
    for table, name, line in _NAMED:
        at.db.run(
            f"UPDATE {table} SET {name}=? || substr({name}, ?) WHERE {name} BETWEEN ? AND ?"
            f" AND {line}=?",
            (code, len(before) + 1, *ends, device),
        )


def move_cash(at: Folding, moves: Sequence[CashMove], reason: str) -> None:
    """Store what went into or out of a drawer, after what the same place has moved already."""
    if at.laid:
        return
    at.db.many(
        "INSERT INTO cash_movement (pos, n, shift_id, kind, amount, reason) SELECT ?1,"
        " coalesce(max(n), 0) + 1,?2,?3,?4,?5 FROM cash_movement WHERE pos=?1",
        [(at.pos, move.shift_id, move.kind, move.amount, reason) for move in moves],
    )


def shift_opened(at: Folding, fact: ShiftOpened) -> None:
    """A shift begins."""
    at.db.run(
        "INSERT INTO shift (id, pos, device, day, opened_ms, opened_by, float_amount, note)"
        " VALUES (?,?,?,?,?,?,?,'')",
        (
            fact.shift_id,
            at.pos,
            at.device,
            at.header.day,
            at.header.at_ms,
            at.header.by,
            fact.float_amount,
        ),
    )
    move_cash(at, movements(fact).cash, "")
    for then, late in late_facts(at, fact.shift_id):
        bind(at, then, fact.shift_id)
        if isinstance(late, ShiftClosed):
            _close(then, late)


def cash_moved(at: Folding, fact: CashMoved) -> None:
    """Cash in or out with its reason."""
    move_cash(at, movements(fact).cash, fact.reason)


def drawer_opened(at: Folding, fact: DrawerOpened) -> None:
    """The drawer opened without a sale."""
    at.db.run(
        "INSERT INTO drawer_opening (pos, shift_id, staff_id, reason) VALUES (?,?,?,?)",
        (at.pos, fact.shift_id, at.header.by, fact.reason),
    )


def shift_closed(at: Folding, fact: ShiftClosed) -> None:
    """A shift ends: its Z report is kept with the head it closed on and the day's seal."""
    _close(at, fact)
    tick_payments(at, fact)
    _keep_report(at, fact)


def _close(at: Folding, fact: ShiftClosed) -> None:
    row = at.db.tuple_of("SELECT closed_pos FROM shift WHERE id=?", (fact.shift_id,))
    if row is None:
        note_late(at, fact.shift_id)
    elif row[0] is None or gives_way(at, row[0]):
        at.db.run(
            "UPDATE shift SET closed_pos=?, closed_ms=?, closed_by=?, z_number=?, counted=?,"
            " expected=?, note=? WHERE id=?",
            (
                at.pos,
                at.header.at_ms,
                at.header.by,
                fact.z_number,
                fact.counted,
                fact.expected,
                fact.note,
                fact.shift_id,
            ),
        )


def _keep_report(at: Folding, fact: ShiftClosed) -> None:
    head = at.hash
    at.db.run(
        "INSERT INTO z_report (device, device_z, z_number, shift_id, day, pos, body, head_hash,"
        " seal_words) VALUES (?,?,?,?,?,?,?,?,?)",
        (
            at.device,
            f"{code_of(at.db, at.device)}-{fact.z_number}",
            fact.z_number,
            fact.shift_id,
            at.header.day,
            at.pos,
            msgspec.msgpack.encode(fact),
            head,
            seal_words(head),
        ),
    )


def tick_payments(at: Folding, fact: ShiftClosed, sale_id: int | None = None) -> None:
    """What was found on the bank's list when the shift was closed; of one sale only, if given."""
    for tick, named in zip(fact.ticks, references(fact), strict=True):
        meant = position(at, named)
        if sale_id not in (None, meant):
            continue
        if at.db.tuple_of("SELECT 1 FROM sale WHERE id=?", (meant,)) is None:
            note_late(at, tick.device, tick.seq)
        at.db.run(
            "UPDATE payment SET found=? WHERE sale_id=? AND n=?",
            (int(tick.found), meant, tick.tender_no),
        )
