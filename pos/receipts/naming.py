"""What a receipt's number means: one receipt, or several of registers that bore one code.

Counters that join one shop may both have a K1-000123 from before. A *reference* names a receipt:
its number, or NUMBER@WHICH, where WHICH is the four characters printed beside the number, or the
id (32 hexadecimal digits) of the device that wrote it. What people typed goes through `exactly`
first; everything else takes a reference and finds this counter's own receipt first.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from core.errors import Refused
from core.facts.references import mark_of
from core.ids import hash_mark
from core.money import format_rupiah
from pos.db.database import Database
from pos.db.own import own_first

REPAYMENT = "repayment"

_SALES = (
    "SELECT s.id, s.receipt, s.type, s.device, s.day, s.at_ms, s.total + s.rounding"
    " FROM sale s WHERE s.receipt=?"
)
_REPAID = (
    "SELECT r.id, r.receipt, 'repayment', coalesce((SELECT c.device FROM carried c"
    " WHERE c.pos=r.id LIMIT 1), j.device, x''), r.day, r.at_ms, r.amount"
    " FROM repayment r LEFT JOIN journal j ON j.pos=r.id WHERE r.receipt=?"
)
REGISTER = (
    "coalesce((SELECT code FROM register WHERE device={device}),"
    " (SELECT register FROM line WHERE device={device}), '')"
)
"""SQL: the code of the counter that a line is of, as the shop uses it now."""
_CALLED = (
    "SELECT g.name FROM register g LEFT JOIN line l ON l.device=g.device"
    " WHERE g.device=? AND g.name NOT IN ('', g.code, coalesce(l.register, ''))"
)


class AmbiguousReceipt(Refused):
    """Several receipts bear this number; `choices` names each with register, date and total."""

    code = "ambiguous_receipt"


class Named(NamedTuple):
    """One of the receipts that a number may mean.

    `pos` is the place of its entry; `type` as in `ReceiptRow`; `due` rupiah as on the paper;
    `register` its counter's code and, where it has one, name. `mark` stands beside the number on
    the paper, `reference` means this receipt and no other.
    """

    pos: int
    receipt: str
    type: str
    device: bytes
    day: str
    at_ms: int
    due: int
    register: str
    mark: str
    reference: str


def entry_hash(db: Database, pos: int) -> bytes:
    """The hash of the entry whose effects lie at a place, also of one that came inside another;
    empty where there is none."""
    found = db.scalar(
        "SELECT coalesce((SELECT hash FROM carried WHERE pos=?1 LIMIT 1),"
        " (SELECT hash FROM journal WHERE pos=?1))",
        (pos,),
    )
    return bytes(found or b"")


def mark_at(db: Database, pos: int) -> bytes:
    """By what facts about the sale at a place name it beside its number."""
    return mark_of(entry_hash(db, pos))


def many_registers(db: Database) -> bool:
    """Whether the shop has other counters than this one."""
    foreign = "SELECT 1 FROM register WHERE device NOT IN (SELECT device FROM own_line) LIMIT 1"
    return db.scalar(foreign) is not None


def receipts_named(db: Database, reference: str) -> list[Named]:
    """The receipts that a reference may mean: this counter's own first, then the newest."""
    number, at, which = (part.strip() for part in reference.partition("@"))
    rows = [*db.rows(_SALES, (number,)), *db.rows(_REPAID, (number,))]
    hashes = {row[0]: entry_hash(db, row[0]) for row in rows}
    own = {bytes(row[0]) for row in db.rows("SELECT device FROM own_line")}
    found = [_named(db, row, hashes) for row in rows]
    if at:
        found = [one for one in found if _is(which, one, hashes[one.pos])]
    return sorted(found, key=lambda one: (one.device not in own, -one.pos))


def sale_place(db: Database, reference: str) -> int | None:
    """The place of the sale (refund, exchange) that a reference means; None where there is none.
    Of several it is this counter's own, else the newest."""
    if "@" not in reference:
        found = db.scalar(
            f"SELECT id FROM sale WHERE receipt=?{own_first('device', 'id')}", (reference.strip(),)
        )
        return None if found is None else int(found)
    return next((one.pos for one in receipts_named(db, reference) if one.type != REPAYMENT), None)


def repayment_place(db: Database, reference: str) -> int | None:
    """The same for repaid kasbon."""
    return next((one.pos for one in receipts_named(db, reference) if one.type == REPAYMENT), None)


def exactly(db: Database, reference: str) -> str:
    """The reference that means this receipt alone; what nobody knows comes back as it is.

    Raises:
        AmbiguousReceipt: it means several.
    """
    found = receipts_named(db, reference)
    if len(found) > 1:
        raise AmbiguousReceipt(
            receipt=reference.strip(), choices="; ".join(choice(one) for one in found)
        )
    return found[0].reference if found else reference.strip()


def reference_at(db: Database, receipt: str, pos: int) -> str:
    """The reference of the receipt at a place, of which the number is known."""
    found = [one.reference for one in receipts_named(db, receipt) if one.pos == pos]
    return found[0] if found else receipt


def number_of(reference: str) -> str:
    """The number in a reference, as on the paper."""
    return reference.partition("@")[0].strip()


def choice(one: Named) -> str:
    """A receipt among several, in a line of the terminal."""
    return f"{one.reference} ({one.register}, {one.day}, {format_rupiah(one.due)})"


def _is(which: str, one: Named, digest: bytes) -> bool:
    low = which.lower()
    return bool(low) and low in (one.mark.lower(), one.device.hex(), digest.hex())


def _reference(number: str, hashes: dict[int, bytes], pos: int) -> str:
    digest = hashes[pos]
    if len(hashes) == 1 or not digest:
        return number
    same = [one for one in hashes.values() if one and hash_mark(one) == hash_mark(digest)]
    # Two marks of twenty bits can be one: the whole hash cannot.
    return f"{number}@{hash_mark(digest) if len(same) == 1 else digest.hex()}"


def _named(db: Database, row: Any, hashes: dict[int, bytes]) -> Named:
    pos, receipt, device = row[0], row[1], bytes(row[3])
    code = db.scalar(f"SELECT {REGISTER.format(device='?1')}", (device,))
    register = " · ".join(filter(None, (code, db.scalar(_CALLED, (device,)))))
    mark = hash_mark(hashes[pos]) if hashes[pos] else ""
    return Named(
        pos, receipt, row[2], device, row[4], row[5], row[6], register, mark,
        _reference(receipt, hashes, pos),
    )  # fmt: skip
