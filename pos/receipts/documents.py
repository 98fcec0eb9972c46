"""The receipt of a sale, refund, exchange or repayment as a document, in the shop's language."""

from __future__ import annotations

from typing import Any

from core.dates import format_clock, format_day
from core.ids import hash_mark
from core.money import format_rupiah
from core.quantity import show_quantity
from core.receipt import Block, Document, Feed, Item, Logo, Pair, Qr, Rule, Text, Weave
from pos.customers.repayments import Repayment, owed_before, repayment
from pos.db.database import Database
from pos.receipts.listing import ReceiptView, UnknownReceipt, receipt_view
from pos.receipts.naming import entry_hash
from pos.receipts.words import word
from pos.shop.settings import Settings

NON_CASH = ("qris", "card", "ewallet", "transfer")


def plain(amount: int) -> str:
    """Rupiah without the sign, as columns of figures show them."""
    return format_rupiah(amount, symbol=False)


def shop_head(settings: Settings) -> list[Block]:
    """Logo, name, address and numbers of the shop, centred."""
    head: list[Block] = []
    if settings.receipt_logo:
        head.append(Logo(settings.receipt_logo))
    head.append(Text(settings.shop_name, "centre", bold=True, big=True))
    if settings.address:
        head.append(Text(settings.address, "centre"))
    if settings.phone:
        head.append(Text(settings.phone, "centre"))
    if settings.npwp:
        head.append(Text(f"NPWP {settings.npwp}", "centre"))
    head.append(Weave())
    return head


def moment(settings: Settings, day: str, at_ms: int) -> str:
    """Business date and local time in the shop's language."""
    clock = format_clock(at_ms, settings.zone, settings.language)
    return f"{format_day(day, settings.language)} {clock}"


def receipt_document(db: Database, settings: Settings, receipt: str, copy: int = 0) -> Document:
    """A receipt, by its reference, as it is printed; `copy` counts copies, 0 for the original.

    Raises:
        UnknownReceipt.
    """
    try:
        view = receipt_view(db, receipt)
    except UnknownReceipt:
        repaid = repayment(db, receipt)
        if repaid is None:
            raise
        return _repayment(db, settings, repaid, copy)
    blocks = [
        *shop_head(settings),
        *_titles(db, view, settings, copy),
        *_circumstances(view, settings, db),
    ]
    blocks.append(Rule())
    blocks += [_item(line, settings) for line in view.lines]
    blocks.append(Rule())
    blocks += _sums(view, settings)
    blocks += _payments(view, settings)
    blocks += _debt(db, view, settings)
    if view.sale.reason:
        blocks.append(Text(f"{word('reason', settings.language)}: {view.sale.reason}"))
    if settings.receipt_qr:
        blocks += [Feed(), Qr(settings.receipt_qr)]
    blocks += _foot(settings)
    return Document(view.head.receipt, tuple(blocks))


def _foot(settings: Settings) -> list[Block]:
    lines: list[Block] = [Text(line, "centre") for line in settings.receipt_footer if line.strip()]
    return [Feed(), *lines] if lines else []


def _copy_title(settings: Settings, copy: int) -> list[Block]:
    mark = word("copy", settings.language)
    return [Text(f"*** {mark} {copy} ***", "centre", bold=True)] if copy else []


def _titles(db: Database, view: ReceiptView, settings: Settings, copy: int) -> list[Block]:
    titles = _copy_title(settings, copy)
    if view.head.type != "sale":
        titles.append(Text(word(view.head.type, settings.language), "centre", bold=True))
        label = word("returned", settings.language)
        titles += [Text(f"{label} {receipt}", "centre") for receipt in _originals(db, view)]
    return titles


def _originals(db: Database, view: ReceiptView) -> list[str]:
    """The receipts whose lines are given back on this one."""
    rows = db.rows(
        "SELECT DISTINCT o.id, o.receipt FROM sale_line l JOIN sale o ON o.id=l.refers_sale"
        " WHERE l.sale_id=? ORDER BY o.id",
        (view.head.sale_id,),
    )
    return [str(row.receipt) for row in rows]


def hash_letters(db: Database, pos: int) -> str:
    """The four characters of a fact's hash that its paper shows; empty where there is none."""
    digest = entry_hash(db, pos)
    return hash_mark(digest) if digest else ""


