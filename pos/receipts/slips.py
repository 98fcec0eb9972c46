"""The slip of cash put into or taken out of the drawer, for the envelope or the file."""

from __future__ import annotations

from core.contract import decode_body
from core.facts.shifts import CashMoved
from core.money import format_rupiah
from core.receipt import Document, Feed, Pair, Rule, Text
from pos.db.database import Database
from pos.receipts.documents import hash_letters, moment, shop_head
from pos.receipts.listing import UnknownReceipt
from pos.receipts.words import word
from pos.shop.settings import Settings


def cash_moved_document(db: Database, settings: Settings, pos: int) -> Document:
    """Amount, reason and person of the cash movement at a journal position, with a place to sign.

    Raises:
        UnknownReceipt: no cash was moved there.
    """
    row = db.one("SELECT kind, version, body FROM journal WHERE pos=?", (pos,))
    header, fact = decode_body(row.kind, row.version, row.body) if row is not None else (None, None)
    if header is None or not isinstance(fact, CashMoved):
        raise UnknownReceipt(receipt=str(pos))
    language = settings.language
    title = word(f"cash_{fact.direction}", language)
    name = db.scalar("SELECT name FROM staff WHERE id=?", (header.by,)) or ""
    return Document(
        title,
        (
            *shop_head(settings),
            Text(title.upper(), "centre", bold=True),
            Pair(moment(settings, header.day, header.at_ms), hash_letters(db, pos)),
            Text(f"{word('cashier', language)}: {name}"),
            Rule(),
            Pair(word("amount", language), format_rupiah(fact.amount), bold=True, big=True),
            Text(f"{word('reason', language)}: {fact.reason}"),
            Feed(3),
            Rule(),
            Text(word("signature", language), "centre"),
        ),
    )
