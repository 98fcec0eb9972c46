"""Folding facts of many counters in one shop (docs/sync.md)."""

from __future__ import annotations

import msgspec

from core.facts.catalog import BarcodeRecord
from core.facts.sync import (
    DocumentsMerged,
    FieldDecided,
    KasbonAllotted,
    RegisterJoined,
    RegisterLeft,
    ShopJoined,
)
from pos.db.fold.fields import Change, change_fields, standing
from pos.db.fold.folding import Folding, target_of


def shop_joined(at: Folding, fact: ShopJoined) -> None:
    """Until the feed is here, the shop's settings are as they stood when this counter joined.

    Accepted it says nothing: the shop's own facts do.
    """
    if at.standing != "accepted":
        changes = [Change(change.field, None, change.new) for change in fact.settings]
        change_fields(at, "setting", b"", changes)


def register_joined(at: Folding, fact: RegisterJoined) -> None:
    """A line belongs to the shop, under a code that is its own here."""
    at.db.run(
        "INSERT INTO register (device, code, name, parent, before_seq, left_reason)"
        " VALUES (?,?,?,?,?,'') ON CONFLICT (device) DO UPDATE SET code=excluded.code,"
        " name=excluded.name, parent=excluded.parent, before_seq=excluded.before_seq",
        (fact.device, fact.register, fact.name, fact.parent, fact.before_seq),
    )


def register_left(at: Folding, fact: RegisterLeft) -> None:
    """A counter was revoked."""
    at.db.run(
        "UPDATE register SET left_reason=? WHERE device=?", (fact.reason or "left", fact.device)
    )


def field_decided(at: Folding, fact: FieldDecided) -> None:
    """Which of two values stands."""
    document = b"" if fact.table == "setting" else fact.document
    change_fields(at, fact.table, document, (Change(fact.field, None, fact.value),))


def kasbon_allotted(at: Folding, fact: KasbonAllotted) -> None:
    """Counters may lend so much more, or less, by themselves; never less than nothing."""
    at.db.many(
        "INSERT INTO allotment (customer_id, device, amount) VALUES (?1,?2,max(0, ?3))"
        " ON CONFLICT (customer_id, device) DO UPDATE SET amount=max(0, amount+?3)",
        [(fact.customer_id, part.device, part.amount) for part in fact.parts],
    )


def documents_merged(at: Folding, fact: DocumentsMerged) -> None:
    """Two records of one thing become one: what was and will be said of one means the other."""
    source, target = (target_of(at, fact.table, one) for one in (fact.source, fact.target))
    if source == target:
        return
    at.db.run(
        "INSERT OR IGNORE INTO merged (table_name, source, target) VALUES (?,?,?)",
        (fact.table, source, target),
    )
    if fact.table == "product":
        _merge_goods(at, source, target)
    else:
        _merge_customers(at, source, target)


def _merge_goods(at: Folding, source: bytes, target: bytes) -> None:
    db = at.db
    db.run("UPDATE stock_movement SET product_id=? WHERE product_id=?", (target, source))
    db.run(
        "UPDATE product SET stock=product.stock+o.stock,"
        " stock_value=product.stock_value+o.stock_value FROM"
        " (SELECT stock, stock_value FROM product WHERE id=?2) AS o WHERE id=?1",
        (target, source),
    )
    db.run("UPDATE product SET stock=0, stock_value=0 WHERE id=?", (source,))
    _archive(at, "product", source)
    mine, theirs = _barcodes(at, source), _barcodes(at, target)
    known = {code.code for code in theirs}
    both = theirs + [code for code in mine if code.code not in known]
    for product_id, codes in ((source, []), (target, both)):
        text = msgspec.json.encode(codes).decode()
        change_fields(at, "product", product_id, (Change("barcodes", None, text),))


def _barcodes(at: Folding, product_id: bytes) -> list[BarcodeRecord]:
    text = standing(at, "product", product_id, "barcodes") or "[]"
    return msgspec.json.decode(text, type=list[BarcodeRecord])


def _archive(at: Folding, table: str, document: bytes) -> None:
    change_fields(at, table, document, (Change("active", None, "false"),))


def _merge_customers(at: Folding, source: bytes, target: bytes) -> None:
    db = at.db
    db.run("UPDATE debt_movement SET customer_id=? WHERE customer_id=?", (target, source))
    db.run(
        "UPDATE customer SET debt=customer.debt+o.debt FROM"
        " (SELECT debt FROM customer WHERE id=?2) AS o WHERE id=?1",
        (target, source),
    )
    db.run("UPDATE customer SET debt=0 WHERE id=?", (source,))
    _archive(at, "customer", source)
