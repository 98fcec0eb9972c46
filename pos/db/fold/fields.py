"""Fields of documents: the accepted value, own changes that wait, and what is shown.

A change names the value that it replaces. In the accepted state it applies if that value stands;
if not, the server decides and says so. On top of that a counter shows its own waiting changes;
`field_base` keeps the accepted value meanwhile. Values travel and are compared as JSON text; lists
(units, barcodes, tiers) travel whole as one field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from core.facts.catalog import BarcodeRecord, TierRecord, UnitRecord
from core.text import fold as fold_text
from pos.db.database import Database
from pos.db.fold.folding import Folding

_FLAGS: Final = frozenset({"favourite", "fractional", "online", "active"})
_COLUMNS: Final = {
    "product": frozenset(
        {
            "code",
            "name",
            "category",
            "brand",
            "unit",
            "price",
            "cost",
            "tax_class",
            "min_stock",
            "favourite",
            "fractional",
            "online",
            "active",
            "picture",
            "halal",
        }
    ),
    "customer": frozenset(
        {"name", "phone", "note", "credit_limit", "member_no", "balance_limit", "active"}
    ),
    "staff": frozenset({"name", "role", "active", "permissions"}),
}
_SORTED: Final = frozenset({"product", "customer"})
_FIELD: Final = "table_name=? AND document=? AND field=?"


class _Rows(NamedTuple):
    """A list of a product: its table, its columns beside the product, and its records."""

    table: str
    columns: tuple[str, ...]
    record: type[msgspec.Struct]
    order: Callable[[Any], Any]


_LISTS: Final = {
    "units": _Rows("product_unit", ("unit", "factor", "price"), UnitRecord,
                   lambda one: (one.factor, one.unit)),
    "barcodes": _Rows("product_barcode", ("barcode", "unit"), BarcodeRecord,
                      lambda one: one.code),
    "tiers": _Rows("product_tier", ("min_qty", "price"), TierRecord, lambda one: one.min_qty),
}  # fmt: skip


class Change(NamedTuple):
    """A field's new value as JSON text; `old` is None where it applies whatever stood there."""

    field: str
    old: str | None
    new: str


def known(table: str, field: str) -> bool:
    """Whether this program keeps the field; a newer one's is left alone."""
    if table == "setting":
        return True
    return field in _COLUMNS[table] or (table == "product" and field in _LISTS)


def change_fields(at: Folding, table: str, document: bytes, changes: Iterable[Change]) -> None:
    """Fold changes of one document; `table` is product, customer, staff or setting.

    A setting is its own document: `document` is empty and the field its name.
    """
    mine = [change for change in changes if known(table, change.field)]
    if not mine:
        return
    if at.standing == "alone":
        show(at.db, table, document, {change.field: change.new for change in mine})
    elif at.standing == "waiting":
        _wait(at, table, document, mine)
    else:
        for change in mine:
            _accept(at, table, document, change)


def _wait(at: Folding, table: str, document: bytes, changes: Sequence[Change]) -> None:
    last = at.db.scalar("SELECT max(n) FROM field_wait WHERE pos=?", (at.pos,)) or 0
    for n, change in enumerate(changes, int(last) + 1):
        if base(at.db, table, document, change.field) is None:
            at.db.run(
                "INSERT INTO field_base (table_name, document, field, value) VALUES (?,?,?,?)",
                (table, document, change.field, shown(at.db, table, document, change.field)),
            )
        value = normal(table, change.field, change.new)
        at.db.run(
            "INSERT INTO field_wait (pos, n, table_name, document, field, value)"
            " VALUES (?,?,?,?,?,?)",
            (at.pos, n, table, document, change.field, value),
        )
        show(at.db, table, document, {change.field: value})


def standing(at: Folding, table: str, document: bytes, field: str) -> str | None:
    """The value on which a fact of this standing acts: the accepted one, or the shown one."""
    kept = base(at.db, table, document, field) if at.standing == "accepted" else None
    return kept[0] if kept else shown(at.db, table, document, field)


def _accept(at: Folding, table: str, document: bytes, change: Change) -> None:
    kept = base(at.db, table, document, change.field)
    before = standing(at, table, document, change.field)
    replaces = change.old is None or before is None
    if not replaces and before != normal(table, change.field, change.old or ""):
        return
    value = normal(table, change.field, change.new)
    if kept is None and not _is_born(at.db, table, document):
        # Kept until the document's own fact comes (`take_earlier`).
        at.db.run(
            "INSERT INTO field_base (table_name, document, field, value) VALUES (?,?,?,?)",
            (table, document, change.field, value),
        )
    elif kept is None:
        show(at.db, table, document, {change.field: value})
    else:
        at.db.run(
            "UPDATE field_base SET value=? WHERE table_name=? AND document=? AND field=?",
            (value, table, document, change.field),
        )


def _is_born(db: Database, table: str, document: bytes) -> bool:
    if table == "setting":
        return True
    return db.tuple_of(f"SELECT 1 FROM {table} WHERE id=?", (document,)) is not None


