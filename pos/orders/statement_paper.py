"""The statement of orders as a document, in the shop's language."""

from __future__ import annotations

from core.dates import format_day
from core.money import format_rupiah
from core.orders.statement import OfOrder, OrderStatement
from core.receipt import Block, Document, Pair, Rule, Text
from pos.orders.statement import Figure, figures
from pos.receipts.documents import plain, shop_head
from pos.receipts.words import word
from pos.shop.settings import Settings


def statement_document(settings: Settings, statement: OrderStatement) -> Document:
    """The sums by way of paying, what is open, and the orders that were handed over."""
    language = settings.language
    title = word("order_statement", language)
    days = dict.fromkeys((statement.first, statement.last))
    blocks: list[Block] = [
        *shop_head(settings),
        Text(title, "centre", bold=True),
        Text(" - ".join(format_day(day, language) for day in days), "centre"),
        Rule(),
    ]
    for one in figures(statement):
        blocks += _figure(one, statement, language)
    if statement.orders:
        blocks.append(Rule())
    for order in statement.orders:
        blocks += _order(order, language)
    if statement.more:
        words = word("st_more", language)
        blocks.append(Text(words.format(count=len(statement.orders))))
    return Document(title, tuple(blocks))


def way_name(way: str, language: str) -> str:
    """Whose money it is: the counter's, the shop's own account's, or a provider's by its name."""
    if way in ("counter", "bank"):
        return word(f"st_{way}", language)
    name, _, environment = way.partition("-")
    return name.upper() + (f" ({environment})" if environment else "")


def _figure(one: Figure, statement: OrderStatement, language: str) -> list[Block]:
    if one.code == "way":
        return [Rule(), Text(way_name(one.way, language), bold=True)]
    if one.code == "open":
        day = format_day(statement.last, language)
        return [Rule(), Text(f"{word('st_open', language)} {day}", bold=True)]
    if one.code == "payouts":
        return [Rule(), Text(word("st_payouts", language), bold=True)]
    if one.code == "payout":
        # Beside the day it would not fit on narrow paper.
        whose = Text(f"  {way_name(one.way, language)}")
        return [Pair(format_day(one.day, language), plain(one.amount or 0)), whose]
    amount = one.amount or 0
    shown = str(amount) if one.code == "handed_over" else plain(amount)
    if one.is_sum:
        shown = format_rupiah(amount)
    return [Pair(word(f"st_{one.code}", language), shown, bold=one.is_sum)]


def _order(one: OfOrder, language: str) -> list[Block]:
    label = f"{one.number} · {format_day(one.day, language)}"
    blocks: list[Block] = [Pair(label, plain(one.goods + one.delivery - one.returns))]
    if one.taken_open:
        blocks.append(Pair(f"  {word('st_taken_open', language)}", plain(one.taken_open)))
    if one.unpaid:
        code = "st_owes" if one.unpaid > 0 else "st_get_back"
        blocks.append(Pair(f"  {word(code, language)}", plain(abs(one.unpaid))))
    return blocks
