"""The pick list: what is to be fetched from the shelves for an order, on the receipt printer."""

from __future__ import annotations

from core.dates import format_clock
from core.phone import shown_number
from core.quantity import show_quantity
from core.receipt import Block, Document, Feed, Item, Pair, Rule, Text
from pos.counter import Counter
from pos.orders.reading import OrderView, order
from pos.printing.enqueue import queue_document
from pos.receipts.documents import plain
from pos.receipts.words import word
from pos.shop.settings import Settings


def pick_list(view: OrderView, settings: Settings) -> Document:
    """The paper: number, until when, each line with a box to tick, and where it goes."""
    language = settings.language
    title = f"{word('online_order', language)} {view.number}"
    blocks: list[Block] = [
        Text(title, "centre", bold=True, big=True),
        Text(word(f"way_{view.way}", language), "centre", bold=True),
        Text(format_clock(view.at_ms, settings.zone, language), "centre"),
        Rule(),
    ]
    for line in view.lines:
        qty = f"{show_quantity(line.qty, language)} {line.unit}"
        blocks.append(Item(f"[ ] {line.name}", qty, plain(line.net)))
    blocks.append(Rule())
    if view.fee:
        blocks.append(Pair(word("delivery_fee", language), plain(view.fee)))
    blocks.append(Pair(word("total", language), plain(view.standing.total), bold=True))
    blocks.append(_paid(view, language))
    blocks += _buyer(view, settings)
    return Document(title, (*blocks, Feed()))


def _paid(view: OrderView, language: str) -> Block:
    at = view.standing
    if at.taken_back:
        return Pair(word("taken_back", language), plain(at.taken_back), bold=True)
    if at.owed:
        return Pair(word("to_collect", language), plain(at.owed))
    return Text(word("paid_already", language))


def _buyer(view: OrderView, settings: Settings) -> list[Block]:
    who = view.contact
    if who is None:
        return []
    rows: list[Block] = [Rule(), Text(who.name, bold=True)]
    if who.phone:
        rows.append(Text(shown_number(who.phone)))
    if who.address and view.way != "collect":
        rows.append(Text(who.address))
    if who.note:
        rows.append(Text(f"{word('note', settings.language)}: {who.note}"))
    return rows


def queue_pick_list(counter: Counter, order_id: bytes) -> None:
    """Print an order's pick list; nothing where there is no printer.

    Raises:
        UnknownOrder.
    """
    paper = pick_list(order(counter.db, order_id), counter.settings)
    with counter.db.transaction():
        queue_document(counter.db.raw, "picklist", "", counter.clock.now_ms(), payload=paper)