def take_earlier(at: Folding, table: str, documents: Iterable[bytes]) -> None:
    """Documents are here now: changes of theirs that came before them keep their values, accepted
    ones and those that wait."""
    if at.standing == "alone":
        return
    for document in documents:
        for field, value in at.db.rows(
            "SELECT field, value FROM field_base WHERE table_name=? AND document=?",
            (table, document),
        ):
            key = (table, document, field)
            last = _last_waiting(at.db, key)
            if last is None:
                at.db.run(f"DELETE FROM field_base WHERE {_FIELD}", key)
            elif value is None:  # what waits is on top of what the document began with
                began = shown(at.db, *key)
                at.db.run(f"UPDATE field_base SET value=? WHERE {_FIELD}", (began, *key))
            now = last if last is not None else value
            if now is not None:
                show(at.db, table, document, {field: now})


def settle(at: Folding) -> None:
    """The changes of the entry at `at.pos` wait no longer: show what stands now."""
    rows = at.db.rows(
        "SELECT DISTINCT table_name, document, field FROM field_wait WHERE pos=?", (at.pos,)
    )
    at.db.run("DELETE FROM field_wait WHERE pos=?", (at.pos,))
    for table, document, field in rows:
        key = (table, bytes(document), field)
        last, kept = _last_waiting(at.db, key), base(at.db, *key)
        value = kept[0] if last is None and kept else last
        if last is None and (value is None or _is_born(at.db, table, key[1])):
            at.db.run(f"DELETE FROM field_base WHERE {_FIELD}", key)
        if value is not None:
            show(at.db, table, key[1], {field: value})
        elif table == "setting":
            at.db.run("DELETE FROM setting WHERE name=?", (field,))


def _last_waiting(db: Database, key: tuple[str, bytes, str]) -> str | None:
    """What the last change that waits makes of a field; None where none waits."""
    found: str | None = db.scalar(
        f"SELECT value FROM field_wait WHERE {_FIELD} ORDER BY pos DESC, n DESC LIMIT 1", key
    )
    return found


def base(db: Database, table: str, document: bytes, field: str) -> tuple[str | None] | None:
    """The accepted value of a field that has waiting changes; None where it has none."""
    return db.tuple_of(
        "SELECT value FROM field_base WHERE table_name=? AND document=? AND field=?",
        (table, document, field),
    )


def normal(table: str, field: str, text: str) -> str:
    """A value's one text, however its writer put it."""
    if table == "setting" or field == "permissions":
        return text
    if field in _LISTS:
        kind = _LISTS[field]
        records = msgspec.json.decode(text, type=list[kind.record])  # type: ignore[name-defined]
        return _json(sorted(records, key=kind.order))
    return _json(_encoded(field, _column_value(field, text)))


def shown(db: Database, table: str, document: bytes, field: str) -> str | None:
    """The value of a field as it is shown, as text; None where there is none."""
    if table == "setting":
        found = db.scalar("SELECT value FROM setting WHERE name=?", (field,))
        return None if found is None else str(found)
    if field in _LISTS:
        if not _is_born(db, table, document):
            return None
        kind = _LISTS[field]
        rows = db.rows(
            f"SELECT {', '.join(kind.columns)} FROM {kind.table} WHERE product_id=?", (document,)
        )
        return _json(sorted((kind.record(*row) for row in rows), key=kind.order))
    row = db.tuple_of(f"SELECT {field} FROM {table} WHERE id=?", (document,))
    if row is None:
        return None
    return str(row[0]) if field == "permissions" else _json(_encoded(field, row[0]))


def show(db: Database, table: str, document: bytes, values: dict[str, str]) -> None:
    """Set fields as they are shown."""
    columns: dict[str, object] = {}
    for field, text in values.items():
        if table == "setting":
            db.run(
                "INSERT INTO setting (name, value) VALUES (?,?)"
                " ON CONFLICT (name) DO UPDATE SET value=excluded.value",
                (field, text),
            )
        elif field in _LISTS:
            if _is_born(db, table, document):
                _show_list(db, document, _LISTS[field], text)
        else:
            columns[field] = text if field == "permissions" else _column_value(field, text)
    if "name" in columns and table in _SORTED:
        columns["sort_name"] = fold_text(str(columns["name"]))
    if columns:
        assignments = ", ".join(f"{name}=?" for name in columns)
        db.run(f"UPDATE {table} SET {assignments} WHERE id=?", (*columns.values(), document))


def _show_list(db: Database, product_id: bytes, kind: _Rows, text: str) -> None:
    records = msgspec.json.decode(text, type=list[kind.record])  # type: ignore[name-defined]
    db.run(f"DELETE FROM {kind.table} WHERE product_id=?", (product_id,))
    names, marks = ", ".join(kind.columns), ",".join("?" * (len(kind.columns) + 1))
    db.many(
        f"INSERT OR REPLACE INTO {kind.table} (product_id, {names}) VALUES ({marks})",
        [(product_id, *msgspec.structs.astuple(record)) for record in records],
    )


def _column_value(field: str, text: str) -> object:
    if field == "picture":
        return msgspec.json.decode(text, type=bytes)
    value = msgspec.json.decode(text)
    return int(value) if isinstance(value, bool) else value


def _encoded(field: str, value: Any) -> object:
    return bool(value) if field in _FLAGS else value


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
