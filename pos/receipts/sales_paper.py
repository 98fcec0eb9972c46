"""The report of a period's sales as a document, in the shop's language."""

from __future__ import annotations

from core.dates import format_day
from core.money import format_rupiah
from core.receipt import Block, Document, Pair, Rule, Text
from pos.db.past import Missing
from pos.receipts.documents import plain, shop_head
from pos.receipts.words import word
from pos.reports.sales import ReportRow, SalesReport
from pos.shop.settings import Settings


def sales_document(settings: Settings, report: SalesReport) -> Document:
    """Groups with their sums, the total, and apart from the profit what was sold without cost."""
    language = settings.language
    title = word("sales_report", language)
    blocks: list[Block] = [
        *shop_head(settings),
        Text(title, "centre", bold=True),
        Text(_period(report, language), "centre"),
        Text(f"{word('by', language)}: {word(f'by_{report.by}', language)}", "centre"),
        Rule(),
    ]
    blocks += [
        Pair(f"{_label(report, row, language)} ({row.count})", plain(row.net))
        for row in report.rows
    ]
    blocks += [Rule(), Pair(word("net", language), format_rupiah(report.net), bold=True)]
    if report.profit is not None:
        blocks.append(Pair(word("profit", language), format_rupiah(report.profit), bold=True))
    if report.shows_cost and report.without_cost:
        blocks += _without_cost(report, language)
    if report.missing is not None:
        blocks += [Rule(), Text(_still_missing(report.missing, language))]
    if report.unseen:
        blocks += [Rule(), Text(word("shift_unseen", language))]
    return Document(title, tuple(blocks))


def _still_missing(missing: Missing, language: str) -> str:
    return word("sales_missing", language).format(
        count=missing.sales, amount=format_rupiah(missing.total)
    )


def _period(report: SalesReport, language: str) -> str:
    days = [format_day(day, language) for day in dict.fromkeys((report.first, report.last))]
    return " - ".join(days)


def _label(report: SalesReport, row: ReportRow, language: str) -> str:
    if report.by == "day":
        return format_day(row.label, language)
    if report.by == "tender":
        return word(row.label, language)
    return row.label or word("no_category", language)


def _without_cost(report: SalesReport, language: str) -> list[Block]:
    count, net = report.uncosted
    return [
        Rule(),
        Text(word("without_cost", language), bold=True),
        *(Pair(f"{row.label} ({row.uncosted})", plain(row.uncosted_net))
          for row in report.without_cost),
        Pair(f"{word('not_in_profit', language)} ({count})", plain(net), bold=True),
    ]  # fmt: skip
