"""X and Z reports as documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from core.errors import Refused
from core.facts.shifts import ShiftClosed, TenderTotal
from core.ids import hash_mark
from core.money import format_rupiah
from core.receipt import Block, Document, Pair, Rule, Text
from pos.db.database import Database
from pos.db.own import is_mine
from pos.receipts.documents import moment, plain, shop_head
from pos.receipts.listing import MAX_INTEGER
from pos.receipts.words import word
from pos.reports.shift import BlindFigures, ShiftFigures, blind_figures, shift_figures
from pos.shifts.open_shift import OpenShift
from pos.shop.settings import Settings


class UnknownZ(Refused):
    """There is no Z report of this number."""

    code = "unknown_z"


class NoZ(Refused):
    """No shift was closed at this counter yet."""

    code = "no_z"


def x_document(db: Database, settings: Settings, shift: OpenShift, *, show_cash: bool) -> Document:
    """The figures so far; without `show_cash`, for who counts blind, none that gives the cash."""
    language = settings.language
    figures = shift_figures(db, shift.id)
    name = db.scalar("SELECT name FROM staff WHERE id=?", (shift.opened_by,)) or ""
    blocks: list[Block] = [
        *shop_head(settings),
        Text(word("x_report", language), "centre", bold=True),
        Text(f"{word('opened', language)}: {moment(settings, shift.day, shift.opened_ms)}"),
        Text(f"{word('cashier', language)}: {name}"),
        Rule(),
    ]
    blocks += _open(figures, language) if show_cash else _blind(blind_figures(figures), language)
    blocks += _openings(figures, language)
    return Document(word("x_report", language), tuple(blocks))


def _open(figures: ShiftFigures, language: str) -> list[Block]:
    return [
        *_sales(figures, language),
        *_tenders(figures.totals, language),
        *_repaid(figures, language),
        *_drawer(figures, language),
        Pair(word("expected", language), plain(figures.expected), bold=True),
    ]


def _blind(figures: BlindFigures, language: str) -> list[Block]:
    rows = _counts(figures, language)
    if figures.totals:
        rows += [Rule(), Text(word("tenders", language), bold=True)]
    for kind, count, amount in figures.totals:
        figure = word("cash_hidden", language) if amount is None else plain(amount)
        rows.append(Pair(f"{word(kind, language)} ({count})", figure))
    return [*rows, *_repaid(figures, language), Rule(), Text(word("count_first", language))]


def find_z(db: Database, reference: str) -> Any:
    """A Z report's row by "K1-3", or by "3" for the newest line's; "" for this counter's last.

    Of several with one number this counter's own is meant; "K1-3@WHICH" is exact, where WHICH is
    the mark or the hash (hexadecimal) of its entry, or the device that wrote it.

    Raises:
        UnknownZ, NoZ.
    """
    row = _last_z(db) if not reference else _named_z(db, reference)
    if row is None:
        raise UnknownZ(z=reference) if reference else NoZ()
    return row


def _last_z(db: Database) -> Any:
    places = db.rows(
        "SELECT pos FROM z_report WHERE device IN (SELECT device FROM own_line) ORDER BY pos DESC"
    )
    last = next((pos for (pos,) in places if is_mine(db, pos)), None)
    return None if last is None else db.one("SELECT * FROM z_report WHERE pos=?", (last,))


def _named_z(db: Database, reference: str) -> Any:
    if reference.isascii() and reference.isdigit():
        rows = db.rows("SELECT * FROM z_report WHERE z_number=?", (_z_number(reference),))
    else:
        number, at, which = reference.partition("@")
        rows = db.rows("SELECT * FROM z_report WHERE device_z=?", (number,))
        rows = [row for row in rows if not at or which.lower() in _answers_to(row)]
    return max(rows, key=lambda row: (is_mine(db, row.pos), row.pos), default=None)


def _answers_to(row: Any) -> tuple[str, ...]:
    return hash_mark(row.head_hash).lower(), row.head_hash.hex(), row.device.hex()


def z_reference(row: Any, same: Sequence[Any]) -> str:
    """What means this Z report and no other; `same` has all of its name, itself among them."""
    mark = hash_mark(row.head_hash)
    if len(same) == 1:
        return str(row.device_z)
    marks = [hash_mark(one.head_hash) for one in same]
    # Two marks of twenty bits can be one: the whole hash cannot.
    return f"{row.device_z}@{mark if marks.count(mark) == 1 else row.head_hash.hex()}"


def _z_number(digits: str) -> int:
    # More digits than any number has: none of the reports answers to it.
    return int(digits) if len(digits) < len(str(MAX_INTEGER)) else 0


def z_fact(row: Any) -> ShiftClosed:
    """The closing as it was written, immutable."""
    return msgspec.msgpack.decode(row.body, type=ShiftClosed)


def z_document(db: Database, settings: Settings, reference: str) -> Document:
    """A Z report as kept: figures from the fact, with the journal's head and its seal.

    Raises:
        UnknownZ.
    """
    language = settings.language
    row = find_z(db, reference)
    fact = z_fact(row)
    shift: Any = db.one("SELECT * FROM shift WHERE id=?", (row.shift_id,))
    name = db.scalar("SELECT name FROM staff WHERE id=?", (shift.closed_by,)) or ""
    figures = shift_figures(db, row.shift_id)
    blocks: list[Block] = [
        *shop_head(settings),
        Text(f"{word('z_report', language)} {row.device_z}", "centre", bold=True),
        Text(f"{word('opened', language)}: {moment(settings, shift.day, shift.opened_ms)}"),
        Text(f"{word('closed', language)}: {moment(settings, row.day, shift.closed_ms)}"),
        Text(f"{word('cashier', language)}: {name}"),
        *_receipts(fact, language),
        Rule(),
        *_sales(fact, language),
        *_tenders(fact.totals, language),
        *_repaid(figures, language),
        *_drawer(figures, language),
        *_openings(fact, language),
        *_count(fact, language),
    ]
    if fact.note:
        blocks.append(Text(f"{word('note', language)}: {fact.note}"))
    blocks += [
        Rule(),
        Text(word("seal", language), "centre"),
        Text(row.seal_words, "centre", bold=True),
        Text(f"{word('head', language)}: {row.head_hash.hex()[:16]}", "centre"),
    ]
    return Document(f"Z {row.device_z}", tuple(blocks))


def _counts(figures: ShiftFigures | BlindFigures | ShiftClosed, language: str) -> list[Block]:
    return [
        Pair(word("sales", language), str(figures.sales)),
        Pair(word("refunds", language), str(figures.refunds)),
    ]


def _sales(figures: ShiftFigures | ShiftClosed, language: str) -> list[Block]:
    rows: list[Block] = [
        *_counts(figures, language),
        Pair(word("gross", language), plain(figures.gross)),
        Pair(word("discount", language), plain(-figures.discount)),
    ]
    if figures.tax:
        rows.append(Pair(word("tax", language), plain(figures.tax)))
    if figures.rounding:
        rows.append(Pair(word("rounding", language), plain(figures.rounding)))
    rows.append(Pair(word("net", language), format_rupiah(figures.net), bold=True))
    return rows


def _tenders(totals: Sequence[TenderTotal], language: str) -> list[Block]:
    rows: list[Block] = [Rule(), Text(word("tenders", language), bold=True)]
    for total in totals:
        rows.append(Pair(f"{word(total.kind, language)} ({total.count})", plain(total.amount)))
    return rows if totals else []


def _drawer(figures: ShiftFigures, language: str) -> list[Block]:
    rows: list[Block] = [Rule(), Text(word("drawer", language), bold=True)]
    for name, amount in (
        ("float", figures.float_amount),
        ("cash_sales", figures.cash_sales),
        ("cash_refunds", -figures.cash_refunds),
        ("cash_in", figures.cash_in),
        ("cash_out", -figures.cash_out),
        ("repaid_cash", figures.repaid_cash),
        ("swapped_cash", figures.swapped_cash),
    ):
        if amount or name == "float":
            rows.append(Pair(word(name, language), plain(amount)))
    return rows


def _receipts(fact: ShiftClosed, language: str) -> list[Block]:
    if not fact.first_receipt:
        return []
    return [Pair(word("receipts", language), f"{fact.first_receipt} - {fact.last_receipt}")]


def _repaid(figures: ShiftFigures | BlindFigures, language: str) -> list[Block]:
    """Kasbon repaid by QRIS or transfer: on the bank's list, but no sale's tender."""
    if not figures.repaid_other:
        return []
    return [Pair(word("repaid_other", language), plain(figures.repaid_other))]


def _openings(figures: ShiftFigures | ShiftClosed, language: str) -> list[Block]:
    if not figures.drawer_openings:
        return []
    return [Pair(word("openings", language), str(figures.drawer_openings))]


def _count(fact: ShiftClosed, language: str) -> list[Block]:
    rows: list[Block] = [Pair(word("expected", language), plain(fact.expected))]
    for item in fact.denominations:
        label = f"  {plain(item.value)} x {item.pieces}"
        rows.append(Pair(label, plain(item.value * item.pieces)))
    rows.append(Pair(word("counted", language), plain(fact.counted)))
    difference = fact.counted - fact.expected
    rows.append(Pair(word("difference", language), plain(difference), bold=True))
    missing = sum(1 for tick in fact.ticks if not tick.found)
    if missing:
        rows.append(Pair(word("not_found", language), str(missing)))
    return rows
