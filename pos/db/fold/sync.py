"""Folding facts of many counters in one shop (docs/sync.md)."""

from __future__ import annotations

from typing import Any

import msgspec

from core.cost import Pool
from core.facts.catalog import BarcodeRecord, UnitRecord
from core.facts.sync import (
    DocumentsMerged,
    FieldDecided,
    KasbonAllotted,
    KeptApart,
    RegisterJoined,
    RegisterLeft,
    ShopJoined,
)
from core.united import Packs, united
from pos.db.database import Database
from pos.db.fold.drawer import code_of, name_receipts
from pos.db.fold.fields import Change, change_fields, standing
from pos.db.fold.folding import Folding, target_of
from pos.db.fold.stock import earlier_pool


def shop_joined(at: Folding, fact: ShopJoined) -> None:
    """Until the feed is here, the shop's settings are as they stood when this counter joined.

    Accepted it says nothing: the shop's own facts do.
    """
    if at.standing != "accepted":
        changes = [Change(change.field, None, change.new) for change in fact.settings]
        change_fields(at, "setting", b"", changes)


def register_joined(at: Folding, fact: RegisterJoined) -> None:
    """A line belongs to the shop, under a code that is its own here."""
    before = code_of(at.db, fact.device)
    at.db.run(
        "INSERT INTO register (device, code, name, parent, before_seq, left_reason)"
        " VALUES (?,?,?,?,?,'') ON CONFLICT (device) DO UPDATE SET code=excluded.code,"
        " name=excluded.name, parent=excluded.parent, before_seq=excluded.before_seq",
        (fact.device, fact.register, fact.name, fact.parent, fact.before_seq),
    )
    name_receipts(at, fact.device, before)


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
    customer_id = target_of(at, "customer", fact.customer_id)
    at.db.many(
        "INSERT INTO allotment (customer_id, device, amount) VALUES (?1,?2,max(0, ?3))"
        " ON CONFLICT (customer_id, device) DO UPDATE SET amount=max(0, amount+?3)",
        [(customer_id, part.device, part.amount) for part in fact.parts],
    )


def kept_apart(at: Folding, fact: KeptApart) -> None:
    """These pairs are two things each."""
    at.db.many(
        "INSERT OR IGNORE INTO kept_apart (table_name, source, target) VALUES (?,?,?)",
        [(fact.table, pair.source, pair.target) for pair in fact.pairs],
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
        _move_goods(at, source, target)
    else:
        _move_debts(at.db, source, target)
    _unite(at, fact.table, source, target)


def merged_fields(at: Folding, fact: DocumentsMerged) -> None:
    """The fields alone, for a merge that waited: stock and debt lie where they belong already."""
    _unite(at, fact.table, fact.source, fact.target)


def _move_goods(at: Folding, source: bytes, target: bytes) -> None:
    row = at.db.tuple_of("SELECT stock, stock_value FROM product WHERE id=?", (source,))
    # Its own fact may still be to come: then its movements alone say what there is of it.
    pool = earlier_pool(at, source) if row is None else Pool(*row)
    at.db.run("UPDATE stock_movement SET product_id=? WHERE product_id=?", (target, source))
    at.db.run(
        "UPDATE product SET stock=stock+?, stock_value=stock_value+? WHERE id=?", (*pool, target)
    )
    at.db.run("UPDATE product SET stock=0, stock_value=0 WHERE id=?", (source,))


def _move_debts(db: Database, source: bytes, target: bytes) -> None:
    # Summed from what moved: the source's own fact may still be to come.
    db.run(
        "UPDATE customer SET debt=debt+(SELECT coalesce(sum(amount), 0) FROM debt_movement"
        " WHERE customer_id=? AND account='credit') WHERE id=?",
        (source, target),
    )
    db.run("UPDATE debt_movement SET customer_id=? WHERE customer_id=?", (target, source))
    db.run("UPDATE customer SET debt=0 WHERE id=?", (source,))
    # What was dealt out for the one is gone; for the other the server deals anew.
    db.run("DELETE FROM allotment WHERE customer_id=?", (source,))


def _unite(at: Folding, table: str, source: bytes, target: bytes) -> None:
    """One record leaves the lists; of goods, the other takes over units and barcodes."""
    change_fields(at, table, source, (Change("active", None, "false"),))
    if table == "product":
        mine, theirs = _packs(at, source), _packs(at, target)
        both = united(mine, theirs)
        _set_packs(at, source, mine, mine._replace(barcodes=()))
        _set_packs(at, target, theirs, both)


def _packs(at: Folding, product_id: bytes) -> Packs:
    def read(field: str, kind: Any, empty: str) -> Any:
        return msgspec.json.decode(standing(at, "product", product_id, field) or empty, type=kind)

    return Packs(
        read("unit", str, '""'),
        read("units", tuple[UnitRecord, ...], "[]"),
        read("barcodes", tuple[BarcodeRecord, ...], "[]"),
    )


def _set_packs(at: Folding, product_id: bytes, before: Packs, after: Packs) -> None:
    """Only what differs: of goods whose own fact is still to come nothing is known yet."""
    changes = [
        Change(field, None, msgspec.json.encode(getattr(after, field)).decode())
        for field in ("units", "barcodes")
        if getattr(before, field) != getattr(after, field)
    ]
    change_fields(at, "product", product_id, changes)