def _circumstances(view: ReceiptView, settings: Settings, db: Database) -> list[Block]:
    language = settings.language
    head = view.head
    rows: list[Block] = [
        Pair(head.receipt, hash_letters(db, head.sale_id)),
        Text(moment(settings, head.day, head.at_ms)),
    ]
    if head.staff:
        rows.append(Text(f"{word('cashier', language)}: {head.staff}"))
    if head.customer:
        rows.append(Text(f"{word('customer', language)}: {head.customer}"))
        number = db.scalar("SELECT member_no FROM customer WHERE id=?", (view.sale.customer_id,))
        if number:
            rows.append(Text(f"{word('member', language)}: {number}"))
    return rows


def _item(line: Any, settings: Settings) -> Item:
    language = settings.language
    notes: list[tuple[str, str]] = []
    if line.line_discount:
        notes.append((word("discount", language), plain(-line.line_discount)))
    if line.note:
        notes.append((line.note, ""))
    return Item(
        line.name,
        f"{show_quantity(line.qty, language)} {line.unit} x {plain(line.unit_price)}",
        plain(line.gross),
        tuple(notes),
    )


def _sums(view: ReceiptView, settings: Settings) -> list[Block]:
    language = settings.language
    sale = view.sale
    cart_discount = sum(line.cart_discount for line in view.lines)
    rows: list[Block] = []
    if cart_discount or sale.rounding or (sale.tax and not sale.tax_included):
        subtotal = sum(line.gross - line.line_discount for line in view.lines)
        rows.append(Pair(word("subtotal", language), plain(subtotal)))
    if cart_discount:
        rows.append(Pair(word("discount", language), plain(-cart_discount)))
    if sale.tax and not sale.tax_included:
        rows.append(Pair(settings.tax_name, plain(sale.tax)))
    if sale.rounding:
        rows.append(Pair(word("rounding", language), plain(sale.rounding)))
    due = sale.total + sale.rounding
    rows.append(Pair(word("total", language), format_rupiah(due), bold=True, big=True))
    if sale.tax and sale.tax_included:
        label = f"{word('included', language)} {settings.tax_name}"
        rows.append(Pair(label, plain(sale.tax)))
    return rows


def _payments(view: ReceiptView, settings: Settings) -> list[Block]:
    language = settings.language
    rows: list[Block] = []
    for payment in view.payments:
        rows.append(_tender(payment, language))
    # A swap of the tender takes `given` away, and with it the change that was never handed out.
    if view.sale.change and any(payment.given for payment in view.payments):
        rows.append(Pair(word("change", language), plain(view.sale.change), bold=True))
    return rows


def _tender(payment: Any, language: str) -> Pair:
    label = word(payment.kind, language)
    if payment.amount < 0 and payment.kind in NON_CASH:
        label = f"{label} ({word('to_send', language)})"
    if payment.reference:
        label = f"{label} {payment.reference}"
    return Pair(label, plain(payment.given or payment.amount))


def _debt(db: Database, view: ReceiptView, settings: Settings) -> list[Block]:
    """Old debt, this sale, new debt, as they stood at this sale."""
    if not any(payment.kind == "credit" for payment in view.payments):
        return []
    language = settings.language
    # Only what was owed before the sale: a tender swapped to kasbon moved the debt later.
    before = owed_before(db, view.sale.customer_id, "credit", view.head.sale_id)
    this = sum(p.amount for p in view.payments if p.kind == "credit")
    return [
        Rule(),
        Pair(word("debt_before", language), plain(before)),
        Pair(word("debt_now", language), plain(before + this), bold=True),
    ]


def _repayment(db: Database, settings: Settings, found: Repayment, copy: int) -> Document:
    row, language = found.row, settings.language
    blocks: list[Block] = [
        *shop_head(settings),
        *_copy_title(settings, copy),
        Text(word("repayment", language), "centre", bold=True),
        Pair(row.receipt, hash_letters(db, row.id)),
        Text(moment(settings, row.day, row.at_ms)),
        Text(f"{word('cashier', language)}: {row.staff}"),
        Text(f"{word('customer', language)}: {row.customer}"),
        Rule(),
        Pair(word("debt_before", language), plain(found.before)),
        Pair(word("paid", language), format_rupiah(row.amount), bold=True, big=True),
        *(_tender(part, language) for part in found.tenders),
        Pair(word("debt_now", language), plain(found.before - row.amount), bold=True),
    ]
    return Document(row.receipt, (*blocks, *_foot(settings)))
